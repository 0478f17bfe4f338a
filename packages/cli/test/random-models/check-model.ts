/** What must hold of every random model, and what is in it. */
import { isDeepStrictEqual } from 'node:util';
import { compileStages, describeGraph, printModel, type CompiledStages } from '@sbn/compiler';
import { format, parse, renderDiagnostics } from '@sbn/dsl';
import {
  interpretProgram,
  portKey,
  readArtifact,
  resolveShape,
  writeArtifact,
  type Artifact,
  type PortKey,
  type Program,
  type ReferenceTensor,
} from '@sbn/program';
import { createReferenceEngine, verifyGradient, type GradientVerification } from '@sbn/runtime';
import { expect } from 'vitest';
import { writeDot } from '../../src/graph/write-dot.js';
import { writeMermaid } from '../../src/graph/write-mermaid.js';
import { writeSvg } from '../../src/graph/write-svg.js';
import { differentiateLikelihood } from '../gradient/exact-likelihood.js';
import { pickPoint, type Point } from '../gradient/tiny-models.js';
import { expectMeaning } from './check-meaning.js';
import type { RandomModel } from './write-model.js';

const SEED = 7;

/** Compiles, is proved, and goes through all that takes a model. */
export async function expectSound(model: RandomModel): Promise<CompiledStages> {
  const stages = compileWithout(model.text);
  const { artifact } = stages;
  if (artifact === undefined) throw new Error('no artifact');
  expectVerdicts(model, artifact);
  const point = pickPoint(artifact, SEED);
  // What is biased has no proof; how far it is off is the table's affair.
  const isProved = artifact.sites.every(({ verdict }) => verdict?.kind !== 'biased');
  if (isProved) {
    const { objective, parameters } = await verifyGradient(artifact, { engine: createReferenceEngine(), ...point });
    for (const parameter of parameters) expect(errorOf(parameter), parameter.name).toBeLessThan(1e-8);
    if (model.sumsInside) expectSummed(model, objective, point);
  }
  // What is summed out is drawn for this.
  const drawn = model.text.includes('via enumerate') ? compileWithout(drawAll(model.text)) : stages;
  expectMeaning(drawn, moveTo(point, drawn.artifact));
  expectFinite(artifact, point);
  expectFormatted(model.text);
  expectShown(stages);
  expect(isDeepStrictEqual(readArtifact(writeArtifact(artifact)), artifact), 'its artifact, read again').toBe(true);
  return stages;
}

/** Errors fail the test with their text. */
function compileWithout(text: string): CompiledStages {
  const source = { name: 'random.sbn', text };
  const stages = compileStages(source);
  const errors = stages.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(renderDiagnostics(source, errors, { color: false }));
  return stages;
}

/** Neither called unbiased nor called biased against what is known. A site that no cost depends on has no gradient. */
function expectVerdicts({ verdicts }: RandomModel, { sites }: Artifact): void {
  for (const { id, role, costs, verdict } of sites) {
    if (role !== 'latent' || (costs.length === 0 && verdict === undefined)) continue;
    const [name = ''] = id.split('[');
    const reasons = verdict?.kind === 'biased' ? verdict.reasons.join('; ') : '';
    expect(verdict?.kind, `${id} ${reasons}`).toBe(verdicts.get(name));
  }
}

/** Where no value of the latents changes the cost there is nothing to be relative to but the baseline, which is of the order of 1. */
function errorOf({ relativeError, exact, estimated }: GradientVerification['parameters'][number]): number {
  const difference = Math.max(0, ...exact.map((value, index) => Math.abs(value - (estimated[index] ?? NaN))));
  return difference < 1e-15 ? 0 : relativeError;
}

