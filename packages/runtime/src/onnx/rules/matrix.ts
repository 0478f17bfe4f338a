/** Rules of matrix products: transposed operands, and a bias, are part of the product. */
import { at, broadcastShapes, sameShape, type Instruction, type Shape } from '@sbn/program';
import type { ValueName } from '../graph-writer.js';
import { findProbability } from './probability.js';
import { isEmpty, type Operand, type Rule, type RuleContext } from './rule.js';

export const matmul: Rule<'matmul'> = (context) => writeProduct(context, context.operands, undefined);

/** A sum, as part of the product that is one of its operands where nothing else needs that product. ½ + |s − ½| is max(s, 1 − s). */
export const add: Rule<'add'> = (context) => {
  const { graph, operands, shape, operandsOf } = context;
  const probability = findProbability(operands, operandsOf);
  if (probability !== undefined) return graph.node('Max', [probability.name, graph.complement(probability.name)]);
  for (const [product, bias] of [
    [at(operands, 0), at(operands, 1)],
    [at(operands, 1), at(operands, 0)],
  ] as const) {
    const { instruction } = product;
    if (instruction?.kind !== 'matmul' || product.uses > 1) continue;
    if (!sameShape(product.shape, shape) || shape.length !== 2 || !isBias(bias.shape, shape)) continue;
    const factors = operandsOf(instruction);
    if (!factors.some((factor) => isEmpty(factor.shape))) return writeProduct(context, factors, bias);
  }
  return graph.node('Add', [at(operands, 0).name, at(operands, 1).name]);
};

/** Whether it stretches to the product without making it larger. */
function isBias(bias: Shape, product: Shape): boolean {
  const wide = broadcastShapes(bias, product);
  return wide !== undefined && sameShape(wide, product);
}

function writeProduct(
  { graph, shape, operandsOf }: Pick<RuleContext<'matmul' | 'add'>, 'graph' | 'shape' | 'operandsOf'>,
  factors: readonly Operand[],
  bias: Operand | undefined,
): ValueName {
  const [a, b] = [at(factors, 0), at(factors, 1)];
  // A product over nothing.
  if (isEmpty(a.shape)) return graph.fill(shape, 0);
  if (shape.length !== 2) return graph.node('MatMul', [a.name, b.name]);
  const [left, right] = [turned(a, operandsOf), turned(b, operandsOf)];
  const names = [left.name, right.name, ...(bias === undefined ? [] : [bias.name])];
  return graph.node('Gemm', names, { transA: left.isTurned ? 1 : 0, transB: right.isTurned ? 1 : 0 });
}

/** A factor, or what it is the transpose of. */
function turned(
  factor: Operand,
  operandsOf: (instruction: Instruction) => readonly Operand[],
): { readonly name: ValueName; readonly isTurned: boolean } {
  const { instruction } = factor;
  if (instruction?.kind !== 'transpose' || instruction.attributes.permutation[0] !== 1)
    return { name: factor.name, isTurned: false };
  return { name: at(operandsOf(instruction), 0).name, isTurned: true };
}
