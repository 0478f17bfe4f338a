/** The passes over a program, in order. Each leaves the reference interpreter's result unchanged up to rounding. */
import { removeDeadCode, verifyProgram, type Program } from '@sbn/program';
import { foldConstants } from './fold-constants.js';
import { shareSigmoid } from './share-sigmoid.js';
import { shareSubexpressions } from './share-subexpressions.js';
import { simplify } from './simplify.js';

export const PASSES: readonly { readonly name: string; readonly run: (program: Program) => Program }[] = [
  { name: 'remove-dead-code', run: removeDeadCode },
  { name: 'share-sigmoid', run: shareSigmoid },
  { name: 'fold-constants', run: foldConstants },
  { name: 'simplify', run: simplify },
  { name: 'share-subexpressions', run: shareSubexpressions },
  { name: 'remove-dead-code', run: removeDeadCode },
];

export function optimizeProgram(program: Program): Program {
  const optimized = PASSES.reduce((current, pass) => pass.run(current), program);
  // That each pass keeps the rules is for the tests to show: here the result counts, and the time.
  verifyProgram(optimized);
  return optimized;
}
