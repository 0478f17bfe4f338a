/**
 * Which elements of a value are zero whatever the parameters and the data are: those of a weight under a mask of constants. One row
 * stands for all of them.
 */
import {
  at,
  broadcastOffsets,
  evaluateInstruction,
  InternalError,
  resolveShape,
  type Instruction,
  type Program,
  type ReferenceTensor,
  type Shape,
  type ValueId,
} from '@sbn/program';
import { mapLayout } from './layout-map.js';

/** For each element of a value, whether it is zero. */
export type Zeros = (value: ValueId) => ((element: number) => boolean) | undefined;

type Flags = (element: number) => boolean;

/** Larger constants are not looked into: no mask of a layer has as many elements. */
const MOST_ELEMENTS = 2 ** 24;

export function findZeros({ inputs, instructions }: Program): Zeros {
  const known = new Map<ValueId, ReferenceTensor | undefined>();
  const found = new Map<ValueId, Flags | undefined>();
  const definition = (value: ValueId): Instruction | undefined => instructions[value - inputs.length];
  const shapeOf = (value: ValueId): Shape => {
    const shape = (inputs[value] ?? definition(value))?.shape;
    if (shape === undefined) throw new InternalError(`no value %${String(value)}`);
    return shape;
  };

  /** The numbers of a value that is computed from constants. */
  const numbersOf = (value: ValueId): ReferenceTensor | undefined => {
    if (known.has(value)) return known.get(value);
    const tensor = compute(definition(value));
    known.set(value, tensor);
    return tensor;
  };
  const compute = (instruction: Instruction | undefined): ReferenceTensor | undefined => {
    if (instruction === undefined || instruction.kind === 'batch_size') return undefined;
    const shape = resolveShape(instruction.shape, 1);
    if (shape.reduce((count, length) => count * length, 1) > MOST_ELEMENTS) return undefined;
    const operands: ReferenceTensor[] = [];
    for (const arg of instruction.args) {
      const operand = numbersOf(arg);
      if (operand === undefined) return undefined;
      operands.push(operand);
    }
    return { shape, values: evaluateInstruction(instruction, operands, shape, 1) };
  };

  const zerosOf: Zeros = (value) => {
    if (found.has(value)) return found.get(value);
    const flags = derive(value);
    found.set(value, flags);
    return flags;
  };
  const derive = (value: ValueId): Flags | undefined => {
    const instruction = definition(value);
    if (instruction === undefined) return undefined;
    const numbers = numbersOf(value);
    if (numbers !== undefined) return (element) => numbers.values[element] === 0;
    const aligned = (arg: ValueId, of: Flags): Flags => {
      const offsets = broadcastOffsets(resolveShape(shapeOf(arg), 1), resolveShape(instruction.shape, 1));
      return (element) => of(at(offsets, element));
    };
    switch (instruction.kind) {
      case 'select': {
        const [condition, yes, no] = instruction.args;
        const isFalse = numbersOf(condition) && zerosOf(condition);
        if (isFalse === undefined) return undefined;
        const never: Flags = () => false;
        const [chosen, left, right] = [
          aligned(condition, isFalse),
          aligned(yes, zerosOf(yes) ?? never),
          aligned(no, zerosOf(no) ?? never),
        ];
        return (element) => (chosen(element) ? right(element) : left(element));
      }
      case 'multiply': {
        const factors = instruction.args.flatMap((arg) => {
          const flags = zerosOf(arg);
          return flags === undefined ? [] : [aligned(arg, flags)];
        });
        return factors.length === 0 ? undefined : (element) => factors.some((isZero) => isZero(element));
      }
      case 'identity':
      case 'negate':
      case 'stop_gradient':
        return zerosOf(instruction.args[0]);
      default: {
        const sources = mapLayout(instruction, instruction.args.map(shapeOf));
        const operands = sources === undefined ? [] : instruction.args.map(zerosOf);
        if (sources === undefined || operands.every((flags) => flags === undefined)) return undefined;
        return (element) => {
          const source = sources[element];
          return source === undefined || operands[source.operand]?.(source.element) === true;
        };
      }
    }
  };
  return zerosOf;
}
