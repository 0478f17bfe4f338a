/** Arguments of a call, brought into the order of the parameters they are for. */
import { InternalError } from '@sbn/program';
import type { CallExpression, Span } from '@sbn/dsl';
import { report, type Context } from './context.js';
import { checkExpression } from './expressions.js';
import { didYouMean, listNames } from './suggestions.js';
import type { TypedExpression } from '../typed-model.js';
import type { Checked } from './typed.js';

export interface ParameterSpec {
  readonly name: string;
  readonly optional?: boolean;
  /** Takes all positional arguments that are left; always the last that can be positional. */
  readonly variadic?: boolean;
  readonly namedOnly?: boolean;
}

/** What can be called: its name, how a call is written, and its parameters. */
export interface Callee {
  readonly name: string;
  /** As in `dense(x, out)`, for messages. */
  readonly signature: string;
  readonly parameters: readonly ParameterSpec[];
}

/** The checked arguments of a call, by parameter. */
export class BoundArguments {
  readonly #values: ReadonlyMap<string, readonly TypedExpression[]>;

  constructor(values: ReadonlyMap<string, readonly TypedExpression[]>) {
    this.#values = values;
  }

  /** The value of a parameter that must be given. */
  get(name: string): TypedExpression {
    const value = this.optional(name);
    if (value === undefined) throw new InternalError(`no argument ${name}`);
    return value;
  }

  optional(name: string): TypedExpression | undefined {
    return this.#values.get(name)?.[0];
  }

  /** All values of a variadic parameter. */
  all(name: string): readonly TypedExpression[] {
    return this.#values.get(name) ?? [];
  }
}

/** Checks every argument and the list of them; undefined where any has a mistake. */
export function bindArguments(ctx: Context, call: CallExpression, callee: Callee): BoundArguments | undefined {
  const values = new Map<string, Checked[]>();
  const positional = assignPositional(ctx, call, callee, values);
  const named = assignNamed(ctx, call, callee, values);
  const missing = callee.parameters.filter(({ name, optional }) => optional !== true && !values.has(name));
  // A surplus or misspelt argument may be the one that is missing.
  if (missing.length > 0 && positional && named) {
    const names = listNames(missing.map(({ name }) => name));
    report(ctx, 'SBN2060', { callee: callee.name, names }, { span: call.span, hint: `write \`${callee.signature}\`` });
  }
  if (!positional || !named || missing.length > 0) return undefined;
  const complete = new Map<string, readonly TypedExpression[]>();
  for (const [name, list] of values) {
    if (!list.every((value) => value !== undefined)) return undefined;
    complete.set(name, list);
  }
  return new BoundArguments(complete);
}

function assignPositional(ctx: Context, call: CallExpression, callee: Callee, values: Map<string, Checked[]>): boolean {
  const places = callee.parameters.filter(({ namedOnly }) => namedOnly !== true);
  let first: Span | undefined;
  call.positional.forEach((argument, index) => {
    const value = checkExpression(ctx, argument);
    const last = places.at(-1);
    const place = places[index] ?? (last?.variadic === true ? last : undefined);
    if (place === undefined) first ??= argument.span;
    else values.set(place.name, [...(values.get(place.name) ?? []), value]);
  });
  if (first === undefined) return true;
  const count = { callee: callee.name, most: places.length, given: call.positional.length };
  report(ctx, 'SBN2061', count, { span: first, hint: `write \`${callee.signature}\`` });
  return false;
}

function assignNamed(ctx: Context, call: CallExpression, callee: Callee, values: Map<string, Checked[]>): boolean {
  let correct = true;
  const given = new Map<string, Span>();
  for (const {
    name: { name, span },
    value,
  } of call.named) {
    const checked = checkExpression(ctx, value);
    if (!callee.parameters.some((parameter) => parameter.name === name)) {
      const hint =
        didYouMean(
          name,
          callee.parameters.map((parameter) => parameter.name),
        ) ?? `write \`${callee.signature}\``;
      report(ctx, 'SBN2004', { callee: callee.name, name }, { span, hint });
      correct = false;
    } else if (values.has(name)) {
      const earlier =
        given.get(name) ?? call.positional[callee.parameters.findIndex((parameter) => parameter.name === name)]?.span;
      const related = earlier === undefined ? [] : [{ span: earlier, text: 'first given here' }];
      report(ctx, 'SBN2062', { name }, { span, related });
      correct = false;
    } else {
      values.set(name, [checked]);
      given.set(name, span);
    }
  }
  return correct;
}

/** Checks arguments whose callee is not known, for the mistakes in them. */
export function checkLooseArguments(ctx: Context, call: CallExpression): void {
  call.positional.forEach((argument) => checkExpression(ctx, argument));
  call.named.forEach(({ value }) => checkExpression(ctx, value));
}
