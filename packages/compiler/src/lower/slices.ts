/** `x[a..b by s, …]`: a block of whole axes first, and then, along each axis with a step, some of what is in it. */
import { at, type Dim, type ProgramBuilder, type ValueId } from '@sbn/program';
import type { Operation } from '../typed-model.js';
import { fullShape, hasLead, leadAxis, type Lowered } from './lead.js';

type Slice = Extract<Operation, { readonly kind: 'slice' }>;

export function lowerSlice(builder: ProgramBuilder, { begin, size, step, drop }: Slice, arg: Lowered): ValueId {
  const lead = hasLead(arg) ? [leadAxis(arg)] : [];
  const firsts = begin.map((first, axis) => first + Math.min(0, (at(size, axis) - 1) * at(step, axis)));
  const spans = size.map((count, axis) => (count - 1) * Math.abs(at(step, axis)) + 1);
  let value = builder.slice(arg.value, [...lead.map(() => 0), ...firsts], [...lead, ...spans]);
  const shape = [...spans];
  for (const [axis, stride] of step.entries()) {
    const count = at(size, axis);
    const around: Around = { lead, before: product(shape.slice(0, axis)), after: product(shape.slice(axis + 1)) };
    if (Math.abs(stride) > 1) value = takeEveryNth(builder, value, around, count, Math.abs(stride));
    if (stride < 0) value = reverse(builder, value, around, count);
    shape[axis] = count;
  }
  return builder.reshape(value, fullShape({ ...arg, shape: size.filter((_, axis) => !drop.includes(axis)) }));
}

/** The axes around one axis, as one on either side of it. */
interface Around {
  readonly lead: readonly Dim[];
  readonly before: number;
  readonly after: number;
}

/** `[before, (count − 1) · stride + 1, after]` → `[before, count, after]`: the first of each block of `stride`, the last of which is filled up. */
function takeEveryNth(
  builder: ProgramBuilder,
  value: ValueId,
  { lead, before, after }: Around,
  count: number,
  stride: number,
): ValueId {
  const zeros = lead.map(() => 0);
  const along = builder.reshape(value, [...lead, before, (count - 1) * stride + 1, after]);
  const padded = builder.emit('pad', [along], { before: [...zeros, 0, 0, 0], after: [...zeros, 0, stride - 1, 0] });
  const blocks = builder.reshape(padded, [...lead, before, count, stride * after]);
  return builder.slice(blocks, [...zeros, 0, 0, 0], [...lead, before, count, after]);
}

/**
 * `[before, count, after]`, from the last to the first: the halves of a power of two change places, and then those of its
 * halves, down to single entries. What fills it up comes first, and is cut off.
 */
function reverse(builder: ProgramBuilder, value: ValueId, { lead, before, after }: Around, count: number): ValueId {
  const zeros = lead.map(() => 0);
  const whole = 2 ** Math.ceil(Math.log2(count));
  const along = builder.reshape(value, [...lead, before, count, after]);
  let turned = builder.emit('pad', [along], { before: [...zeros, 0, 0, 0], after: [...zeros, 0, whole - count, 0] });
  for (let half = whole / 2; half >= 1; half /= 2) {
    const pairCount = (before * whole) / (2 * half);
    const pairs = builder.reshape(turned, [...lead, pairCount, 2, half * after]);
    const take = (place: number): ValueId =>
      builder.slice(pairs, [...zeros, 0, place, 0], [...lead, pairCount, 1, half * after]);
    turned = builder.emit('concat', [take(1), take(0)], { axis: lead.length + 1 });
  }
  const turnedAlong = builder.reshape(turned, [...lead, before, whole, after]);
  return builder.slice(turnedAlong, [...zeros, 0, whole - count, 0], [...lead, before, count, after]);
}

function product(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1);
}
