/**
 * Reverse-mode differentiation of a program that is being built: emits the backward pass.
 *
 * Requires: `outputs` and `variables` are values of `builder`. Ensures: the derivative of
 * Σ adjoint·output with respect to each variable, in the variable's shape, through everything
 * between them; `undefined` where there is no path that can be differentiated. A variable
 * downstream of another contributes to the other's derivative too: derivatives are total.
 */
import {
  argAt,
  deriveInstruction,
  InternalError,
  type Instruction,
  type ProgramBuilder,
  type ValueId,
} from '@sbn/program';
import { ValueNumbers } from './value-numbers.js';

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
  const notes = notesOf(builder);
  const active = findActive(builder, variables, outputs, notes.states);
  // What is emitted here has no adjoint.
  const { adjoints, states } = notes;
  adjoints.begin(builder.size);
  const accumulate = (value: ValueId, adjoint: ValueId): void => {
    const sum = adjoints.get(value);
    adjoints.set(value, sum < 0 ? adjoint : builder.add(sum, adjoint));
  };
  for (const { value, adjoint } of outputs) accumulate(value, adjoint);

  const originOf = createBackwardOrigins();
  for (let place = active.length - 1; place >= 0; place -= 1) {
    const instruction = active[place];
    const adjoint = instruction === undefined ? -1 : adjoints.get(instruction.id);
    if (instruction === undefined || adjoint < 0) continue;
    const args: readonly ValueId[] = instruction.args;
    const wanted = args.map((arg) => states.get(arg) === ACTIVE);
    const derived = builder.within(originOf(instruction), () =>
      deriveInstruction(builder, instruction, adjoint, wanted),
    );
    for (let position = 0; position < args.length; position += 1) {
      const contribution = derived[position];
      if (contribution !== undefined && wanted[position] === true)
        accumulate(argAt(instruction, position), contribution);
    }
  }
  return variables.map((variable) => {
    const adjoint = adjoints.get(variable);
    return adjoint < 0 ? undefined : adjoint;
  });
}

/** What is noted of the values of a program while it is differentiated: kept with it, as a long one is differentiated for each site. */
interface Notes {
  readonly states: ValueNumbers;
  readonly adjoints: ValueNumbers;
}
const notesByProgram = new WeakMap<ProgramBuilder, Notes>();

function notesOf(builder: ProgramBuilder): Notes {
  const known = notesByProgram.get(builder);
  if (known !== undefined) return known;
  const notes: Notes = { states: new ValueNumbers(), adjoints: new ValueNumbers() };
  notesByProgram.set(builder, notes);
  return notes;
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

/** An output depends on the value. */
const NEEDED = 0;
/** It depends on a variable too, or is one. */
const ACTIVE = 1;

/** The instructions between the variables and the outputs, in order of definition; `states` has what each value is. */
function findActive(
  builder: ProgramBuilder,
  variables: readonly ValueId[],
  outputs: readonly Seed[],
  states: ValueNumbers,
): readonly Instruction[] {
  if (variables.length === 0) throw new InternalError('differentiation by nothing');
  const first = variables.reduce((least, id) => Math.min(least, id), Infinity);
  states.begin(builder.size);
  const needed = findNeededValues(builder, outputs, first, states);
  for (const id of variables) states.set(id, ACTIVE);
  const active: Instruction[] = [];
  for (const id of needed) {
    const definition = builder.definition(id);
    if ('role' in definition || !dependsOn(definition, states)) continue;
    active.push(definition);
    states.set(id, ACTIVE);
  }
  return active;
}

function dependsOn({ args }: Instruction, states: ValueNumbers): boolean {
  for (const arg of args) if (states.get(arg) === ACTIVE) return true;
  return false;
}

/** What is computed from `first` on that an output depends on and a gradient passes through, in order of definition. */
function findNeededValues(
  builder: ProgramBuilder,
  outputs: readonly Seed[],
  first: ValueId,
  states: ValueNumbers,
): Int32Array {
  const needed: ValueId[] = [];
  const waiting: ValueId[] = outputs.map(({ value }) => value);
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (id < first || states.get(id) === NEEDED) continue;
    states.set(id, NEEDED);
    const definition = builder.definition(id);
    if ('role' in definition || definition.kind === 'stop_gradient') continue;
    needed.push(id);
    for (const arg of definition.args) waiting.push(arg);
  }
  // Numbers alone, as an array of nothing else sorts them many times as fast.
  return Int32Array.from(needed).sort();
}
