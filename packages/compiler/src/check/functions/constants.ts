/** Arrays of numbers that are known at compile time. */
import { report, type Context } from '../context.js';
import { checkNumbers, expectInteger } from '../numbers.js';
import type { TypedExpression } from '../../typed-model.js';
import { apply, arrayValue, numberValue, type Checked } from '../typed.js';
import { countElements, formatType, REAL } from '../value-types.js';
import type { FunctionCall, FunctionDefinition } from './definition.js';

/** One number in every place: `zeros(2, 3)`. */
export function filled(name: string, value: number): FunctionDefinition {
  return {
    signature: `${name}(size, …)`,
    parameters: [{ name: 'sizes', variadic: true }],
    check: (call) => {
      const sizes = expectSizes(call, call.args.all('sizes'));
      return (
        sizes &&
        arrayValue(
          Array.from({ length: countElements(sizes) }, () => value),
          sizes,
          call.span,
        )
      );
    },
  };
}

/** Ones on the diagonal. */
export const eye: FunctionDefinition = {
  signature: 'eye(size)',
  parameters: [{ name: 'size' }],
  check: (call) => {
    const size = call.args.get('size');
    const sizes = expectSizes(call, [size, size]);
    const [n = 0] = sizes ?? [];
    return (
      sizes &&
      arrayValue(
        Array.from({ length: n * n }, (_, place) => Number(place % (n + 1) === 0)),
        sizes,
        call.span,
      )
    );
  },
};

/** A matrix with zeros above its diagonal. */
export const tril: FunctionDefinition = {
  signature: 'tril(x)',
  parameters: [{ name: 'x' }],
  check: ({ ctx, name, args, span }) => {
    const x = args.get('x');
    const [rows, columns] = x.type.shape;
    if (rows === undefined || columns === undefined || x.type.shape.length !== 2) {
      report(
        ctx,
        'SBN2047',
        { callee: name, problem: 'it takes a matrix' },
        { span: x.span, label: formatType(x.type) },
      );
      return undefined;
    }
    const isBelow = (place: number): boolean => place % columns <= Math.floor(place / columns);
    if (x.kind === 'array')
      return arrayValue(
        x.values.map((value, place) => (isBelow(place) ? value : 0)),
        x.type.shape,
        span,
      );
    // Row and column numbers compared, and not a mask of as many numbers as the matrix has.
    const numbers = (count: number, shape: readonly number[]): TypedExpression =>
      arrayValue(
        Array.from({ length: count }, (_, index) => index),
        shape,
        span,
      );
    const sides = [numbers(columns, [columns]), numbers(rows, [rows, 1])];
    const mask = apply({ kind: 'binary', name: 'less_equal' }, { element: REAL, shape: [rows, columns] }, sides, span);
    return apply({ kind: 'select' }, { element: REAL, shape: x.type.shape }, [mask, x, numberValue(0, span)], span);
  },
};

/** `one_hot(2, 4)` is `[0, 0, 1, 0]`; an array of classes gives a one-hot vector for each. */
export const one_hot: FunctionDefinition = {
  signature: 'one_hot(class, classes)',
  parameters: [{ name: 'class' }, { name: 'classes' }],
  check: (call) => {
    const { ctx, name, args, span } = call;
    const chosen = args.get('class');
    const classes = expectInteger(ctx, args.get('classes'), { what: 'a number of classes', least: 1 });
    if (classes === undefined) return undefined;
    if (chosen.kind !== 'number' && chosen.kind !== 'array') {
      const problem = 'its class is not known at compile time';
      const hint = `declare such data as \`onehot[${classes}]\`: labels 0, 1, … are converted when they are read`;
      report(ctx, 'SBN2047', { callee: name, problem }, { span: chosen.span, label: formatType(chosen.type), hint });
      return undefined;
    }
    const labels = chosen.kind === 'number' ? [chosen.value] : chosen.values;
    const wrong = labels.find((label) => !Number.isSafeInteger(label) || label < 0 || label >= classes);
    if (wrong !== undefined) {
      const problem = `classes are the whole numbers from 0 to ${classes - 1}, and ${wrong} is none of them`;
      report(ctx, 'SBN2047', { callee: name, problem }, { span: chosen.span });
      return undefined;
    }
    const shape = [...chosen.type.shape, classes];
    if (!expectFew(ctx, shape, span)) return undefined;
    const values = labels.flatMap((label) => Array.from({ length: classes }, (_, k) => Number(k === label)));
    return asOneHot(arrayValue(values, shape, span), classes);
  },
};

function asOneHot(value: TypedExpression, classes: number): Checked {
  return { ...value, type: { ...value.type, element: { kind: 'onehot', classes } } };
}

function expectSizes({ ctx, span }: FunctionCall, given: readonly TypedExpression[]): readonly number[] | undefined {
  const sizes = given.map((size) => expectInteger(ctx, size, { what: 'the size of an axis', least: 1 }));
  if (!sizes.every((size) => size !== undefined)) return undefined;
  return expectFew(ctx, sizes, span) ? sizes : undefined;
}

function expectFew(ctx: Context, shape: readonly number[], span: FunctionCall['span']): boolean {
  return checkNumbers(ctx, shape, span, 'a single number stretches to any shape, and `param` holds what is trained');
}
