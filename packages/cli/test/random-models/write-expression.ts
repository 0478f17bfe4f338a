/** Random expressions of a given shape. */
import { ARRAY_FORMS } from './array-forms.js';
import { ELEMENT_FORMS } from './element-forms.js';
import { LAYER_FORMS } from './layer-forms.js';
import { isSmall, type Region } from './region.js';
import type { Shape, Written } from './value.js';
import { writeLeaf } from './write-leaf.js';

/** Writes a value of the shape out of smaller ones; `undefined` where it cannot be of that shape here. */
export type Form = (writer: Writer, shape: Shape) => Written | undefined;

/** Attempts at a form that fits. */
const ATTEMPTS = 4;

export class Writer {
  readonly region: Region;
  /** How many operations are left on the way down. */
  readonly #depth: number;

  constructor(region: Region, depth: number) {
    this.region = region;
    this.#depth = depth;
  }

  /** A part of what is written. */
  part(shape: Shape, region: Region = this.region): Written {
    return writeExpression(region, shape, this.#depth - 1);
  }

  /** The same with a name alone, or a number. */
  leaf(shape: Shape): Written {
    return writeLeaf(this.region, shape);
  }
}

const FORMS: readonly Form[] = [...ELEMENT_FORMS, ...ARRAY_FORMS, ...LAYER_FORMS];

export function writeExpression(region: Region, shape: Shape, depth: number): Written {
  const { choices } = region.file;
  if (depth <= 0 || !isSmall(shape) || !choices.chance(85)) return writeLeaf(region, shape);
  const writer = new Writer(region, depth);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const written = choices.pickAny(FORMS)?.(writer, shape);
    if (written !== undefined) return written;
  }
  return writeLeaf(region, shape);
}
