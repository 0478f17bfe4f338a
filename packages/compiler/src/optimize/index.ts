/** The passes over a program, in order. Each leaves the reference interpreter's result unchanged up to rounding. */
import { removeDeadCode, verifyProgram, type Program } from '@sbn/program';
import { delayBroadcasts } from './delay-broadcasts.js';
import { factorOut } from './factor-out.js';
import { foldConstants } from './fold-constants.js';
import { rewriteProgram, type CreateRule } from './rewrite.js';
import { shareProducts } from './share-products.js';
import { shareSigmoid } from './share-sigmoid.js';
import { shareSubexpressions } from './share-subexpressions.js';
import { simplify } from './simplify.js';
import { splitLogSums } from './split-log-sums.js';

/** Passes that look at one instruction at a time, and at what its operands are. */
const RULES: readonly { readonly name: string; readonly create: CreateRule }[] = [
  { name: 'share-sigmoid', create: () => shareSigmoid },
  { name: 'fold-constants', create: () => foldConstants },
  { name: 'delay-broadcasts', create: () => delayBroadcasts },
  { name: 'simplify', create: () => simplify },
  { name: 'share-subexpressions', create: shareSubexpressions },
  { name: 'factor-out', create: () => factorOut },
  { name: 'split-log-sums', create: () => splitLogSums },
  // What these two leave may be simpler, or there already.
  { name: 'simplify-again', create: () => simplify },
  { name: 'share-again', create: shareSubexpressions },
  { name: 'share-products', create: shareProducts },
];

export interface OptimizationPass {
  readonly name: string;
  readonly run: (program: Program) => Program;
}

/** Each by itself: one after the other they come to what `optimizeProgram` does. */
export const PASSES: readonly OptimizationPass[] = [
  ...RULES.map(({ name, create }) => ({
    name,
    run: (program: Program): Program => {
      const { drafts, outputs } = rewriteProgram(program, [create]);
      return drafts.finish(outputs);
    },
  })),
  { name: 'remove-dead-code', run: removeDeadCode },
];

/** All passes, those of one instruction at a time in a single walk: programs are long. */
export function optimizeProgram(program: Program): Program {
  const { drafts, outputs } = rewriteProgram(
    program,
    RULES.map(({ create }) => create),
  );
  const optimized = drafts.finishNeeded(outputs);
  // That each pass keeps the rules is for the tests to show: here the result counts, and the time.
  verifyProgram(optimized);
  return optimized;
}
