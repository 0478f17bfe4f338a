/** Texts that are nearly models: words left out, repeated, exchanged, and numbers changed. */
import fc, { type Arbitrary } from 'fast-check';

/** A word, and what stands before it. */
const WORD = /\s*(?:\/\/.*|"[^"]*"|[\p{L}_][\p{L}\p{N}_]*|\d+(?:\.\d+)?(?:e[+-]?\d+)?|\.\.|[<>=!]=|->|\S)/gu;

interface Mutation {
  readonly kind: 'delete' | 'repeat' | 'swap' | 'replace' | 'move' | 'number';
  /** Of the words, from 0 to 1: of the first and of another. */
  readonly place: number;
  readonly other: number;
  readonly number: string;
}

const part = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

const mutations: Arbitrary<readonly Mutation[]> = fc.array(
  fc.record({
    kind: fc.constantFrom('delete', 'repeat', 'swap', 'replace', 'move', 'number'),
    place: part,
    other: part,
    number: fc.constantFrom('0', '1', '2', '3', '5', '7', '-1', '0.5', '1e9', '1e400', '4294967296'),
  }),
  { minLength: 1, maxLength: 3 },
);

/** Mutants of what `texts` has. */
export function mutantsOf(texts: Arbitrary<string>): Arbitrary<string> {
  return fc.tuple(texts, mutations).map(([text, changes]) => changes.reduce(mutate, text));
}

function mutate(text: string, { kind, place, other, number }: Mutation): string {
  const words = [...(text.match(WORD) ?? [])];
  const numbers = words.flatMap((word, index) => (/^\s*\d/.test(word) ? [index] : []));
  const at =
    (kind === 'number' ? numbers[Math.floor(place * numbers.length)] : undefined) ?? Math.floor(place * words.length);
  const from = Math.floor(other * words.length);
  const [word = '', second = ''] = [words[at], words[from]];
  switch (kind) {
    case 'delete':
      return words.toSpliced(at, 1).join('');
    case 'repeat':
      return words.toSpliced(at, 0, word).join('');
    case 'swap':
      return words.with(at, second).with(from, word).join('');
    case 'replace':
      return words.with(at, second).join('');
    case 'move':
      return words.toSpliced(at, 1).toSpliced(from, 0, word).join('');
    case 'number':
      return words.with(at, ` ${number}`).join('');
  }
}
