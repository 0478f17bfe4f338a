/** Forms that work element by element: arithmetic, functions of numbers, choices. */
import type { Choices } from './choices.js';
import { combine, countElements, limit, type Shape, type Written } from './value.js';
import type { Form, Writer } from './write-expression.js';
import { listUses } from './write-leaf.js';

/** Functions of one value: how large an operand may be, and how large the result is. */
const FUNCTIONS: readonly (readonly [write: (x: string) => string, most: number, size: (size: number) => number])[] = [
  [(x) => `tanh(${x})`, Infinity, () => 1],
  [(x) => `sigmoid(${x})`, Infinity, () => 1],
  [(x) => `softplus(${x})`, Infinity, (size) => size + 0.7],
  [(x) => `relu(${x})`, Infinity, (size) => size],
  [(x) => `abs(${x})`, Infinity, (size) => size],
  [(x) => `square(${x})`, 3, (size) => size ** 2],
  [(x) => `${x} ^ 2`, 3, (size) => size ** 2],
  [(x) => `${x} ^ 3`, 2, (size) => size ** 3],
  [(x) => `(1.5 + sigmoid(${x})) ^ -1`, Infinity, () => 1],
  [(x) => `(0.5 + sigmoid(${x})) ^ 0.5`, Infinity, () => 1.3],
  [(x) => `exp(${x})`, 1.5, (size) => Math.exp(size)],
  [(x) => `expm1(${x})`, 1.5, (size) => Math.exp(size)],
  [(x) => `sin(${x})`, 5, () => 1],
  [(x) => `cos(${x})`, 5, () => 1],
  [(x) => `log(1.5 + sigmoid(${x}))`, Infinity, () => 1],
  [(x) => `log1p(softplus(${x}))`, Infinity, (size) => Math.log1p(size + 0.7)],
  [(x) => `sqrt(0.3 + square(${x}))`, Infinity, (size) => size + 0.5],
  [(x) => `lgamma(1.2 + softplus(${x}))`, 5, (size) => size ** 2 / 2 + 1],
  [(x) => `digamma(0.7 + softplus(${x}))`, Infinity, () => 2],
  [(x) => `-${x}`, Infinity, (size) => size],
  [(x) => `clip(${x}, -0.8, 1.5)`, Infinity, () => 1.5],
  [(x) => `detach(${x})`, Infinity, (size) => size],
];

const applyFunction: Form = (writer, shape) => {
  const [write, most, size] = writer.region.file.choices.pickAny(FUNCTIONS) ?? FUNCTIONS[0] ?? [];
  if (write === undefined || most === undefined || size === undefined) return undefined;
  const operand = limit(writer.part(shape), most);
  return combine(`(${write(protect(operand.text))})`, size(operand.size), operand);
};

/** As an operand of anything. */
function protect(text: string): string {
  return /^[\w.]+(\[[^[\]]*\])*$/.test(text) ? text : `(${text})`;
}

const arithmetic: Form = (writer, shape) => {
  const { choices } = writer.region.file;
  const [a, b] = writePair(writer, shape);
  switch (choices.word('+', '*', '-', '/', 'max', 'min', 'logaddexp', '^')) {
    case '+':
      return combine(`(${a.text} + ${b.text})`, a.size + b.size, a, b);
    case '-':
      return combine(`(${a.text} - ${protect(b.text)})`, a.size + b.size, a, b);
    case '*': {
      const [x, y] = [limit(a, 6), limit(b, 6)];
      return combine(`${protect(x.text)} * ${protect(y.text)}`, x.size * y.size, x, y);
    }
    case '/':
      return combine(`(${protect(a.text)} / (0.8 + abs(${b.text})))`, a.size / 0.8, a, b);
    case 'max':
      return combine(`max(${a.text}, ${b.text})`, Math.max(a.size, b.size), a, b);
    case 'min':
      return combine(`min(${a.text}, ${b.text})`, Math.max(a.size, b.size), a, b);
    case 'logaddexp':
      return combine(`logaddexp(${a.text}, ${b.text})`, Math.max(a.size, b.size) + 0.7, a, b);
    case '^': {
      const exponent = limit(b, 2);
      return combine(`((0.6 + sigmoid(${a.text})) ^ ${protect(exponent.text)})`, 3, a, exponent);
    }
  }
};

/** Two operands whose shapes stretch to the wanted one. */
function writePair(writer: Writer, shape: Shape): readonly [Written, Written] {
  const { choices } = writer.region.file;
  const whole = writer.part(shape);
  const other = writer.part(choices.chance(50) ? narrow(choices, shape) : shape);
  return choices.chance(50) ? [other, whole] : [whole, other];
}

