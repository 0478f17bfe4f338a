/** Families of sites: `h[1]`, `h[2]`, …, told apart by compile-time indices. */
import type { Expression, RangeExpression, Span, WholeAxis } from '@sbn/dsl';
import type { Block } from './block.js';
import { checkInteger } from './compile-time.js';
import { report, type Context } from './context.js';
import { siteValue } from './names.js';
import { countIndices, type FamilyEntry } from './scope.js';
import type { Checked } from './typed.js';

/** `h[2]`, `h[1,2]` */
function formatMember(name: string, indices: readonly number[]): string {
  return `${name}[${indices.join(',')}]`;
}

/** The id that the indices on the left of `~` give; undefined where one is no number. */
export function checkMemberId(ctx: Context, name: string, indices: readonly Expression[]): string | undefined {
  const numbers = indices.map((index) => checkInteger(ctx, index, { what: 'the index of a site' }));
  return numbers.every((number) => number !== undefined) ? formatMember(name, numbers) : undefined;
}

/** The member that the first indices of a use name, as a whole. */
export function checkFamilyMember(
  ctx: Context,
  family: FamilyEntry,
  indices: readonly (Expression | RangeExpression | WholeAxis)[],
  span: Span,
): Checked {
  const expressions = indices.filter((index): index is Expression => index.kind !== 'range' && index.kind !== 'whole');
  if (expressions.length < family.arity) {
    const related = [{ span: family.span, text: `\`${family.name}\` has ${countIndices(family.arity)} here` }];
    report(ctx, 'SBN3024', { name: family.name }, { span, related });
    return undefined;
  }
  const id = checkMemberId(ctx, family.name, expressions);
  const block = ctx.place?.block;
  if (id === undefined || block === undefined) return undefined;
  const site = block.sites.get(id);
  if (site !== undefined) return siteValue(id, site.type, span);
  if (!block.openFamilies.has(family.name)) reportUnknownMember(ctx, block, family, id, span);
  return undefined;
}

function reportUnknownMember(ctx: Context, block: Block, family: FamilyEntry, id: string, span: Span): void {
  const known = [...block.sites.values()].filter(({ name }) => name === family.name);
  const related = known.slice(-1).map((site) => ({ span: site.span, text: `\`${site.id}\` is sampled here` }));
  report(
    ctx,
    'SBN3023',
    { id },
    {
      span,
      related,
      notes: [`sampled so far: ${listMembers(known.map((site) => site.id))}`],
      hint:
        ctx.loops.length === 0
          ? undefined
          : 'statements run in order, and a loop in that of its range: `3..1` counts down',
    },
  );
}

function listMembers(ids: readonly string[]): string {
  if (ids.length === 0) return 'none';
  return ids.length <= 6 ? ids.join(', ') : `${ids.slice(0, 3).join(', ')}, …, ${ids.slice(-2).join(', ')}`;
}
