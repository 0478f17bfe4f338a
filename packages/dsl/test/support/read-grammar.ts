/** Grammars in extended Backus–Naur form, as `docs/language.md` has one. */
export type Part =
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'rule'; readonly name: string }
  | { readonly kind: 'sequence'; readonly parts: readonly Part[] }
  | { readonly kind: 'choice'; readonly parts: readonly Part[] }
  | { readonly kind: 'optional' | 'repeated'; readonly part: Part };

/** By the name of each rule, in order. */
export type Grammar = ReadonlyMap<string, Part>;

/** @throws for a text that is no grammar */
export function readGrammar(text: string): Grammar {
  const tokens = text.match(/"[^"]+"|\w+|[=|;{}()[\]]/g) ?? [];
  let next = 0;
  const take = (expected?: string): string => {
    const token = tokens[next];
    if (token === undefined || (expected !== undefined && token !== expected)) {
      throw new Error(`${String(expected)} is missing before ${tokens.slice(next, next + 5).join(' ')}`);
    }
    next += 1;
    return token;
  };
  const enclosed = (close: string): Part => {
    const part = choice();
    take(close);
    return part;
  };
  const single = (): Part => {
    const token = take();
    if (token.startsWith('"')) return { kind: 'word', text: token.slice(1, -1) };
    if (token === '(') return enclosed(')');
    if (token === '[') return { kind: 'optional', part: enclosed(']') };
    if (token === '{') return { kind: 'repeated', part: enclosed('}') };
    return { kind: 'rule', name: token };
  };
  const sequence = (): Part => {
    const parts: Part[] = [];
    while (!['|', ';', ')', ']', '}'].includes(tokens[next] ?? ';')) parts.push(single());
    return { kind: 'sequence', parts };
  };
  const choice = (): Part => {
    const parts = [sequence()];
    while (tokens[next] === '|') {
      next += 1;
      parts.push(sequence());
    }
    return { kind: 'choice', parts };
  };

  const rules = new Map<string, Part>();
  while (next < tokens.length) {
    const name = take();
    if (rules.has(name)) throw new Error(`two rules ${name}`);
    take('=');
    rules.set(name, choice());
    take(';');
  }
  return rules;
}

/** The rules that a part names. */
export function namesIn(part: Part): readonly string[] {
  switch (part.kind) {
    case 'word':
      return [];
    case 'rule':
      return [part.name];
    case 'sequence':
    case 'choice':
      return part.parts.flatMap(namesIn);
    case 'optional':
    case 'repeated':
      return namesIn(part.part);
  }
}

/** Whether the tokens follow from the rule `start`; `isToken` says whether a token is of a kind such as `NAME`. */
export function derives(
  grammar: Grammar,
  start: string,
  tokens: readonly string[],
  isToken: (kind: string, token: string) => boolean,
): boolean {
  const known = new Map<string, ReadonlySet<number>>();
  /** Where the part can end that begins at `from`. */
  const ends = (part: Part, from: number): ReadonlySet<number> => {
    switch (part.kind) {
      case 'word':
        return new Set(tokens[from] === part.text ? [from + 1] : []);
      case 'rule': {
        const rule = grammar.get(part.name);
        const token = tokens[from];
        if (rule === undefined) return new Set(token !== undefined && isToken(part.name, token) ? [from + 1] : []);
        const key = `${part.name} ${String(from)}`;
        const found = known.get(key) ?? ends(rule, from);
        known.set(key, found);
        return found;
      }
      case 'sequence':
        return part.parts.reduce<ReadonlySet<number>>((places, each) => endsFrom(each, places), new Set([from]));
      case 'choice':
        return new Set(part.parts.flatMap((each) => [...ends(each, from)]));
      case 'optional':
        return new Set([from, ...ends(part.part, from)]);
      case 'repeated': {
        const reached = new Set([from]);
        for (const place of reached) for (const end of ends(part.part, place)) reached.add(end);
        return reached;
      }
    }
  };
  const endsFrom = (part: Part, places: ReadonlySet<number>): ReadonlySet<number> =>
    new Set([...places].flatMap((place) => [...ends(part, place)]));
  return ends({ kind: 'rule', name: start }, 0).has(tokens.length);
}
