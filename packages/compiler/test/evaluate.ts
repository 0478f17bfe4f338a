/** Runs what a test builds, in float64. */
import {
  interpretProgram,
  portKey,
  ProgramBuilder,
  resolveShape,
  type PortKey,
  type Program,
  type ReferenceTensor,
  type ValueId,
} from '@sbn/program';

/** The values of the program's outputs; `inputs` by name, whatever their role. */
export function run(
  program: Program,
  inputs: Readonly<Record<string, readonly number[]>>,
  batch: number,
): ReadonlyMap<string, readonly number[]> {
  const tensors = new Map<PortKey, ReferenceTensor>();
  for (const input of program.inputs) {
    const values = inputs[input.name];
    if (values === undefined) throw new Error(`the test gives no ${input.name}`);
    tensors.set(portKey(input), { shape: resolveShape(input.shape, batch), values: Float64Array.from(values) });
  }
  const outputs = interpretProgram(program, tensors, batch);
  return new Map([...outputs].map(([key, { values }]) => [key.slice(key.indexOf(':') + 1), [...values]]));
}

/** Builds a program with named outputs, and runs it. */
export function evaluate(
  build: (builder: ProgramBuilder) => Readonly<Record<string, ValueId>>,
  inputs: Readonly<Record<string, readonly number[]>>,
  batch = 1,
): ReadonlyMap<string, readonly number[]> {
  const builder = new ProgramBuilder('test');
  for (const [name, value] of Object.entries(build(builder))) builder.output('mean', name, value);
  return run(builder.finish(), inputs, batch);
}

export function valuesOf(outputs: ReadonlyMap<string, readonly number[]>, name: string): readonly number[] {
  const found = outputs.get(name);
  if (found === undefined) throw new Error(`no output ${name}`);
  return found;
}
