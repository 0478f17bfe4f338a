/** Functions that work on every element by itself. */
import { logGamma, stirlingRemainder } from '@sbn/program';
import { broadcastAll } from '../broadcast.js';
import { chooseBetween, expectCondition } from '../choose.js';
import { report } from '../context.js';
import { FOLD_UNARY } from '../fold.js';
import { foldNumber } from '../numbers.js';
import { apply, applyUnary, type Checked } from '../typed.js';
import { REAL } from '../value-types.js';
import type { FunctionCall, FunctionDefinition } from './definition.js';

/** A function of one value; of a number known at compile time, another such number. */
export function elementwise(name: keyof typeof FOLD_UNARY): FunctionDefinition {
  return {
    signature: `${name}(x)`,
    parameters: [{ name: 'x' }],
    check: ({ ctx, args, span }) => {
      const x = args.get('x');
      return x.kind === 'number' ? foldNumber(ctx, FOLD_UNARY[name](x.value), span) : applyUnary(name, x, span);
    },
  };
}

/** The larger or the smaller of two values, element by element. */
export function chooseOfTwo({ ctx, name, args, span }: FunctionCall, which: 'maximum' | 'minimum'): Checked {
  const [x, y] = [args.get('x'), args.get('y')];
  if (x.kind === 'number' && y.kind === 'number') {
    return foldNumber(ctx, which === 'maximum' ? Math.max(x.value, y.value) : Math.min(x.value, y.value), span);
  }
  const shape = broadcastAll(ctx, `\`${name}\``, [x, y]);
  return shape && apply({ kind: 'binary', name: which }, { element: REAL, shape }, [x, y], span);
}

/** log(eˣ + eʸ), of every pair of elements. */
export const logaddexp: FunctionDefinition = {
  signature: 'logaddexp(x, y)',
  parameters: [{ name: 'x' }, { name: 'y' }],
  check: ({ ctx, args, span }) => {
    const [x, y] = [args.get('x'), args.get('y')];
    if (x.kind === 'number' && y.kind === 'number') {
      const [low, high] = [Math.min(x.value, y.value), Math.max(x.value, y.value)];
      return foldNumber(ctx, high + Math.log1p(Math.exp(low - high)), span);
    }
    const shape = broadcastAll(ctx, '`logaddexp`', [x, y]);
    return shape && apply({ kind: 'special', name: 'logaddexp' }, { element: REAL, shape }, [x, y], span);
  },
};

/** log Γ or its derivative, of positive numbers. */
export function gammaFunction(name: 'lgamma' | 'digamma'): FunctionDefinition {
  return {
    signature: `${name}(x)`,
    parameters: [{ name: 'x' }],
    check: ({ ctx, args, span }) => {
      const x = args.get('x');
      if (x.kind !== 'number') {
        return apply({ kind: 'special', name }, { element: REAL, shape: x.type.shape }, [x], span);
      }
      const remainder = stirlingRemainder(x.value, 1);
      const value = name === 'lgamma' ? logGamma(x.value) : Math.log(x.value) - 0.5 / x.value + remainder;
      return foldNumber(ctx, value, span);
    },
  };
}

/** Each element, moved to the nearer end of an interval where it is outside. */
export const clip: FunctionDefinition = {
  signature: 'clip(x, low, high)',
  parameters: [{ name: 'x' }, { name: 'low' }, { name: 'high' }],
  check: ({ ctx, name, args, span }) => {
    const [x, low, high] = [args.get('x'), args.get('low'), args.get('high')];
    if (low.kind === 'number' && high.kind === 'number' && low.value > high.value) {
      const problem = `no number is both at least ${low.value} and at most ${high.value}`;
      report(
        ctx,
        'SBN2047',
        { callee: name, problem },
        { span: low.span, related: [{ span: high.span, text: 'less' }] },
      );
      return undefined;
    }
    if (x.kind === 'number' && low.kind === 'number' && high.kind === 'number') {
      return foldNumber(ctx, Math.min(Math.max(x.value, low.value), high.value), span);
    }
    const shape = broadcastAll(ctx, `\`${name}\``, [x, low, high]);
    const above = broadcastAll(ctx, `\`${name}\``, [x, low]);
    if (shape === undefined || above === undefined) return undefined;
    const raised = apply({ kind: 'binary', name: 'maximum' }, { element: REAL, shape: above }, [x, low], span);
    return apply({ kind: 'binary', name: 'minimum' }, { element: REAL, shape }, [raised, high], span);
  },
};

/** `where(c, a, b)` is `if c then a else b`. */
export const where: FunctionDefinition = {
  signature: 'where(condition, a, b)',
  parameters: [{ name: 'condition' }, { name: 'a' }, { name: 'b' }],
  check: ({ ctx, name, args, span }) => {
    const [test, a, b] = [args.get('condition'), args.get('a'), args.get('b')];
    if (test.kind === 'number') return { ...(test.value !== 0 ? a : b), span };
    return expectCondition(ctx, test) ? chooseBetween(ctx, `\`${name}\``, { test, a, b, span }) : undefined;
  },
};

/** Stops derivatives; the value and its kind stay as they are. */
export const detach: FunctionDefinition = {
  signature: 'detach(x)',
  parameters: [{ name: 'x' }],
  check: ({ args, span }) => {
    const x = args.get('x');
    return x.kind === 'number' || x.kind === 'array' ? { ...x, span } : apply({ kind: 'detach' }, x.type, [x], span);
  },
};
