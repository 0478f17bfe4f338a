/** Several estimators in one option: `muprop, nvil, muprop(order = 1, scale = learned)`. */
import { UsageError } from './exit.js';

/**
 * The items between the commas that stand outside of parentheses, each as after `via`.
 * @throws UsageError for an item that is empty or comes twice.
 */
export function splitEstimators(option: string, text: string): readonly string[] {
  const items: string[] = [];
  let depth = 0;
  let item = '';
  for (const character of text) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) {
      items.push(item.trim());
      item = '';
    } else item += character;
  }
  items.push(item.trim());
  const wayOut = `write names with commas between them, e.g. ${option} "muprop, nvil, muprop(order = 1)"`;
  if (items.includes('')) throw new UsageError(`${option}: there is an empty place in \`${text}\``, wayOut);
  const again = items.find((each, place) => items.indexOf(each) !== place);
  if (again !== undefined) throw new UsageError(`${option}: \`${again}\` is given twice`, 'name each estimator once');
  return items;
}
