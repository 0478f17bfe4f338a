/**
 * The latent sites given the data, and the mean of each observed site at them: with a guide, the data as the latents remember them. Without a guide the drawn ones come from the model, and those that were summed out inside of a
 * likelihood from their exact posterior given those: p(v | x) ∝ p(v) p(x | v), the responsibilities of a mixture.
 */
import { BATCH, ProgramBuilder } from '@sbn/program';
import { DISTRIBUTIONS } from '../distributions/index.js';
import { leadOf } from '../elements.js';
import { assignmentsOf, valueAt } from '../marginalize/supports.js';
import { emitPass, type Pass } from '../pass.js';
import { latentSites, type JointPosterior, type StochasticGraph } from '../stochastic-graph.js';
import { emitDraw, emitMean } from './sampling.js';

/** `graph` as it was lowered, `trained` without the sites that were summed out. */
export function expandPosterior(graph: StochasticGraph, trained: StochasticGraph): ProgramBuilder {
  const builder = new ProgramBuilder('posterior');
  if (trained.posteriors.length === 0) {
    const pass = emitPass(builder, graph, '', () => ({ kind: 'sampled' }));
    for (const site of latentSites(graph)) emitDraw(builder, pass, site);
    for (const site of graph.sites) if (site.role === 'observed') emitMean(builder, pass, site);
    return builder;
  }
  const pass = emitPass(builder, trained, '', () => ({ kind: 'sampled' }));
  for (const site of latentSites(trained)) emitDraw(builder, pass, site);
  for (const posterior of trained.posteriors) emitJointDraw(builder, pass, posterior);
  return builder;
}

/** One draw of the sites together; their means are those of the posterior. */
function emitJointDraw(builder: ProgramBuilder, pass: Pass, { sites, logWeights }: JointPosterior): void {
  const assignments = assignmentsOf(sites);
  const name = sites.map(({ id }) => id).join('+');
  const { batch: elements } = leadOf(sites[0] ?? { elements: 1 });
  const shape = [{ batch: elements }, assignments.length];
  const port = elements === 1 ? shape : [BATCH, elements, assignments.length];
  const { sample, mean } = DISTRIBUTIONS.categorical;
  const parameters = { logits: pass.valueOf(logWeights) };
  const drawn = sample(builder, parameters, builder.reshape(builder.input('noise', name, port), shape), shape);
  const responsibilities = mean(builder, parameters);
  for (const site of sites) {
    const values = assignments.map((assignment) => valueAt(site, assignment.get(site.id) ?? 0));
    const size = values[0]?.length ?? 0;
    const attributes = { shape: [assignments.length, size], values: values.flat() };
    const table = builder.emit('constant', [], attributes);
    const rows = [BATCH, ...site.shape];
    builder.output('sample', site.id, builder.reshape(builder.matmul(drawn, table), rows));
    builder.output('mean', site.id, builder.reshape(builder.matmul(responsibilities, table), rows));
  }
}
