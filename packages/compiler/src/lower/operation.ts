/** From operations on one element of one row to operations on all rows, and all elements of plates, at once. */
import { assertNever, at, InternalError, isBatchDim, type Dim, type ProgramBuilder, type ValueId } from '@sbn/program';
import { logSoftmax, shift } from '../distributions/categorical.js';
import type { Operation, ReductionName } from '../typed-model.js';
import { cumulate, multiplyOver, standardize, variance } from './along-axes.js';
import { fullShape, hasLead, joinLeads, leadAxis, stretch, takeElements, type Lead, type Lowered } from './lead.js';
import { takePatches } from './patches.js';
import { lowerSlice } from './slices.js';
import { lowerSpecial } from './special.js';

/** Emits `operation`; `shape` is what the checker gave the expression. Operands come to differ in the same, or in nothing. */
export function lowerOperation(
  builder: ProgramBuilder,
  operation: Operation,
  operands: readonly Lowered[],
  shape: readonly number[],
): Lowered {
  if (operation.kind === 'element') {
    return takeElements(builder, at(operands, 0), operation.plate, operation.axis);
  }
  const lead = joinLeads(operands);
  const args = operands.map((arg) => (hasLead(arg) ? stretch(builder, arg, lead) : arg));
  return { ...lead, shape, value: emitOperation(builder, operation, args, lead) };
}

function emitOperation(
  builder: ProgramBuilder,
  operation: Exclude<Operation, { readonly kind: 'element' }>,
  args: readonly Lowered[],
  lead: Lead,
): ValueId {
  switch (operation.kind) {
    case 'unary':
      return builder.emit(operation.name, [at(args, 0).value], {});
    case 'binary': {
      const [left, right] = alignRows(builder, at(args, 0), at(args, 1));
      return builder.emit(operation.name, [left, right], {});
    }
    case 'reduce':
      return lowerReduction(builder, operation.name, operation.axes, at(args, 0));
    case 'cumsum':
      return lowerCumulation(builder, operation.axis, at(args, 0));
    case 'special':
      return lowerSpecial(builder, operation.name, alignAll(builder, args));
    case 'normalize': {
      if (operation.name === 'standardize') return standardize(builder, at(args, 0).value);
      const logs = logSoftmax(builder, at(args, 0).value);
      return operation.name === 'softmax' ? builder.emit('exp', [logs], {}) : logs;
    }
    case 'matmul':
      return lowerMatmul(builder, at(args, 0), at(args, 1));
    case 'reshape':
      return builder.reshape(at(args, 0).value, fullShape({ ...lead, shape: operation.shape }));
    case 'transpose': {
      const { value } = at(args, 0);
      const permutation = hasLead(lead) ? [0, ...operation.permutation.map((axis) => axis + 1)] : operation.permutation;
      return builder.transpose(value, permutation);
    }
    case 'concat': {
      const front = hasLead(lead);
      const values = args.map((arg) => (front ? stretch(builder, arg, lead).value : arg.value));
      return builder.emit('concat', values, { axis: operation.axis + (front ? 1 : 0) });
    }
    case 'patches':
      return takePatches(builder, at(args, 0).value, operation);
    case 'slice':
      return lowerSlice(builder, operation, at(args, 0));
    case 'contract':
      return lowerContraction(builder, at(args, 0), at(args, 1));
    case 'mix':
      return lowerMix(builder, at(args, 0), at(args, 1), at(args, 2));
    case 'select':
      return builder.emit('select', alignThree(builder, args), {});
    case 'detach':
      return builder.emit('stop_gradient', [at(args, 0).value], {});
    default:
      return assertNever(operation);
  }
}

/** Puts axes of 1 behind the axis in front, so that numpy's alignment at the last axis aligns the rows. */
function padRank(builder: ProgramBuilder, arg: Lowered, rank: number): ValueId {
  if (!hasLead(arg) || arg.shape.length >= rank) return arg.value;
  const ones = Array.from({ length: rank - arg.shape.length }, () => 1);
  return builder.reshape(arg.value, fullShape({ ...arg, shape: [...ones, ...arg.shape] }));
}

function alignRows(builder: ProgramBuilder, a: Lowered, b: Lowered): readonly [ValueId, ValueId] {
  const rank = Math.max(a.shape.length, b.shape.length);
  return [padRank(builder, a, rank), padRank(builder, b, rank)];
}

function alignAll(builder: ProgramBuilder, args: readonly Lowered[]): readonly ValueId[] {
  const rank = Math.max(...args.map(({ shape }) => shape.length));
  return args.map((arg) => padRank(builder, arg, rank));
}

function alignThree(builder: ProgramBuilder, args: readonly Lowered[]): readonly [ValueId, ValueId, ValueId] {
  const aligned = alignAll(builder, args);
  return [at(aligned, 0), at(aligned, 1), at(aligned, 2)];
}

