/** `sbnc check`: is it a model? */
import { recordDiagnostics } from '@sbn/dsl';
import type { SiteInfo, Verdict } from '@sbn/program';
import type { Command } from 'commander';
import { EXIT, Exit, renderError } from '../exit.js';
import { describeVerdict } from '../explanation.js';
import type { Host, Output } from '../host.js';
import { checkConstants, compileFile, compileQuietly, readModelFile } from '../model-file.js';
import { addModelOptions, readModelOptions, type ModelFlags } from '../model-options.js';
import { addCommand, examples } from '../program.js';
import { styleFor, type Style } from '../style.js';

interface CheckFlags extends ModelFlags {
  readonly requireUnbiased?: boolean;
  readonly json?: boolean;
}

export function addCheck(program: Command, host: Host): void {
  const command = addCommand(program, 'check')
    .summary('say whether model files are right, and what is wrong with them')
    .description('Checks model files: syntax, names, types, shapes, the guide, and whether the gradient is unbiased.')
    .argument('<file...>', 'model files')
    .option('--require-unbiased', 'also refuse a model with a site whose gradient is not shown to be unbiased')
    .option('--json', 'print what is wrong as JSON, for editors and scripts');
  addModelOptions(command)
    .addHelpText(
      'after',
      examples(
        'sbnc check examples/bars.sbn',
        'sbnc check *.sbn --require-unbiased',
        'sbnc check model.sbn --json',
        'sbnc check examples/deep.sbn --set L=5',
      ),
    )
    .action((files: readonly string[], flags: CheckFlags) => {
      if (flags.json === true) checkAsJson(files, flags, host);
      else check(files, flags, host);
    });
}

function check(files: readonly string[], flags: CheckFlags, host: Host): void {
  const options = { ...readModelOptions(flags), stopAfter: 'judge' } as const;
  let isRight = true;
  for (const file of files) {
    const { sites } = compileFile(file, options, host).stages;
    const accepted = sites !== undefined && (flags.requireUnbiased !== true || reportBiased(file, sites, host.stderr));
    if (accepted) host.stdout.write(describeFile(file, sites, styleFor(host.stdout)));
    else isRight = false;
  }
  if (!isRight) throw new Exit(EXIT.user);
}

/** An array with an entry for each file: whether it is right, its diagnostics, and the sites whose gradient is biased. */
function checkAsJson(files: readonly string[], flags: CheckFlags, host: Host): void {
  const options = { ...readModelOptions(flags), stopAfter: 'judge' } as const;
  const entries = files.map((file) => {
    const stages = compileQuietly(readModelFile(file, host), options);
    checkConstants(options.constants, stages);
    const biased = findBiased(stages.sites ?? []);
    const isRight = stages.sites !== undefined && (flags.requireUnbiased !== true || biased.length === 0);
    return {
      file,
      ok: isRight,
      diagnostics: recordDiagnostics(stages.sources, stages.diagnostics),
      biased: biased.map(({ site, verdict }) => ({ site: site.id, ...site.position, reasons: verdict.reasons })),
    };
  });
  host.stdout.write(`${JSON.stringify(entries, undefined, 2)}\n`);
  if (!entries.every(({ ok }) => ok)) throw new Exit(EXIT.user);
}

function describeFile(file: string, sites: readonly SiteInfo[], style: Style): string {
  const latent = sites.filter(({ role }) => role === 'latent').length;
  return `${file}: ${style.green('ok')} ${style.dim(`(${latent} latent, ${sites.length - latent} observed)`)}\n`;
}

interface BiasedSite {
  readonly site: SiteInfo;
  readonly verdict: Extract<Verdict, { readonly kind: 'biased' }>;
}

function findBiased(sites: readonly SiteInfo[]): readonly BiasedSite[] {
  return sites.flatMap((site) => (site.verdict?.kind === 'biased' ? [{ site, verdict: site.verdict }] : []));
}

/** Names the sites whose gradient is biased, with the reasons; true where there is none. */
function reportBiased(file: string, sites: readonly SiteInfo[], output: Output): boolean {
  const style = styleFor(output);
  const biased = findBiased(sites);
  for (const { site, verdict } of biased) {
    const place = `${site.position.file ?? file}:${site.position.line}:${site.position.column}`;
    const by = site.estimator === undefined ? '' : `, by ${site.estimator},`;
    output.write(
      renderError(`${place}: the gradient of \`${site.id}\`${by} is ${describeVerdict(verdict)}`, '', style),
    );
  }
  return biased.length === 0;
}
