/** What is minimised, as a sum of costs: the terms of a bound, or the summands of an expression. */
import { BATCH, type ProgramBuilder } from '@sbn/program';
import { sumElements } from '../elements.js';
import type { Plate, TypedExpression, TypedModel } from '../typed-model.js';
import type { BuiltCost, BuiltSite } from './connect-graph.js';
import { lowerExpression, type Scope } from './expression.js';
import { ROWS, stretch } from './lead.js';
import { logSumExp } from './operation.js';

/** The sites of a block, and what its names stand for. */
export interface LoweredBlock {
  readonly sites: readonly BuiltSite[];
  readonly scope: Scope;
}

/** `drawn` are the latents, and `judged` is the model at their values. */
export function lowerCosts(
  builder: ProgramBuilder,
  model: TypedModel,
  drawn: readonly BuiltSite[],
  judged: LoweredBlock,
): readonly BuiltCost[] {
  const { objective } = model;
  const negativeLog = (site: BuiltSite): BuiltCost => ({
    name: `-log p(${site.id})`,
    site: site.id,
    value: builder.within(site.id, () => builder.negate(site.logProbability)),
    isScore: false,
  });
  if (objective.kind === 'cost') {
    const summands = splitSum(objective.value, objective.direction === 'minimize' ? 1 : -1);
    return summands.map(({ expression, sign }, index) => {
      const { value } = stretch(builder, lowerExpression(builder, expression, judged.scope), ROWS);
      const name = summands.length === 1 ? 'cost' : `cost ${String(index + 1)}`;
      return { name, site: undefined, value: sign === 1 ? value : builder.negate(value), isScore: false };
    });
  }
  // Without a guide the latents are drawn from the model, and their log q − log p is zero.
  if (model.guide === undefined) return judged.sites.filter((site) => site.role === 'observed').map(negativeLog);
  const scores = drawn.map((site) => ({
    name: `log q(${site.id})`,
    site: site.id,
    value: site.logProbability,
    isScore: true,
  }));
  return [...scores, ...judged.sites.map(negativeLog)];
}

/** The costs of all draws as one, −log 1/k Σ_j exp(−f_j): the bound of Burda, Grosse, Salakhutdinov (2016), Eq. 8. */
export function averageDraws(builder: ProgramBuilder, terms: readonly BuiltCost[], { size }: Plate): BuiltCost {
  const values = terms.map(({ value }) => sumElements(builder, value, size));
  const [first = builder.fill(0, [{ batch: size }]), ...rest] = values;
  const weights = builder.reshape(builder.negate(rest.reduce((sum, value) => builder.add(sum, value), first)), [
    BATCH,
    size,
  ]);
  const logs = logSumExp(builder, weights, [1]);
  const value = builder.subtract(builder.constant(Math.log(size)), logs);
  return { name: `-log of the mean of ${String(size)} weights`, site: undefined, value, isScore: false };
}

interface Summand {
  readonly expression: TypedExpression;
  readonly sign: 1 | -1;
}

/** The summands of a cost, each of which trains only the sites that it depends on. */
function splitSum(expression: TypedExpression, sign: 1 | -1): readonly Summand[] {
  const opposite = sign === 1 ? -1 : 1;
  if (expression.kind !== 'apply') return [{ expression, sign }];
  const { operation, args } = expression;
  const [first, second] = args;
  const isSum = operation.kind === 'binary' && (operation.name === 'add' || operation.name === 'subtract');
  if (isSum && first !== undefined && second !== undefined) {
    return [...splitSum(first, sign), ...splitSum(second, operation.name === 'add' ? sign : opposite)];
  }
  const isNegation = operation.kind === 'unary' && operation.name === 'negate';
  if (isNegation && first !== undefined) return splitSum(first, opposite);
  const parts = first === undefined || !isTotal(expression) ? [] : partsOf(first);
  if (parts.length < 2) return [{ expression, sign }];
  return parts.flatMap((part) => splitSum(isNumber(part) ? part : totalOf(part, expression), sign));
}

type Applied = Extract<TypedExpression, { readonly kind: 'apply' }>;

/** Whether it is `sum(x)`, over all that `x` has in it. */
function isTotal({ operation, args, type }: Applied): boolean {
  const rank = args[0]?.type.shape.length;
  return (
    operation.kind === 'reduce' && operation.name === 'sum' && operation.axes.length === rank && isNumber({ type })
  );
}

function isNumber({ type }: Pick<TypedExpression, 'type'>): boolean {
  return type.shape.length === 0;
}

/** What an array was put together from: `a`, `b` of `[a, b]`, however it is laid out. */
function partsOf(array: TypedExpression): readonly TypedExpression[] {
  if (array.kind !== 'apply') return [];
  const { operation, args } = array;
  if (operation.kind === 'concat') return args.map(unlaid);
  return operation.kind === 'reshape' ? args.flatMap(partsOf) : [];
}

function unlaid(value: TypedExpression): TypedExpression {
  const [inner] = value.kind === 'apply' && value.operation.kind === 'reshape' ? value.args : [];
  return inner === undefined ? value : unlaid(inner);
}

/** `sum(part)`, a number of the type of the `sum` that it is a part of. */
function totalOf(part: TypedExpression, { type, span }: TypedExpression): TypedExpression {
  const axes = part.type.shape.map((_, axis) => axis);
  return { kind: 'apply', operation: { kind: 'reduce', name: 'sum', axes }, args: [part], type, span };
}
