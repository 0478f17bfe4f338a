/** Forms that put elements elsewhere: arrays, comprehensions, layout, indexing by what is drawn, products of matrices. */
import { isSmall } from './region.js';
import { addIndex, combine, countElements, indexable, isKnown, limit, sameShape, type Shape } from './value.js';
import type { Form } from './write-expression.js';

/** `[a, b]` */
const array: Form = (writer, shape) => {
  const [first, ...rest] = shape;
  if (typeof first !== 'number' || first > 3) return undefined;
  const items = Array.from({ length: first }, () => writer.part(rest));
  const size = Math.max(...items.map((item) => item.size));
  const texts = items.map(({ text }) => text).join(', ');
  const { choices } = writer.region.file;
  if (choices.chance(30)) return combine(`stack(${texts})`, size, ...items);
  return combine(`[${texts}]`, size, ...items);
};

/** Along an axis of its own, anywhere. */
const stack: Form = (writer, shape) => {
  const { choices } = writer.region.file;
  const axis = choices.below(Math.max(1, shape.length));
  const count = shape[axis];
  if (typeof count !== 'number' || count > 3) return undefined;
  const items = Array.from({ length: count }, () => writer.part(shape.toSpliced(axis, 1)));
  const size = Math.max(...items.map((item) => item.size));
  return combine(`stack(${items.map(({ text }) => text).join(', ')}, axis = ${axis})`, size, ...items);
};

const comprehension: Form = (writer, shape) => {
  const { region } = writer;
  const { file } = region;
  const [first, ...rest] = shape;
  if (typeof first !== 'number') return undefined;
  const name = file.fresh('j');
  const low = file.choices.below(2);
  const high = low + first - 1;
  const item = writer.part(rest, { ...region, integers: [...region.integers, { name, low, high }] });
  const last = file.choices.chance(30) ? `(${high})` : String(high);
  const up = `${low}..${last}`;
  const range = file.choices.pick([up, up, `${high}..${low}${first === 1 ? '' : ' by -1'}`]);
  return combine(`[${item.text} for ${name} in ${range}]`, item.size, item);
};

const concat: Form = (writer, shape) => {
  const { choices } = writer.region.file;
  const axis = choices.below(Math.max(1, shape.length));
  const whole = shape[axis];
  if (typeof whole !== 'number' || whole < 2) return undefined;
  const first = choices.between(1, whole - 1);
  const [a, b] = [writer.part(shape.with(axis, first)), writer.part(shape.with(axis, whole - first))];
  const along = axis === shape.length - 1 && choices.chance(70) ? '' : `, axis = ${axis}`;
  return combine(`concat(${a.text}, ${b.text}${along})`, Math.max(a.size, b.size), a, b);
};

const reshape: Form = (writer, shape) => {
  const { file } = writer.region;
  const count = countElements(shape);
  if (!isKnown(shape)) return undefined;
  const others = [[count], [1, count], [count, 1], [1, 1, count], ...(count % 2 === 0 ? [[count / 2, 2]] : [])];
  const from = file.choices.pickAny(others) ?? [count];
  if (shape.length === 1 && file.choices.chance(50)) {
    const operand = writer.part(from);
    return combine(`flatten(${operand.text})`, operand.size, operand);
  }
  const operand = writer.part(from);
  const sizes = shape.map((size) => file.writeDim(size)).join(', ');
  return shape.length === 0 ? undefined : combine(`reshape(${operand.text}, ${sizes})`, operand.size, operand);
};

const transpose: Form = (writer, shape) => {
  const { choices } = writer.region.file;
  if (shape.length < 2) return undefined;
  if (shape.length === 2 || choices.chance(50)) {
    const operand = writer.part(shape.toReversed());
    return combine(`transpose(${operand.text})`, operand.size, operand);
  }
  const [a = 1, b = 1, ...rest] = shape;
  const operand = writer.part([b, a, ...rest]);
  const order = shape.map((_, axis) => (axis < 2 ? 1 - axis : axis)).join(', ');
  return combine(`transpose(${operand.text}, ${order})`, operand.size, operand);
};

