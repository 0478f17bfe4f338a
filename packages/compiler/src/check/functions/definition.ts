/** What a function of the language must say of itself. */
import type { Span } from '@sbn/dsl';
import type { BoundArguments, ParameterSpec } from '../arguments.js';
import type { Context } from '../context.js';
import type { Checked } from '../typed.js';

export interface FunctionCall {
  readonly ctx: Context;
  readonly name: string;
  readonly args: BoundArguments;
  readonly span: Span;
}

export interface FunctionDefinition {
  /** As in `sum(x, axis = n)`, for messages. */
  readonly signature: string;
  readonly parameters: readonly ParameterSpec[];
  /** The typed expression of a call, or undefined after a diagnostic. */
  readonly check: (call: FunctionCall) => Checked;
}
