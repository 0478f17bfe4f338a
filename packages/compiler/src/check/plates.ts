/**
 * Plates: statements for every element of an axis, all at once. In a plate, `x[i]` is the plate's own element of `x`; what is drawn in
 * it can be used in no other way before the plate ends, so that elements are independent.
 */
import type { Expression, RangeExpression, SampleStatement, Span, WholeAxis } from '@sbn/dsl';
import { at } from '@sbn/program';
import type { Plate, TypedExpression, ValueType } from '../typed-model.js';
import { labelDeclarations } from './broadcast.js';
import { report, sourceAt, type Context } from './context.js';
import { checkNumbers } from './numbers.js';
import { apply, arrayValue, type Checked } from './typed.js';
import { formatType, nameAxis, withoutClasses } from './value-types.js';

type Index = Expression | RangeExpression | WholeAxis;

/** The number of the element, from 0: `i` as a value. */
export function elementNumber(ctx: Context, plate: Plate, span: Span): Checked {
  if (!checkNumbers(ctx, [plate.size], span, 'declare such numbers as data, and index them by the plate'))
    return undefined;
  const numbers = Array.from({ length: plate.size }, (_, index) => index);
  return takeElement(arrayValue(numbers, [plate.size], span), plate, 0, span);
}

function takeElement(value: TypedExpression, plate: Plate, axis: number, span: Span): TypedExpression {
  const { element, shape } = value.type;
  const rest = shape.filter((_, other) => other !== axis);
  const kept = axis === shape.length - 1 ? withoutClasses(element) : element;
  return apply({ kind: 'element', plate, axis }, { element: kept, shape: rest }, [value], span);
}

/** The plates around that a site is drawn in, outermost first. */
function openPlates(ctx: Context, value: TypedExpression): readonly Plate[] {
  if (value.kind !== 'site') return [];
  const plates = ctx.place?.block.sites.get(value.id)?.plates ?? [];
  return plates.filter((plate) => ctx.plates.includes(plate));
}

/** Reports a site that is used as a whole in its own plate. */
export function expectClosed(ctx: Context, value: Checked): Checked {
  if (value === undefined) return undefined;
  return expectElements(ctx, value, [], value.span) ? value : undefined;
}

/** The first indices of a site that is used in its own plates must be their variables. */
export function expectElements(ctx: Context, value: Checked, indices: readonly Index[], span: Span): boolean {
  if (value?.kind !== 'site') return true;
  const open = openPlates(ctx, value);
  if (open.every((plate, place) => indices[place] !== undefined && plateOf(ctx, indices[place]) === plate)) return true;
  const wanted = writeElement(value.id, open);
  const computed = indices.map((index) => computedFrom(ctx, index)).find((plate) => plate !== undefined);
  const hint =
    computed === undefined ? `write \`${wanted}\`` : 'where elements depend on one another, write a `for` loop';
  report(ctx, 'SBN3061', { name: value.id, plate: at(open, 0).variable }, { span, hint });
  return false;
}

/** `z[i, j]`, `h[2, i]` */
function writeElement(id: string, plates: readonly Plate[]): string {
  const variables = plates.map(({ variable }) => variable).join(', ');
  return id.endsWith(']') ? `${id.slice(0, -1)}, ${variables}]` : `${id}[${variables}]`;
}

/** The plate whose variable an index is. */
function plateOf(ctx: Context, index: Index): Plate | undefined {
  const entry = index.kind === 'name' ? ctx.scope.lookup(index.name) : undefined;
  return entry?.kind === 'plate' ? entry.plate : undefined;
}

/** The plate whose variable is an operand of an index. */
function computedFrom(ctx: Context, index: Index): Plate | undefined {
  if (index.kind === 'binary') return computedFrom(ctx, index.left) ?? computedFrom(ctx, index.right);
  return index.kind === 'unary' ? computedFrom(ctx, index.operand) : plateOf(ctx, index);
}

