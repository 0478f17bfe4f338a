/** Sample statements: what is drawn or observed, from which distribution, and with which estimator. */
import type { SampleStatement, Span } from '@sbn/dsl';
import { DISTRIBUTIONS } from '../distributions/index.js';
import type { TypedSite, ValueType } from '../typed-model.js';
import { declareUnknownSites, Place, type Block, type SampledSite } from './block.js';
import { report, type Context } from './context.js';
import { checkDeclaredType } from './declared-types.js';
import { checkDistribution, latentDistributions, type DrawnFrom } from './distribution-call.js';
import { checkEstimator } from './estimator.js';
import { checkMemberId } from './families.js';
import { checkSize } from './numbers.js';
import { checkObserved } from './observed.js';
import { elementOfData, splitIndices } from './plates.js';
import { countIndices, describeEntry, type Entry } from './scope.js';
import { listNames } from './suggestions.js';
import type { RowType } from './value-types.js';

export function checkSample(ctx: Context, statement: SampleStatement): void {
  const { block } = ctx;
  if (block === undefined) {
    const hint = 'return the parameters, and sample in the model or the guide';
    report(ctx, 'SBN2068', { what: 'sampling in a function' }, { span: statement.targetSpan, hint });
    checkDistribution(ctx, statement.distribution);
    // That it is used afterwards is no second mistake.
    const { name, span } = statement.name;
    ctx.scope.declare(name, { kind: 'local', what: 'let', span, value: undefined });
    return;
  }
  const { name } = statement.name;
  const entry = ctx.scope.lookup(name);
  if (entry?.kind === 'data') checkObservation(ctx, block, statement, entry);
  else if (entry === undefined || entry.kind === 'site' || entry.kind === 'family')
    checkLatent(ctx, block, statement, entry);
  // A `let` or a loop variable with a site's name was reported where it is.
  else if (entry.kind === 'local') checkLatent(ctx, block, statement, undefined);
  else {
    const related = [{ span: entry.span, text: `\`${name}\` is ${describeEntry(entry)} here` }];
    report(ctx, 'SBN3025', { name, what: describeEntry(entry) }, { span: statement.targetSpan, related });
    checkDistribution({ ...ctx, place: new Place(block, name) }, statement.distribution);
  }
}

function checkLatent(ctx: Context, block: Block, statement: SampleStatement, entry: Entry | undefined): void {
  const { name, distribution, via } = statement;
  const indices = splitIndices(ctx, statement);
  if (indices === undefined) {
    checkDistribution({ ...ctx, place: new Place(block, name.name) }, distribution);
    declareUnknownSites(block, new Map([[name.name, name.span]]));
    return;
  }
  const id = indices.length === 0 ? name.name : checkMemberId(ctx, name.name, indices);
  const target: Target = { statement, id, indices: indices.length, entry };
  // A site that says its type can be read in its own distribution.
  const { type: typeExpression } = statement;
  const stated = typeExpression && checkDeclaredType(ctx, typeExpression);
  const whole = typeExpression && stated && inPlates(ctx, stated, typeExpression.span);
  const isNew = typeExpression === undefined || declareLatent(ctx, block, target, whole, undefined);
  const drawn = checkDistribution({ ...ctx, place: new Place(block, id ?? name.name) }, distribution);
  const estimator = via && checkEstimator(ctx, via);
  const type = drawn && latentType(ctx, drawn);
  const isDeclared = typeExpression === undefined ? declareLatent(ctx, block, target, type, drawn?.largest) : isNew;
  if (!isDeclared || id === undefined || drawn === undefined || type === undefined) return;
  if (typeExpression === undefined) {
    block.statements.push(makeSite(ctx, block, statement, id, 'latent', drawn, type, estimator));
    return;
  }
  if (stated === undefined || whole === undefined) return;
  if (!checkObserved(ctx, id, stated, typeExpression.span, drawn)) return;
  setLargest(block, id, drawn.largest);
  block.statements.push(makeSite(ctx, block, statement, id, 'latent', drawn, whole, estimator));
}

/** The left of a `~` in a block, its indices understood. */
interface Target {
  readonly statement: SampleStatement;
  /** `undefined` where an index has a mistake. */
  readonly id: string | undefined;
  /** How many indices there are beside those of plates. */
  readonly indices: number;
  readonly entry: Entry | undefined;
}

/** Makes the name known; false where it is taken or no site's. */
function declareLatent(
  ctx: Context,
  block: Block,
  { statement, id, indices, entry }: Target,
  type: ValueType | undefined,
  largest: number | undefined,
): boolean {
  const { name, span } = statement.name;
  if (!checkSameForm(ctx, statement, indices, entry)) return false;
  if (entry === undefined) {
    if (indices === 0) block.scope.declare(name, { kind: 'site', span, id: name, type });
    else block.scope.declare(name, { kind: 'family', span, name, arity: indices });
  }
  if (id === undefined) {
    block.openFamilies.add(name);
    return false;
  }
  const { targetSpan } = statement;
  return addSite(
    ctx,
    block,
    { id, name, role: 'latent', type, plates: ctx.plates, largest, span: targetSpan },
    'SBN3020',
  );
}

