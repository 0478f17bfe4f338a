/**
 * Which way a rule goes where one token tells, as it does in all places but one: by the tokens that each part can begin
 * with, found once for a rule. Chevrotain's own strategy writes out all paths anew for each place, in half of the time
 * that its parser takes to get ready. It decides the same, and is still asked where one token does not tell.
 */
import type { ILookaheadStrategy, IProduction, IToken, Rule, TokenType } from 'chevrotain';
import {
  Alternation,
  LLkLookaheadStrategy,
  NonTerminal,
  Option,
  Repetition,
  RepetitionMandatory,
  Terminal,
} from './chevrotain.js';

/** What a part can begin with, and whether it can also be nothing. */
interface First {
  readonly tokens: readonly TokenType[];
  readonly isNullable: boolean;
}

type ForAlternation = ILookaheadStrategy['buildLookaheadForAlternation'];
type ForOptional = ILookaheadStrategy['buildLookaheadForOptional'];

/** The parts of the grammar that may be left out or repeated; those with separators are not used. */
const OPTIONAL = { Option, Repetition, RepetitionMandatory };

export class FirstTokenStrategy extends LLkLookaheadStrategy {
  readonly #ofRule = new Map<Rule, First>();

  override buildLookaheadForAlternation(options: Parameters<ForAlternation>[0]): ReturnType<ForAlternation> {
    const place = findProduction(options.rule, Alternation, options.prodOccurrence);
    const alternatives = place?.definition.map((part) => this.#firstOf([part])) ?? [];
    const oneTells = options.maxLookahead === 1 && !options.hasPredicates && !alternatives.some((a) => a.isNullable);
    if (place === undefined || !oneTells) return super.buildLookaheadForAlternation(options);
    const choices: number[] = [];
    for (const [index, { tokens }] of alternatives.entries()) {
      // Of two alternatives that can begin alike, the first is taken.
      for (const type of tokens.flatMap(withMembers)) choices[type] ??= index;
    }
    return byNextToken((type) => choices[type]);
  }

  override buildLookaheadForOptional(options: Parameters<ForOptional>[0]): ReturnType<ForOptional> {
    const kind = options.prodType in OPTIONAL ? OPTIONAL[options.prodType as keyof typeof OPTIONAL] : undefined;
    const place = kind === undefined ? undefined : findProduction(options.rule, kind, options.prodOccurrence);
    const inside = place === undefined ? undefined : this.#firstOf(place.definition);
    if (inside === undefined || inside.isNullable || options.maxLookahead !== 1) {
      return super.buildLookaheadForOptional(options);
    }
    const begins: boolean[] = [];
    for (const type of inside.tokens.flatMap(withMembers)) begins[type] = true;
    return byNextToken((type) => begins[type] === true);
  }

  #firstOf(sequence: readonly IProduction[]): First {
    const tokens: TokenType[] = [];
    for (const part of sequence) {
      const first = this.#firstOfPart(part);
      tokens.push(...first.tokens);
      if (!first.isNullable) return { tokens, isNullable: false };
    }
    return { tokens, isNullable: true };
  }

  #firstOfPart(part: IProduction): First {
    if (part instanceof Terminal) return { tokens: [part.terminalType], isNullable: false };
    if (part instanceof NonTerminal) return this.#firstOfRule(part.referencedRule);
    if (part instanceof Alternation) {
      const alternatives = part.definition.map((alternative) => this.#firstOf([alternative]));
      return {
        tokens: alternatives.flatMap(({ tokens }) => tokens),
        isNullable: alternatives.some(({ isNullable }) => isNullable),
      };
    }
    const { tokens, isNullable } = this.#firstOf(definitionOf(part));
    return { tokens, isNullable: isNullable || part instanceof Option || part instanceof Repetition };
  }

  #firstOfRule(rule: Rule): First {
    const known = this.#ofRule.get(rule);
    if (known !== undefined) return known;
    const first = this.#firstOf(rule.definition);
    this.#ofRule.set(rule, first);
    return first;
  }
}

type Kind<P> = abstract new (...args: never) => P;

/** The part of this kind and number, which name it within its rule. */
function findProduction<P extends { readonly idx: number }>(
  rule: Rule,
  kind: Kind<P>,
  occurrence: number,
): P | undefined {
  const search = (parts: readonly IProduction[]): P | undefined => {
    for (const part of parts) {
      if (part instanceof kind && part.idx === occurrence) return part;
      const found = part instanceof NonTerminal ? undefined : search(definitionOf(part));
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(rule.definition);
}

function definitionOf(part: IProduction): readonly IProduction[] {
  // All parts have one but tokens.
  return part instanceof Terminal ? [] : (part as Rule).definition;
}

/** The number of a type, and those of the types that it is a category of. */
function withMembers({ tokenTypeIdx, categoryMatches }: TokenType): readonly number[] {
  return tokenTypeIdx === undefined ? [] : [tokenTypeIdx, ...(categoryMatches ?? [])];
}

/** A function as chevrotain calls them: on the parser, which its type does not say. */
function byNextToken<T>(choose: (type: number) => T): () => T {
  return function (this: { LA(distance: number): IToken }): T {
    return choose(this.LA(1).tokenTypeIdx);
  };
}
