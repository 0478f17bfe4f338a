/** Functions that put elements elsewhere and leave them as they are. */
import { at } from '@sbn/program';
import type { ElementKind } from '@sbn/program';
import { labelDeclarations } from '../broadcast.js';
import { report, type Context } from '../context.js';
import { checkSize, expectInteger } from '../numbers.js';
import type { TypedExpression } from '../../typed-model.js';
import { apply, arrayValue, type Checked } from '../typed.js';
import { countElements, formatType, nameAxis, REAL, sameElement, sameShape, withoutClasses } from '../value-types.js';
import type { FunctionCall, FunctionDefinition } from './definition.js';
import { expectAxes, expectAxis } from './reductions.js';

export const reshape: FunctionDefinition = {
  signature: 'reshape(x, size, …)',
  parameters: [{ name: 'x' }, { name: 'sizes', variadic: true }],
  check: ({ ctx, args, span }) => {
    const x = args.get('x');
    const sizes = args.all('sizes').map((size) => expectInteger(ctx, size, { what: 'the size of an axis', least: 1 }));
    if (!sizes.every((size) => size !== undefined)) return undefined;
    const [from, to] = [countElements(x.type.shape), countElements(sizes)];
    if (from === to) return layOut(x, sizes, span);
    const related = labelDeclarations(ctx, [x]);
    const label = `${formatType(x.type)}: ${from} elements`;
    report(ctx, 'SBN2037', { sizes: sizes.join(', '), from, to }, { span: x.span, label, related });
    return undefined;
  },
};

export const flatten: FunctionDefinition = {
  signature: 'flatten(x)',
  parameters: [{ name: 'x' }],
  check: ({ args, span }) => layOut(args.get('x'), [countElements(args.get('x').type.shape)], span),
};

/** The same elements in row-major order under another shape. */
export function layOut(x: TypedExpression, shape: readonly number[], span: TypedExpression['span']): TypedExpression {
  if (sameShape(shape, x.type.shape)) return { ...x, span };
  if (x.kind === 'array') return arrayValue(x.values, shape, span);
  if (x.kind === 'number') return arrayValue([x.value], shape, span);
  return apply({ kind: 'reshape', shape }, { element: keepClasses(x.type.element, shape), shape }, [x], span);
}

/** One-hot values stay so while their classes are the last axis. */
function keepClasses(element: ElementKind, shape: readonly number[]): ElementKind {
  return element.kind === 'onehot' && shape.at(-1) === element.classes ? element : withoutClasses(element);
}

/** The axes in reverse, or in the order given. */
export const transpose: FunctionDefinition = {
  signature: 'transpose(x, axis, …)',
  parameters: [{ name: 'x' }, { name: 'axes', optional: true, variadic: true }],
  check: ({ ctx, args, span }) => {
    const x = args.get('x');
    const { shape, element } = x.type;
    const given = args.all('axes').map((axis) => expectAxis(ctx, axis, x));
    if (!given.every((axis) => axis !== undefined)) return undefined;
    const permutation = given.length === 0 ? shape.map((_, axis) => shape.length - 1 - axis) : given;
    if (new Set(permutation).size !== shape.length || permutation.length !== shape.length) {
      const written = permutation.join(', ');
      report(ctx, 'SBN2046', { axes: written, type: formatType(x.type) }, { span });
      return undefined;
    }
    if (permutation.every((axis, place) => axis === place)) return { ...x, span };
    const kind = permutation.at(-1) === shape.length - 1 ? element : withoutClasses(element);
    const moved = permutation.map((axis) => at(shape, axis));
    return apply({ kind: 'transpose', permutation }, { element: kind, shape: moved }, [x], span);
  },
};

/** One behind the other, along the last axis or the one given. */
export const concat: FunctionDefinition = {
  signature: 'concat(a, b, …, axis = n)',
  parameters: [
    { name: 'values', variadic: true },
    { name: 'axis', optional: true, namedOnly: true },
  ],
  check: (call) => {
    const { ctx, args, span } = call;
    const values = args.all('values');
    const first = at(values, 0);
    if (!values.map((value) => expectAxes(ctx, value, '`concat`')).every(Boolean)) return undefined;
    const given = args.optional('axis');
    const axis = given === undefined ? first.type.shape.length - 1 : expectAxis(ctx, given, first);
    if (axis === undefined || !fitForConcat(call, first, values, axis)) return undefined;
    if (values.length === 1) return { ...first, span };
    const total = values.reduce((sum, { type }) => sum + at(type.shape, axis), 0);
    const shape = first.type.shape.map((size, other) => (other === axis ? total : size));
    return apply({ kind: 'concat', axis }, { element: joinElements(values, axis), shape }, values, span);
  },
};

