/** Between which numbers the elements of a value lie, as far as the operations that it is made of tell. */
import { assertNever, type BinaryKind, type ElementKind } from '@sbn/program';
import type { Operation, TypedExpression, TypedStatement, UnaryOperation } from '../typed-model.js';

/** Ends are included, which makes no difference to what is asked. */
export interface Range {
  readonly low: number;
  readonly high: number;
}

/** The range of a value; undefined where nothing can be said, as of a quotient. */
export type RangeOf = (value: TypedExpression) => Range | undefined;

const ALL: Range = { low: -Infinity, high: Infinity };
const UNIT: Range = { low: 0, high: 1 };
const NOT_NEGATIVE: Range = { low: 0, high: Infinity };
const NOT_POSITIVE: Range = { low: -Infinity, high: 0 };

/** For the values in the statements of one block; bindings are looked into, each once. */
export function createRangeOf(statements: readonly TypedStatement[]): RangeOf {
  const bindings = new Map(
    statements.flatMap((statement) => (statement.kind === 'binding' ? [[statement.id, statement.value] as const] : [])),
  );
  const known = new Map<string, Range | undefined>();
  const rangeOf: RangeOf = (value) => {
    switch (value.kind) {
      case 'number':
        return { low: value.value, high: value.value };
      case 'array':
        return hull(value.values.map((number) => ({ low: number, high: number })));
      case 'data':
      case 'site':
        return rangeOfKind(value.type.element);
      case 'parameter':
        return ALL;
      case 'binding': {
        if (known.has(value.id)) return known.get(value.id);
        const bound = bindings.get(value.id);
        const range = bound && rangeOf(bound);
        known.set(value.id, range);
        return range;
      }
      case 'apply':
        return rangeOfOperation(value.operation, value.args, rangeOf);
      default:
        return assertNever(value);
    }
  };
  return rangeOf;
}

/** Real data may be known to be positive, as exposures are. */
function rangeOfKind(element: ElementKind): Range | undefined {
  if (element.kind === 'real') return undefined;
  return element.kind === 'count' ? NOT_NEGATIVE : UNIT;
}

function rangeOfOperation(operation: Operation, args: readonly TypedExpression[], rangeOf: RangeOf): Range | undefined {
  const [first, second] = args;
  const all = args.map(rangeOf);
  const known = all.every((range) => range !== undefined) ? all : undefined;
  switch (operation.kind) {
    case 'unary':
      return rangeOfUnary(operation.name, all[0]);
    case 'binary':
      if (operation.name === 'add') return sum(all);
      return known && first && second && rangeOfBinary(operation.name, known, isSame(first, second));
    case 'reduce':
      if (operation.name === 'logsumexp') return undefined;
      return operation.name === 'sum' ? extend(all[0]) : all[0];
    case 'normalize':
      return operation.name === 'softmax' ? UNIT : NOT_POSITIVE;
    case 'matmul':
      return (
        first &&
        second &&
        extend(
          product(
            all.map((range) => range ?? ALL),
            isSame(first, second),
          ),
        )
      );
    case 'reshape':
    case 'transpose':
    case 'slice':
    case 'detach':
      return all[0];
    case 'concat':
      return known && hull(known);
    // A one-hot value and a binary condition weigh what they choose from by numbers of sum 1.
    case 'contract':
      return all[0];
    case 'mix':
      return known && hull(known.slice(1));
    default:
      return undefined;
  }
}

/** Functions that keep an order have the range of their ends; those not named here are not looked into. */
function rangeOfUnary(name: UnaryOperation, range: Range | undefined): Range | undefined {
  switch (name) {
    case 'sigmoid':
      return UNIT;
    case 'tanh':
      return { low: -1, high: 1 };
    case 'exp':
      return { low: 0, high: range !== undefined && range.high <= 0 ? 1 : Infinity };
    case 'softplus':
    case 'relu':
    case 'square':
    case 'abs':
    case 'sqrt':
      return NOT_NEGATIVE;
    case 'negate':
      return range && { low: -range.high, high: -range.low };
    default:
      return undefined;
  }
}

function rangeOfBinary(name: BinaryKind, [a, b]: readonly Range[], isSquare: boolean): Range | undefined {
  if (a === undefined || b === undefined) return undefined;
  switch (name) {
    // The two may hang together, as `x` and `mean(x)` do, but are then still of either sign.
    case 'subtract':
      return { low: a.low - b.high, high: a.high - b.low };
    case 'multiply':
      return product([a, b], isSquare);
    case 'maximum':
      return { low: Math.max(a.low, b.low), high: Math.max(a.high, b.high) };
    case 'minimum':
      return { low: Math.min(a.low, b.low), high: Math.min(a.high, b.high) };
    case 'less':
    case 'less_equal':
    case 'equal':
      return UNIT;
    // What hangs together in a quotient is not seen: `exp(x) / sum(exp(x))` is a probability.
    case 'divide':
      return b.low === b.high && b.low > 0 ? { low: a.low / b.low, high: a.high / b.low } : undefined;
    default:
      return undefined;
  }
}

function product([a, b]: readonly Range[], isSquare: boolean): Range | undefined {
  if (a === undefined || b === undefined) return undefined;
  if (isSquare) return NOT_NEGATIVE;
  const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high].map((end) =>
    Number.isNaN(end) ? 0 : end,
  );
  return { low: Math.min(...ends), high: Math.max(...ends) };
}

/** One summand without a bound is enough, whatever the others are. */
function sum(ranges: readonly (Range | undefined)[]): Range | undefined {
  const known = ranges.filter((range) => range !== undefined);
  const low = known.reduce((total, range) => total + range.low, 0);
  const high = known.reduce((total, range) => total + range.high, 0);
  if (known.length === ranges.length) return { low, high };
  return low === -Infinity ? { low, high: Infinity } : undefined;
}

/** Sums of many: what is bounded away from one side of 0 stays so. */
function extend(range: Range | undefined): Range | undefined {
  if (range === undefined) return undefined;
  return { low: range.low < 0 ? -Infinity : 0, high: range.high > 0 ? Infinity : 0 };
}

function hull(ranges: readonly Range[]): Range {
  let [low, high] = [Infinity, -Infinity];
  for (const range of ranges) {
    low = Math.min(low, range.low);
    high = Math.max(high, range.high);
  }
  return { low, high };
}

/** Whether two values are written alike: a product of them is a square. */
function isSame(a: TypedExpression, b: TypedExpression): boolean {
  switch (a.kind) {
    case 'data':
    case 'parameter':
      return b.kind === a.kind && b.name === a.name;
    case 'site':
    case 'binding':
      return b.kind === a.kind && b.id === a.id;
    case 'apply':
      return (
        b.kind === 'apply' &&
        JSON.stringify(a.operation) === JSON.stringify(b.operation) &&
        a.args.length === b.args.length &&
        a.args.every((arg, index) => {
          const other = b.args[index];
          return other !== undefined && isSame(arg, other);
        })
      );
    default:
      return false;
  }
}
