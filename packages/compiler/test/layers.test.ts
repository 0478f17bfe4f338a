/** What the layers compute, what they see, and how they begin. */
import { at, type Artifact } from '@sbn/program';
import { describe, expect, it, test } from 'vitest';
import { compile } from '../src/compile.js';
import { run, valuesOf } from './evaluate.js';

function compileText(text: string): Artifact {
  const { value, diagnostics } = compile({ name: 'layer.sbn', text });
  if (value === undefined) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return value;
}

/** An expression's value, as the mean of normal data of its shape; `x` is data of shape `[sizes]`. */
function layer(
  expression: string,
  sizes: string,
  out: string,
): {
  readonly artifact: Artifact;
  readonly of: (
    rows: number,
    x: readonly number[],
    weights: Readonly<Record<string, readonly number[]>>,
  ) => readonly number[];
} {
  const artifact = compileText(
    `data x: ${sizes}\ndata y: real[${out}]\nmodel { y ~ normal(${expression}, 1) }\nmaximize likelihood`,
  );
  const of = (rows: number, x: readonly number[], weights: Readonly<Record<string, readonly number[]>>) => {
    const named = Object.fromEntries(Object.entries(weights).map(([part, values]) => [nameOf(artifact, part), values]));
    const width =
      artifact.data.find(({ name }) => name === 'y')?.shape.reduce((product, size) => product * size, 1) ?? 0;
    const noise = Array.from({ length: rows * width }, () => 0.5);
    const { sample } = artifact.programs;
    // The data that are drawn, and the noise that they are drawn with, have one name.
    const mean = sample.outputs.filter(({ role }) => role === 'mean');
    return valuesOf(run({ ...sample, outputs: mean }, { x, y: noise, ...named }, rows), 'y');
  };
  return { artifact, of };
}

function nameOf({ parameters }: Artifact, part: string): string {
  const found = parameters.find(({ name }) => name.endsWith(`.${part}`));
  if (found === undefined) throw new Error(`no parameter ${part}`);
  return found.name;
}

/** Numbers without a pattern between −1 and 1. */
const numbers = (count: number, phase = 0): readonly number[] =>
  Array.from({ length: count }, (_, index) => Math.sin(index * 12.9898 + phase));

const close = (actual: readonly number[], expected: readonly number[]): void => {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, place) => {
    expect(Math.abs(value - at(expected, place))).toBeLessThan(1e-12);
  });
};

test('embedding: the rows that are chosen', () => {
  const { artifact, of } = layer('embedding(x, 2)', 'onehot[2, 3]', '2, 2');
  expect(artifact.parameters).toMatchObject([
    { name: 'model.y.embedding.weight', shape: [3, 2], initializer: { kind: 'normal', standardDeviation: 1 } },
  ]);
  close(of(1, [0, 0, 1, 1, 0, 0], { weight: [1, 2, 3, 4, 5, 6] }), [5, 6, 1, 2]);
});

test('layer_norm: mean 0 and variance 1 along the last axis, then gain and bias', () => {
  const { artifact, of } = layer('layer_norm(x)', 'real[2, 3]', '2, 3');
  expect(artifact.parameters.map(({ name, initializer }) => [name, initializer])).toEqual([
    ['model.y.layer_norm.gain', { kind: 'fill', value: 1 }],
    ['model.y.layer_norm.bias', { kind: 'fill', value: 0 }],
  ]);
  const x = [1, 2, 6, 4, 4, 4];
  const deviation = Math.sqrt(14 / 3 + 1e-5);
  const expected = [-2 / deviation, (-1 / deviation) * 2 + 1, (3 / deviation) * 3, 0, 1, 0];
  close(of(1, x, { gain: [1, 2, 3], bias: [0, 1, 0] }), expected);
});

/** Directly from the definition, for images of two rows of data. */
function convolve(
  x: readonly number[],
  weight: readonly number[],
  bias: readonly number[],
  [height, width, channels]: readonly [number, number, number],
  {
    kernel,
    stride,
    before,
    rows,
    columns,
  }: Readonly<Record<'kernel' | 'stride' | 'before' | 'rows' | 'columns', number>>,
): readonly number[] {
  const filters = bias.length;
  const result: number[] = [];
  for (let image = 0; image < x.length / (height * width * channels); image += 1) {
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        for (let filter = 0; filter < filters; filter += 1) {
          let sum = at(bias, filter);
          for (let i = 0; i < kernel; i += 1) {
            for (let j = 0; j < kernel; j += 1) {
              const [top, left] = [row * stride + i - before, column * stride + j - before];
              if (top < 0 || left < 0 || top >= height || left >= width) continue;
              for (let c = 0; c < channels; c += 1) {
                const pixel = at(x, ((image * height + top) * width + left) * channels + c);
                sum += pixel * at(weight, ((i * kernel + j) * channels + c) * filters + filter);
              }
            }
          }
          result.push(sum);
        }
      }
    }
  }
  return result;
}

