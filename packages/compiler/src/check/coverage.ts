/** Whether the blocks and the objective belong together: the guide covers the model, and something is learned from. */
import type { ObjectiveDeclaration, Span } from '@sbn/dsl';
import type { TypedSite } from '../typed-model.js';
import type { Block, SampledSite } from './block.js';
import { moduleContext, report, type Context, type Session } from './context.js';
import { boundOf, type BoundName } from './objective.js';
import { formatType, sameShape, sameType } from './value-types.js';

/** Requires checked blocks. Sites with a mistake of their own are taken as they may have been meant. */
export function checkCoverage(session: Session, declaration: ObjectiveDeclaration): void {
  const ctx = moduleContext(session);
  const { model, guide } = session.blocks;
  if (model === undefined) return;
  const bound = boundOf(declaration);
  if (bound !== undefined) checkSomethingObserved(ctx, declaration, model, bound);
  // Without a guide, several draws come from the model as one does.
  if (bound === 'iwae' && guide === undefined) return;
  if (bound !== 'elbo' && bound !== 'iwae') {
    if (guide !== undefined) reportUnusedGuide(ctx, declaration, guide, bound);
    return;
  }
  if (guide === undefined) {
    checkNeedsNoGuide(ctx, declaration, model);
    return;
  }
  checkMissing(ctx, model, guide);
  checkExtra(ctx, model, guide);
  checkMatching(ctx, model, guide);
  checkVia(ctx, model, guide);
}

const latents = (block: Block): readonly SampledSite[] =>
  [...block.sites.values()].filter(({ role }) => role === 'latent');

function checkSomethingObserved(ctx: Context, { value }: ObjectiveDeclaration, model: Block, bound: BoundName): void {
  const isObserved = [...model.sites.values()].some(({ role }) => role === 'observed');
  if (isObserved) return;
  const related = [{ span: model.keyword, text: 'no data name is on the left of a `~` in this model' }];
  report(ctx, 'SBN3005', { bound }, { span: value.span, related });
}

function reportUnusedGuide(
  ctx: Context,
  { value }: ObjectiveDeclaration,
  guide: Block,
  bound: BoundName | undefined,
): void {
  const objective = bound === undefined ? 'a cost' : `\`${bound}\``;
  report(
    ctx,
    'SBN3011',
    { objective },
    {
      span: guide.keyword,
      related: [{ span: value.span, text: `${objective} draws the latents from the model` }],
      hint: bound === undefined ? 'leave the guide out' : 'write `maximize elbo`, or leave the guide out',
    },
  );
}

function checkNeedsNoGuide(ctx: Context, { value }: ObjectiveDeclaration, model: Block): void {
  const sites = latents(model);
  if (sites.length === 0) return;
  const related = sites.slice(0, 3).map(({ id, span }) => ({ span, text: `\`${id}\` is latent` }));
  const hint = 'add `guide { … }` that samples the same names from the data, or write `maximize likelihood`';
  report(ctx, 'SBN3010', {}, { span: value.span, related, hint });
}

function checkMissing(ctx: Context, model: Block, guide: Block): void {
  for (const site of latents(model)) {
    if (guide.sites.has(site.id) || guide.openFamilies.has(site.name)) continue;
    const sampled = [...guide.sites.values()].filter(({ name }) => name === site.name).map(({ id }) => id);
    report(
      ctx,
      'SBN3012',
      { id: site.id },
      {
        span: site.span,
        label: site.type === undefined ? 'sampled here' : `sampled here: ${formatType(site.type)}`,
        related: [{ span: guide.keyword, text: `the guide does not sample \`${site.id}\`` }],
        notes: sampled.length === 0 ? [] : [`the guide samples ${sampled.join(', ')}`],
        hint: `add \`${site.id} ~ …\` to the guide`,
      },
    );
  }
}

function checkExtra(ctx: Context, model: Block, guide: Block): void {
  for (const site of latents(guide)) {
    if (model.sites.has(site.id) || model.openFamilies.has(site.name)) continue;
    report(
      ctx,
      'SBN3013',
      { id: site.id },
      {
        span: site.span,
        related: [{ span: model.keyword, text: `the model does not sample \`${site.id}\`` }],
        hint: `sample \`${site.id}\` in the model too, or use \`let\` for a value that is no latent`,
      },
    );
  }
}

function checkMatching(ctx: Context, model: Block, guide: Block): void {
  for (const site of latents(guide)) {
    const other = model.sites.get(site.id);
    if (other?.role !== 'latent' || site.type === undefined || other.type === undefined) continue;
    const same = sameType(site.type, other.type);
    if (same && !samePlates(site, other)) reportPlates(ctx, site, other);
    else if (same) {
      checkReach(ctx, site, other);
    } else reportTypes(ctx, site, other);
  }
}

function samePlates(a: SampledSite, b: SampledSite): boolean {
  return sameShape(sizesOf(a), sizesOf(b));
}

function sizesOf({ plates }: SampledSite): readonly number[] {
  return plates.map(({ size }) => size);
}

function reportPlates(ctx: Context, site: SampledSite, other: SampledSite): void {
  const describe = (of: SampledSite, block: string): string =>
    of.plates.length === 0
      ? `in no plate in the ${block}`
      : `in the ${block} in plates of ${sizesOf(of).join(' and ')} elements`;
  const related = [{ span: other.span, text: describe(other, 'model') }];
  report(ctx, 'SBN3063', { id: site.id }, { span: site.span, label: describe(site, 'guide'), related });
}

function reportTypes(ctx: Context, { id, span, type }: SampledSite, other: SampledSite): void {
  if (type === undefined || other.type === undefined) return;
  const related = [{ span: other.span, text: `${formatType(other.type)} in the model` }];
  report(ctx, 'SBN3014', { id }, { span, label: `${formatType(type)} in the guide`, related });
}

/** What the guide draws must have a probability in the model: elsewhere the bound is minus infinity. */
function checkReach(ctx: Context, guide: SampledSite, model: SampledSite): void {
  if (model.largest === undefined || (guide.largest ?? Infinity) <= model.largest) return;
  const drawn = guide.largest === undefined ? 'counts without an end' : `counts up to ${guide.largest}`;
  report(
    ctx,
    'SBN3017',
    { id: guide.id },
    {
      span: guide.span,
      label: `${drawn} in the guide`,
      related: [{ span: model.span, text: `counts up to ${model.largest} in the model` }],
      hint: `draw it from \`binomial(${model.largest}, …)\` in the guide`,
    },
  );
}

/** With a guide, the model draws no latents, so its sites have nothing to estimate. */
function checkVia(ctx: Context, model: Block, guide: Block): void {
  const sites = model.statements.filter((statement): statement is TypedSite => statement.kind === 'site');
  for (const { via, id } of sites) {
    if (via === undefined) continue;
    const drawn: Span = guide.sites.get(id)?.span ?? guide.keyword;
    report(
      ctx,
      'SBN3040',
      { id, why: 'is drawn from the guide' },
      {
        span: via.span,
        related: [{ span: drawn, text: `\`${id}\` is drawn here` }],
        hint: 'move the `via` to the guide',
      },
    );
  }
}
