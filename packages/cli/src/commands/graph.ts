/** `sbnc graph`: the model as a picture in plate notation. */
import { Option, type Command } from 'commander';
import { describeGraph } from '@sbn/compiler';
import { EXIT, Exit } from '../exit.js';
import { checkWritable, writeFile } from '../files.js';
import { formatOfFile, GRAPH_FORMATS, type GraphFormat } from '../graph/format-name.js';
import type { Host } from '../host.js';
import { compileFile } from '../model-file.js';
import { addModelOptions, readModelOptions, type ModelFlags } from '../model-options.js';
import { addCommand, examples } from '../program.js';

interface GraphFlags extends ModelFlags {
  readonly format?: GraphFormat;
  readonly out?: string;
}

export function addGraph(program: Command, host: Host): void {
  const command = addCommand(program, 'graph')
    .summary('draw the model in plate notation')
    .description(
      'Draws a model in plate notation: latent sites white, data grey, plates around what is repeated, the guide dashed. ' +
        'The picture is printed, or written to a file.',
    )
    .argument('<file>', 'model file')
    .addOption(
      new Option(
        '--format <format>',
        'svg, or a text for Graphviz or Mermaid; by default what the file to write is called',
      ).choices(GRAPH_FORMATS),
    )
    .option('-o, --out <path>', 'where to write the picture');
  addModelOptions(command)
    .addHelpText(
      'after',
      examples(
        'sbnc graph examples/sbn2.sbn -o sbn2.svg',
        'sbnc graph examples/deep.sbn --set L=5 --format mermaid',
        'sbnc graph model.sbn --format dot | dot -Tpdf -o model.pdf',
      ),
    )
    .action(async (file: string, flags: GraphFlags) => {
      await graph(file, flags, host);
    });
}

async function graph(file: string, flags: GraphFlags, host: Host): Promise<void> {
  const { out } = flags;
  if (out !== undefined) checkWritable(out, host);
  // A gradient that cannot be estimated is no reason not to look at the model.
  const { model } = compileFile(file, { ...readModelOptions(flags), stopAfter: 'check' }, host).stages;
  if (model === undefined) throw new Exit(EXIT.user);
  const picture = describeGraph(model);
  const format = flags.format ?? (out === undefined ? undefined : formatOfFile(out)) ?? 'svg';
  // The library that lays pictures out is loaded where there is one to lay out, and not by the other commands.
  const { renderPicture } = await import('../graph/render-picture.js');
  const text = renderPicture(picture, format);
  if (out === undefined) host.stdout.write(text);
  else writeFile(out, text, host);
}
