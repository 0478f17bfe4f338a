/** Names that a `let`, a loop, a plate or a comprehension gives, and what they may not hide. */
import type { Identifier } from '@sbn/dsl';
import { report, type Context } from './context.js';
import { describeEntry, type LocalEntry } from './scope.js';

/** Reports a new name that means something here already. */
export function reportTaken(
  ctx: Context,
  name: string,
  span: Identifier['span'],
  what: LocalEntry['what'] | 'plate variable',
): void {
  const existing = ctx.scope.lookup(name);
  const sampled = ctx.block?.planned.get(name);
  if (existing === undefined) {
    if (sampled === undefined) return;
    report(ctx, 'SBN2007', { name }, { span, related: [{ span: sampled, text: `\`${name}\` is sampled here` }] });
    return;
  }
  // A function does not know what the file around it calls its data and parameters.
  const isOutside = existing.kind === 'data' || existing.kind === 'param' || existing.kind === 'fn';
  if (isOutside && ctx.calls.length > 0) return;
  const related = [{ span: existing.span, text: `\`${name}\` is ${describeEntry(existing)} here` }];
  if (existing.kind === 'const')
    report(
      ctx,
      'SBN2008',
      { name, what: what === 'let' || what === 'param' ? `\`${what}\`` : what },
      { span, related },
    );
  else report(ctx, 'SBN2007', { name }, { span, related });
}
