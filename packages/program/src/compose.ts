/** Two programs as one. */
import { at, InternalError } from './errors.js';
import { portKey, type Input, type Output, type PortKey, type Program, type ValueId } from './program.js';
import { renumberInstruction } from './renumber.js';
import { formatShape, sameShape } from './shape.js';

/**
 * The program that runs `first` and then `second`. `links` has the outputs of `first` that are inputs of `second`: output key to
 * input key. They are not outputs of the whole; all others of both are. Inputs of the same key are one.
 * @throws InternalError where ports do not fit: a link from or to nowhere, differing shapes, an output of both.
 */
export function composePrograms(
  name: string,
  first: Program,
  second: Program,
  links: ReadonlyMap<PortKey, PortKey>,
): Program {
  const linked = linkInputs(first, second, links);
  const own = second.inputs.filter((input) => !linked.has(portKey(input)));
  const shared = new Map(first.inputs.map((input) => [portKey(input), input]));
  const added = own.filter((input) => !shared.has(portKey(input)));
  const inputs = [
    ...first.inputs,
    ...added.map((input, place): Input => ({ ...input, id: first.inputs.length + place })),
  ];
  const idOf = new Map(inputs.map((input) => [portKey(input), input]));
  /** Values of `first` move up behind the inputs that were added. */
  const inFirst = (value: ValueId): ValueId => (value < first.inputs.length ? value : value + added.length);
  const known = second.inputs.map((input): ValueId => {
    const key = portKey(input);
    const source = linked.get(key);
    if (source !== undefined) return inFirst(source);
    const found = idOf.get(key);
    if (found === undefined || !sameShape(found.shape, input.shape)) throw misfit(name, key, input, found);
    return found.id;
  });
  const start = inputs.length + first.instructions.length;
  const inSecond = (value: ValueId): ValueId =>
    value < known.length ? at(known, value) : value - known.length + start;
  const instructions = [
    ...first.instructions.map((instruction) => renumberInstruction(instruction, inFirst(instruction.id), inFirst)),
    ...second.instructions.map((instruction) => renumberInstruction(instruction, inSecond(instruction.id), inSecond)),
  ];
  const outputs = [
    ...first.outputs
      .filter((output) => !links.has(portKey(output)))
      .map((output): Output => ({ ...output, value: inFirst(output.value) })),
    ...second.outputs.map((output): Output => ({ ...output, value: inSecond(output.value) })),
  ];
  if (new Set(outputs.map(portKey)).size < outputs.length)
    throw new InternalError(`${name}: ${first.name} and ${second.name} have an output of the same name`);
  return { name, inputs, instructions, outputs };
}

/** By the key of an input of `second`: the value of `first` that it is. */
function linkInputs(
  first: Program,
  second: Program,
  links: ReadonlyMap<PortKey, PortKey>,
): ReadonlyMap<PortKey, ValueId> {
  const shapes = [...first.inputs, ...first.instructions].map(({ shape }) => shape);
  const outputs = new Map(first.outputs.map((output) => [portKey(output), output.value]));
  const inputs = new Map(second.inputs.map((input) => [portKey(input), input]));
  return new Map(
    [...links].map(([from, to]) => {
      const value = outputs.get(from);
      const input = inputs.get(to);
      if (value === undefined || input === undefined)
        throw new InternalError(`there is no ${from} of ${first.name}, or no ${to} of ${second.name}`);
      if (!sameShape(at(shapes, value), input.shape)) throw misfit(from, to, input, { shape: at(shapes, value) });
      return [to, value] as const;
    }),
  );
}

function misfit(
  place: string,
  key: PortKey,
  wanted: Pick<Input, 'shape'>,
  found: Pick<Input, 'shape'> | undefined,
): InternalError {
  const shape = found === undefined ? 'missing' : formatShape(found.shape);
  return new InternalError(`${place}: ${key} is ${shape}, not ${formatShape(wanted.shape)}`);
}
