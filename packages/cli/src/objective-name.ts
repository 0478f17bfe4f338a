/** What the number that is minimised is called, and its unit. */
import type { Objective } from '@sbn/program';

export interface ObjectiveName {
  readonly name: string;
  /** `nats`, or empty. */
  readonly unit: string;
}

export function nameObjective(objective: Objective): ObjectiveName {
  switch (objective.kind) {
    case 'bound':
      return { name: 'negative bound', unit: 'nats' };
    case 'cost':
      return { name: objective.sign === 1 ? 'cost' : 'negative objective', unit: '' };
  }
}
