/** Shapes that do not fit: SBN2030 to SBN2049. */
import { entry } from '@sbn/dsl';

export const SHAPES = {
  SBN2030: entry<{ user: string }>({
    title: 'shapes that do not fit',
    message: ({ user }) => `${user} of shapes that do not fit`,
    explanation:
      'Shapes are aligned at their last axis, as in numpy: two axes fit when their sizes are the same or one of them is 1. The batch axis is not ' +
      'written and does not count.',
    bad: 'param a: real[200]\nparam b: real[100]\nmodel { z ~ bernoulli(logits = a + b) }',
    good: 'param a: real[200]\nparam b: real[200]\nmodel { z ~ bernoulli(logits = a + b) }',
  }),
  SBN2031: entry({
    title: 'matrix product of shapes that do not fit',
    message: () => 'matrix product of shapes that do not fit',
    explanation: 'In `a @ b` the last axis of `a` has the size of the first axis of `b`.',
    bad: 'data x: binary[200]\nparam W: real[100, 50]\nmodel { z ~ bernoulli(logits = x @ W) }',
    good: 'data x: binary[200]\nparam W: real[200, 50]\nmodel { z ~ bernoulli(logits = x @ W) }',
  }),
  SBN2032: entry({
    title: 'matrix product of values with no axes or too many',
    message: () => 'the right operand of `@` has one or two axes, the left at least one',
    explanation:
      'The matrix product goes along the last axis of what is on its left, with a vector or a matrix on its right; other axes in front stay as they are.',
    bad: 'data x: binary[200]\nmodel { z ~ bernoulli(logits = x @ 3) }',
    good: 'data x: binary[200]\nmodel { z ~ bernoulli(logits = x * 3) }',
  }),
  SBN2033: entry<{ index: number; size: number }>({
    title: 'index out of range',
    message: ({ index, size }) => `index ${index} of an axis of ${size}`,
    explanation: 'Indices count from 0; negative ones have no meaning.',
    bad: 'data x: binary[4]\nmodel { z ~ bernoulli(logits = x[4] * bias(3)) }',
    good: 'data x: binary[4]\nmodel { z ~ bernoulli(logits = x[3] * bias(3)) }',
  }),
  SBN2034: entry<{ given: number; axes: number }>({
    title: 'more indices than axes',
    message: ({ given, axes }) =>
      `${given === 1 ? 'an index' : `${given} indices`} of a value of ${axes === 0 ? 'no axes' : axes === 1 ? 'one axis' : `${axes} axes`}`,
    explanation: 'Each index is for one axis, in order. The batch axis is not written.',
    bad: 'data x: binary[4]\nmodel { z ~ bernoulli(logits = x[0, 1] * bias(3)) }',
    good: 'data x: binary[4]\nmodel { z ~ bernoulli(logits = x[1] * bias(3)) }',
  }),
  SBN2035: entry({
    title: 'value that cannot be an index',
    message: () => 'this value cannot be an index',
    hint: () => 'an index is a whole number known at compile time, a range `a..b`, or a one-hot value',
    explanation:
      'Indexing by a one-hot value is a sum over the table, weighted by the value, so gradients pass through it. Other values of the model are no indices.',
    bad: 'data x: binary[4]\nparam W: real[2, 3]\nmodel { z ~ bernoulli(logits = W[x]) }',
    good: 'data k: onehot[2]\nparam W: real[2, 3]\nmodel { z ~ bernoulli(logits = W[k]) }',
  }),
  SBN2036: entry<{ from: number; to: number; step: number }>({
    title: 'slice of nothing',
    message: ({ from, to, step }) => `the range ${from}..${to}${step === 1 ? '' : ` by ${step}`} holds no index`,
    hint: ({ from, to, step }) => (from > to && step === 1 ? `backwards is \`${from}..${to} by -1\`` : undefined),
    explanation:
      'A slice `a..b` takes the indices from `a` to `b`, both included, in rising order; `a..b by s` every `s`th of them, and with an `s` below zero in falling order. It takes one of them at least.',
    bad: 'data x: binary[4]\nmodel { z ~ bernoulli(logits = x[3..1]) }',
    good: 'data x: binary[4]\nmodel { z ~ bernoulli(logits = x[1..3]) }',
  }),
  SBN2037: entry<{ sizes: string; from: number; to: number }>({
    title: 'reshape to another number of elements',
    message: ({ sizes, from, to }) => `cannot reshape ${from} elements to [${sizes}], which has ${to}`,
    explanation: '`reshape` keeps the elements of a row in their order: there are as many before as after.',
    bad: 'data x: binary[6]\nmodel { z ~ bernoulli(logits = reshape(x, 2, 4)) }',
    good: 'data x: binary[6]\nmodel { z ~ bernoulli(logits = reshape(x, 2, 3)) }',
  }),
  SBN2038: entry<{ axis: string; problem: string }>({
    title: 'values that cannot be put behind one another',
    message: ({ axis, problem }) => `cannot \`concat\` along the ${axis}: ${problem}`,
    explanation:
      'Values are joined along one axis; they have the same number of axes, and the others are of the same size.',
    bad: 'data x: binary[6]\ndata y: binary[2, 6]\nmodel { z ~ bernoulli(logits = concat(x, y)) }',
    good: 'data x: binary[6]\ndata y: binary[2, 6]\nmodel { z ~ bernoulli(logits = concat(x, flatten(y))) }',
  }),
  SBN2039: entry<{ axis: number; type: string }>({
    title: 'axis that there is not',
    message: ({ axis, type }) => `${type} has no axis ${axis}`,
    explanation: 'Axes of a row are counted from 0. The batch axis is not one of them.',
    bad: 'data x: binary[6]\nmodel { z ~ bernoulli(logits = sum(x, axis = 1) * bias(3)) }',
    good: 'data x: binary[6]\nmodel { z ~ bernoulli(logits = sum(x, axis = 0) * bias(3)) }',
  }),
  SBN2040: entry<{ classes: number }>({
    title: 'one-hot index of another number of classes',
    message: ({ classes }) => `a one-hot value of ${classes} classes does not index this value`,
    explanation: 'A one-hot value indexes the first axis of a value, which has one element for each class.',
    bad: 'data k: onehot[3]\nparam W: real[2, 3]\nmodel { z ~ bernoulli(logits = W[k]) }',
    good: 'data k: onehot[3]\nparam W: real[3, 2]\nmodel { z ~ bernoulli(logits = W[k]) }',
  }),
  SBN2041: entry<{ user: string }>({
    title: 'value without an axis',
    message: ({ user }) => `${user} works along an axis, and this value has none`,
    explanation:
      'Layers, softmax, `concat` and distributions over classes work along the last axis of a row; a single number has no axis.',
    bad: 'model { z ~ categorical(logits = 0) }',
    good: 'model { z ~ categorical(logits = bias(10)) }',
  }),
  SBN2042: entry({
    title: 'condition that is not binary',
    message: () => 'a condition is a constant, a binary value, or an array of zeros and ones',
    hint: () => 'compare it: `if x > 0 then … else …`',
    explanation:
      'A condition known at compile time chooses a branch. A binary value mixes the two, `c · a + (1 − c) · b`, which lets gradients pass. Other values ' +
      'say neither yes nor no.',
    bad: 'data x: real[4]\nmodel { z ~ bernoulli(logits = if x then 1 else 0) }',
    good: 'data x: real[4]\nmodel { z ~ bernoulli(logits = if x > 0 then 1 else 0) }',
  }),
  SBN2043: entry<{ user: string }>({
    title: 'array of items of different shapes',
    message: ({ user }) => `the items of ${user} have one shape`,
    hint: () => '`concat(a, b)` joins values along an axis that they have already',
    explanation:
      'The items of an array are put behind one another along a new first axis: all of them have the same axes.',
    bad: 'model { z ~ bernoulli(logits = flatten([[1, 2], [3]])) }',
    good: 'model { z ~ bernoulli(logits = flatten([[1, 2], [3, 4]])) }',
  }),
  SBN2045: entry({
    title: 'empty array',
    message: () => 'an array has at least one item',
    explanation: 'Every axis has at least one element.',
    bad: 'model { z ~ bernoulli(logits = []) }',
    good: 'model { z ~ bernoulli(logits = [0, 0]) }',
  }),
  SBN2046: entry<{ axes: string; type: string }>({
    title: 'axes that are no order of all axes',
    message: ({ axes, type }) => `\`transpose\` takes each axis of ${type} once, not ${axes}`,
    explanation: '`transpose(x)` reverses the axes; with axes given, each is named once.',
    bad: 'data x: real[2, 3]\nmodel { z ~ bernoulli(logits = transpose(x, 0, 0)) }',
    good: 'data x: real[2, 3]\nmodel { z ~ bernoulli(logits = transpose(x, 1, 0)) }',
  }),
  SBN2047: entry<{ callee: string; problem: string }>({
    title: 'arguments that do not go together',
    message: ({ callee, problem }) => `${/^\w+$/.test(callee) ? `\`${callee}\`` : callee}: ${problem}`,
    explanation: 'Some functions ask more of their arguments than that each be of the right kind.',
    bad: 'data x: real[4]\nmodel { z ~ bernoulli(logits = clip(x, 1, -1)) }',
    good: 'data x: real[4]\nmodel { z ~ bernoulli(logits = clip(x, -1, 1)) }',
  }),
};
