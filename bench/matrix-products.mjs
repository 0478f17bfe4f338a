/**
 * The matrix products of a program and nothing else, on an engine: the same shapes in the same order, in one session with the same
 * settings. Products that have an operand in common in the program have it in common here.
 */
import { ProgramBuilder, resolveShape } from '../packages/program/dist/index.js';

/** @returns a function that computes them all once */
export async function matrixProducts(engine, program, batch) {
  const definitions = [...program.inputs, ...program.instructions];
  const builder = new ProgramBuilder('products');
  const inputs = new Map();
  const known = new Map();
  let count = 0;
  const input = (value) => {
    const found = known.get(value);
    if (found !== undefined) return found;
    const lengths = resolveShape(definitions[value].shape, batch);
    const size = lengths.reduce((product, length) => product * length, 1);
    inputs.set(
      `data:${value}`,
      engine.upload(
        Float32Array.from({ length: size }, (_, place) => Math.sin(place)),
        lengths,
      ),
    );
    const made = builder.input('data', String(value), lengths);
    known.set(value, made);
    return made;
  };
  /** A transposed operand stays one, as it is part of the product. */
  const operand = (value) => {
    const { kind, args, attributes } = definitions[value];
    return kind === 'transpose' ? builder.transpose(input(args[0]), attributes.permutation) : input(value);
  };
  for (const { kind, args } of program.instructions) {
    if (kind !== 'matmul') continue;
    builder.output('mean', String(count), builder.matmul(operand(args[0]), operand(args[1])));
    count += 1;
  }
  const prepared = await engine.prepare(builder.finish());
  return async () => {
    for (const tensor of (await prepared.run(inputs, 1)).values()) tensor.dispose();
  };
}
