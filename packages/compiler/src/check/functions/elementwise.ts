/** Functions that work on every element by itself. */
import { broadcastAll } from '../broadcast.js';
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

/** Stops derivatives; the value and its kind stay as they are. */
export const detach: FunctionDefinition = {
  signature: 'detach(x)',
  parameters: [{ name: 'x' }],
  check: ({ args, span }) => {
    const x = args.get('x');
    return x.kind === 'number' || x.kind === 'array' ? { ...x, span } : apply({ kind: 'detach' }, x.type, [x], span);
  },
};
