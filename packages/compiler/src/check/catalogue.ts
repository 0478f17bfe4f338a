/** The catalogue of what the checker reports: SBN2xxx names, types and shapes, SBN3xxx sites, guides and objectives, SBN5xxx warnings. */
import { defineCatalogue, type Catalogue, type DiagnosticCode } from '@sbn/dsl';
import { DECLARATIONS } from './catalogue/declarations.js';
import { NAMES } from './catalogue/names.js';
import { NUMBERS } from './catalogue/numbers.js';
import { OBJECTIVES } from './catalogue/objectives.js';
import { PLATES } from './catalogue/plates.js';
import { SHAPES } from './catalogue/shapes.js';
import { SITES } from './catalogue/sites.js';
import { TRAINING } from './catalogue/training.js';
import { WARNINGS } from './catalogue/warnings.js';

const TABLE = {
  ...NAMES,
  ...NUMBERS,
  ...SHAPES,
  ...DECLARATIONS,
  ...OBJECTIVES,
  ...SITES,
  ...PLATES,
  ...TRAINING,
  ...WARNINGS,
};

export const CHECK_CATALOGUE = defineCatalogue(TABLE);

type Facts = typeof CHECK_CATALOGUE extends Catalogue<infer Inferred> ? Inferred : never;

export type CheckCode = keyof Facts & DiagnosticCode;

/** The facts that the sentences of a code need. */
export type CheckParams<Code extends CheckCode> = Facts[Code];
