/**
 * What is differentiated: the sum of the estimator's terms, each as often as the others ask for, and nothing else. A sum over draws is
 * their mean.
 */
import type { ProgramBuilder, ValueId } from '@sbn/program';
import { emitLogits } from '../estimators/disarm.js';
import type { ExpansionContext, SiteExpansion } from '../estimators/estimator.js';
import { isSameValue } from './same-value.js';

interface ExpectedTerm {
  readonly value: ValueId;
  readonly times: number;
}

export function findSurrogateFaults(context: ExpansionContext, expansion: SiteExpansion): readonly string[] {
  const { builder } = context;
  const expected = expectTerms(context, expansion);
  const counted = expected.map(() => 0);
  const faults: string[] = [];
  const place = (value: ValueId): number => expected.findIndex((term) => isSameValue(builder, term.value, value));
  for (const [value, times] of splitLinear(builder, expansion.surrogate, (part) => place(part) >= 0)) {
    const index = place(value);
    if (index >= 0) counted[index] = (counted[index] ?? 0) + times;
    else if (times !== 0) faults.push('what is differentiated holds a term that is no part of the estimator');
  }
  expected.forEach(({ times }, index) => {
    const found = counted[index] ?? 0;
    if (found === 0) faults.push('a term of the estimator is not part of what is differentiated');
    else if (Math.abs(found - times) > 1e-12) {
      faults.push(
        `a term of the estimator counts ${String(found)} in what is differentiated, in place of ${String(times)}`,
      );
    }
  });
  return faults;
}

function expectTerms(context: ExpansionContext, expansion: SiteExpansion): readonly ExpectedTerm[] {
  const { builder, site, base } = context;
  const { scores, analytic, pair } = expansion;
  const product = (a: ValueId, b: ValueId): ValueId => builder.sumEvent(builder.multiply(a, b));
  const share = 1 / scores.length;
  const weighted = scores.map(({ held, curvature, branch }) => {
    const pass = branch?.pass ?? base;
    const score = pass.valueOf(curvature?.own === undefined ? site.logProbability : site.unitLogProbability);
    return { value: product(held, score), times: share };
  });
  const corrections = scores.flatMap(({ curvature }) =>
    curvature?.correction === undefined ? [] : [{ value: curvature.correction, times: share }],
  );
  return [
    ...weighted,
    ...corrections,
    ...(analytic === undefined ? [] : [{ value: product(analytic.held, analytic.mean), times: 1 }]),
    ...(pair === undefined ? [] : [{ value: product(pair.held, emitLogits(builder, site, base)), times: 1 }]),
  ];
}

/**
 * The value as a linear combination: sums, differences and products with constant numbers are taken apart, but for what is a term as it
 * stands. A term can be a product with a constant itself, where a site's parameter is one.
 */
function splitLinear(
  builder: ProgramBuilder,
  value: ValueId,
  isTerm: (value: ValueId) => boolean,
): ReadonlyMap<ValueId, number> {
  const terms = new Map<ValueId, number>();
  const split = (id: ValueId, times: number): void => {
    const definition = builder.definition(id);
    if (!('role' in definition) && !isTerm(id)) {
      const [first = id, second = id] = definition.args;
      switch (definition.kind) {
        case 'negate':
          split(first, -times);
          return;
        case 'add':
          split(first, times);
          split(second, times);
          return;
        case 'subtract':
          split(first, times);
          split(second, -times);
          return;
        case 'multiply': {
          const [left, right] = [constantOf(builder, first), constantOf(builder, second)];
          if (left !== undefined) split(second, times * left);
          else if (right !== undefined) split(first, times * right);
          else break;
          return;
        }
        default:
      }
    }
    // A constant has no derivative.
    if (isTerm(id) || constantOf(builder, id) === undefined) terms.set(id, (terms.get(id) ?? 0) + times);
  };
  split(value, 1);
  return terms;
}

function constantOf(builder: ProgramBuilder, value: ValueId): number | undefined {
  const definition = builder.definition(value);
  if ('role' in definition || definition.kind !== 'constant' || definition.shape.length > 0) return undefined;
  return definition.attributes.values[0];
}