/** The sum inside of the logarithm against the model whose latents are all drawn, added up here. */
function expectSummed({ text, verdicts }: RandomModel, computed: number, point: Point): void {
  const { artifact: drawn } = compileWithout(drawAll(text));
  if (drawn === undefined) throw new Error('no artifact');
  const summed = drawn.sites.filter(({ id }) => verdicts.get(id.split('[')[0] ?? '') === 'exact').map(({ id }) => id);
  // The slope of the sum is that of what is computed: its value says whether that is the sum.
  const { objective } = differentiateLikelihood({ ...drawn, parameters: [] }, new Set(summed), moveTo(point, drawn));
  expect(Math.abs(computed - objective) / Math.max(1, Math.abs(objective))).toBeLessThan(1e-10);
}

/** The same model with nothing summed out. */
function drawAll(text: string): string {
  return text.replaceAll('via enumerate', 'via likelihood_ratio(center = none)');
}

/** The same point for the same model otherwise compiled: estimators have parameters of their own in each. */
function moveTo(point: Point, artifact: Artifact | undefined): Point {
  if (artifact === undefined) throw new Error('no artifact');
  const own = artifact.parameters.filter(({ role }) => role === 'estimator').map(({ name }) => name);
  const there = pickPoint(artifact, SEED);
  const kept = Object.entries(point.parameters).filter(([name]) => name in there.parameters && !own.includes(name));
  return { ...there, data: point.data, parameters: { ...there.parameters, ...Object.fromEntries(kept) } };
}

/** Every program runs, at rows of its own, and gives numbers. */
function expectFinite({ programs }: Artifact, point: Point): void {
  const { gradient, evaluate, sample, posterior } = programs;
  for (const program of [gradient, evaluate, sample, posterior]) {
    for (const [name, { values }] of runOnce(program, point)) {
      expect(values.every(Number.isFinite), `${program.name} ${name}`).toBe(true);
    }
  }
}

function runOnce(program: Program, { parameters, data, rows, state }: Point): ReadonlyMap<PortKey, ReferenceTensor> {
  const inputs = program.inputs.map((input): readonly [PortKey, ReferenceTensor] => {
    const shape = resolveShape(input.shape, rows);
    const size = shape.reduce((product, length) => product * length, 1);
    const given =
      input.role === 'parameter'
        ? parameters[input.name]?.values
        : input.role === 'data'
          ? data[input.name]
          : Float64Array.from({ length: size }, (_, index) =>
              // Uniforms in no order: fractional parts of multiples of the golden ratio.
              input.role === 'noise' ? ((index + 1) * 0.6180339887) % 1 : (state[input.name] ?? 1),
            );
    return [portKey(input), { shape, values: Float64Array.from(given ?? [NaN]) }];
  });
  return interpretProgram(program, new Map(inputs), rows);
}

/** The canonical form says the same, and is its own. */
function expectFormatted(text: string): void {
  const { value } = format({ name: 'random.sbn', text });
  if (value === undefined) throw new Error('no canonical form');
  expect(readTree(value) === readTree(text), value).toBe(true);
  expect(format({ name: 'random.sbn', text: value }).value).toBe(value);
}

/** The syntax tree without its places, as a text: texts are compared sooner than trees. */
function readTree(text: string): string {
  const { value } = parse({ name: 'random.sbn', text });
  return JSON.stringify(value, (_, part: unknown) => (isSpan(part) ? undefined : part));
}

function isSpan(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).sort().join() === 'end,start';
}

/** It can be printed and drawn, with all of its sites. */
function expectShown({ model, artifact }: CompiledStages): void {
  if (model === undefined || artifact === undefined) throw new Error('no model');
  const printed = printModel(model);
  for (const { id } of artifact.sites) expect(printed).toContain(id);
  const picture = describeGraph(model);
  const names = artifact.sites.map(({ id }) => id.split('[')[0] ?? '');
  for (const write of [writeDot, writeMermaid, writeSvg]) {
    const drawn = write(picture);
    for (const name of names) expect(drawn).toContain(name);
    expect(drawn).not.toMatch(/NaN|undefined/);
  }
}
