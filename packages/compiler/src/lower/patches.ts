/** The pixels around each place of an image, side by side: what makes a convolution a matrix product. */
import { at, InternalError, isBatchDim, type Dim, type ProgramBuilder, type ValueId } from '@sbn/program';
import type { Operation } from '../typed-model.js';

type Patches = Extract<Operation, { readonly kind: 'patches' }>;

/** `[…, height, width, channels]` → `[…, count, count, kernel · kernel · channels]` */
export function takePatches(builder: ProgramBuilder, image: ValueId, operation: Patches): ValueId {
  const { kernel, stride, before, count } = operation;
  const shape = builder.shapeOf(image);
  const lead = shape.slice(0, -3);
  const channels = lengthOf(shape.at(-1));
  // Whole strides are sliced: the last one may reach beyond the pixels that it takes.
  const ends = before.map((zeros, axis) => {
    const size = lengthOf(shape[lead.length + axis]);
    return Math.max(0, (at(count, axis) - 1) * stride + kernel - 1 + stride - zeros - size);
  });
  const padded = builder.emit('pad', [image], {
    before: [...lead.map(() => 0), ...before, 0],
    after: [...lead.map(() => 0), ...ends, 0],
  });
  const [rows, columns] = count;
  const offsets = Array.from({ length: kernel }, (_, offset) => offset);
  const parts = offsets.flatMap((top) =>
    offsets.map((left) => {
      const begin = [...lead.map(() => 0), top, left, 0];
      const spans = builder.slice(padded, begin, [...lead, rows * stride, columns * stride, channels]);
      return everyNth(builder, spans, { lead, rows, columns, stride, channels });
    }),
  );
  return parts.length === 1 ? at(parts, 0) : builder.emit('concat', parts, { axis: lead.length + 2 });
}

interface Grid {
  readonly lead: readonly Dim[];
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly channels: number;
}

/** The first pixel of each block of `stride · stride`. */
function everyNth(builder: ProgramBuilder, spans: ValueId, { lead, rows, columns, stride, channels }: Grid): ValueId {
  if (stride === 1) return spans;
  const blocks = builder.reshape(spans, [...lead, rows, stride, columns, stride, channels]);
  const firsts = builder.slice(blocks, [...lead.map(() => 0), 0, 0, 0, 0, 0], [...lead, rows, 1, columns, 1, channels]);
  return builder.reshape(firsts, [...lead, rows, columns, channels]);
}

function lengthOf(dim: Dim | undefined): number {
  if (dim === undefined || isBatchDim(dim)) throw new InternalError('an image has three axes of its own');
  return dim;
}
