/** The catalogue of syntax errors, SBN1xxx. */
import { SPELLING } from './catalogue-spelling.js';
import { STRUCTURE } from './catalogue-structure.js';
import { defineCatalogue } from './define-catalogue.js';

export const syntaxCatalogue = defineCatalogue({ ...SPELLING, ...STRUCTURE });
