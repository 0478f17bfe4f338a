/** Numbers that must be known at compile time: SBN2020 to SBN2029. */
import { entry } from '@sbn/dsl';

export const NUMBERS = {
  SBN2020: entry<{ what: string }>({
    title: 'number that is not known at compile time',
    message: ({ what }) => `${what} must be a number known at compile time`,
    explanation:
      'Shapes, indices, bounds of loops and options are fixed when the model is compiled. They are made of numbers, constants, loop variables, ' +
      '`int` parameters and shape variables of functions.',
    bad: 'data x: binary[4]\nmodel { z ~ bernoulli(logits = bias(sum(x))) }',
    good: 'data x: binary[4]\nmodel { z ~ bernoulli(logits = bias(4)) }',
  }),
  SBN2021: entry<{ what: string; bound: string; value: number }>({
    title: 'number that is not a whole number, or too small',
    message: ({ what, bound, value }) => `${what} must be a whole number${bound}, not ${value}`,
    explanation: 'Sizes, indices, bounds of loops and counts are whole numbers; an axis has at least one element.',
    bad: 'const H = 785 / 2\ndata x: binary[H]',
    good: 'const H = 784 / 2\ndata x: binary[H]',
  }),
  SBN2022: entry<{ text: string; value: number }>({
    title: 'number that is not finite',
    message: ({ text, value }) =>
      `\`${text}\` is ${Number.isNaN(value) ? 'not a number' : value < 0 ? 'minus infinity' : 'infinite'}`,
    explanation: 'Arithmetic at compile time must give finite numbers.',
    bad: 'const c = 1 / 0',
    good: 'const c = 1 / 2',
  }),
  SBN2023: entry<{ shape: string; count: number }>({
    title: 'tensor that is too large',
    message: ({ shape, count }) => `a tensor of shape ${shape} has ${count} elements`,
    label: () => 'at most 2147483647 elements fit',
    explanation: 'No engine holds a tensor of more than 2³¹ − 1 elements.',
    bad: 'param W: real[100000, 100000]',
    good: 'param W: real[1000, 1000]',
  }),
  SBN2024: entry<{ what: string }>({
    title: 'step of zero',
    message: ({ what }) => `a ${what} with a step of 0 would not end`,
    explanation: 'The step after `by` is a whole number other than 0; its sign is the direction.',
    bad: 'model { for l in 1..3 by 0 { h[l] ~ bernoulli(logits = bias(4)) } }',
    good: 'model { for l in 1..3 by 1 { h[l] ~ bernoulli(logits = bias(4)) } }',
  }),
  SBN2025: entry<{ what: string; most: number }>({
    title: 'model that unrolls to too much',
    message: ({ what, most }) => `more than ${most} ${what}`,
    hint: () => 'give what is repeated an axis of its own',
    explanation:
      'Loops are unrolled and functions inlined at compile time; each repetition becomes instructions of its own.',
    bad: 'model { for l in 1..1000000 { h[l] ~ bernoulli(logits = bias(4)) } }',
    good: 'model { h ~ bernoulli(logits = bias(1000000, 4)) }',
  }),
  SBN2026: entry({
    title: 'text where a value is wanted',
    message: () => 'text is no value',
    explanation: 'Text in quotes names files and options, in `train { … }` and after `via`.',
    bad: 'const H = "200"',
    good: 'const H = 200',
  }),
  SBN2027: entry<{ gain: number }>({
    title: 'negative gain',
    message: ({ gain }) => `a gain of ${gain} is below 0`,
    hint: () => 'write 1 for weights of variance 1/in, less for smaller ones',
    explanation: 'The first weights of a `dense` layer are drawn from N(0, gain²/in).',
    bad: 'param u: real[3]\nmodel { h ~ bernoulli(logits = dense(u, 2, gain = -1)) }\nminimize sum(h)',
    good: 'param u: real[3]\nmodel { h ~ bernoulli(logits = dense(u, 2, gain = 0.1)) }\nminimize sum(h)',
  }),
};