/** A shape that stretches to another. */
export function narrow(choices: Choices, shape: Shape): Shape {
  const cut = shape.slice(choices.between(0, shape.length));
  return cut.map((size) => (choices.chance(25) ? 1 : size));
}

/** `if … then … else`, by what is known, by data, by what is drawn. */
const choose: Form = (writer, shape) => {
  const { choices } = writer.region.file;
  const drawn = findBinary(writer, shape);
  const condition = drawn ?? writeCondition(writer, shape);
  // What is decided at compile time takes one of the two as it is: both have the whole shape.
  const [a, b] = drawn === undefined ? [writer.part(shape), writer.part(shape)] : writePair(writer, shape);
  const size = Math.max(a.size, b.size);
  const [test, then, otherwise] = [condition.text, a.text, b.text];
  return choices.chance(40)
    ? combine(`where(${test}, ${then}, ${otherwise})`, size, condition, a, b)
    : combine(`(if ${test} then ${then} else ${otherwise})`, size, condition, a, b);
};

/** A binary value, or elements of one, of a shape that stretches to the wanted one. */
function findBinary(writer: Writer, shape: Shape): Written | undefined {
  const { region } = writer;
  const { choices } = region.file;
  const binary = region.names.filter(({ element }) => element === 'binary');
  const uses = [[], shape].flatMap((part) => binary.flatMap((value) => listUses(region, value, part)));
  return choices.chance(60) ? choices.pickAny(uses) : undefined;
}

/** What is known, or a comparison. */
function writeCondition(writer: Writer, shape: Shape): Written {
  const { file, integers } = writer.region;
  const integer = file.choices.pickAny(integers)?.name ?? '2';
  if (file.choices.chance(20)) return combine(`${integer} > ${file.choices.between(0, 2)}`, 1);
  return writeComparison(writer, narrow(file.choices, shape));
}

/** Of what is not drawn, unless nothing needs a slope there. */
function writeComparison(writer: Writer, shape: Shape): Written {
  const { region } = writer;
  const given = region.comparesDraws ? region.names : region.names.filter(({ drawn }) => !drawn);
  const value = writer.part(shape, { ...region, names: given });
  const operator = region.file.choices.pick(['>', '<', '<=', '>=', '!=', '==']);
  return combine(`${value.text} ${operator} 0.3`, 1, value);
}

/** A comparison as a value. */
const compare: Form = (writer, shape) => {
  const written = writeComparison(writer, shape);
  return { ...written, text: `(${written.text})` };
};

/** Of every element of something larger, one number. */
const REDUCTIONS: readonly (readonly [name: string, size: (size: number, count: number) => number])[] = [
  ['sum', (size, count) => size * count],
  ['mean', (size) => size],
  ['max', (size) => size],
  ['min', (size) => size],
  ['logsumexp', (size, count) => size + Math.log(count)],
  ['prod', (size, count) => Math.max(1, size) ** count],
  ['var', (size) => size ** 2],
];

const reduce: Form = (writer, shape) => {
  const { choices } = writer.region.file;
  const [name, size] = choices.pickAny(REDUCTIONS) ?? [];
  if (name === undefined || size === undefined || shape.length > 2) return undefined;
  const count = choices.between(1, 3);
  const axis = choices.between(0, shape.length);
  const wide = shape.toSpliced(axis, 0, count);
  const whole = shape.length === 0 && choices.chance(30) ? [choices.between(1, 2), count] : wide;
  const operand = limit(writer.part(whole), name === 'prod' ? 1.7 : 5);
  const along = shape.length === 0 && (whole.length === 2 || choices.chance(70)) ? '' : `, axis = ${axis}`;
  return combine(`${name}(${operand.text}${along})`, size(operand.size, countElements(whole)), operand);
};

/** A spread that is nowhere zero, where its root has no slope. */
const deviation: Form = (writer, shape) => {
  if (shape.length > 1) return undefined;
  const operand = limit(writer.part([...shape, 2]), 0.4);
  return combine(`std(${operand.text} + [1, -1], axis = ${shape.length})`, 1.5, operand);
};

export const ELEMENT_FORMS: readonly Form[] = [
  arithmetic,
  arithmetic,
  arithmetic,
  applyFunction,
  applyFunction,
  choose,
  compare,
  reduce,
  reduce,
  deviation,
];
