/** Layers: functions that own parameters. Every one by name; adding one means adding a row. */
import type { TypedExpression } from '../typed-model.js';
import type { Place } from './block.js';
import { report } from './context.js';
import { conv2d } from './conv2d.js';
import { expectAxes, lastSize } from './functions/reductions.js';
import {
  affine,
  expectGain,
  expectSize,
  makeParameter,
  ONES,
  scaledNormal,
  ZEROS,
  type LayerCall,
  type LayerDefinition,
} from './layer.js';
import { maskedDense } from './masked-dense.js';
import { checkSize, expectInteger } from './numbers.js';
import { apply, applyUnary, type Checked } from './typed.js';
import { formatType, REAL } from './value-types.js';

export type LayerName = 'dense' | 'bias' | 'mlp' | 'embedding' | 'layer_norm' | 'conv2d' | 'masked_dense';

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
  /** The row of a table that a one-hot value chooses: Σ_k k_i · weight[i]. */
  embedding: {
    signature: 'embedding(k, size)',
    parameters: [{ name: 'k' }, { name: 'size' }, { name: 'gain', optional: true, namedOnly: true }],
    check: (call) => {
      const { ctx, place, args, span } = call;
      const [k, size, gain] = [args.get('k'), expectSize(call, 'size'), expectGain(call)];
      const { element } = k.type;
      if (element.kind !== 'onehot') {
        const hint = 'declare it as `onehot[K]`, draw it from `categorical`, or use `dense` for numbers';
        const options = { span: k.span, label: formatType(k.type), hint };
        report(ctx, 'SBN2047', { callee: 'embedding', problem: 'it takes a one-hot value' }, options);
        return undefined;
      }
      if (size === undefined || gain === undefined || !checkSize(ctx, [element.classes, size], span)) return undefined;
      // One input of the classes is 1 at a time.
      const rows = [element.classes, size];
      const table = makeParameter(ctx, place.parameterName('weight'), rows, scaledNormal(gain, 1), span);
      const shape = [...k.type.shape.slice(0, -1), size];
      return apply({ kind: 'contract' }, { element: REAL, shape }, [table, k], span);
    },
  },
  /** (x − mean)/√(variance + 1e-5) along the last axis, times a gain of 1 and plus a bias of 0 at first. */
  layer_norm: {
    signature: 'layer_norm(x)',
    parameters: [{ name: 'x' }],
    check: ({ ctx, place, args, span }) => {
      const x = args.get('x');
      if (!expectAxes(ctx, x, '`layer_norm`')) return undefined;
      const type = { element: REAL, shape: x.type.shape };
      const gain = makeParameter(ctx, place.parameterName('gain'), [lastSize(x)], ONES, span);
      const bias = makeParameter(ctx, place.parameterName('bias'), [lastSize(x)], ZEROS, span);
      const standard = apply({ kind: 'normalize', name: 'standardize' }, type, [x], span);
      const scaled = apply({ kind: 'binary', name: 'multiply' }, type, [standard, gain], span);
      return apply({ kind: 'binary', name: 'add' }, type, [scaled, bias], span);
    },
  },
  conv2d,
  masked_dense: maskedDense,
};

export function isLayerName(name: string): name is LayerName {
  return Object.hasOwn(LAYERS, name);
}

function dense({ ctx, span }: LayerCall, place: Place, x: TypedExpression, out: number, gain = 1): Checked {
  if (!expectAxes(ctx, x, '`dense`')) return undefined;
  const size = lastSize(x);
  if (!checkSize(ctx, [size, out], span)) return undefined;
  const weight = makeParameter(ctx, place.parameterName('weight'), [size, out], scaledNormal(gain, size), span);
  const bias = makeParameter(ctx, place.parameterName('bias'), [out], ZEROS, span);
  return affine(x, weight, bias, span);
}
