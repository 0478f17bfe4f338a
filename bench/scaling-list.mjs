/** Where the curves of `scaling.mjs` stop being straight lines, and why: the figures are those that were measured, whatever they are. */

/** A step that takes this much more or less than in proportion is still in proportion. */
const TOLERANCE = 0.2;

const times = (value) => `${value.toFixed(1)} times`;
const number = (value) => value.toLocaleString('en');
const percent = (share) => `${(100 * share).toFixed(0)} %`;

/** `results`: as in `bench/scaling.json`. */
export function listScaling({ batch, width, samples, sites }) {
  return [
    `- **Batch.** ${growth(batch)} ${proportion(batch, 'rows')} With few rows most of a step does not go by rows: at ${number(batch[0].value)} the operations of the graph are ${percent(inGraph(batch[0]))} of the step, at ${number(batch.at(-1).value)} ${percent(inGraph(batch.at(-1)))}, and the rest is the update of the parameters, starting operations and handing tensors over. Where it takes more than in proportion with many, caches are the likely reason, which was not measured apart: the tensors of a step grow from ${megabytes(batch[0])} to ${megabytes(batch.at(-1))}.`,
    `- **Width.** ${growth(width)} Layers of H by H make the operations quadratic in the end: ${operations(width)} Narrow layers are decided by the elementwise operations and by the number of operations started, which stays: matrix products are ${productShares(width)}.`,
    `- **Samples.** ${growth(samples)} ${proportion(samples, 'samples')} The first sample has the costs that all share: reading the rows, the layers before the first draw, and the update of the parameters. Each further one takes ${perSample(samples)} ms.`,
    `- **Sites.** ${growth(sites)} While each site has a rollout through all below it, instructions grow with the square, and a step goes by their number: ${instructions(sites)}${switchOfForm(sites)} Matrix products are ${productShares(sites)}: layers are small here, and what counts is how many operations are started.`,
    `- **Compiling.** By the number of instructions too: ${compiling(sites)}`,
    `- **Memory.** ${memory(batch)} Below, parameters and their gradients are most of it.`,
  ].join('\n');
}

/** How many times as long a step takes as at the point before. */
function growth(points) {
  const steps = pairs(points).map(
    ([before, after]) => `${(after.native / before.native).toFixed(1)} (${number(after.value)})`,
  );
  const [first] = points;
  return `A step takes ${first.native.toFixed(1)} ms at ${number(first.value)}, and then ${steps.join(', ')} times as long as at the point before.`;
}

/** Whether what is read of two points grows as their values do. */
function isStraight([before, after], read) {
  return Math.abs(read(after) / read(before) / (after.value / before.value) - 1) <= TOLERANCE;
}

/** Where a step takes as many times as long as there is more of it. */
function proportion(points, what) {
  const stretches = [];
  for (const pair of pairs(points)) {
    if (!isStraight(pair, ({ native }) => native)) continue;
    const [from, to] = pair.map(({ value }) => value);
    const last = stretches.at(-1);
    if (last?.[1] === from) last[1] = to;
    else stretches.push([from, to]);
  }
  if (stretches.length === 0) return `Nowhere is that in proportion to the ${what} (within ${percent(TOLERANCE)}).`;
  const said = stretches.map(([from, to]) => `from ${number(from)} to ${number(to)}`);
  return `It is in proportion to the ${what}, within ${percent(TOLERANCE)}, ${said.join(' and ')}.`;
}

const pairs = (points) => points.slice(1).map((after, place) => [points[place], after]);

/** Of a step's time, what the profiler finds in operations of the graph: no more than all, where other processes came between. */
function inGraph({ native, graph: { products, others } }) {
  return Math.min(1, (products + others) / native);
}

const megabytes = ({ peakMebibytes }) => `${peakMebibytes.toFixed(0)} MiB`;

function operations(points) {
  const [before, after] = points.slice(-2);
  return `from ${number(before.value)} to ${number(after.value)} there are ${times(after.gigaOperations / before.gigaOperations)} as many, and they take ${times(after.native / before.native)} as long.`;
}

function productShares(points) {
  const shares = points.map(({ graph: { products, others } }) => products / (products + others));
  return `${percent(Math.min(...shares))} to ${percent(Math.max(...shares))} of the time in operations`;
}

function perSample(points) {
  const slopes = pairs(points).map(([before, after]) => (after.native - before.native) / (after.value - before.value));
  const [least, most] = [Math.min(...slopes), Math.max(...slopes)];
  return `${least.toFixed(1)} to ${most.toFixed(1)}`;
}

function instructions(points) {
  const each = points.map(
    ({ value, native, instructions: count }) =>
      `${number(count)} for ${number(value)} (${((1000 * native) / count).toFixed(0)} µs each)`,
  );
  return `${each.join(', ')}.`;
}

/** The cost model leaves rollouts where there would be too many passes: where instructions become fewer. */
function switchOfForm(points) {
  const found = pairs(points).find(([before, after]) => after.instructions < before.instructions);
  if (found === undefined) return '';
  return ` Between ${number(found[0].value)} and ${number(found[1].value)} sites the cost model takes the trunk in place of rollouts ([gradients](gradients.md#the-forms-of-muprop)); from there on the number grows in proportion.`;
}

function compiling(points) {
  const each = points.map(({ value, compiling: own }) => `${own.toFixed(0)} ms for ${number(value)}`);
  return `${each.join(', ')} sites.`;
}

function memory(points) {
  const straight = pairs(points).find((pair) => isStraight(pair, ({ peakMebibytes }) => peakMebibytes));
  if (straight === undefined) return 'Nowhere in proportion to the batch.';
  return `In proportion to the batch from ${number(straight[0].value)} rows on.`;
}
