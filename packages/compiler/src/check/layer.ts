/** What a layer is, and what layers have in common. */
import type { Span } from '@sbn/dsl';
import type { Initializer } from '@sbn/program';
import type { TypedExpression } from '../typed-model.js';
import type { BoundArguments, ParameterSpec } from './arguments.js';
import type { Place } from './block.js';
import { report, type Context } from './context.js';
import { multiply } from './matrix-product.js';
import { expectInteger, expectNumber } from './numbers.js';
import { apply, type Checked } from './typed.js';
import { REAL } from './value-types.js';

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

export const ZEROS: Initializer = { kind: 'fill', value: 0 };

export const ONES: Initializer = { kind: 'fill', value: 1 };

export function expectSize({ ctx, args }: LayerCall, name: string): number | undefined {
  return expectInteger(ctx, args.get(name), { what: 'the size of an axis', least: 1 });
}

/** The factor on the standard deviation of a layer's first weights; 0 starts them at zero. */
export function expectGain({ ctx, args }: LayerCall): number | undefined {
  const written = args.optional('gain');
  if (written === undefined) return 1;
  const gain = expectNumber(ctx, written, 'a gain');
  if (gain === undefined || gain >= 0) return gain;
  report(ctx, 'SBN2027', { gain }, { span: written.span });
  return undefined;
}

/** Numbers of variance gain²/inputs around 0: sums of so many inputs of variance 1 have the variance gain². */
export function scaledNormal(gain: number, inputs: number): Initializer {
  return { kind: 'normal', mean: 0, standardDeviation: gain / Math.sqrt(inputs) };
}

export function makeParameter(
  { session }: Context,
  name: string,
  shape: readonly number[],
  initializer: Initializer,
  span: Span,
): TypedExpression {
  session.parameters.push({ name, shape, initializer, span });
  return { kind: 'parameter', name, type: { element: REAL, shape, batched: false, plates: [] }, span };
}

/** x · W + b along the last axis of `x`, whose size is that of the first axis of W. */
export function affine(
  x: TypedExpression,
  weight: TypedExpression,
  bias: TypedExpression,
  span: Span,
): TypedExpression {
  const product = multiply(x, weight, span);
  return apply({ kind: 'binary', name: 'add' }, { element: REAL, shape: product.type.shape }, [product, bias], span);
}
