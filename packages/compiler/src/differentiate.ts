/**
 * Reverse-mode differentiation of a program that is being built: emits the backward pass.
 *
 * Requires: `outputs` and `variables` are values of `builder`. Ensures: the derivative of
 * Σ adjoint·output with respect to each variable, in the variable's shape, through everything
 * between them; `undefined` where there is no path that can be differentiated. A variable
 * downstream of another contributes to the other's derivative too: derivatives are total.
 */
import { deriveInstruction, InternalError, type Instruction, type ProgramBuilder, type ValueId } from '@sbn/program';

export interface Seed {
  readonly value: ValueId;
  /** Of the value's shape. */
  readonly adjoint: ValueId;
}

export function differentiate(
  builder: ProgramBuilder,
  outputs: readonly Seed[],
  variables: readonly ValueId[],
): readonly (ValueId | undefined)[] {
  const end = Math.max(...outputs.map((output) => output.value));
  const active = activeInstructions(builder, variables, end);
  const adjoints = new Map<ValueId, ValueId>();
  const accumulate = (value: ValueId, adjoint: ValueId): void => {
    const sum = adjoints.get(value);
    adjoints.set(value, sum === undefined ? adjoint : builder.add(sum, adjoint));
  };
  for (const { value, adjoint } of outputs) accumulate(value, adjoint);

  for (const instruction of active.instructions.toReversed()) {
    const adjoint = adjoints.get(instruction.id);
    if (adjoint === undefined) continue;
    const wanted = instruction.args.map((arg) => active.values.has(arg));
    const derived = builder.within(backwardOrigin(instruction), () =>
      deriveInstruction(builder, instruction, adjoint, wanted),
    );
    instruction.args.forEach((arg, position) => {
      const contribution = derived[position];
      if (contribution !== undefined && wanted[position] === true) accumulate(arg, contribution);
    });
  }
  return variables.map((variable) => adjoints.get(variable));
}

function backwardOrigin(instruction: Instruction): string {
  const { origin } = instruction;
  if (origin === undefined) return 'backward';
  return origin.endsWith('backward') ? origin : `${origin}.backward`;
}

/** The values up to `end` that depend on a variable, and the instructions among them, in order of definition. */
function activeInstructions(
  builder: ProgramBuilder,
  variables: readonly ValueId[],
  end: ValueId,
): { readonly values: ReadonlySet<ValueId>; readonly instructions: readonly Instruction[] } {
  const values = new Set(variables);
  const instructions: Instruction[] = [];
  if (variables.length === 0) throw new InternalError('differentiation by nothing');
  for (let id = Math.min(...variables); id <= end; id += 1) {
    const definition = builder.definition(id);
    if ('role' in definition) continue;
    if (definition.kind === 'stop_gradient') continue;
    const depends = definition.args.some((arg) => values.has(arg));
    if (depends) instructions.push(definition);
    if (depends || values.has(id)) values.add(id);
  }
  return { values, instructions };
}
