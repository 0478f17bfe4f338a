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
  const active = activeInstructions(builder, variables, outputs);
  const adjoints = new Map<ValueId, ValueId>();
  const accumulate = (value: ValueId, adjoint: ValueId): void => {
    const sum = adjoints.get(value);
    adjoints.set(value, sum === undefined ? adjoint : builder.add(sum, adjoint));
  };
  for (const { value, adjoint } of outputs) accumulate(value, adjoint);

  const originOf = createBackwardOrigins();
  for (const instruction of active.instructions.toReversed()) {
    const adjoint = adjoints.get(instruction.id);
    if (adjoint === undefined) continue;
    const wanted = instruction.args.map((arg) => active.values.has(arg));
    const derived = builder.within(originOf(instruction), () =>
      deriveInstruction(builder, instruction, adjoint, wanted),
    );
    instruction.args.forEach((arg, position) => {
      const contribution = derived[position];
      if (contribution !== undefined && wanted[position] === true) accumulate(arg, contribution);
    });
  }
  return variables.map((variable) => adjoints.get(variable));
}

/** Instructions of one origin stand together, and so their backward passes do: one text for all of them. */
function createBackwardOrigins(): (instruction: Instruction) => string {
  let [last, made]: [string | undefined, string] = [undefined, 'backward'];
  return ({ origin }) => {
    if (origin === last) return made;
    last = origin;
    if (origin === undefined) made = 'backward';
    else made = origin.endsWith('backward') ? origin : `${origin}.backward`;
    return made;
  };
}

/** The values between the variables and the outputs that depend on a variable, and the instructions among them, in order of definition. */
function activeInstructions(
  builder: ProgramBuilder,
  variables: readonly ValueId[],
  outputs: readonly Seed[],
): { readonly values: ReadonlySet<ValueId>; readonly instructions: readonly Instruction[] } {
  if (variables.length === 0) throw new InternalError('differentiation by nothing');
  const values = new Set(variables);
  const instructions: Instruction[] = [];
  const first = variables.reduce((least, id) => Math.min(least, id), Infinity);
  for (const definition of neededInstructions(builder, outputs, first)) {
    if (!dependsOn(definition, values)) continue;
    instructions.push(definition);
    values.add(definition.id);
  }
  return { values, instructions };
}

function dependsOn({ args }: Instruction, values: ReadonlySet<ValueId>): boolean {
  for (const arg of args) if (values.has(arg)) return true;
  return false;
}

/** The instructions from `first` on that an output depends on and a gradient passes through, in order of definition. */
function neededInstructions(builder: ProgramBuilder, outputs: readonly Seed[], first: ValueId): readonly Instruction[] {
  const seen = new Set<ValueId>();
  const needed: Instruction[] = [];
  const waiting: ValueId[] = outputs.map(({ value }) => value);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id < first || seen.has(id)) continue;
    seen.add(id);
    const definition = builder.definition(id);
    if ('role' in definition || definition.kind === 'stop_gradient') continue;
    needed.push(definition);
    waiting.push(...definition.args);
  }
  return needed.sort((a, b) => a.id - b.id);
}
