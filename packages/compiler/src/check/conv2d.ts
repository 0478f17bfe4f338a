/** Convolution of images, as a matrix product of their patches. */
import type { TypedExpression } from '../typed-model.js';
import { report, type Context } from './context.js';
import { layOut } from './functions/layout.js';
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
import { checkSize, expectInteger } from './numbers.js';
import { apply, type Checked } from './typed.js';
import { countElements, formatType, REAL } from './value-types.js';

/**
 * Of an image `[height, width, channels]`, an image of `filters` channels: each a sum of the `kernel · kernel` pixels around, with
 * `weight [kernel, kernel, channels, filters]`. Without `padding` there are zeros around the image so that the result has its size, or with
 * a stride its size over the stride, rounded up; with it, so many on each side.
 */
export const conv2d: LayerDefinition = {
  signature: 'conv2d(x, filters, kernel, stride = 1, padding = n)',
  parameters: [
    { name: 'x' },
    { name: 'filters' },
    { name: 'kernel' },
    { name: 'stride', optional: true, namedOnly: true },
    { name: 'padding', optional: true, namedOnly: true },
    { name: 'gain', optional: true, namedOnly: true },
  ],
  check: (call) => {
    const { ctx, args } = call;
    const [filters, kernel, gain] = [expectSize(call, 'filters'), expectSize(call, 'kernel'), expectGain(call)];
    const written = { stride: args.optional('stride'), padding: args.optional('padding') };
    const stride =
      written.stride === undefined ? 1 : expectInteger(ctx, written.stride, { what: 'a stride', least: 1 });
    const padding = written.padding && expectInteger(ctx, written.padding, { what: 'a padding', least: 0 });
    const wrong = stride === undefined || (written.padding !== undefined && padding === undefined);
    if (filters === undefined || kernel === undefined || gain === undefined || wrong) return undefined;
    const image = expectImage(ctx, 'conv2d', args.get('x'));
    return image && convolve(call, image, { filters, kernel, gain, stride, padding });
  },
};

export interface Image {
  readonly value: TypedExpression;
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** Reports what is no image of rows, columns and channels to the function that takes one. */
export function expectImage(ctx: Context, callee: string, value: TypedExpression): Image | undefined {
  const [height, width, channels, ...rest] = value.type.shape;
  if (height !== undefined && width !== undefined && channels !== undefined && rest.length === 0) {
    return { value, height, width, channels };
  }
  const side = Math.sqrt(countElements(value.type.shape));
  const size = Number.isInteger(side) ? `${side}, ${side}` : 'height, width';
  const hint = `\`reshape(x, ${size}, 1)\` makes grey pixels an image`;
  const problem = 'it takes an image of three axes: height, width, channels';
  report(ctx, 'SBN2047', { callee, problem }, { span: value.span, label: formatType(value.type), hint });
  return undefined;
}

interface Settings {
  readonly filters: number;
  readonly kernel: number;
  readonly gain: number;
  readonly stride: number;
  /** Zeros on each side; `undefined` for as many as keep the size. */
  readonly padding: number | undefined;
}

function convolve({ ctx, place, span }: LayerCall, image: Image, settings: Settings): Checked {
  const { filters, kernel, gain, stride, padding } = settings;
  const { value, channels } = image;
  const rows = fitAxis(image.height, kernel, stride, padding);
  const columns = fitAxis(image.width, kernel, stride, padding);
  if (rows.count < 1 || columns.count < 1) {
    const problem = `a kernel of ${kernel} does not fit into ${image.height} by ${image.width} pixels`;
    const hint = 'leave `padding` out to keep the size of the image';
    report(ctx, 'SBN2047', { callee: 'conv2d', problem }, { span, label: formatType(value.type), hint });
    return undefined;
  }
  const inputs = kernel * kernel * channels;
  if (!checkSize(ctx, [rows.count, columns.count, inputs], span) || !checkSize(ctx, [inputs, filters], span)) {
    return undefined;
  }
  const shape = [kernel, kernel, channels, filters];
  const weight = makeParameter(ctx, place.parameterName('weight'), shape, scaledNormal(gain, inputs), span);
  const bias = makeParameter(ctx, place.parameterName('bias'), [filters], ZEROS, span);
  const before = [rows.before, columns.before] as const;
  const count = [rows.count, columns.count] as const;
  const patches = apply(
    { kind: 'patches', kernel, stride, before, count },
    { element: REAL, shape: [...count, inputs] },
    [value],
    span,
  );
  return affine(patches, layOut(weight, [inputs, filters], span), bias, span);
}

/** How many places a kernel has along an axis, and how many zeros are in front of the first pixel. */
function fitAxis(
  size: number,
  kernel: number,
  stride: number,
  padding: number | undefined,
): { readonly count: number; readonly before: number } {
  if (padding !== undefined) return { count: Math.floor((size + 2 * padding - kernel) / stride) + 1, before: padding };
  const count = Math.ceil(size / stride);
  const zeros = Math.max(0, (count - 1) * stride + kernel - size);
  return { count, before: Math.floor(zeros / 2) };
}