function lowerReduction(
  builder: ProgramBuilder,
  name: ReductionName,
  rowAxes: readonly number[],
  arg: Lowered,
): ValueId {
  const { value, shape } = arg;
  const axes = rowAxes.map((axis) => axis + (hasLead(arg) ? 1 : 0));
  const count = rowAxes.reduce((product, axis) => product * at(shape, axis), 1);
  switch (name) {
    case 'sum':
      return builder.sum(value, axes);
    case 'mean':
      return builder.multiply(builder.sum(value, axes), builder.constant(1 / count));
    case 'max':
      return builder.emit('max', [value], { axes, keep: false });
    case 'logsumexp':
      return logSumExp(builder, value, axes);
    case 'prod':
      return multiplyOver(builder, value, axes, fullShape(arg));
    case 'var':
      return variance(builder, value, axes, count);
    case 'std':
      return builder.emit('sqrt', [variance(builder, value, axes, count)], {});
    default:
      return assertNever(name);
  }
}

/** log Σ exp over `axes`, which disappear. */
export function logSumExp(builder: ProgramBuilder, value: ValueId, axes: readonly number[]): ValueId {
  const largest = shift(builder, value, axes);
  const total = builder.sum(builder.emit('exp', [builder.subtract(value, largest)], {}), axes);
  return builder.add(builder.emit('log', [total], {}), builder.reshape(largest, builder.shapeOf(total)));
}

/** Numpy's `@` per row, as one product over all rows where the right operand is shared. */
function lowerMatmul(builder: ProgramBuilder, a: Lowered, b: Lowered): ValueId {
  if (a.shape.length === 1 && b.shape.length === 1) {
    const [left, right] = alignRows(builder, a, b);
    const product = builder.multiply(left, right);
    return builder.sum(product, [builder.shapeOf(product).length - 1]);
  }
  const leftVector = a.shape.length === 1;
  const rightVector = b.shape.length === 1;
  const inner = at(b.shape, 0);
  const m = leftVector ? 1 : at(a.shape, 0);
  const n = rightVector ? 1 : at(b.shape, 1);
  const rowShape = [...(leftVector ? [] : [m]), ...(rightVector ? [] : [n])];
  const lead = joinLeads([a, b]);
  const result = fullShape({ ...lead, shape: rowShape });
  if (!hasLead(b)) {
    const rows = hasLead(a) ? multiply(leadAxis(a), m) : m;
    const product = builder.matmul(builder.reshape(a.value, [rows, inner]), builder.reshape(b.value, [inner, n]));
    return builder.reshape(product, result);
  }
  if (!hasLead(a) && rightVector) {
    // A shared matrix times a vector per row: the rows of b times the matrix's transpose.
    return builder.reshape(
      builder.matmul(b.value, builder.transpose(builder.reshape(a.value, [m, inner]), [1, 0])),
      result,
    );
  }
  const left = builder.reshape(stretch(builder, a, lead).value, [leadAxis(lead), m, inner]);
  const right = builder.reshape(b.value, [leadAxis(lead), inner, n]);
  return builder.reshape(builder.matmul(left, right), result);
}

function multiply(dim: Dim, factor: number): Dim {
  return isBatchDim(dim) ? { batch: dim.batch * factor } : dim * factor;
}

/** Along an axis of the row. */
function lowerCumulation(builder: ProgramBuilder, axis: number, arg: Lowered): ValueId {
  return cumulate(builder, arg.value, axis + (hasLead(arg) ? 1 : 0));
}

/** Σ_k index_k · table[k, …]: what indexing by a one-hot value is, and stays between the one-hot points. */
function lowerContraction(builder: ProgramBuilder, table: Lowered, index: Lowered): ValueId {
  const [classes, ...rest] = table.shape;
  const lead = index.shape.slice(0, -1);
  if (classes === undefined) throw new InternalError('a number has no axis to be indexed by a one-hot value');
  const flat = { ...table, shape: [classes, product(rest)] };
  const rows = { ...index, shape: [product(lead), classes] };
  const matrix = { ...flat, value: builder.reshape(table.value, fullShape(flat)) };
  const picks = { ...rows, value: builder.reshape(index.value, fullShape(rows)) };
  const shape = [...lead, ...rest];
  return builder.reshape(lowerMatmul(builder, picks, matrix), fullShape({ ...joinLeads([table, index]), shape }));
}

/** c · a + (1 − c) · b */
function lowerMix(builder: ProgramBuilder, condition: Lowered, a: Lowered, b: Lowered): ValueId {
  const rank = Math.max(condition.shape.length, a.shape.length, b.shape.length);
  const [c, consequent, alternative] = [
    padRank(builder, condition, rank),
    padRank(builder, a, rank),
    padRank(builder, b, rank),
  ];
  const rest = builder.subtract(builder.constant(1), c);
  return builder.add(builder.multiply(c, consequent), builder.multiply(rest, alternative));
}

function product(dims: readonly number[]): number {
  return dims.reduce((total, dim) => total * dim, 1);
}
