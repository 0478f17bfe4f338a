/** Functions that take axes away, or normalise along one. */
import { at } from '@sbn/program';
import { report, type Context } from '../context.js';
import { expectInteger } from '../numbers.js';
import type { ReductionName, TypedExpression } from '../../typed-model.js';
import { apply, applyUnary, type Checked } from '../typed.js';
import { formatType, REAL } from '../value-types.js';
import { chooseOfTwo } from './elementwise.js';
import type { FunctionCall, FunctionDefinition } from './definition.js';

/** Over all axes of a row, or over one. */
export function reduction(name: Exclude<ReductionName, 'max'>): FunctionDefinition {
  return {
    signature: `${name}(x, axis = n)`,
    parameters: [{ name: 'x' }, { name: 'axis', optional: true }],
    check: (call) => reduce(call, name),
  };
}

/** Mean squared distance from the mean, or its root; a single number has none. */
export function spread(name: 'var' | 'std'): FunctionDefinition {
  return {
    signature: `${name}(x, axis = n)`,
    parameters: [{ name: 'x' }, { name: 'axis', optional: true }],
    check: (call) => (expectAxes(call.ctx, call.args.get('x'), `\`${name}\``) ? reduce(call, name) : undefined),
  };
}

/** Sums of all elements up to each, along the last axis or the one given. */
export const cumsum: FunctionDefinition = {
  signature: 'cumsum(x, axis = n)',
  parameters: [{ name: 'x' }, { name: 'axis', optional: true }],
  check: ({ ctx, args, span }) => {
    const x = args.get('x');
    if (!expectAxes(ctx, x, '`cumsum`')) return undefined;
    const given = args.optional('axis');
    const axis = given === undefined ? x.type.shape.length - 1 : expectAxis(ctx, given, x);
    return axis === undefined
      ? undefined
      : apply({ kind: 'cumsum', axis }, { element: REAL, shape: x.type.shape }, [x], span);
  },
};

/** `max(x)` is the largest element, `max(x, y)` the larger of two. */
export function extremum(name: 'max' | 'min'): FunctionDefinition {
  return {
    signature: `${name}(x, axis = n)\` or \`${name}(x, y)`,
    parameters: [{ name: 'x' }, { name: 'y', optional: true }, { name: 'axis', optional: true, namedOnly: true }],
    check: (call) => {
      if (call.args.optional('y') !== undefined) return chooseOfTwo(call, name === 'max' ? 'maximum' : 'minimum');
      return name === 'max' ? reduce(call, 'max') : smallest(call);
    },
  };
}

/** min x = −max(−x) */
function smallest(call: FunctionCall): Checked {
  const { args, span } = call;
  const x = args.get('x');
  if (x.kind === 'number') return { ...x, span };
  const axes = chooseAxes(call, x);
  if (axes === undefined) return undefined;
  if (axes.length === 0) return { ...x, span };
  const largest = reduceAxes('max', axes, applyUnary('negate', x, span), span);
  return applyUnary('negate', largest, span);
}

function reduce(call: FunctionCall, name: ReductionName): Checked {
  const x = call.args.get('x');
  const axes = chooseAxes(call, x);
  if (axes === undefined) return undefined;
  // A number is its own sum, mean, maximum, log-sum-exp and product.
  return axes.length === 0 ? { ...x, span: call.span } : reduceAxes(name, axes, x, call.span);
}

function reduceAxes(
  name: ReductionName,
  axes: readonly number[],
  x: TypedExpression,
  span: TypedExpression['span'],
): TypedExpression {
  const shape = x.type.shape.filter((_, axis) => !axes.includes(axis));
  return apply({ kind: 'reduce', name, axes }, { element: REAL, shape }, [x], span);
}

function chooseAxes({ ctx, args }: FunctionCall, x: TypedExpression): readonly number[] | undefined {
  const given = args.optional('axis');
  if (given === undefined) return x.type.shape.map((_, axis) => axis);
  const axis = expectAxis(ctx, given, x);
  return axis === undefined ? undefined : [axis];
}

/** An axis of `x`, counted from 0. */
export function expectAxis(ctx: Context, given: TypedExpression, x: TypedExpression): number | undefined {
  const axis = expectInteger(ctx, given, { what: 'an axis' });
  if (axis === undefined) return undefined;
  const rank = x.type.shape.length;
  if (axis >= 0 && axis < rank) return axis;
  const range =
    rank === 0
      ? 'a number has no axes'
      : `axes are counted from 0: ${rank === 1 ? 'there is only 0' : `0 to ${rank - 1}`}`;
  const related = [{ span: x.span, text: formatType(x.type) }];
  const hint = axis < 0 && rank + axis >= 0 ? `write \`axis = ${rank + axis}\`` : undefined;
  report(ctx, 'SBN2039', { axis, type: formatType(x.type) }, { span: given.span, related, notes: [range], hint });
  return undefined;
}

/** Along the last axis. */
export function normalization(name: 'softmax' | 'log_softmax'): FunctionDefinition {
  return {
    signature: `${name}(x)`,
    parameters: [{ name: 'x' }],
    check: ({ ctx, args, span }) => {
      const x = args.get('x');
      if (!expectAxes(ctx, x, `\`${name}\``)) return undefined;
      return apply({ kind: 'normalize', name }, { element: REAL, shape: x.type.shape }, [x], span);
    },
  };
}

/** Reports a value without axes to `user`, which works along the last one. */
export function expectAxes(ctx: Context, x: TypedExpression, user: string): boolean {
  if (x.type.shape.length > 0) return true;
  const hint = '`reshape(x, 1)` gives it one';
  report(ctx, 'SBN2041', { user }, { span: x.span, label: formatType(x.type), hint });
  return false;
}

/** The size of the last axis of a value that has one. */
export function lastSize(x: TypedExpression): number {
  return at(x.type.shape, x.type.shape.length - 1);
}
