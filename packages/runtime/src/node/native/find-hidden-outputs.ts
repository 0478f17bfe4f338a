/** Which outputs of a plan's stages are for what is computed after them, and need no digits of small numbers there. */
import { portKey, type Output, type Program } from '@sbn/program';
import { findNeededDigits } from '../../onnx/find-needed-digits.js';
import type { ElementwiseKernel } from '../../wasm/peel-elementwise.js';
import { PIECES, type NumberEnd } from './peel-numbers.js';

/** How a stage's output is called by what takes it. */
const takenAs = ({ name }: Pick<Output, 'name'>): string => `latent:${name}`;

/** `kernels` are taken off `whole`, which leaves `peeled`; `end` is taken off that. */
export function findHiddenOutputs(
  { program: whole, kernels }: { readonly program: Program; readonly kernels: readonly ElementwiseKernel[] },
  { program: peeled, end }: { readonly program: Program; readonly end: NumberEnd | undefined },
): (output: Output) => boolean {
  const ofWhole = findNeededDigits(whole);
  const hidden = new Set<string>(
    kernels.flatMap(({ operands }) => operands.filter(({ value }) => ofWhole[value] === 0).map(({ key }) => key)),
  );
  const isOfKernels = (output: Output): boolean => output.role === PIECES.role && hidden.has(takenAs(output));
  if (end === undefined) return isOfKernels;
  const ofPeeled = findNeededDigits(peeled, isOfKernels);
  // Constants and inputs are handed over by nobody.
  const areHidden = end.operands.every(({ kind, value }) => kind !== 'piece' || ofPeeled[value] === 0);
  return (output) => isOfKernels(output) || (areHidden && portKey(output) === portKey(PIECES));
}
