/** `sbnc compile --target onnx`: the programs of an artifact as ONNX files. */
import { join, resolve } from 'node:path';
import { removeDeadCode, type Artifact, type ArtifactPrograms, type Program } from '@sbn/program';
import type { ParameterValues } from '@sbn/runtime';
import type { OnnxPort } from '@sbn/runtime/onnx';
import { EXIT, Exit } from './exit.js';
import { makeFolder, writeFile } from './files.js';
import type { Host } from './host.js';
import { formatAmount } from './numbers.js';

/** What an app has use for when a model is trained. */
const PROGRAMS = ['evaluate', 'sample', 'posterior'] as const satisfies readonly (keyof ArtifactPrograms)[];

/**
 * Writes `evaluate.onnx`, `sample.onnx` and `posterior.onnx` into a folder, and says what each takes and gives. A program that draws
 * what ONNX cannot draw is left out, with the reason. @throws Exit where that leaves nothing.
 */
export async function writeOnnxFiles(
  artifact: Artifact,
  folder: string,
  checkpoint: string | undefined,
  host: Host,
): Promise<void> {
  const [{ writeOnnx }, { OnnxError }] = await Promise.all([import('@sbn/runtime/onnx'), import('@sbn/runtime')]);
  const parameters = checkpoint === undefined ? {} : await readParameters(checkpoint, artifact, host);
  makeFolder(folder, host);
  let written = 0;
  for (const name of PROGRAMS) {
    const path = join(folder, `${name}.onnx`);
    try {
      const { bytes, inputs, outputs } = writeOnnx(drawnAlone(artifact.programs[name]), parameters);
      writeFile(path, bytes, host);
      host.stdout.write(`${path}: ${listPorts(inputs)} → ${listPorts(outputs)}\n`);
      written += 1;
    } catch (error) {
      if (!(error instanceof OnnxError)) throw error;
      host.stderr.write(`${path} is not written: ${error.message}\n`);
    }
  }
  if (written === 0) throw new Exit(EXIT.user);
}

/** Without the means of what is not drawn, reconstructions: whoever wants latents has no use for half of the model's parameters. */
function drawnAlone(program: Program): Program {
  const drawn = new Set(program.outputs.flatMap(({ role, name }) => (role === 'sample' ? [name] : [])));
  return removeDeadCode({
    ...program,
    outputs: program.outputs.filter(({ role, name }) => role !== 'mean' || drawn.has(name)),
  });
}

/** Each with its shape, but parameters by their number: they are as many as the model has layers. */
function listPorts(ports: readonly OnnxPort[]): string {
  const isParameter = ({ name }: OnnxPort): boolean => name.startsWith('parameter:');
  const count = ports.filter(isParameter).length;
  const others = ports.filter((port) => !isParameter(port)).map(({ name, shape }) => `${name} ${shape}`);
  return [...others, ...(count === 0 ? [] : [formatAmount(count, 'parameter')])].join(', ');
}

/** @throws CheckpointError where it is not one of this model */
async function readParameters(checkpoint: string, artifact: Artifact, host: Host): Promise<ParameterValues> {
  const [{ modelParameters }, { readCheckpointFile }] = await Promise.all([
    import('@sbn/runtime'),
    import('@sbn/runtime/node'),
  ]);
  return modelParameters(await readCheckpointFile(resolve(host.directory, checkpoint)), artifact);
}
