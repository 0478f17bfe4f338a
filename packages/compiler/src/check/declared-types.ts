/** Types as they are written in declarations and signatures. */
import type { Expression, TypeExpression } from '@sbn/dsl';
import type { ElementKind } from '@sbn/program';
import { checkInteger } from './compile-time.js';
import { report, type Context } from './context.js';
import { checkSize } from './numbers.js';
import { didYouMean } from './suggestions.js';
import { BINARY, REAL, type RowType } from './value-types.js';

const KINDS = ['real', 'binary', 'count', 'onehot'] as const;
type KindName = (typeof KINDS)[number];

/** What people call the kinds elsewhere. */
const OTHER_NAMES: Readonly<Record<string, KindName>> = {
  float: 'real',
  double: 'real',
  number: 'real',
  bool: 'binary',
  boolean: 'binary',
  bit: 'binary',
  integer: 'count',
  nat: 'count',
  categorical: 'onehot',
  category: 'onehot',
  simplex: 'onehot',
};

function isKindName(name: string): name is KindName {
  return KINDS.some((kind) => kind === name);
}

/** The kind's name if it is one that values of rows have; reports others. */
export function checkKindName(ctx: Context, { element }: TypeExpression): KindName | undefined {
  const { name, span } = element;
  if (isKindName(name)) return name;
  if (name === 'int') {
    const hint = 'whole numbers from 0 are `count`; a number known at compile time is a `const`';
    report(ctx, 'SBN2053', {}, { span, hint });
    return undefined;
  }
  const other = Object.hasOwn(OTHER_NAMES, name) ? OTHER_NAMES[name] : undefined;
  const hint = other === undefined ? didYouMean(name, KINDS) : `did you mean \`${other}\`?`;
  report(ctx, 'SBN2050', { name }, { span, hint, notes: [`the kinds are ${KINDS.join(', ')}`] });
  return undefined;
}

/** The type of a `data` or `param` declaration, all of whose axes are known. */
export function checkDeclaredType(ctx: Context, type: TypeExpression): RowType | undefined {
  const kind = checkKindName(ctx, type);
  if (type.lead !== undefined) {
    const { name, span } = type.lead;
    report(ctx, 'SBN2057', { name, problem: 'is for the parameters of functions' }, { span, hint: 'write the sizes' });
    return undefined;
  }
  const shape = checkShape(ctx, type.dimensions);
  if (kind === undefined || shape === undefined) return undefined;
  if (!checkSize(ctx, shape, type.span)) return undefined;
  return typeOf(ctx, kind, shape, type);
}

/** The sizes that `dimensions` stand for; undefined where one has a mistake, after checking all. */
function checkShape(ctx: Context, dimensions: readonly Expression[]): readonly number[] | undefined {
  const sizes = dimensions.map((dimension) => checkInteger(ctx, dimension, { what: 'the size of an axis', least: 1 }));
  return sizes.every((size) => size !== undefined) ? sizes : undefined;
}

/** The type of a kind and a shape; a one-hot value needs its axis of classes. */
export function typeOf(
  ctx: Context,
  kind: KindName,
  shape: readonly number[],
  type: TypeExpression,
): RowType | undefined {
  if (kind !== 'onehot') return { element: simpleKind(kind), shape };
  const classes = shape.at(-1);
  if (classes !== undefined) return { element: { kind: 'onehot', classes }, shape };
  const hint = 'give the number of classes last: `onehot[10]`, or `onehot[49, 10]` for 49 of them';
  report(ctx, 'SBN2051', {}, { span: type.span, hint });
  return undefined;
}

function simpleKind(kind: 'real' | 'binary' | 'count'): ElementKind {
  switch (kind) {
    case 'real':
      return REAL;
    case 'binary':
      return BINARY;
    case 'count':
      return { kind: 'count' };
  }
}
