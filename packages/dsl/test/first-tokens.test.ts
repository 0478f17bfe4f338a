import {
  LLkLookaheadStrategy,
  type ILookaheadStrategy,
  type IProduction,
  type OptionalProductionType,
  type Rule,
} from 'chevrotain';
import { expect, it } from 'vitest';
import { FirstTokenStrategy } from '../src/first-tokens.js';
import { SbnParser } from '../src/parser.js';
import { VOCABULARY } from '../src/tokens.js';

const OPTIONAL: readonly string[] = ['Option', 'Repetition', 'RepetitionMandatory'];

interface Place {
  readonly kind: string;
  readonly idx: number;
  readonly maxLookahead: number;
}

/** All places of a rule where the parser has to choose. */
function placesOf(parts: readonly IProduction[]): readonly Place[] {
  return parts.flatMap((part) => {
    const kind = part.constructor.name;
    const { idx, maxLookahead, definition } = part as unknown as Partial<Place> & { definition?: IProduction[] };
    const inside = kind === 'NonTerminal' ? [] : placesOf(definition ?? []);
    const here = kind === 'Alternation' || OPTIONAL.includes(kind);
    return here && idx !== undefined ? [{ kind, idx, maxLookahead: maxLookahead ?? 1 }, ...inside] : inside;
  });
}

/** What is chosen there for each type of the next token, with anything behind it. */
function choices(strategy: ILookaheadStrategy, rule: Rule, { kind, idx, maxLookahead }: Place): readonly unknown[] {
  const options = { prodOccurrence: idx, rule, maxLookahead, dynamicTokensEnabled: false };
  const choose =
    kind === 'Alternation'
      ? strategy.buildLookaheadForAlternation({ ...options, hasPredicates: false })
      : strategy.buildLookaheadForOptional({ ...options, prodType: kind as OptionalProductionType });
  return VOCABULARY.flatMap((first) =>
    VOCABULARY.map((second) => {
      const look = (distance: number) => ({ tokenTypeIdx: (distance === 1 ? first : second).tokenTypeIdx });
      return Reflect.apply(choose, { LA: look, LA_FAST: look }, []) as unknown;
    }),
  );
}

it('by first tokens the parser decides in every place as by the strategy of chevrotain', () => {
  const rules = Object.values(new SbnParser().getGAstProductions());
  const decided = rules.flatMap((rule) =>
    placesOf(rule.definition).map((place) => {
      const ours = choices(new FirstTokenStrategy({ maxLookahead: 1 }), rule, place);
      const theirs = choices(new LLkLookaheadStrategy({ maxLookahead: 1 }), rule, place);
      expect(ours, `${rule.name}, ${place.kind} ${place.idx}`).toEqual(theirs);
      return new Set(ours).size;
    }),
  );
  // Two outcomes at least in each, so that there is something to decide.
  expect(Math.min(...decided)).toBeGreaterThanOrEqual(2);
});
