/** Indexing: members of families of sites, elements and slices of tensors, and contraction with one-hot values. */
import { at } from '@sbn/program';
import type { Expression, IndexExpression, RangeExpression, Span, WholeAxis } from '@sbn/dsl';
import { labelDeclarations } from './broadcast.js';
import { checkInteger } from './compile-time.js';
import { report, type Context } from './context.js';
import { checkFamilyMember } from './families.js';
import { checkExpression } from './expressions.js';
import { checkWholeName } from './names.js';
import { expectElements, reportComputedIndex, takeElements } from './plates.js';
import type { TypedExpression } from '../typed-model.js';
import { apply, arrayValue, numberValue, type Checked } from './typed.js';
import { countElements, formatType, nameAxis, withoutClasses } from './value-types.js';

type Index = Expression | RangeExpression | WholeAxis;

export function checkIndex(ctx: Context, { target, indices, span }: IndexExpression): Checked {
  const family = target.kind === 'name' ? ctx.scope.lookup(target.name) : undefined;
  if (family?.kind !== 'family') {
    const value = target.kind === 'name' ? checkWholeName(ctx, target) : checkExpression(ctx, target);
    return indexElements(ctx, value, indices, span);
  }
  const own = indices.slice(0, family.arity);
  const rest = indices.slice(family.arity);
  const member = checkFamilyMember(ctx, family, own, span);
  return indexElements(ctx, member, rest, span);
}

/** Variables of plates choose their element before the other indices are looked at. */
function indexElements(ctx: Context, target: Checked, indices: readonly Index[], span: Span): Checked {
  if (!expectElements(ctx, target, indices, span)) return undefined;
  const { value, rest } = takeElements(ctx, target, indices, span);
  return rest.length === 0 ? value : indexValue(ctx, value, rest, span);
}

/** What one index takes of its axis. */
interface Taken {
  readonly begin: number;
  readonly size: number;
  /** Between one entry and the next: below zero, from the last to the first. */
  readonly step: number;
  /** Whether the axis disappears. */
  readonly drop: boolean;
}

interface CheckedRange {
  readonly kind: 'range';
  readonly from: number;
  readonly to: number;
  /** 1 where none is given. */
  readonly step: number;
  readonly span: Span;
}

/** What an index stands for, before it is held against an axis. */
type CheckedIndex =
  | { readonly kind: 'whole' }
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | CheckedRange
  | { readonly kind: 'onehot'; readonly value: TypedExpression };

function indexValue(ctx: Context, target: Checked, indices: readonly Index[], span: Span): Checked {
  // All indices are checked, whatever else is wrong, for the mistakes in them.
  const checked = indices.map((index) => checkOneIndex(ctx, index));
  if (target === undefined || !checked.every((index) => index !== undefined)) return undefined;
  const [first, ...others] = checked;
  if (first?.kind !== 'onehot') return slice(ctx, target, checked, span);
  const picked = contract(ctx, target, first.value, span);
  if (picked === undefined || others.length === 0) return picked;
  // The axes of the index stand where the first axis of the table was.
  const lead = first.value.type.shape.slice(0, -1).map((): CheckedIndex => ({ kind: 'whole' }));
  return slice(ctx, picked, [...lead, ...others], span);
}

function checkOneIndex(ctx: Context, index: Index): CheckedIndex | undefined {
  if (index.kind === 'whole') return { kind: 'whole' };
  if (index.kind === 'range') return checkIndexRange(ctx, index);
  const value = checkExpression(ctx, index);
  if (value === undefined) return undefined;
  if (value.kind === 'number' && Number.isSafeInteger(value.value))
    return { kind: 'number', value: value.value, span: index.span };
  if (value.type.element.kind === 'onehot') return { kind: 'onehot', value };
  if (reportComputedIndex(ctx, value)) return undefined;
  const label = value.kind === 'number' ? `this is ${value.value}` : formatType(value.type);
  report(ctx, 'SBN2035', {}, { span: value.span, label });
  return undefined;
}

function checkIndexRange(ctx: Context, { from, to, step, span }: RangeExpression): CheckedRange | undefined {
  const first = checkInteger(ctx, from, { what: 'the bound of a range' });
  const last = checkInteger(ctx, to, { what: 'the bound of a range' });
  const stride = step === undefined ? 1 : checkInteger(ctx, step, { what: 'the step of a range' });
  if (stride === 0) {
    report(ctx, 'SBN2024', { what: 'slice' }, { span: step?.span ?? span });
    return undefined;
  }
  if (first === undefined || last === undefined || stride === undefined) return undefined;
  return { kind: 'range', from: first, to: last, step: stride, span };
}

