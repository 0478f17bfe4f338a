/** The roles of inputs and outputs as values, for those who read them from text. */
import type { InputRole, OutputRole } from './program.js';

const INPUT_ROLES: Readonly<Record<InputRole, true>> = {
  parameter: true,
  state: true,
  data: true,
  noise: true,
  latent: true,
  weight: true,
  hyper: true,
};

const OUTPUT_ROLES: Readonly<Record<OutputRole, true>> = {
  loss: true,
  gradient: true,
  state: true,
  parameter: true,
  parameter_sum: true,
  term: true,
  signal_mean: true,
  signal_square: true,
  log_weight: true,
  log_probability: true,
  cost: true,
  sample: true,
  mean: true,
  site_gradient: true,
  site_score: true,
  site_cost: true,
};

export function isInputRole(role: string): role is InputRole {
  return Object.hasOwn(INPUT_ROLES, role);
}

export function isOutputRole(role: string): role is OutputRole {
  return Object.hasOwn(OUTPUT_ROLES, role);
}
