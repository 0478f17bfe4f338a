/** Finds out, after a step that failed, what is not finite first. */
import type { Artifact, OutputRole, PortKey, Program, SiteInfo, SourcePosition } from '@sbn/program';
import type { EngineTensors } from './engine.js';
import { NonFiniteError } from './errors.js';
import { downloadNumber, outputsOf } from './ports.js';

/** A program's outputs of one run. */
export interface RunOutputs {
  readonly program: Program;
  readonly outputs: EngineTensors;
}

interface Suspect {
  readonly key: PortKey;
  readonly place: string;
  readonly site: SiteInfo | undefined;
  readonly where: string;
}

/** In this order: terms come in the program's, which is topological, so the first is nearest to the cause. */
const ROLES: readonly { readonly role: OutputRole; readonly what: string }[] = [
  { role: 'term', what: 'the term' },
  { role: 'signal_mean', what: 'the mean learning signal of' },
  { role: 'signal_square', what: 'the mean squared learning signal of' },
];

const KEPT = 'the model keeps its parameters from before this step';
const CHECK = 'check the data and the parameters of distributions';

/** The rate has had no part in the first step's loss. */
function chooseHint(step: number, isUpdated: boolean): string {
  return step === 1 && !isUpdated ? `${CHECK} (${KEPT})` : `lower the learning rate, or ${CHECK} (${KEPT})`;
}

/** What is not finite. */
export type NonFinitePart = 'the loss' | 'an updated parameter';

/** The error for a step whose loss is not finite, or whose loss is and an updated parameter is not. */
export async function explainNonFinite(
  artifact: Artifact,
  step: number,
  run: RunOutputs,
  part: NonFinitePart,
): Promise<NonFiniteError> {
  const isUpdated = part === 'an updated parameter';
  const hint = chooseHint(step, isUpdated);
  for (const { key, place, site, where } of listSuspects(artifact, run.program, isUpdated)) {
    const value = await downloadNumber(run.outputs, key);
    if (Number.isFinite(value)) continue;
    return new NonFiniteError(
      {
        step,
        place,
        site: site?.id,
        value,
        where: where + formatPosition(artifact, site ?? findObjective(artifact, place)),
      },
      hint,
    );
  }
  // What was seen to fail is among the suspects; the values have been downloaded from the same tensors.
  return new NonFiniteError({ step, place: 'loss', site: undefined, value: NaN, where: 'the loss' }, hint);
}

function listSuspects(artifact: Artifact, program: Program, isUpdated: boolean): readonly Suspect[] {
  const suspects = ROLES.flatMap(({ role, what }) =>
    outputsOf(program, role).map(({ key, name }): Suspect => {
      return { key, place: name, site: findSite(artifact, name), where: `${what} ${name}` };
    }),
  );
  for (const { key } of outputsOf(program, 'loss')) {
    suspects.push({ key, place: 'loss', site: undefined, where: 'the loss' });
  }
  if (!isUpdated) return suspects;
  for (const { key, name } of outputsOf(program, 'parameter_sum')) {
    const where = `the sum of the updated parameter ${name}`;
    suspects.push({ key, place: name, site: undefined, where });
  }
  return suspects;
}

/** Signals are named by their site, terms by what they are: `log q(h1)`, or of several sites `-log p(x, y)`. */
function findSite(artifact: Artifact, name: string): SiteInfo | undefined {
  return artifact.sites.find(({ id }) => name === id || name.endsWith(`(${id})`) || name.includes(`(${id}, `));
}

/** A term of no site is a summand of the objective: `cost`, `cost 2`. */
function findObjective({ objective }: Artifact, name: string): Artifact['objective'] | undefined {
  return /^cost( \d+)?$/.test(name) ? objective : undefined;
}

function formatPosition({ source }: Artifact, at: { readonly position: SourcePosition } | undefined): string {
  if (at === undefined) return '';
  const { file = source.file, line, column } = at.position;
  return ` (${file}:${String(line)}:${String(column)})`;
}