/** `Σ_k onehot_k · table[k, …]` */
function contract(ctx: Context, table: TypedExpression, index: TypedExpression, span: Span): Checked {
  const [classes, ...rest] = table.type.shape;
  const lead = index.type.shape.slice(0, -1);
  const wanted = at(index.type.shape, lead.length);
  if (classes === wanted) {
    const element = withoutClasses(table.type.element);
    const shape = [...lead, ...rest];
    // What one-hot values keep of a table of one-hot rows is one-hot again.
    const kept = rest.length > 0 ? table.type.element : element;
    return apply({ kind: 'contract' }, { element: kept, shape }, [table, index], span);
  }
  const label = classes === undefined ? formatType(table.type) : `${formatType(table.type)}: first axis ${classes}`;
  report(
    ctx,
    'SBN2040',
    { classes: wanted },
    {
      span: table.span,
      label,
      related: [
        { span: index.span, text: `${formatType(index.type)}: ${wanted} classes` },
        ...labelDeclarations(ctx, [table, index]),
      ],
    },
  );
  return undefined;
}

function slice(ctx: Context, target: TypedExpression, indices: readonly CheckedIndex[], span: Span): Checked {
  const { shape, element } = target.type;
  if (indices.length > shape.length) {
    const related = labelDeclarations(ctx, [target]);
    const counts = { given: indices.length, axes: shape.length };
    report(ctx, 'SBN2034', counts, { span, label: formatType(target.type), related });
    return undefined;
  }
  const taken = shape.map((size, axis) => takeAxis(ctx, target, indices[axis] ?? { kind: 'whole' }, size, axis));
  if (!taken.every((part) => part !== undefined)) return undefined;
  if (taken.every((part, axis) => isWhole(part, at(shape, axis)))) return { ...target, span };
  const kept = taken.filter(({ drop }) => !drop).map(({ size }) => size);
  if (target.kind === 'array') return sliceArray(target.values, shape, taken, kept, span);
  const last = at(taken, taken.length - 1);
  const wholeClasses = isWhole(last, at(shape, shape.length - 1));
  const operation = {
    kind: 'slice',
    begin: taken.map(({ begin }) => begin),
    size: taken.map(({ size }) => size),
    step: taken.map(({ step }) => step),
    drop: taken.flatMap(({ drop }, axis) => (drop ? [axis] : [])),
  } as const;
  return apply(operation, { element: wholeClasses ? element : withoutClasses(element), shape: kept }, [target], span);
}

function isWhole({ size, step, drop }: Taken, length: number): boolean {
  return size === length && step === 1 && !drop;
}

function takeAxis(
  ctx: Context,
  target: TypedExpression,
  index: CheckedIndex,
  size: number,
  axis: number,
): Taken | undefined {
  const place = nameAxis(target.type.shape.length, axis);
  const outside = (value: number, where: Span): undefined => {
    const related = labelDeclarations(ctx, [target]);
    const label = `the ${place} of ${formatType(target.type)} has 0 to ${size - 1}`;
    const fromEnd = value < 0 && size + value >= 0 ? `count from the front: ${size + value}` : undefined;
    const fromOne = value === size ? `indices count from 0: the last is ${size - 1}` : undefined;
    report(ctx, 'SBN2033', { index: value, size }, { span: where, label, related, hint: fromEnd ?? fromOne });
    return undefined;
  };
  switch (index.kind) {
    case 'whole':
      return { begin: 0, size, step: 1, drop: false };
    case 'number':
      if (index.value < 0 || index.value >= size) {
        outside(index.value, index.span);
        return;
      }
      return { begin: index.value, size: 1, step: 1, drop: true };
    case 'range': {
      const { from, to, step, span } = index;
      const wrong = [from, to].find((bound) => bound < 0 || bound >= size);
      if (wrong !== undefined) {
        outside(wrong, span);
        return;
      }
      const count = Math.floor((to - from) / step) + 1;
      // A single entry has no step, nor has an axis of one.
      if (count > 0) return { begin: from, size: count, step: count === 1 ? 1 : step, drop: false };
      report(ctx, 'SBN2036', { from, to, step }, { span });
      return undefined;
    }
    case 'onehot':
      report(
        ctx,
        'SBN2035',
        {},
        {
          span: index.value.span,
          label: formatType(index.value.type),
          notes: ['a one-hot value can only be the first index'],
          hint: 'index once more: `table[0][k]`, or `transpose` the table',
        },
      );
      return undefined;
  }
}

/** Elements of an array known at compile time; a single one is a number, good for shapes too. */
function sliceArray(
  values: readonly number[],
  shape: readonly number[],
  taken: readonly Taken[],
  kept: readonly number[],
  span: Span,
): Checked {
  const visit = (axis: number, offset: number): readonly number[] => {
    const part = taken[axis];
    if (part === undefined) return [at(values, offset)];
    const stride = countElements(shape.slice(axis + 1));
    return Array.from({ length: part.size }, (_, index) =>
      visit(axis + 1, offset + (part.begin + index * part.step) * stride),
    ).flat();
  };
  const picked = visit(0, 0);
  return kept.length === 0 ? numberValue(at(picked, 0), span) : arrayValue(picked, kept, span);
}