/** What `stackValues` needs to know beside the values. */
export interface StackOptions {
  /** The place of the new axis among those of the result, counted from 0. */
  readonly axis: number;
  readonly span: TypedExpression['span'];
  /** Where all values stand at one place of the text: what tells each apart, as `i = 2`. Else empty. */
  readonly iterations: readonly string[];
}

/**
 * Values of one shape behind one another along a new axis; `user` is what takes them, e.g. `an array`. Numbers known at
 * compile time stay so along a first axis. Requires at least one value.
 */
export function stackValues(
  ctx: Context,
  user: string,
  values: readonly TypedExpression[],
  { axis, span, iterations }: StackOptions,
): Checked {
  const first = at(values, 0);
  const { shape } = first.type;
  const wrong = values.findIndex(({ type }) => !sameShape(type.shape, shape));
  if (wrong >= 0) {
    reportShapes(ctx, user, [first, at(values, wrong)], [iterations[0], iterations[wrong]]);
    return undefined;
  }
  const stacked = [...shape.slice(0, axis), values.length, ...shape.slice(axis)];
  if (!checkSize(ctx, stacked, span)) return undefined;
  const known = values.map(numbersOf);
  if (axis === 0 && known.every((numbers) => numbers !== undefined)) return arrayValue(known.flat(), stacked, span);
  const rows = values.map((value) => layOut(value, [...shape.slice(0, axis), 1, ...shape.slice(axis)], value.span));
  const [row] = rows;
  if (row !== undefined && rows.length === 1) return { ...row, span };
  return apply({ kind: 'concat', axis }, { element: joinElements(rows, axis), shape: stacked }, rows, span);
}

/** What is known of a value at compile time. */
function numbersOf(value: TypedExpression): readonly number[] | undefined {
  if (value.kind === 'number') return [value.value];
  return value.kind === 'array' ? value.values : undefined;
}

function reportShapes(
  ctx: Context,
  user: string,
  [first, wrong]: readonly [TypedExpression, TypedExpression],
  [firstIteration, wrongIteration]: readonly [string | undefined, string | undefined],
): void {
  const describe = ({ type }: TypedExpression, iteration: string | undefined): string => {
    const what = type.shape.length === 0 ? 'a number' : `shape [${type.shape.join(', ')}]`;
    return iteration === undefined ? what : `${what} for ${iteration}`;
  };
  const [one, other] = [describe(first, firstIteration), describe(wrong, wrongIteration)];
  // What a comprehension repeats stands at one place.
  if (wrongIteration !== undefined) report(ctx, 'SBN2043', { user }, { span: wrong.span, label: `${other}, ${one}` });
  else {
    const related = [{ span: first.span, text: one }, ...labelDeclarations(ctx, [first, wrong])];
    report(ctx, 'SBN2043', { user }, { span: wrong.span, label: other, related });
  }
}

function fitForConcat(
  { ctx }: FunctionCall,
  first: TypedExpression,
  values: readonly TypedExpression[],
  axis: number,
): boolean {
  const fits = ({ type: { shape } }: TypedExpression): boolean =>
    shape.length === first.type.shape.length &&
    shape.every((size, other) => other === axis || size === first.type.shape[other]);
  const wrong = values.find((value) => !fits(value));
  if (wrong === undefined) return true;
  const related = [{ span: first.span, text: formatType(first.type) }, ...labelDeclarations(ctx, [first, wrong])];
  const where = nameAxis(first.type.shape.length, axis);
  const sameRank = wrong.type.shape.length === first.type.shape.length;
  const problem = sameRank ? 'the other axes differ' : 'the values have different numbers of axes';
  report(ctx, 'SBN2038', { axis: where, problem }, { span: wrong.span, label: formatType(wrong.type), related });
  return false;
}

/** Values of one kind keep it; one-hot ones only while their classes stay as they are. */
function joinElements(values: readonly TypedExpression[], axis: number): ElementKind {
  const { element, shape } = at(values, 0).type;
  const same = values.every(({ type }) => sameElement(type.element, element));
  if (same && axis < shape.length - 1) return element;
  const kinds = values.map(({ type }) => withoutClasses(type.element));
  const [kind] = kinds;
  return kind !== undefined && kinds.every((other) => sameElement(other, kind)) ? kind : REAL;
}
