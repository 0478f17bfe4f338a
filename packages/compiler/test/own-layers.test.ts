/** Layers written in the language are those that the compiler knows. */
import { printProgram, type Artifact } from '@sbn/program';
import { describe, expect, test } from 'vitest';
import { compile } from '../src/compile.js';

const DENSE = `
fn dense(x: real[..s, n], out: int, gain: real = 1) -> real[..s, out] {
  param weight: real[n, out] = normal(0, gain / sqrt(n))
  param bias: real[out] = zeros
  return x @ weight + bias
}`;

const MLP = `
fn mlp(x: real[..s, n], hidden: int, out: int) -> real[..s, out] {
  return dense(tanh(dense(x, hidden)), out)
}`;

const EMBEDDING = `
fn embedding(k: onehot[..s, K], size: int, gain: real = 1) -> real[..s, size] {
  param weight: real[K, size] = normal(0, gain)
  return weight[k]
}`;

const MODELS: Readonly<Record<string, readonly [text: string, layers: string]>> = {
  'two layers of a belief network': [
    `data x: binary[6]
model {
  h2 ~ bernoulli(logits = bias(3))
  h1 ~ bernoulli(logits = dense(h2, 4))
  x ~ bernoulli(logits = dense(h1, 6, gain = 0.1))
}
guide {
  h1 ~ bernoulli(logits = dense(x, 4))
  h2 ~ bernoulli(logits = dense(h1, 3))
}
maximize elbo`,
    DENSE,
  ],
  'networks within, and axes in front': [
    `data x: binary[2, 3, 4]
model {
  plate i in 2 { z[i] ~ categorical(logits = mlp(bias(3), 4, 5)) }
  x ~ bernoulli(logits = reshape(dense(tanh(dense(flatten(z), 12)), 24), 2, 3, 4))
}
guide { plate i in 2 { z[i] ~ categorical(logits = mlp(sum(mlp(x, 5, 3)[i], axis = 0), 2, 5)) } }
maximize elbo`,
    DENSE + MLP,
  ],
  tables: [
    `data k: onehot[2, 3]
data y: binary[4]
model {
  z ~ categorical(logits = dense(flatten(embedding(k, 2)), 5))
  y ~ bernoulli(logits = embedding(z, 4, gain = 0.5))
}
guide { z ~ categorical(logits = dense(y, 5)) }
maximize elbo`,
    DENSE + EMBEDDING,
  ],
};

function compileText(text: string): Artifact {
  const { value, diagnostics } = compile({ name: 'layers.sbn', text });
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return value;
}

/** Instructions without the statement that they come from: in a function that is the function's own. */
const textOf = ({ programs }: Artifact): readonly string[] =>
  [programs.gradient, programs.evaluate, programs.sample, programs.posterior].map((program) =>
    printProgram(program).replace(/ {2}#.*$/gm, ''),
  );

const parametersOf = ({ parameters }: Artifact): readonly unknown[] =>
  parameters.map(({ name, shape, initializer }) => ({ name, shape, initializer }));

describe.each(Object.entries(MODELS))('%s', (_, [text, layers]) => {
  const known = compileText(text);
  const written = compileText(`${text}\n${layers}`);

  test('have the same parameters, which start alike', () => {
    expect(parametersOf(written)).toEqual(parametersOf(known));
  });

  test('are the same programs', () => {
    expect(textOf(written)).toEqual(textOf(known));
    expect(textOf(known).join('')).toContain('matmul');
  });
});
