/** Images of fewer pixels: the largest, or the mean, of each square of them. */
import { report } from '../context.js';
import { expectImage } from '../conv2d.js';
import { expectInteger } from '../numbers.js';
import { apply } from '../typed.js';
import { REAL } from '../value-types.js';
import type { FunctionDefinition } from './definition.js';
import { layOut } from './layout.js';

/** Squares of `size · size` pixels beside one another, each channel by itself. */
export function pooling(name: 'max_pool2d' | 'mean_pool2d'): FunctionDefinition {
  return {
    signature: `${name}(x, size)`,
    parameters: [{ name: 'x' }, { name: 'size' }],
    check: ({ ctx, args, span }) => {
      const size = expectInteger(ctx, args.get('size'), { what: 'the side of a square', least: 1 });
      const image = expectImage(ctx, name, args.get('x'));
      if (size === undefined || image === undefined) return undefined;
      const { value, height, width, channels } = image;
      if (height % size !== 0 || width % size !== 0) {
        const problem = `${height} by ${width} pixels are no whole number of squares of ${size}`;
        const whole = (length: number): string => `0..${length - (length % size) - 1}`;
        const hint =
          height < size || width < size ? undefined : `cut the rest off: \`x[${whole(height)}, ${whole(width)}]\``;
        report(ctx, 'SBN2047', { callee: name, problem }, { span, hint });
        return undefined;
      }
      const [rows, columns] = [height / size, width / size];
      const squares = layOut(value, [rows, size, columns, size, channels], span);
      const operation = { kind: 'reduce', name: name === 'max_pool2d' ? 'max' : 'mean', axes: [1, 3] } as const;
      return apply(operation, { element: REAL, shape: [rows, columns, channels] }, [squares], span);
    },
  };
}
