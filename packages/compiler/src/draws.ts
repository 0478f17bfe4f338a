/**
 * Draws beyond the one of each latent site: what estimators of several samples need. In a training step each is made from
 * noise of its own; in the `configuration` program, which runs an estimator at given values, each is an input
 * with a log-probability.
 */
import { BATCH, type DrawInfo, type ProgramBuilder, type ValueId } from '@sbn/program';
import { DISTRIBUTIONS, type DistributionName, type ParameterValues } from './distributions/index.js';
import { leadOf } from './elements.js';
import { emitPass, type Pass } from './pass.js';
import { findSite, type GraphSite, type StochasticGraph } from './stochastic-graph.js';

/** `step`: latents are drawn, rows count alike. `configuration`: latents and the weight of each row are inputs. */
export type GradientMode = 'step' | 'configuration';

/** A draw as it was emitted. */
export interface ExtraDraw {
  readonly info: DrawInfo;
  readonly value: ValueId;
  /** What it was drawn with; in `configuration` the value itself. */
  readonly source: ValueId;
  /** Per element of the site, `[m·B]`; `undefined` for uniforms. */
  readonly logProbability: ValueId | undefined;
}

/** A pass whose draws are independent of the sampled pass's, given all that is not downstream of the site. */
export interface Branch {
  readonly pass: Pass;
  readonly draws: readonly ExtraDraw[];
}

/** What the estimator of one site may draw. Labels tell its draws apart. */
export interface SiteDraws {
  /** The site and all that is downstream of it, drawn once more at the same parents. */
  readonly again: (label: string) => Branch;
  /** The pass in which the site has `value`, and all that is downstream of it is drawn anew. */
  readonly following: (label: string, value: ExtraDraw) => Branch;
  /** A value in the site's shape from a distribution of the same support. */
  readonly draw: (label: string, distribution: DistributionName, parameters: ParameterValues) => ExtraDraw;
  /** Independent uniforms in (0, 1) in the site's shape. */
  readonly uniform: (label: string) => ExtraDraw;
}

export interface DrawContext {
  readonly builder: ProgramBuilder;
  readonly graph: StochasticGraph;
  readonly base: Pass;
  readonly mode: GradientMode;
}

/** `made` is told of every draw. */
export function createSiteDraws(
  { builder, graph, base, mode }: DrawContext,
  site: GraphSite,
  downstream: readonly string[],
  made: (draw: ExtraDraw) => void,
): SiteDraws {
  const labelled = (id: string, label: string): string => `${id}.${label}(${site.id})`;
  const record = (draw: ExtraDraw): ExtraDraw => {
    made(draw);
    return draw;
  };
  const describe = (id: string, label: string, kind: DrawInfo['kind']): DrawInfo => {
    const { shape } = siteOf(id);
    return { name: labelled(id, label), kind, site: site.id, of: id, shape };
  };
  const siteOf = (id: string): GraphSite => findSite(graph, id);
  const branch = (label: string, first: ExtraDraw | undefined): Branch => {
    const anew = new Set(first === undefined ? [site.id, ...downstream] : downstream);
    const pass = emitPass(
      builder,
      graph,
      `${label}(${site.id})`,
      ({ id }) => {
        if (first !== undefined && id === site.id) return { kind: 'value', value: first.value };
        if (!anew.has(id)) return { kind: 'base' };
        const name = labelled(id, label);
        return mode === 'step' ? { kind: 'sampled', noise: name } : { kind: 'given', input: name };
      },
      base,
    );
    const draws = [...anew].map((id) => {
      const info = describe(id, label, 'value');
      const value = pass.latent(id);
      const noiseShape = [BATCH, ...info.shape];
      const source = mode === 'step' ? builder.input('noise', info.name, noiseShape) : value;
      return record({ info, value, source, logProbability: pass.valueOf(siteOf(id).logProbability) });
    });
    return { pass, draws: first === undefined ? draws : [first, ...draws] };
  };

  return {
    again: (label) => branch(label, undefined),
    following: (label, value) => branch(label, value),
    draw: (label, distribution, parameters) => {
      const info = describe(site.id, label, 'value');
      const shape = [leadOf(site), ...site.elementShape];
      const { sample, logProbability } = DISTRIBUTIONS[distribution];
      const source = builder.input(mode === 'step' ? 'noise' : 'latent', info.name, [BATCH, ...info.shape]);
      const elements = builder.reshape(source, shape);
      const value = mode === 'step' ? sample(builder, parameters, elements, shape) : elements;
      const log = builder.sumEvent(logProbability(builder, value, parameters));
      return record({ info, value, source, logProbability: log });
    },
    uniform: (label) => {
      const info = describe(site.id, label, 'uniform');
      const source = builder.input('noise', info.name, [BATCH, ...info.shape]);
      const value = builder.reshape(source, [leadOf(site), ...site.elementShape]);
      return record({ info, value, source, logProbability: undefined });
    },
  };
}
