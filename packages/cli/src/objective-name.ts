/** What the number that is minimised is called, and its unit. */
import type { Objective } from '@sbn/program';
import { formatNumber } from './numbers.js';

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

/** `negative bound 124.23 nats` */
export function formatLoss({ name, unit }: ObjectiveName, loss: number): string {
  return [name, formatNumber(loss), ...(unit === '' ? [] : [unit])].join(' ');
}
