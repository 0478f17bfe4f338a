/** Rules that move elements. */
import { addDims, at, InternalError, sameShape, type Dim } from '@sbn/program';
import { isEmpty, type Rule } from './rule.js';

export const reshape: Rule<'reshape'> = ({ graph, operands, shape }) => {
  const { name, shape: from } = at(operands, 0);
  return sameShape(from, shape) ? name : graph.node('Reshape', [name, graph.lengths(shape)], { allowzero: 1 });
};

export const broadcast: Rule<'broadcast'> = ({ graph, operands, shape }) => {
  const { name, shape: from } = at(operands, 0);
  return sameShape(from, shape) ? name : graph.node('Expand', [name, graph.lengths(shape)]);
};

export const transpose: Rule<'transpose'> = ({ graph, attributes: { permutation }, operands }) => {
  const { name } = at(operands, 0);
  if (permutation.every((axis, position) => axis === position)) return name;
  return graph.node('Transpose', [name], { perm: permutation });
};

export const concat: Rule<'concat'> = ({ graph, attributes: { axis }, operands }) => {
  const filled = operands.filter((operand) => !isEmpty(operand.shape)).map(({ name }) => name);
  return filled.length === 1 ? at(filled, 0) : graph.node('Concat', filled, { axis });
};

export const slice: Rule<'slice'> = ({ graph, attributes: { begin, size }, operands, shape }) => {
  const { name, shape: from } = at(operands, 0);
  if (sameShape(from, shape)) return name;
  const axes = graph.ints(shape.map((_, axis) => axis));
  return graph.node('Slice', [name, graph.lengths(begin), graph.lengths(ends(begin, size)), axes]);
};

function ends(begin: readonly Dim[], size: readonly Dim[]): readonly Dim[] {
  return begin.map((dim, axis) => {
    const end = addDims(dim, at(size, axis));
    // The shape rule has seen to it that the block lies within the axis.
    if (end === undefined) throw new InternalError('a slice whose end is no length');
    return end;
  });
}

export const pad: Rule<'pad'> = ({ graph, attributes: { before, after }, operands, shape }) => {
  const { name, shape: from } = at(operands, 0);
  if (isEmpty(from)) return graph.fill(shape, 0);
  if (sameShape(from, shape)) return name;
  return graph.node('Pad', [name, graph.lengths([...before, ...after]), graph.scalar(0)]);
};