describe('conv2d', () => {
  it.each([
    // kernel, options, before, rows, columns
    [3, '', 1, 5, 4],
    [3, ', padding = 0', 0, 3, 2],
    [3, ', padding = 2', 2, 7, 6],
    [1, '', 0, 5, 4],
    [3, ', stride = 2, padding = 1', 1, 3, 2],
    [2, ', stride = 2, padding = 0', 0, 2, 2],
    [2, ', stride = 3, padding = 1', 1, 2, 2],
    [5, ', stride = 2, padding = 2', 2, 3, 2],
  ] as const)('a kernel of %d%s', (kernel, options, before, rows, columns) => {
    const stride = Number(/stride = (\d)/.exec(options)?.[1] ?? 1);
    const { artifact, of } = layer(
      `conv2d(x, 3, ${String(kernel)}${options})`,
      'real[5, 4, 2]',
      `${String(rows)}, ${String(columns)}, 3`,
    );
    const inputs = kernel * kernel * 2;
    expect(artifact.parameters).toMatchObject([
      { shape: [kernel, kernel, 2, 3], initializer: { standardDeviation: 1 / Math.sqrt(inputs) } },
      { shape: [3] },
    ]);
    const [x, weight, bias] = [numbers(80), numbers(inputs * 3, 1), numbers(3, 2)];
    close(of(2, x, { weight, bias }), convolve(x, weight, bias, [5, 4, 2], { kernel, stride, before, rows, columns }));
  });

  it('keeps the size over the stride, rounded up, where it is not told otherwise', () => {
    expect(layer('conv2d(x, 1, 3, stride = 2)', 'real[5, 4, 1]', '3, 2, 1').artifact.data).toHaveLength(2);
    expect(layer('conv2d(x, 1, 4)', 'real[5, 4, 1]', '5, 4, 1').artifact.data).toHaveLength(2);
  });

  it('takes a number of instructions that does not grow with the image', () => {
    const count = (side: number): number => {
      const size = `${String(side)}, ${String(side)}`;
      return layer('conv2d(x, 2, 3)', `real[${size}, 1]`, `${size}, 2`).artifact.programs.gradient.instructions.length;
    };
    expect(count(28)).toBe(count(7));
    expect(count(28)).toBeLessThan(80);
  });
});

test('pooling: of squares beside one another', () => {
  const x = numbers(32);
  const pixel = (row: number, column: number, c: number): number => at(x, (row * 4 + column) * 2 + c);
  const squares = [0, 2].flatMap((row) =>
    [0, 2].flatMap((column) =>
      [0, 1].map((c) => [
        pixel(row, column, c),
        pixel(row, column + 1, c),
        pixel(row + 1, column, c),
        pixel(row + 1, column + 1, c),
      ]),
    ),
  );
  const scaled = 'bias(1) + ';
  close(
    layer(`${scaled}max_pool2d(x, 2)`, 'real[4, 4, 2]', '2, 2, 2').of(1, x, { bias: [0] }),
    squares.map((square) => Math.max(...square)),
  );
  close(
    layer(`${scaled}mean_pool2d(x, 2)`, 'real[4, 4, 2]', '2, 2, 2').of(1, x, { bias: [0] }),
    squares.map((square) => square.reduce((sum, value) => sum + value, 0) / 4),
  );
});

