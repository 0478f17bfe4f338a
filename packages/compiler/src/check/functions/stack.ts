/** Values of one shape behind one another, along an axis of their own. */
import { at } from '@sbn/program';
import { report } from '../context.js';
import { expectInteger } from '../numbers.js';
import type { FunctionDefinition } from './definition.js';
import { stackValues } from './layout.js';

/** The new axis is the first, or the one given, counted in the result. */
export const stack: FunctionDefinition = {
  signature: 'stack(a, b, …, axis = n)',
  parameters: [
    { name: 'values', variadic: true },
    { name: 'axis', optional: true, namedOnly: true },
  ],
  check: ({ ctx, name, args, span }) => {
    const values = args.all('values');
    const given = args.optional('axis');
    const axis = given === undefined ? 0 : expectInteger(ctx, given, { what: 'an axis', least: 0 });
    if (axis === undefined) return undefined;
    const rank = at(values, 0).type.shape.length;
    if (axis <= rank) return stackValues(ctx, '`stack`', values, { axis, span, iterations: [] });
    const problem = `the result has ${rank + 1} axes, counted from 0, and no axis ${axis}`;
    report(ctx, 'SBN2047', { callee: name, problem }, { span: given?.span ?? span });
    return undefined;
  },
};
