/** A program as an ONNX file, for an app that has ONNX Runtime, or another of its kind, and not this one. */
import { portKey, type InputRole, type OutputRole, type PortKey, type Program } from '@sbn/program';
import type { ParameterValues } from '../model.js';
import { encodeModel } from './model-proto.js';
import { writeGraph } from './write-graph.js';

/** What an app feeds or fetches, all of float32. */
export interface OnnxPort {
  readonly name: string;
  /** e.g. `[B, 784]`: the number of rows is B throughout, and up to the caller. */
  readonly shape: string;
}

export interface OnnxFile {
  readonly bytes: Uint8Array;
  readonly inputs: readonly OnnxPort[];
  readonly outputs: readonly OnnxPort[];
}

/**
 * Operations of ONNX alone, of opset 21; ports are called as in the program, e.g. `data:x`, `noise:h1`, `log_weight:total`.
 * Parameters that are given are part of the file; the others are inputs of it.
 * @throws OnnxError for a draw that ONNX does not have, naming its site.
 */
export function writeOnnx(program: Program, parameters: ParameterValues = {}): OnnxFile {
  const docs = new Map<PortKey, string>([
    ...program.inputs.map((input) => [portKey(input), INPUT_DOCS[input.role]] as const),
    ...program.outputs.map((output) => [portKey(output), OUTPUT_DOCS[output.role]] as const),
  ]);
  const graph = writeGraph(program, { docs, parameters });
  const port = ({ name, dims }: (typeof graph.inputs)[number]): OnnxPort => ({ name, shape: `[${dims.join(', ')}]` });
  return { bytes: encodeModel(graph), inputs: graph.inputs.map(port), outputs: graph.outputs.map(port) };
}

const INPUT_DOCS: Readonly<Record<InputRole, string>> = {
  parameter: 'a trained tensor',
  state: 'carried from step to step',
  data: 'rows of data',
  noise: 'independent uniforms, 0 < u < 1, drawn afresh for each run',
  latent: 'values of a latent site',
  weight: 'the weight of each row',
  hyper: 'a number of the optimiser',
};

const OUTPUT_DOCS: Readonly<Record<OutputRole, string>> = {
  loss: 'what is minimised, averaged over rows',
  gradient: 'derivative of the loss',
  state: 'the next value of a state',
  parameter: 'the next value of a parameter',
  parameter_sum: 'the sum of the next value of a parameter',
  term: 'a term of the loss, averaged over rows',
  signal_mean: 'the mean learning signal',
  signal_square: 'the mean squared learning signal',
  log_weight:
    'log weight of each row: its mean is the bound, and the log of the mean of its exponential over draws the log likelihood',
  log_probability: 'log probability of the latents of each row',
  cost: 'the cost of each row',
  sample: 'a drawn value for each row',
  mean: 'the mean given the drawn values that it depends on, for each row',
  site_gradient: 'the gradient of each row by the parameters of a site',
  site_score: 'the score of each row by the parameters of a site',
  site_cost: 'the costs of each row that a site influences',
};
