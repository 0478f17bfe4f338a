/** `sbnc explain`: what the compiler makes of every site. */
import type { Command } from 'commander';
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
    .summary('show every site: its costs, its estimator, and whether its gradient is unbiased')
    .description(
      'Shows one row for each site of a model: where its value comes from, its distribution and shape, what it depends on, ' +
        'the costs that train it, its estimator and form, and the verdict on its gradient: exact, unbiased, or biased and why.',
    )
    .argument('<file>', 'model file')
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
      ),
    )
    .action((file: string, flags: ExplainFlags) => {
      explain(file, flags, host);
    });
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
