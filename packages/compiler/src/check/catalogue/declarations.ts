/** Declarations of data, parameters and functions, and calls of these: SBN2050 to SBN2069. */
import { entry } from '@sbn/dsl';

export const DECLARATIONS = {
  SBN2050: entry<{ name: string }>({
    title: 'unknown kind of value',
    message: ({ name }) => `there is no kind of value \`${name}\``,
    explanation:
      'Values are `real`, `binary` (0 or 1), `count` (whole numbers from 0) or `onehot[K]` (one of K classes).',
    bad: 'data x: boolean[784]',
    good: 'data x: binary[784]',
  }),
  SBN2051: entry({
    title: 'one-hot value without a number of classes',
    message: () => '`onehot` needs a number of classes',
    explanation: 'The last axis of a one-hot value has one element for each class.',
    bad: 'data k: onehot',
    good: 'data k: onehot[10]',
  }),
  SBN2052: entry<{ kind: string }>({
    title: 'parameter that is not real',
    message: ({ kind }) => `a parameter is learned by gradients, so it is \`real\`, not \`${kind}\``,
    hint: () => 'write `real`; a value that is given is `data`, one that is drawn is a site',
    explanation: 'Only real numbers can be moved a little in the direction of a gradient.',
    bad: 'param W: binary[3, 4]',
    good: 'param W: real[3, 4]',
  }),
  SBN2053: entry({
    title: 'compile-time kind where values are declared',
    message: () => '`int` is for parameters of functions: numbers known at compile time',
    explanation: 'Data and parameters of a model are known when it runs.',
    bad: 'data n: int',
    good: 'data n: count',
  }),
  SBN2054: entry<{ problem: string }>({
    title: 'initial value that a parameter cannot have',
    message: ({ problem }) => `cannot start a parameter so: ${problem}`,
    explanation:
      'A parameter starts as `zeros`, `ones`, a number, `normal(mean, sd)` or `uniform(low, high)`; without any, as zeros.',
    bad: 'param W: real[3] = normal(0, -1)',
    good: 'param W: real[3] = normal(0, 1)',
  }),
  SBN2055: entry({
    title: 'compile-time number with axes',
    message: () => 'an `int` is one number, without axes',
    explanation: '`int` parameters and results are single numbers known at compile time.',
    bad: 'fn f(n: int[2]) -> int { return 1 }',
    good: 'fn f(n: int) -> int { return n }',
  }),
  SBN2056: entry<{ name: string }>({
    title: 'parameter without a default behind one with',
    message: ({ name }) => `\`${name}\` has no default, but a parameter before it has`,
    hint: () => 'put the parameters with defaults last',
    explanation:
      'Arguments without names go to the parameters in their order, so those that a call may leave out stand behind those that it may not.',
    bad: 'fn f(a: int = 1, b: int) -> int { return a + b }',
    good: 'fn f(b: int, a: int = 1) -> int { return a + b }',
  }),
  SBN2057: entry<{ name: string; problem: string }>({
    title: 'leading axes that nothing says',
    message: ({ name, problem }) => `\`..${name}\` ${problem}`,
    explanation:
      'The `..s` of `real[..s, n]` stands for all the axes that an argument of a function has in front of the others. Data and parameters have their own sizes, and the axes of a result are those of a parameter.',
    bad: 'data x: real[..s, 3]',
    good: 'fn twice(x: real[..s, n]) -> real[..s, n] { return 2 * x }',
  }),
  SBN2060: entry<{ callee: string; names: string }>({
    title: 'missing argument',
    message: ({ callee, names }) => `\`${callee}\` also needs ${names}`,
    explanation: 'Every parameter that has no default is given, by its place or by its name.',
    bad: 'data x: binary[4]\nmodel { z ~ bernoulli(logits = dense(x)) }',
    good: 'data x: binary[4]\nmodel { z ~ bernoulli(logits = dense(x, 3)) }',
  }),
  SBN2061: entry<{ callee: string; most: number; given: number }>({
    title: 'too many arguments',
    message: ({ callee, most, given }) =>
      `\`${callee}\` takes ${most === 1 ? 'one argument' : `at most ${most} arguments`}, not ${given}`,
    explanation: 'Arguments are for parameters, and there are no more of these.',
    bad: 'const c = exp(1, 2)',
    good: 'const c = exp(1)',
  }),
  SBN2062: entry<{ name: string }>({
    title: 'given twice',
    message: ({ name }) => `\`${name}\` is given twice`,
    explanation: 'An argument, an option or a setting is given once.',
    bad: 'model { z ~ bernoulli(logits = bias(3), logits = bias(3)) }',
    good: 'model { z ~ bernoulli(logits = bias(3)) }',
  }),
  SBN2063: entry<{ name: string; callee: string }>({
    title: 'argument that does not fit its parameter',
    message: ({ name, callee }) => `this does not fit the parameter \`${name}\` of \`${callee}\``,
    explanation:
      'An argument has the shape that its parameter declares. A shape variable such as the `n` of `real[n]` stands for one size in all of a call. ' +
      'Values of every kind can be used as `real`.',
    bad: 'data x: binary[4]\ndata y: binary[5]\nfn f(a: real[n], b: real[n]) -> real[n] { return a + b }\nmodel { z ~ bernoulli(logits = f(x, y)) }',
    good: 'data x: binary[4]\ndata y: binary[4]\nfn f(a: real[n], b: real[n]) -> real[n] { return a + b }\nmodel { z ~ bernoulli(logits = f(x, y)) }',
  }),
  SBN2064: entry<{ name: string }>({
    title: 'result that is not what the function promises',
    message: ({ name }) => `\`${name}\` returns something else than it promises`,
    explanation: 'The type behind `->` is that of the value that is returned.',
    bad: 'data x: binary[4]\nfn f(a: real[n]) -> real[n] { return sum(a) }\nmodel { z ~ bernoulli(logits = f(x)) }',
    good: 'data x: binary[4]\nfn f(a: real[n]) -> real[n] { return a - sum(a) }\nmodel { z ~ bernoulli(logits = f(x)) }',
  }),
  SBN2065: entry<{ name: string }>({
    title: 'function without a result',
    message: ({ name }) => `\`${name}\` returns nothing`,
    hint: () => 'end it with `return`',
    explanation: 'A function is the value that it returns.',
    bad: 'fn f(a: real[n]) -> real[n] { let b = 2 * a }',
    good: 'fn f(a: real[n]) -> real[n] { return 2 * a }',
  }),
  SBN2066: entry({
    title: 'statement after `return`',
    message: () => 'nothing comes after the `return` of a function',
    explanation: 'A function ends where it returns.',
    bad: 'fn f(a: real[n]) -> real[n] {\n  return 2 * a\n  let b = a\n}',
    good: 'fn f(a: real[n]) -> real[n] {\n  let b = a\n  return 2 * b\n}',
  }),
  SBN2067: entry<{ path: string }>({
    title: 'function that calls itself',
    message: ({ path }) => `functions are inlined, and cannot call themselves: ${path}`,
    hint: () => 'repeat with `for`',
    explanation: 'A call is replaced by the body of the function, which would not end here.',
    bad: 'fn f(a: real[n]) -> real[n] { return f(a) }',
    good: 'fn f(a: real[n]) -> real[n] { return 2 * a }',
  }),
  SBN2068: entry<{ what: string }>({
    title: 'statement that does not belong here',
    message: ({ what }) => `${what} has no meaning`,
    explanation: 'Sites are sampled in `model` and `guide`; values are returned at the end of functions.',
    bad: 'model {\n  z ~ bernoulli(logits = bias(3))\n  return z\n}',
    good: 'model { z ~ bernoulli(logits = bias(3)) }',
  }),
  SBN2069: entry<{ name: string }>({
    title: 'layer outside of a block',
    message: ({ name }) => `\`${name}\` makes parameters, which belong to the model or the guide`,
    explanation:
      'A layer owns parameters, and so does a function with a `param`; they are named after the statement that it stands in. Constants and shapes have no place for any.',
    bad: 'const c = bias(3)',
    good: 'param c: real[3]',
  }),
};
