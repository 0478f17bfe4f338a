/** The matrix products of a program, each with operands of its own. */
import { ProgramBuilder, resolveShape } from '../packages/program/dist/index.js';

/** @returns a function that computes them all once */
export async function matrixProducts(engine, program, batch) {
  const definitions = [...program.inputs, ...program.instructions];
  const builder = new ProgramBuilder('products');
  const inputs = new Map();
  let count = 0;
  const input = (shape) => {
    const name = String(inputs.size);
    const lengths = resolveShape(shape, batch);
    const size = lengths.reduce((product, length) => product * length, 1);
    const values = Float32Array.from({ length: size }, (_, place) => Math.sin(place));
    inputs.set(`data:${name}`, engine.upload(values, lengths));
    return builder.input('data', name, lengths);
  };
  /** A transposed operand stays one, as it is part of the product. */
  const operand = (value) => {
    const { kind, args, attributes, shape } = definitions[value];
    if (kind !== 'transpose') return input(shape);
    return builder.transpose(input(definitions[args[0]].shape), attributes.permutation);
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
