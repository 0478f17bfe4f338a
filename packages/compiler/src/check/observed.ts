/** Whether data are what their distribution gives. */
import { at } from '@sbn/program';
import type { Span } from '@sbn/dsl';
import { DISTRIBUTIONS, isDistributionName } from '../distributions/index.js';
import { report, type Context } from './context.js';
import { DISTRIBUTION_NAMES } from './library-names.js';
import type { DrawnFrom } from './distribution-call.js';
import { listNames } from './suggestions.js';
import { broadcastRows, countElements, formatType, sameShape, type RowType } from './value-types.js';

/** Reports, with both places, data of another kind than the distribution's or of a shape that its parameters do not stretch to. */
export function checkObserved(ctx: Context, name: string, declared: RowType, span: Span, drawn: DrawnFrom): boolean {
  const related = [{ span, text: `\`${name}\` is declared ${formatType(declared)} here` }];
  const label = `\`${drawn.name}\` gives ${formatType(drawn)}`;
  if (declared.element.kind !== drawn.element.kind) {
    const fitting = distributionsOf(declared);
    const kinds = { name, declared: declared.element.kind, given: drawn.element.kind };
    const hint = fitting.length === 0 ? undefined : `${declared.element.kind} data can be ${listNames(fitting, 'or')}`;
    report(ctx, 'SBN3031', kinds, { span: drawn.span, label, related, hint });
    return false;
  }
  const stretched = broadcastRows(drawn.shape, declared.shape);
  const fits = stretched.fits && sameShape(stretched.shape, declared.shape) && sameEvent(drawn, declared);
  if (!fits) {
    const wanted = declared.shape.join(', ');
    const hint =
      countElements(drawn.shape) === countElements(declared.shape)
        ? `\`reshape\` its parameters to [${wanted}], or declare it of shape [${drawn.shape.join(', ')}]`
        : `its parameters need the shape [${wanted}], or one that stretches to it`;
    report(ctx, 'SBN3032', { name }, { span: drawn.span, label, related, hint });
  }
  return fits;
}

/** The axes that make one draw do not stretch: an axis of classes is whole. */
function sameEvent(drawn: DrawnFrom, declared: RowType): boolean {
  const axes = DISTRIBUTIONS[drawn.name].eventAxes;
  return axes === 0 || at(drawn.shape, drawn.shape.length - 1) === declared.shape.at(-1);
}

function distributionsOf({ element }: RowType): readonly string[] {
  return DISTRIBUTION_NAMES.filter(
    (name) => isDistributionName(name) && DISTRIBUTIONS[name].support([1]).kind === element.kind,
  );
}
