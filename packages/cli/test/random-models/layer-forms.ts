/** Forms with parameters of their own, and calls of the file's functions. */
import { type FunctionInfo } from './region.js';
import { combine, isKnown, limit, sameShape, type Dim, type Shape, type Written } from './value.js';
import type { Form, Writer } from './write-expression.js';

/** A site is read through a layer most often of all. */
const dense: Form = (writer, shape) => {
  const { file, layers } = writer.region;
  const out = shape.at(-1);
  if (!layers || out === undefined) return undefined;
  const inputs = file.choices.between(1, 3);
  const operand = limit(writer.part([...shape.slice(0, -1), inputs]), 5);
  const size = file.writeDim(out);
  if (file.choices.chance(20)) return combine(`mlp(${operand.text}, 2, ${size})`, 5, operand);
  const gain = file.choices.chance(20) ? ', gain = 0.5' : '';
  return combine(`dense(${operand.text}, ${size}${gain})`, 2 * operand.size, operand);
};

const bias: Form = (writer, shape) => {
  const { file, layers } = writer.region;
  if (!layers || shape.length === 0) return undefined;
  const offset = combine(`bias(${shape.map((size) => file.writeDim(size)).join(', ')})`, 2);
  const operand = writer.part(shape);
  return combine(`(${offset.text} + ${operand.text})`, operand.size + 2, operand);
};

/** Of the shape of its operand but for the last axis. */
const alongLast: Form = (writer, shape) => {
  const { file, layers } = writer.region;
  const out = shape.at(-1);
  if (!layers || out === undefined) return undefined;
  const lead = shape.slice(0, -1);
  switch (file.choices.word('layer_norm', 'masked_dense', 'embedding')) {
    case 'layer_norm': {
      const operand = writer.part(shape);
      return combine(`layer_norm(${operand.text})`, 3, operand);
    }
    case 'masked_dense': {
      // Of inputs and outputs one must be a multiple of the other.
      const inputs: Dim = file.choices.chance(70) ? out : 1;
      const operand = limit(writer.part([...lead, inputs]), 5);
      const diagonal = file.choices.word('', ', diagonal = 0');
      return combine(`masked_dense(${operand.text}, ${file.writeDim(out)}${diagonal})`, 2 * operand.size, operand);
    }
    case 'embedding': {
      const fitting = writer.region.names.filter(
        ({ element, shape: own }) => element === 'onehot' && sameShape(own.slice(0, -1), lead),
      );
      const index = file.choices.pickAny(fitting);
      return index && combine(`embedding(${index.text}, ${file.writeDim(out)})`, 3, index);
    }
  }
};

/** Images of a few pixels. */
const image: Form = (writer, shape) => {
  const { file, layers } = writer.region;
  const [height, width, channels] = shape;
  if (!isKnown(shape) || height === undefined || width === undefined || channels === undefined) return undefined;
  if (layers && file.choices.chance(70)) {
    const operand = limit(writer.part([height, width, file.choices.between(1, 2)]), 5);
    const kernel = file.choices.between(1, 3);
    return combine(`conv2d(${operand.text}, ${file.writeDim(channels)}, ${kernel})`, 3 * operand.size, operand);
  }
  const operand = writer.part([2 * Number(height), 2 * Number(width), channels]);
  return combine(`${file.choices.word('mean_pool2d', 'max_pool2d')}(${operand.text}, 2)`, operand.size, operand);
};

/** All of a convolution's numbers, at any shape that has as many. */
const flatImage: Form = (writer, shape) => {
  const [only] = shape;
  if (shape.length !== 1 || typeof only !== 'number') return undefined;
  const convolved = image(writer, [1, only, 1]);
  return convolved && combine(`flatten(${convolved.text})`, convolved.size, convolved);
};

const call: Form = (writer, shape) => {
  const { region } = writer;
  const usable = region.file.functions.filter(
    ({ hasLayers, hasLead, result }) =>
      (region.layers || !hasLayers) && (hasLead ? result.length <= shape.length : result.length === shape.length),
  );
  const chosen = region.file.choices.pickAny(usable);
  return chosen && writeCall(writer, chosen, shape);
};

/** What the shape variables and the `int` parameters are follows from the shape that is wanted, and is free elsewhere. */
function writeCall(writer: Writer, called: FunctionInfo, shape: Shape): Written | undefined {
  const { file } = writer.region;
  const bound = new Map<string, Dim>();
  const lead = shape.slice(0, shape.length - called.result.length);
  for (const [axis, variable] of called.result.entries()) {
    const size = shape[lead.length + axis];
    const before = bound.get(String(variable));
    if (size === undefined || (before !== undefined && before !== size)) return undefined;
    bound.set(String(variable), size);
  }
  const sizeOf = (variable: Dim): Dim => {
    if (typeof variable === 'number') return variable;
    const size = bound.get(variable) ?? file.choices.between(1, 3);
    bound.set(variable, size);
    return size;
  };
  const parts: Written[] = [];
  const texts = called.parameters.flatMap((parameter, place) => {
    const name = called.names[place] ?? '';
    const ofCall = place === called.parameters.length - 1 ? called.defaultValue : undefined;
    if (parameter === 'int') return ofCall === sizeOf(name) ? [] : [`${name} = ${file.writeDim(sizeOf(name))}`];
    if (ofCall === 'value' && file.choices.chance(50)) return [];
    const value = limit(writer.part([...(place === 0 ? lead : []), ...parameter.map(sizeOf)]), 4);
    parts.push(value);
    return [file.choices.chance(20) && place === called.parameters.length - 1 ? `${name} = ${value.text}` : value.text];
  });
  return combine(`${called.name}(${texts.join(', ')})`, 4, ...parts);
}

export const LAYER_FORMS: readonly Form[] = [
  dense,
  dense,
  dense,
  bias,
  alongLast,
  alongLast,
  image,
  flatImage,
  call,
  call,
  call,
];