/** A part of something larger. */
const slice: Form = (writer, shape) => {
  const { choices } = writer.region.file;
  const axis = choices.between(0, shape.length);
  const before = Array.from({ length: axis }, () => '..');
  const size = shape[axis];
  const more = choices.between(1, 2);
  if (typeof size === 'number' && choices.chance(50)) {
    const step = choices.between(1, 3);
    const span = (size - 1) * step;
    const operand = writer.part(shape.with(axis, span + 1 + more));
    const from = choices.between(0, more);
    const range =
      choices.chance(30) && size > 1
        ? `${from + span}..${from} by -${step}`
        : `${from}..${from + span}${step === 1 ? '' : ` by ${step}`}`;
    const index = [...before, range].join(', ');
    return combine(addIndex(operand.text, index, true), operand.size, operand);
  }
  const operand = writer.part(shape.toSpliced(axis, 0, more));
  const index = [...before, String(choices.below(more))].join(', ');
  return combine(addIndex(operand.text, index, true), operand.size, operand);
};

/** `table[z]`: the choice of a row by a one-hot value. */
const contract: Form = (writer, shape) => {
  const { names, file } = writer.region;
  const fitting = names.filter(
    ({ element, shape: own }) =>
      element === 'onehot' &&
      sameShape(own.slice(0, -1), shape.slice(0, own.length - 1)) &&
      own.length - 1 <= shape.length,
  );
  const index = file.choices.pickAny(fitting);
  const classes = index?.shape.at(-1);
  if (index === undefined || classes === undefined) return undefined;
  const rest = shape.slice(index.shape.length - 1);
  const extra = file.choices.chance(20) ? 2 : undefined;
  const table = writer.part([classes, ...(extra === undefined ? [] : [extra]), ...rest]);
  // The tables of several one-hot values are counted with the axes of these in front.
  const last = extra === undefined ? '' : `, ${file.choices.below(extra)}`;
  return combine(`${indexable(table.text)}[${index.text}${last}]`, table.size, table, index);
};

const matmul: Form = (writer, shape) => {
  const { choices } = writer.region.file;
  const inner = choices.between(1, 3);
  const last = shape.at(-1);
  const forms: readonly (readonly [Shape, Shape])[] = [
    [[...shape, inner], [inner]],
    ...(last === undefined
      ? []
      : [
          [
            [...shape.slice(0, -1), inner],
            [inner, last],
          ] as const,
        ]),
  ];
  const chosen = choices.pickAny(forms.filter(([left]) => isSmall(left)));
  if (chosen === undefined) return undefined;
  const [a, b] = [limit(writer.part(chosen[0]), 5), limit(writer.part(chosen[1]), 5)];
  return combine(`((${a.text}) @ (${b.text}))`, a.size * b.size * inner, a, b);
};

/** Of the shape of its operand, along an axis. */
const alongAxis: Form = (writer, shape) => {
  const { choices } = writer.region.file;
  if (shape.length === 0) return undefined;
  const operand = writer.part(shape);
  const axis = choices.below(shape.length);
  switch (choices.word('softmax', 'log_softmax', 'cumsum', 'tril')) {
    case 'softmax':
      return combine(`softmax(${operand.text})`, 1, operand);
    case 'log_softmax':
      return combine(`log_softmax(${operand.text})`, 2 * operand.size + 2, operand);
    case 'cumsum':
      return combine(`cumsum(${operand.text}, axis = ${axis})`, 3 * operand.size, operand);
    case 'tril':
      return shape.length === 2 ? combine(`tril(${operand.text})`, operand.size, operand) : undefined;
  }
};

export const ARRAY_FORMS: readonly Form[] = [
  array,
  stack,
  comprehension,
  concat,
  reshape,
  transpose,
  slice,
  contract,
  contract,
  matmul,
  alongAxis,
];
