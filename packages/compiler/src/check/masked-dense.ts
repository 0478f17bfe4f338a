/** A dense layer whose outputs each see only the inputs before them. */
import type { Span } from '@sbn/dsl';
import type { TypedExpression } from '../typed-model.js';
import { report } from './context.js';
import { expectAxes, lastSize } from './functions/reductions.js';
import {
  affine,
  expectGain,
  expectSize,
  makeParameter,
  scaledNormal,
  ZEROS,
  type LayerCall,
  type LayerDefinition,
} from './layer.js';
import { checkNumbers, checkSize, expectInteger } from './numbers.js';
import { apply, arrayValue, numberValue, type Checked } from './typed.js';
import { BINARY, REAL } from './value-types.js';

/**
 * x · (W ∘ M) + b along the last axis (Germain et al. 2015, MADE). Inputs and outputs are both dealt, in order, into as many blocks as
 * the fewer of them are; an output of block j sees the inputs of the blocks i ≤ j + diagonal. So with a diagonal of −1, which it is
 * unless it says otherwise, output j sees inputs 0 … j − 1; hidden layers between have a diagonal of 0 in all but one of the layers.
 */
export const maskedDense: LayerDefinition = {
  signature: 'masked_dense(x, out, diagonal = -1)',
  parameters: [
    { name: 'x' },
    { name: 'out' },
    { name: 'diagonal', optional: true, namedOnly: true },
    { name: 'gain', optional: true, namedOnly: true },
  ],
  check: (call) => {
    const [out, gain, diagonal] = [expectSize(call, 'out'), expectGain(call), expectDiagonal(call)];
    if (out === undefined || gain === undefined || diagonal === undefined) return undefined;
    return maskedProduct(call, out, gain, diagonal);
  },
};

function expectDiagonal({ ctx, args }: LayerCall): number | undefined {
  const written = args.optional('diagonal');
  return written === undefined ? -1 : expectInteger(ctx, written, { what: 'a diagonal' });
}

function maskedProduct({ ctx, place, args, span }: LayerCall, out: number, gain: number, diagonal: number): Checked {
  const x = args.get('x');
  if (!expectAxes(ctx, x, '`masked_dense`')) return undefined;
  const size = lastSize(x);
  if (!checkSize(ctx, [size, out], span)) return undefined;
  if (!checkNumbers(ctx, [Math.max(size, out)], span, 'make the layer smaller: the order of its units is written down'))
    return undefined;
  const blocks = Math.min(size, out);
  if (size % blocks !== 0 || out % blocks !== 0) {
    const problem = `${size} inputs and ${out} outputs have no common order: one is to be a multiple of the other`;
    report(ctx, 'SBN2047', { callee: 'masked_dense', problem }, { span });
    return undefined;
  }
  const seen = countSeen(size, out, diagonal);
  const weight = makeParameter(ctx, place.parameterName('weight'), [size, out], scaledNormal(gain, seen), span);
  const bias = makeParameter(ctx, place.parameterName('bias'), [out], ZEROS, span);
  // Block numbers compared, and not a mask of as many numbers as there are weights.
  const last = blockNumbers(out, blocks).map((block) => block + diagonal);
  const isSeen = apply(
    { kind: 'binary', name: 'less_equal' },
    { element: BINARY, shape: [size, out] },
    [arrayValue(blockNumbers(size, blocks), [size, 1], span), arrayValue(last, [out], span)],
    span,
  );
  const masked = selectWeights(isSeen, weight, span);
  return affine(x, masked, bias, span);
}

function selectWeights(isSeen: TypedExpression, weight: TypedExpression, span: Span): TypedExpression {
  const type = { element: REAL, shape: weight.type.shape };
  return apply({ kind: 'select' }, type, [isSeen, weight, numberValue(0, span)], span);
}

/** The block that each of `count` units is in. */
function blockNumbers(count: number, blocks: number): readonly number[] {
  return Array.from({ length: count }, (_, unit) => Math.floor((unit * blocks) / count));
}

/** How many inputs an output sees on average; at least 1. */
function countSeen(size: number, out: number, diagonal: number): number {
  const blocks = Math.min(size, out);
  const perOutput = Array.from({ length: blocks }, (_, block) => Math.min(blocks, Math.max(0, block + diagonal + 1)));
  const mean = perOutput.reduce((sum, seen) => sum + seen, 0) / blocks;
  return Math.max(1, (mean * size) / blocks);
}
