/** Values of one shape behind one another, along an axis of their own. */
import { at } from '@sbn/program';
import { labelDeclarations } from '../broadcast.js';
import { report } from '../context.js';
import { expectInteger } from '../numbers.js';
import { apply, arrayValue } from '../typed.js';
import { formatType, sameElement, sameShape, REAL, withoutClasses } from '../value-types.js';
import type { FunctionDefinition } from './definition.js';
import { layOut } from './layout.js';

/** The new axis is the first, or the one given, counted in the result. */
export const stack: FunctionDefinition = {
  signature: 'stack(a, b, …, axis = n)',
  parameters: [
    { name: 'values', variadic: true },
    { name: 'axis', optional: true, namedOnly: true },
  ],
  check: ({ ctx, name, args, span }) => {
    const values = args.all('values');
    const first = at(values, 0);
    const { shape, element } = first.type;
    const given = args.optional('axis');
    const axis = given === undefined ? 0 : expectInteger(ctx, given, { what: 'an axis', least: 0 });
    if (axis === undefined) return undefined;
    const wrong = values.find(({ type }) => !sameShape(type.shape, shape));
    if (wrong !== undefined) {
      const related = [{ span: first.span, text: formatType(first.type) }, ...labelDeclarations(ctx, [first, wrong])];
      const options = { span: wrong.span, label: formatType(wrong.type), related };
      report(ctx, 'SBN2047', { callee: name, problem: 'the values differ in their shapes' }, options);
      return undefined;
    }
    if (axis > shape.length) {
      const problem = `the result has ${shape.length + 1} axes, counted from 0, and no axis ${axis}`;
      report(ctx, 'SBN2047', { callee: name, problem }, { span: given?.span ?? span });
      return undefined;
    }
    const before = shape.slice(0, axis);
    const after = shape.slice(axis);
    const stacked = [...before, values.length, ...after];
    const known = values.map((value) =>
      value.kind === 'number' ? [value.value] : value.kind === 'array' ? value.values : undefined,
    );
    if (axis === 0 && known.every((numbers) => numbers !== undefined)) return arrayValue(known.flat(), stacked, span);
    const rows = values.map((value) => layOut(value, [...before, 1, ...after], value.span));
    const [row] = rows;
    if (row !== undefined && rows.length === 1) return { ...row, span };
    const kinds = values.map(({ type }) => (after.length === 0 ? withoutClasses(type.element) : type.element));
    const kind = after.length === 0 ? withoutClasses(element) : element;
    const common = kinds.every((other) => sameElement(other, kind)) ? kind : REAL;
    return apply({ kind: 'concat', axis }, { element: common, shape: stacked }, rows, span);
  },
};
