/** `sbn verify`: the estimator's exact expectation against the exact gradient. */
import type { Command } from 'commander';
import type { Artifact } from '@sbn/program';
import {
  drawPoint,
  measureVariance,
  readData,
  readParameters,
  readState,
  truncateCounts,
  verifyGradient,
  type Truncation,
  type VerificationPoint,
} from '@sbn/runtime';
import { addEngineOptions, openEngine, type EngineFlags } from '../engine.js';
import { compileEnumerable, formatSettings } from '../enumerable-model.js';
import { EXIT, Exit, UserError } from '../exit.js';
import { readJson } from '../files.js';
import type { Host } from '../host.js';
import { addModelOptions, readModelOptions, type ModelFlags } from '../model-options.js';
import { formatAmount } from '../numbers.js';
import { seed } from '../options.js';
import { addCommand, examples } from '../program.js';
import { styleFor } from '../style.js';
import {
  formatCuts,
  formatProbability,
  isBiased,
  renderVerification,
  verificationAsJson,
} from '../verification-report.js';

interface VerifyFlags extends EngineFlags, ModelFlags {
  readonly params?: string;
  readonly data?: string;
  readonly state?: string;
  readonly seed: number;
  readonly json?: boolean;
}

/** What rounding explains, relative to the largest element of a parameter's gradient. */
const TOLERANCE = { float64: 1e-8, float32: 1e-4 } as const;

/** How much more than its probability what is left out may weigh in a gradient. */
const LARGEST_WEIGHT = 1e4;

const FILES = `
Files:
  --params   {"model.h.bias": [0.1, -0.2], "model.x.weight": [[…], …]}: every parameter of the model
  --data     {"x": [[0, 1, 1, 0], …]}: rows of every data name, or a single row
  --state    {"h.signal.total": 0.5}: running means; 0 where they are left out`;

export function addVerify(program: Command, host: Host): void {
  const command = addCommand(program, 'verify')
    .summary('prove that the gradient of a model is unbiased, and measure its variance')
    .description(
      'Counts out every configuration of the latents, runs the compiled estimator at each, and compares its expectation with the ' +
        'derivative of the exactly enumerated objective: there is no Monte Carlo in it. Shows the exact variance of the gradient ' +
        'of one step too. Constants of a large model are made smaller, but for those of --set. Counts that do not end are cut where what is left out has next to no probability. Exit code 1 where ' +
        'there is a bias, or where nothing can be concluded.',
    )
    .argument('<file>', 'model file')
    .option('--params <path>', 'parameters as JSON (default: drawn)')
    .option('--data <path>', 'data rows as JSON (default: two rows, drawn)')
    .option('--state <path>', 'running means of the estimators as JSON (default: as at the start of training)')
    .option('--seed <n>', 'seed of what is drawn', seed, 0)
    .option('--json', 'print JSON');
  addModelOptions(command);
  addEngineOptions(command, 'reference')
    .addHelpText('after', FILES)
    .addHelpText(
      'after',
      examples(
        'sbn verify examples/sbn2.sbn',
        'sbn verify examples/deep.sbn --set L=4 --estimator "muprop(order = 2)"',
        'sbn verify examples/sbn1.sbn --estimator straight_through',
        'sbn verify examples/bars.sbn --engine tfjs --seed 1',
        'sbn verify coin.sbn --params params.json --data data.json --json',
      ),
    )
    .action((file: string, flags: VerifyFlags) => verify(file, flags, host));
}

async function verify(file: string, flags: VerifyFlags, host: Host): Promise<void> {
  const engine = await openEngine(flags);
  // Tensors that were given have the sizes of the model as it is.
  const mayShrink = flags.params === undefined && flags.data === undefined;
  const { artifact, chosen } = compileEnumerable(file, readModelOptions(flags), mayShrink, host);
  const point = readPoint(artifact, flags, host);
  const tolerance = TOLERANCE[engine.precision];
  const truncation = await truncateCounts(artifact, point);
  checkConclusive(file, truncation, tolerance);
  const verification = await verifyGradient(artifact, { engine, ...point, truncation });
  const variance = await measureVariance(artifact, point, truncation);
  const report = {
    artifact,
    verification,
    variance,
    tolerance,
    engine: `${engine.name} engine: ${engine.backend}`,
    where: describePoint(artifact, flags, point),
  };
  const isShrunk = Object.keys(chosen).length > 0;
  const shrunk = `made smaller by ${formatSettings(chosen)}`;
  if (flags.json === true) {
    if (isShrunk) host.stderr.write(`${file}: ${shrunk}\n`);
    host.stdout.write(verificationAsJson(report));
  } else {
    const where = isShrunk ? [shrunk, ...report.where] : report.where;
    host.stdout.write(renderVerification({ ...report, where }, styleFor(host.stdout)));
  }
  if (isBiased(report)) throw new Exit(EXIT.user);
}

/**
 * What had to be left out of counts that do not end must not be able to hide or feign a bias. It weighs more in the gradient than by
 * its probability, as costs and scores grow with the counts. @throws UserError where it may.
 */
function checkConclusive(file: string, { cuts, missing }: Truncation, tolerance: number): void {
  if (missing * LARGEST_WEIGHT <= tolerance) return;
  throw new UserError(
    `${file}: nothing can be concluded: with counts cut at ${formatCuts(cuts)}, which is as many as can be counted out, what is left out has probability ${formatProbability(missing)}`,
    'choose parameters with smaller means by --params or --seed, or fewer units by --set',
  );
}

function readPoint(artifact: Artifact, flags: VerifyFlags, host: Host): VerificationPoint {
  const drawn = drawPoint(artifact, { seed: flags.seed });
  const read = <T>(path: string | undefined, take: (json: unknown, source: string) => T): T | undefined =>
    path === undefined ? undefined : take(readJson(path, host), path);
  const parameters = read(flags.params, (json, source) => readParameters(artifact, json, source, drawn.parameters));
  const data = read(flags.data, (json, source) => readData(artifact, json, source));
  const state = read(flags.state, (json, source) => readState(artifact, json, source));
  return {
    ...drawn,
    ...(parameters === undefined ? {} : { parameters }),
    ...data,
    ...(state === undefined ? {} : { state }),
  };
}

function describePoint(artifact: Artifact, flags: VerifyFlags, { rows }: VerificationPoint): string[] {
  const drawn = `drawn with seed ${flags.seed}`;
  const data = `${formatAmount(rows, 'data row')} ${flags.data === undefined ? drawn : `of ${flags.data}`}`;
  return [
    `parameters ${flags.params === undefined ? drawn : `of ${flags.params}`}${artifact.data.length === 0 ? '' : `, ${data}`}`,
  ];
}
