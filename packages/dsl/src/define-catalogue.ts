/**
 * Catalogues of diagnostics: one table holds, for every code, what is said where the mistake is made and what is said
 * about it in the documentation. A diagnostic can only be raised through its entry, with that entry's parameters.
 */
import type { Diagnostic, DiagnosticCode, Label, Severity } from './diagnostic.js';
import type { Span } from './span.js';

/** What a code says. `Params` are the facts that its sentences need; they are checked where it is raised. */
export interface CatalogueEntry<Params> {
  readonly severity: Severity;
  /** The kind of mistake in a few words, without the particulars: a heading. */
  readonly title: string;
  /** The first line of the diagnostic: one sentence in lower case, without a full stop. */
  readonly message: (params: Params) => string;
  /** What to write under the place; nothing where the message says it all. */
  readonly label?: (params: Params) => string;
  /** What to write instead, where that can be said. */
  readonly hint?: (params: Params) => string | undefined;
  /** One paragraph: why this is a mistake, and the way out. */
  readonly explanation: string;
  /** A short source text that raises the code, and the same text put right. */
  readonly bad: string;
  readonly good: string;
  /** The texts of the files that the two import, by name. */
  readonly files?: Readonly<Record<string, string>>;
}

/** For codes whose sentences need no facts: raise them with `{}`. */
export type NoParams = Readonly<Record<string, never>>;

/** Gives an entry its parameters; `severity` is `error` unless said otherwise. */
export function entry<Params extends object = NoParams>(
  parts: Omit<CatalogueEntry<Params>, 'severity'> & { readonly severity?: Severity },
): CatalogueEntry<Params> {
  return { severity: 'error', ...parts };
}

/** For every code its entry; `Facts` maps codes to parameters. A key that is no code has no possible value. */
type EntryTable<Facts> = {
  readonly [Code in keyof Facts]: CatalogueEntry<Facts[Code]> & (Code extends DiagnosticCode ? unknown : never);
};

/** What one raising adds to its entry, or says in place of it. */
export interface Particulars {
  readonly label?: string;
  readonly related?: readonly Label[];
  readonly notes?: readonly string[];
  readonly hint?: string | undefined;
}

/** A code's page in the documentation. */
export interface Explanation {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  readonly title: string;
  readonly explanation: string;
  readonly bad: string;
  readonly good: string;
  readonly files: Readonly<Record<string, string>>;
}

/** `Facts` maps every code of the catalogue to the parameters that its sentences need. */
export interface Catalogue<Facts extends Partial<Record<DiagnosticCode, object>>> {
  /** The diagnostic of `code` at `span`; `particulars` win over what the entry says. */
  readonly report: <Code extends keyof Facts & DiagnosticCode>(
    code: Code,
    params: Facts[Code],
    span: Span,
    particulars?: Particulars,
  ) => Diagnostic;
  /** All codes, ascending. */
  readonly codes: readonly (keyof Facts & DiagnosticCode)[];
  /** The page of one code, or nothing where the code is another catalogue's. */
  readonly explain: (code: string) => Explanation | undefined;
}

/**
 * Makes a catalogue of a table `{ SBN1001: entry<{ found: string }>({ … }), … }`. A key that is no code, a missing
 * parameter and a parameter of the wrong type do not compile.
 */
export function defineCatalogue<Facts extends Partial<Record<DiagnosticCode, object>>>(
  table: EntryTable<Facts>,
): Catalogue<Facts> {
  // `Object.keys` forgets the type of the keys: those of `Facts`, which are all codes.
  const codes = Object.keys(table).sort() as (keyof Facts & DiagnosticCode)[];
  return {
    codes,
    report(code, params, span, particulars = {}) {
      const { severity, message, label, hint } = table[code];
      return {
        code,
        severity,
        message: message(params),
        span,
        label: particulars.label ?? label?.(params) ?? '',
        related: particulars.related ?? [],
        notes: particulars.notes ?? [],
        hint: 'hint' in particulars ? particulars.hint : hint?.(params),
      };
    },
    explain(code) {
      const known = codes.find((candidate) => candidate === code);
      if (known === undefined) return undefined;
      const { severity, title, explanation, bad, good, files = {} } = table[known];
      return { code: known, severity, title, explanation, bad, good, files };
    },
  };
}