describe('masked_dense', () => {
  /** Which inputs each output sees, by what changes. */
  function seen(call: string, size: number, out: number): readonly (readonly number[])[] {
    const { of } = layer(call, `real[${String(size)}]`, String(out));
    const weights = { weight: numbers(size * out).map((value) => value + 2), bias: numbers(out) };
    const base = of(1, numbers(size), weights);
    const changed = Array.from({ length: size }, (_, input) => of(1, numbers(size).with(input, 7), weights));
    return Array.from({ length: out }, (_, output) =>
      Array.from({ length: size }, (__, input) => input).filter(
        (input) => at(at(changed, input), output) !== at(base, output),
      ),
    );
  }

  it('output j sees the inputs before it', () => {
    expect(seen('masked_dense(x, 4)', 4, 4)).toEqual([[], [0], [0, 1], [0, 1, 2]]);
    expect(seen('masked_dense(x, 3, diagonal = 0)', 3, 3)).toEqual([[0], [0, 1], [0, 1, 2]]);
    expect(seen('masked_dense(x, 3, diagonal = -2)', 3, 3)).toEqual([[], [], [0]]);
  });

  it('outputs and inputs are dealt into as many blocks', () => {
    expect(seen('masked_dense(x, 6)', 3, 6)).toEqual([[], [], [0], [0], [0, 1], [0, 1]]);
    expect(seen('masked_dense(x, 2, diagonal = 0)', 4, 2)).toEqual([
      [0, 1],
      [0, 1, 2, 3],
    ]);
  });

  it('through a hidden layer no output sees what is not before it', () => {
    const text = 'masked_dense(tanh(masked_dense(x, 8, diagonal = 0)), 4)';
    const artifact = layer(text, 'real[4]', '4').artifact;
    const weights = Object.fromEntries(
      artifact.parameters.map(({ name, shape }, place) => [
        name,
        numbers(
          shape.reduce((p, n) => p * n, 1),
          place,
        ).map((value) => value + 1.5),
      ]),
    );
    const mean = artifact.programs.sample.outputs.filter(({ role }) => role === 'mean');
    const of = (x: readonly number[]): readonly number[] =>
      valuesOf(run({ ...artifact.programs.sample, outputs: mean }, { x, y: [0.5, 0.5, 0.5, 0.5], ...weights }, 1), 'y');
    const base = of(numbers(4));
    [0, 1, 2, 3].forEach((input) => {
      const changed = of(numbers(4).with(input, 3));
      expect([0, 1, 2, 3].filter((output) => at(changed, output) !== at(base, output))).toEqual(
        [1, 2, 3].filter((output) => output > input),
      );
    });
  });

  it('begins with sums of variance 1 over what an output sees on average', () => {
    const { artifact } = layer('masked_dense(x, 5, gain = 2)', 'real[5]', '5');
    expect(artifact.parameters).toMatchObject([{ initializer: { standardDeviation: 2 / Math.sqrt(2) } }, {}]);
  });
});

describe('gradients by the parameters are those of differences', () => {
  it.each([
    ['embedding(x, 3)', 'onehot[2, 3]', '2, 3', [0, 1, 0, 1, 0, 0]],
    ['layer_norm(x)', 'real[2, 3]', '2, 3', numbers(6)],
    ['layer_norm(dense(x, 3))', 'real[2, 3]', '2, 3', numbers(6)],
    ['conv2d(conv2d(x, 2, 2), 1, 3, stride = 2)', 'real[3, 4, 1]', '2, 2, 1', numbers(12)],
    ['max_pool2d(conv2d(x, 2, 3), 2)', 'real[2, 4, 1]', '1, 2, 2', numbers(8)],
    ['masked_dense(masked_dense(x, 6), 3, diagonal = 0)', 'real[3]', '3', numbers(3)],
  ] as const)('%s', (expression, sizes, out, x) => {
    const { artifact } = layer(expression, sizes, out);
    const { gradient } = artifact.programs;
    const sizeOf = (shape: readonly number[]): number => shape.reduce((product, size) => product * size, 1);
    const y = numbers(sizeOf(artifact.data.find(({ name }) => name === 'y')?.shape ?? []), 3);
    const weights = new Map(artifact.parameters.map(({ name, shape }, place) => [name, numbers(sizeOf(shape), place)]));
    const outputs = (moved: ReadonlyMap<string, readonly number[]>): ReadonlyMap<string, readonly number[]> =>
      run(gradient, { x, y, ...Object.fromEntries(moved) }, 1);
    const slopes = outputs(weights);
    for (const [name, values] of weights) {
      values.forEach((value, place) => {
        const loss = (step: number): number =>
          at(valuesOf(outputs(new Map(weights).set(name, values.with(place, value + step))), 'total'), 0);
        const h = 1e-4;
        const numeric = (loss(-2 * h) - 8 * loss(-h) + 8 * loss(h) - loss(2 * h)) / (12 * h);
        expect(Math.abs(at(valuesOf(slopes, name), place) - numeric)).toBeLessThan(
          1e-8 * Math.max(1, Math.abs(numeric)),
        );
      });
    }
  });
});
