/** Layers: functions that own parameters. Every one by name; adding one means adding a row. */
import type { Span } from '@sbn/dsl';
import type { Initializer } from '@sbn/program';
import type { BoundArguments, ParameterSpec } from './arguments.js';
import type { Place } from './block.js';
import { report, type Context } from './context.js';
import { expectAxes, lastSize } from './functions/reductions.js';
import { layOut } from './functions/layout.js';
import { checkSize, expectInteger, expectNumber } from './numbers.js';
import type { TypedExpression } from '../typed-model.js';
import { apply, applyUnary, type Checked } from './typed.js';
import { countElements, REAL } from './value-types.js';

export type LayerName = 'dense' | 'bias' | 'mlp';

export interface LayerCall {
  readonly ctx: Context;
  /** Where the layer's parameters get their names. */
  readonly place: Place;
  readonly args: BoundArguments;
  readonly span: Span;
}

export interface LayerDefinition {
  readonly signature: string;
  readonly parameters: readonly ParameterSpec[];
  readonly check: (call: LayerCall) => Checked;
}

const ZEROS: Initializer = { kind: 'fill', value: 0 };

export const LAYERS: Readonly<Record<LayerName, LayerDefinition>> = {
  /** x · W + b along the last axis, with W `[in, out]` of variance gain²/in and b zero at first. */
  dense: {
    signature: 'dense(x, out)',
    parameters: [{ name: 'x' }, { name: 'out' }, { name: 'gain', optional: true, namedOnly: true }],
    check: (call) => {
      const out = expectSize(call, 'out');
      const gain = expectGain(call);
      if (out === undefined || gain === undefined) return undefined;
      return dense(call, call.place, call.args.get('x'), out, gain);
    },
  },
  /** A tensor of free numbers, zero at first. */
  bias: {
    signature: 'bias(size, …)',
    parameters: [{ name: 'sizes', variadic: true }],
    check: (call) => {
      const { ctx, place, args, span } = call;
      const sizes = args
        .all('sizes')
        .map((size) => expectInteger(ctx, size, { what: 'the size of an axis', least: 1 }));
      if (!sizes.every((size) => size !== undefined) || !checkSize(ctx, sizes, span)) return undefined;
      return makeParameter(ctx, place.parameterName(undefined), sizes, ZEROS, span);
    },
  },
  /** A network of one hidden layer of tanh units. */
  mlp: {
    signature: 'mlp(x, hidden, out)',
    parameters: [{ name: 'x' }, { name: 'hidden' }, { name: 'out' }],
    check: (call) => {
      const { place, args, span } = call;
      const [hidden, out] = [expectSize(call, 'hidden'), expectSize(call, 'out')];
      if (hidden === undefined || out === undefined) return undefined;
      const first = dense(call, place.child('dense'), args.get('x'), hidden);
      return first && dense(call, place.child('dense'), applyUnary('tanh', first, span), out);
    },
  },
};

export function isLayerName(name: string): name is LayerName {
  return Object.hasOwn(LAYERS, name);
}

function expectSize({ ctx, args }: LayerCall, name: string): number | undefined {
  return expectInteger(ctx, args.get(name), { what: 'the size of an axis', least: 1 });
}

/** The factor on the standard deviation of a layer's first weights; 0 starts them at zero. */
function expectGain({ ctx, args }: LayerCall): number | undefined {
  const written = args.optional('gain');
  if (written === undefined) return 1;
  const gain = expectNumber(ctx, written, 'a gain');
  if (gain === undefined || gain >= 0) return gain;
  report(ctx, 'SBN2027', { gain }, { span: written.span });
  return undefined;
}

function dense({ ctx, span }: LayerCall, place: Place, x: TypedExpression, out: number, gain = 1): Checked {
  if (!expectAxes(ctx, x, '`dense`')) return undefined;
  const size = lastSize(x);
  if (!checkSize(ctx, [size, out], span)) return undefined;
  const deviation: Initializer = { kind: 'normal', mean: 0, standardDeviation: gain / Math.sqrt(size) };
  const weight = makeParameter(ctx, place.parameterName('weight'), [size, out], deviation, span);
  const bias = makeParameter(ctx, place.parameterName('bias'), [out], ZEROS, span);
  const shape = [...x.type.shape.slice(0, -1), out];
  // A matrix product takes at most two axes: those in front are one while it lasts.
  const rows = x.type.shape.length <= 2 ? x : layOut(x, [countElements(x.type.shape) / size, size], span);
  const flat = [...rows.type.shape.slice(0, -1), out];
  const product = apply({ kind: 'matmul' }, { element: REAL, shape: flat }, [rows, weight], span);
  return apply({ kind: 'binary', name: 'add' }, { element: REAL, shape }, [layOut(product, shape, span), bias], span);
}

function makeParameter(
  { session }: Context,
  name: string,
  shape: readonly number[],
  initializer: Initializer,
  span: Span,
): TypedExpression {
  session.parameters.push({ name, shape, initializer, span });
  return { kind: 'parameter', name, type: { element: REAL, shape, batched: false, plates: [] }, span };
}
