/** `sbnc explain`: what the compiler makes of every site; and what a code of a diagnostic means. */
import { describeCode, listCodes } from '@sbn/compiler';
import type { Command } from 'commander';
import { looksLikeCode, renderCodeList, renderErrorPage } from '../error-pages.js';
import { explainAsJson, renderExplanation } from '../explanation.js';
import { UsageError } from '../exit.js';
import type { Host } from '../host.js';
import { compileArtifact } from '../model-file.js';
import { addModelOptions, readModelOptions, type ModelFlags } from '../model-options.js';
import { addCommand, examples } from '../program.js';
import { styleFor } from '../style.js';
import { hintFor } from '../suggest.js';

interface ExplainFlags extends ModelFlags {
  readonly site?: string;
  readonly json?: boolean;
}

export function addExplain(program: Command, host: Host): void {
  const command = addCommand(program, 'explain')
    .summary(
      'show every site of a model, its estimator and whether its gradient is unbiased; or what an error code means',
    )
    .description(
      'Shows one row for each site of a model: where its value comes from, its distribution and shape, what it depends on, ' +
        'the costs that train it, its estimator and form, and the verdict on its gradient: exact, unbiased, or biased and why.\n\n' +
        'With a code such as SBN2031, shows what that error or warning means, an example of it, and the example put right; ' +
        'with the beginning of one, such as SBN20, the codes that begin so.',
    )
    .argument('<file-or-code>', 'model file, or code of an error or a warning')
    .option('--site <id>', 'only this site, e.g. h1 or h[2]')
    .option('--json', 'print JSON');
  addModelOptions(command)
    .addHelpText(
      'after',
      examples(
        'sbnc explain examples/sbn2.sbn',
        'sbnc explain examples/deep.sbn --set L=5 --site h[2]',
        'sbnc explain model.sbn --estimator "muprop(order = 2)"',
        'sbnc explain model.sbn --json',
        'sbnc explain SBN2031',
      ),
    )
    .action((subject: string, flags: ExplainFlags) => {
      if (looksLikeCode(subject)) explainCode(subject.toUpperCase(), flags, host);
      else explain(subject, flags, host);
    });
}

function explainCode(code: string, flags: ExplainFlags, host: Host): void {
  const option = Object.keys(flags).find((name) => name !== 'json');
  if (option !== undefined) throw new UsageError(`--${option} is for model files, and ${code} is a code`);
  const page = describeCode(code);
  const { stdout } = host;
  if (page !== undefined) {
    const text = `${JSON.stringify(page, undefined, 2)}\n`;
    stdout.write(flags.json === true ? text : renderErrorPage(page, stdout.columns, styleFor(stdout)));
    return;
  }
  const known = listCodes();
  const beginning = known.filter((candidate) => candidate.startsWith(code));
  if (beginning.length > 0) {
    const text = `${JSON.stringify(beginning, undefined, 2)}\n`;
    stdout.write(flags.json === true ? text : renderCodeList(beginning, styleFor(stdout)));
    return;
  }
  throw new UsageError(
    `there is no code ${code}`,
    `\`sbnc explain ${nearestList(code, known)}\` lists those there are`,
  );
}

/** The longest beginning of a code that some codes have. */
function nearestList(code: string, known: readonly string[]): string {
  const isBeginning = (length: number): boolean => known.some((each) => each.startsWith(code.slice(0, length)));
  const lengths = Array.from({ length: code.length }, (_, index) => code.length - index);
  return code.slice(0, lengths.find(isBeginning) ?? 'SBN'.length);
}

function explain(file: string, flags: ExplainFlags, host: Host): void {
  const { site, json } = flags;
  const artifact = compileArtifact(file, readModelOptions(flags), host);
  const sites = site === undefined ? artifact.sites : artifact.sites.filter(({ id }) => id === site);
  if (site !== undefined && sites.length === 0) {
    throw new UsageError(
      `--site ${site}: the model has no site \`${site}\``,
      hintFor(
        site,
        artifact.sites.map(({ id }) => id),
        'sites',
      ),
    );
  }
  host.stdout.write(
    json === true
      ? explainAsJson(artifact, sites)
      : renderExplanation(artifact, sites, host.stdout.columns, styleFor(host.stdout)),
  );
}
