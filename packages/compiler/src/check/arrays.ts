/** Arrays: values of one shape behind one another along a new first axis, written out or made by a comprehension. */
import type { ArrayExpression, ComprehensionExpression } from '@sbn/dsl';
import type { TypedExpression } from '../typed-model.js';
import { Place } from './block.js';
import { report, type Context } from './context.js';
import { checkExpression } from './expressions.js';
import { stackValues } from './functions/layout.js';
import { reportTaken } from './local-names.js';
import { checkRange } from './ranges.js';
import { Scope } from './scope.js';
import { numberValue, type Checked } from './typed.js';

/** `[a, b, c]` */
export function checkArray(ctx: Context, { items, span }: ArrayExpression): Checked {
  const checked = items.map((item) => checkExpression(ctx, item));
  if (!checked.every((item) => item !== undefined)) return undefined;
  return stackItems(ctx, checked, [], span);
}

/** `[f(i) for i in 1..N]`: the item once for each value, its layers with parameters of their own each time. */
export function checkComprehension(ctx: Context, expression: ComprehensionExpression): Checked {
  const { item, variable, range, span } = expression;
  reportTaken(ctx, variable.name, variable.span, 'loop variable');
  const values = checkRange(ctx, range, 'comprehension');
  const place = ctx.place?.child('items');
  const checkItem = (value: number | undefined, first: boolean): Checked => {
    const scope = new Scope(ctx.scope);
    const number = value === undefined ? undefined : numberValue(value, variable.span);
    scope.declare(variable.name, { kind: 'local', what: 'loop variable', span: variable.span, value: number });
    const loops = [...ctx.loops, { variable: variable.name, value, first }];
    return checkExpression({ ...ctx, scope, loops, place: place && placeItem(place, value) }, item);
  };
  if (values === undefined) {
    checkItem(undefined, true);
    return undefined;
  }
  const items = values.map((value, index) => checkItem(value, index === 0));
  if (!items.every((each) => each !== undefined)) return undefined;
  const iterations = values.map((value) => `${variable.name} = ${value}`);
  return stackItems(ctx, items, iterations, span);
}

/** The value of the loop variable tells the layers of the iterations apart: `model.h.items[2].dense`. */
function placeItem({ block, path }: Place, value: number | undefined): Place {
  return new Place(block, `${path}[${value ?? '?'}]`);
}

/** `iterations` says of items that stand at one place in the text which they are. */
function stackItems(
  ctx: Context,
  items: readonly TypedExpression[],
  iterations: readonly string[],
  span: TypedExpression['span'],
): Checked {
  if (items.length > 0) return stackValues(ctx, 'an array', items, { axis: 0, span, iterations });
  report(ctx, 'SBN2045', {}, { span });
  return undefined;
}