/** Reports an index that differs between the elements of a plate and is no variable of one. */
export function reportComputedIndex(ctx: Context, { type, span }: TypedExpression): boolean {
  const [plate] = type.plates;
  if (plate === undefined || type.batched || type.element.kind === 'onehot') return false;
  report(ctx, 'SBN3064', { plate: plate.variable }, { span });
  return true;
}

/** The elements that the variables of plates among the indices choose, and the indices that are left. */
export function takeElements(
  ctx: Context,
  target: Checked,
  indices: readonly Index[],
  span: Span,
): { readonly value: Checked; readonly rest: readonly Index[] } {
  let value = target;
  let taken = 0;
  const rest = indices.filter((index, place) => {
    const plate = plateOf(ctx, index);
    if (plate === undefined) return true;
    value = value && checkElement(ctx, value, plate, place - taken, index.span, span);
    taken += 1;
    return false;
  });
  return { value, rest };
}

function checkElement(
  ctx: Context,
  value: TypedExpression,
  plate: Plate,
  axis: number,
  indexSpan: Span,
  span: Span,
): Checked {
  const { shape, plates } = value.type;
  const size = shape[axis];
  const related = labelDeclarations(ctx, [value]);
  if (size === undefined) {
    report(ctx, 'SBN2034', { given: axis + 1, axes: shape.length }, { span, label: formatType(value.type), related });
    return undefined;
  }
  if (plates.includes(plate)) {
    report(ctx, 'SBN3065', { plate: plate.variable }, { span: indexSpan });
    return undefined;
  }
  if (size === plate.size) return takeElement(value, plate, axis, span);
  const label = `the ${nameAxis(shape.length, axis)} of ${formatType(value.type)}`;
  reportSize(ctx, plate, size, indexSpan, label, related);
  return undefined;
}

function reportSize(
  ctx: Context,
  plate: Plate,
  size: number,
  span: Span,
  label: string,
  related: ReturnType<typeof labelDeclarations>,
): void {
  const entry = ctx.scope.lookup(plate.variable);
  const declared = entry === undefined ? [] : [{ span: entry.span, text: `\`${plate.variable}\` in ${plate.size}` }];
  const params = { plate: plate.variable, elements: plate.size, size };
  report(ctx, 'SBN3062', params, { span, label, related: [...declared, ...related] });
}

/** The indices on the left of a `~` that are no variables of plates; undefined where those of the plates around are not as they must be. */
export function splitIndices(
  ctx: Context,
  { name, indices, targetSpan }: SampleStatement,
): readonly Expression[] | undefined {
  const own = indices.length - ctx.plates.length;
  const isRight = own >= 0 && ctx.plates.every((plate, place) => plateOf(ctx, at(indices, own + place)) === plate);
  if (isRight) return indices.slice(0, own);
  const expected = ctx.plates.map(({ variable }) => variable).join(', ');
  const family = indices.filter((index) => computedFrom(ctx, index) === undefined);
  const written = family.map(({ span }) => sourceAt(ctx, span) ?? '…');
  const hint = `write \`${name.name}[${[...written, expected].join(', ')}] ~ …\``;
  report(ctx, 'SBN3060', { name: name.name, expected }, { span: targetSpan, hint });
  return undefined;
}

/** The type of one element of data that are observed in plates. */
export function elementOfData(
  ctx: Context,
  name: string,
  type: ValueType,
  span: Span,
  declared: Span,
): ValueType | undefined {
  const { plates } = ctx;
  const label = formatType(type);
  const related = [{ span: declared, text: `\`${name}\` is declared ${label} here` }];
  if (plates.length > type.shape.length) {
    report(ctx, 'SBN2034', { given: plates.length, axes: type.shape.length }, { span, label, related });
    return undefined;
  }
  const axis = plates.findIndex(({ size }, place) => size !== type.shape[place]);
  const wrong = plates[axis];
  if (wrong !== undefined) {
    reportSize(ctx, wrong, at(type.shape, axis), span, label, related);
    return undefined;
  }
  const shape = type.shape.slice(plates.length);
  return { ...type, element: shape.length === 0 ? withoutClasses(type.element) : type.element, shape };
}
