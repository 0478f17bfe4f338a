/** What is in a random model, found in what the compiler made of it: so that none of it can go missing unseen. */
import type { CompiledStages } from '@sbn/compiler';

/** E.g. `call dense`, `latent poisson`, `plate in a plate`. */
export function featuresOf({
  ast,
  model,
  graph,
  plan,
  marginalization,
  artifact,
}: CompiledStages): ReadonlySet<string> {
  const found = new Set<string>();
  visit(ast, (node) => {
    if (node['kind'] === 'sample' && node['type'] !== undefined) found.add('type of a site');
    if (typeof node['kind'] === 'string') found.add(node['kind']);
    const { callee, operator } = node;
    if (node['kind'] === 'call' && isNode(callee)) found.add(`call ${String(callee['name'])}`);
    if (node['kind'] === 'binary') found.add(`operator ${String(operator)}`);
    if (node['kind'] === 'plate' && contains(node['body'], 'plate')) found.add('plate in a plate');
    if (node['kind'] === 'plate' && contains(node['body'], 'for')) found.add('loop in a plate');
    if (node['kind'] === 'for' && contains(node['body'], 'plate')) found.add('plate in a loop');
    if (node['kind'] === 'index' && isStepped(node['indices'])) found.add('slice with a step');
    if (node['kind'] === 'type' && isNode(node['lead'])) found.add('leading axes');
    if (node['kind'] === 'fn' && hasDefault(node['parameters'])) found.add('default');
    if (node['kind'] === 'fn' && contains(node['body'], 'call')) found.add('call in a function');
    if (node['kind'] === 'fn' && contains(node['body'], 'param')) found.add('param of a function');
  });
  visit([model?.model, model?.guide, model?.objective], (node) => {
    const { operation } = node;
    if (!isNode(operation)) return;
    found.add(`operation ${String(operation['kind'])}`);
  });
  for (const { role, distribution, plates } of artifact?.sites ?? []) {
    found.add(`${role} ${distribution}`);
    if (plates.length > 0) found.add(`${role} in a plate`);
  }
  for (const { estimator } of plan?.terms ?? []) found.add(`estimator ${estimator}`);
  if ((marginalization?.summed.length ?? 0) > 0) found.add('summed out');
  if (artifact?.draws.length !== 0) found.add('further draws');
  const objective = model?.objective;
  if (objective !== undefined) found.add(`objective ${objective.kind === 'bound' ? objective.name : 'cost'}`);
  if (model?.guide !== undefined) found.add('guide');
  if (graph?.sites.some(({ order }) => order !== undefined) === true) found.add('reads itself');
  return found;
}

type TreeNode = Readonly<Record<string, unknown>>;

function isNode(value: unknown): value is TreeNode {
  return typeof value === 'object' && value !== null;
}

function visit(value: unknown, see: (node: TreeNode) => void): void {
  if (!isNode(value)) return;
  if (!Array.isArray(value)) see(value);
  for (const child of Object.values(value)) visit(child, see);
}

function hasDefault(parameters: unknown): boolean {
  return (
    Array.isArray(parameters) && parameters.some((parameter) => isNode(parameter) && isNode(parameter['defaultValue']))
  );
}

function isStepped(indices: unknown): boolean {
  return Array.isArray(indices) && indices.some((index) => isNode(index) && isNode(index['step']));
}

function contains(body: unknown, kind: string): boolean {
  let isIn = false;
  visit(body, (node) => {
    isIn ||= node['kind'] === kind;
  });
  return isIn;
}