function makeSite(
  { plates }: Context,
  block: Block,
  { targetSpan, doc }: SampleStatement,
  id: string,
  role: TypedSite['role'],
  { name, parameters, largest, span }: DrawnFrom,
  type: ValueType,
  via: TypedSite['via'],
): TypedSite {
  return {
    kind: 'site',
    id,
    role,
    block: block.role,
    distribution: name,
    parameters,
    type,
    plates,
    largest,
    via,
    span: targetSpan,
    distributionSpan: span,
    doc,
  };
}

/** A name is one site or a family, and a family has one number of indices. */
function checkSameForm(
  ctx: Context,
  { name, targetSpan }: SampleStatement,
  indices: number,
  entry: Entry | undefined,
): boolean {
  const arity = entry?.kind === 'family' ? entry.arity : 0;
  if (entry === undefined || arity === indices) return true;
  const text =
    arity === 0
      ? `\`${name.name}\` is sampled without an index here`
      : `\`${name.name}\` has ${countIndices(arity)} here`;
  report(ctx, 'SBN3024', { name: name.name }, { span: targetSpan, related: [{ span: entry.span, text }] });
  return false;
}

function addSite(ctx: Context, block: Block, site: SampledSite, code: 'SBN3020' | 'SBN3021'): boolean {
  const first = block.sites.get(site.id);
  if (first === undefined) {
    block.sites.set(site.id, site);
    return true;
  }
  const again = first.span.start === site.span.start;
  const related = again ? [] : [{ span: first.span, text: 'first here' }];
  const hint = again && code === 'SBN3020' ? suggestIndices(ctx, site) : undefined;
  report(ctx, code, { id: site.id }, { span: site.span, related, hint });
  return false;
}

/** What is known only once the distribution is. */
function setLargest(block: Block, id: string, largest: number | undefined): void {
  const site = block.sites.get(id);
  if (site !== undefined) block.sites.set(id, { ...site, largest });
}

/** An index for each loop around tells the iterations apart. */
function suggestIndices(ctx: Context, { id, name }: SampledSite): string | undefined {
  const variables = new Set(ctx.loops.map(({ variable }) => variable));
  const given = id === name ? 0 : id.split(',').length;
  if (variables.size <= given) return undefined;
  return `give each iteration its own: \`${name}[${[...variables].join(', ')}]\``;
}

/** The type of the value drawn; only what can be relaxed to its mean can be latent. */
function latentType(ctx: Context, drawn: DrawnFrom): ValueType | undefined {
  if (DISTRIBUTIONS[drawn.name].latent) return inPlates(ctx, drawn, drawn.span);
  const possible = listNames(latentDistributions(), 'or');
  const hint = `a latent can be ${possible}; \`${drawn.name}\` is for data: declare \`data\` of the name on the left`;
  report(ctx, 'SBN3030', { name: drawn.name }, { span: drawn.nameSpan, hint });
  return undefined;
}

/** The type of all elements together. */
function inPlates(ctx: Context, { element, shape: own }: RowType, span: Span): ValueType | undefined {
  const shape = [...ctx.plates.map(({ size }) => size), ...own];
  return checkSize(ctx, shape, span) ? { element, shape, batched: true, plates: [] } : undefined;
}

function checkObservation(
  ctx: Context,
  block: Block,
  statement: SampleStatement,
  entry: { readonly span: Span; readonly type: ValueType | undefined },
): void {
  const { name, distribution, targetSpan, via } = statement;
  const declared = { span: entry.span, text: `\`${name.name}\` is data` };
  const indices = splitIndices(ctx, statement);
  if (block.role === 'guide') report(ctx, 'SBN3015', { name: name.name }, { span: targetSpan, related: [declared] });
  else if (indices !== undefined && indices.length > 0) {
    const hint = `write \`${[name.name, ...ctx.plates.map(({ variable }) => `[${variable}]`)].join('')} ~ …\``;
    report(ctx, 'SBN3026', { name: name.name }, { span: targetSpan, related: [declared], hint });
  }
  const { type } = entry;
  const { plates } = ctx;
  const [id, span] = [name.name, targetSpan];
  const isSite = block.role === 'model' && indices?.length === 0;
  // In its own distribution it is the site's value already.
  const isNew =
    isSite &&
    addSite(ctx, block, { id, name: id, role: 'observed', type, plates, largest: undefined, span }, 'SBN3021');
  const drawn = checkDistribution({ ...ctx, place: new Place(block, name.name) }, distribution);
  if (statement.type !== undefined) {
    const hint = `leave it out: \`${id} ~ …\``;
    report(ctx, 'SBN3035', { name: id }, { span: statement.type.span, related: [declared], hint });
  }
  if (via !== undefined) {
    checkEstimator(ctx, via);
    report(ctx, 'SBN3040', { id: name.name, why: 'is observed' }, { span: via.span, related: [declared] });
  }
  // What is observed with a mistake is observed all the same.
  if (indices === undefined && block.role === 'model') {
    declareUnknownSites(block, new Map([[name.name, name.span]]));
  }
  if (!isNew || drawn === undefined || type === undefined) return;
  setLargest(block, id, drawn.largest);
  const element = elementOfData(ctx, id, type, targetSpan, entry.span);
  if (element === undefined || !checkObserved(ctx, id, element, entry.span, drawn)) return;
  block.statements.push(makeSite(ctx, block, statement, id, 'observed', drawn, type, undefined));
}
