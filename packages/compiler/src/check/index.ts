/**
 * The checking stage: from the syntax tree to the typed model.
 * Requires a parsed module. Ensures that the model means something: every name is resolved, every
 * shape fits, and the guide covers the model. All mistakes are reported in one run.
 */
import {
  limitDiagnostics,
  placeFirst,
  sourceAtOffset,
  type BlockDeclaration,
  type Declaration,
  type Diagnostic,
  type EstimatorDeclaration,
  type Module,
  type Outcome,
  type SourceFile,
} from '@sbn/dsl';
import type { LoadedModule, LoadedProgram } from '../load-modules.js';
import type { TypedModel, TypedObjective } from '../typed-model.js';
import { createBlock, type Block } from './block.js';
import { CHECK_CATALOGUE, type CheckCode } from './catalogue.js';
import { moduleContext, report, type Context, type Session } from './context.js';
import { warnConditions } from './conditions.js';
import { checkCoverage } from './coverage.js';
import { checkDeclarations } from './declarations.js';
import { checkEstimator } from './estimator.js';
import { warnBlindGuide, warnLinks } from './links.js';
import { checkObjective } from './objective.js';
import { Scope } from './scope.js';
import { checkStatements } from './statements.js';
import { checkTrain, NO_DEFAULTS } from './train.js';
import { warnUnused } from './unused.js';

export { CHECK_CATALOGUE, type CheckCode };

export interface CheckOptions {
  /** Values for constants of the file and of its imports, in the place of those written there. */
  readonly constants: Readonly<Record<string, number>>;
  /**
   * Whether the parser left parts out of the tree, having reported them (default: no). Then nothing is said of what is
   * missing, as it may be in those parts.
   */
  readonly incomplete?: boolean;
  /** Takes the place of the file's `estimator` declaration. */
  readonly estimator?: EstimatorDeclaration | undefined;
  /** The file with those that it imports, and all texts; without it, the file stands alone. */
  readonly loaded?: Files | undefined;
}

/** The file that is checked and those that it imports, where it could be read. */
type Files = Required<Pick<LoadedProgram, 'imported' | 'sources'>> & { readonly main: LoadedModule };

/** Codes that say that something is not there. Of unknown names, those that are like a known one are reported all the same. */
const ABSENCES: ReadonlySet<string> = new Set<CheckCode>([
  ...(['SBN2001', 'SBN2002', 'SBN2005', 'SBN2060', 'SBN2065', 'SBN3001', 'SBN3003', 'SBN3005', 'SBN3006'] as const),
  ...(['SBN3010', 'SBN3012', 'SBN3013', 'SBN3016', 'SBN3023', 'SBN3033', 'SBN3051'] as const),
]);

function isAbsence({ code, hint }: Diagnostic, lacksFile: boolean): boolean {
  return ABSENCES.has(code) && (lacksFile || hint?.startsWith('did you mean') !== true);
}

/** Whether one of the files imports another that could not be read: any name may be from there. */
function lacksImport({ main, imported }: Files): boolean {
  return [main, ...imported].some(
    ({ module, imports }) => module.declarations.filter(({ kind }) => kind === 'import').length > imports.length,
  );
}

/** The typed model, unless there is an error, with all diagnostics in the order of the text. */
export function checkModel(module: Module, source: SourceFile, options: CheckOptions): Outcome<TypedModel> {
  const { main, imported, sources } = options.loaded ?? standAlone(module, source);
  const session = openSession(sources);
  const ctx = moduleContext(session);
  // Opened before anything is checked, so that a name can be told to be a site of another place.
  const blocks = [openOnlyBlock(ctx, module, 'model'), openOnlyBlock(ctx, module, 'guide')];
  const data = checkDeclarations(session, main, imported, options.constants);
  for (const opened of blocks) if (opened !== undefined) checkBlock(ctx, opened);
  const { model, guide } = session.blocks;
  const objective = checkOnlyObjective(ctx, module, model);
  const declared = findOnly(ctx, module, 'estimator', '`estimator`');
  const declaredRequest = declared && checkEstimator(ctx, declared.estimator);
  const estimator = options.estimator ? checkEstimator(ctx, options.estimator.estimator) : declaredRequest;
  const training = findOnly(ctx, module, 'train', '`train` block');
  const train = training === undefined ? NO_DEFAULTS : checkTrain(ctx, training);

  const failed = session.diagnostics.some(({ severity }) => severity === 'error');
  if (failed || model === undefined || objective === undefined) {
    const lacksFile = lacksImport({ main, imported, sources });
    return finish(session, undefined, (diagnostic) => options.incomplete === true && isAbsence(diagnostic, lacksFile));
  }
  // What could not be read may have used it.
  if (options.incomplete !== true) warnUnused(ctx, main);
  warnConditions(ctx, model.statements, objective);
  for (const block of [model, guide]) if (block !== undefined) warnLinks(ctx, block.statements);
  if (guide !== undefined) warnBlindGuide(ctx, model.statements, guide);
  return finish(session, {
    name: nameOf(source),
    doc: module.doc,
    source,
    sources,
    constants: Object.fromEntries(definedConstants(session)),
    data,
    parameters: session.parameters,
    model: model.statements,
    guide: guide?.statements,
    objective,
    estimator,
    train,
  });
}

function standAlone(module: Module, file: SourceFile): Files {
  const sources = placeFirst(file);
  return { main: { source: sources[0], module, imports: [] }, imported: [], sources };
}

function openSession(sources: Files['sources']): Session {
  return {
    sources,
    globals: new Scope(),
    leftOut: new Map(),
    constants: new Map(),
    parameters: [],
    blocks: { model: undefined, guide: undefined },
    diagnostics: [],
    reported: new Set(),
    unrolled: { count: 0, depth: 0 },
  };
}

function finish(
  { diagnostics }: Session,
  value: TypedModel | undefined,
  hide: (diagnostic: Diagnostic) => boolean = () => false,
): Outcome<TypedModel> {
  const shown = diagnostics.filter((diagnostic) => !hide(diagnostic));
  return { value, diagnostics: limitDiagnostics(shown.toSorted((a, b) => a.span.start - b.span.start)) };
}

function definedConstants({ constants }: Session): readonly (readonly [string, number])[] {
  return [...constants].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

/** `models/sbn2.sbn` is `sbn2`. */
function nameOf({ name }: SourceFile): string {
  return name.replace(/^.*[/\\]/, '').replace(/\.sbn$/, '');
}

/** The declaration of a kind that a file may have one of; the others are reported. */
function findOnly<K extends Declaration['kind']>(
  ctx: Context,
  { declarations }: Module,
  kind: K,
  what: string,
  fits: (declaration: Extract<Declaration, { readonly kind: K }>) => boolean = () => true,
): Extract<Declaration, { readonly kind: K }> | undefined {
  const found = declarations.filter(
    (declaration): declaration is Extract<Declaration, { readonly kind: K }> => declaration.kind === kind,
  );
  const [first, ...others] = found.filter(fits);
  for (const other of others) {
    const related = first === undefined ? [] : [{ span: placeOf(first), text: 'the first is here' }];
    report(ctx, 'SBN3002', { what }, { span: placeOf(other), related });
  }
  return first;
}

/** A block is shown by its keyword: its text can be long. */
function placeOf(declaration: Declaration): Declaration['span'] {
  if (declaration.kind === 'block') return declaration.keyword;
  const { start } = declaration.span;
  return declaration.kind === 'train' ? { start, end: start + 'train'.length } : declaration.span;
}

function openOnlyBlock(ctx: Context, module: Module, role: Block['role']): BlockDeclaration | undefined {
  const declaration = findOnly(ctx, module, 'block', `\`${role}\` block`, (block) => block.role === role);
  if (declaration === undefined) return undefined;
  ctx.session.blocks[role] = createBlock(role, declaration.keyword, declaration.body, ctx.session.globals);
  return declaration;
}

function checkBlock(ctx: Context, { role, body }: BlockDeclaration): void {
  const block = ctx.session.blocks[role];
  if (block !== undefined) checkStatements({ ...ctx, scope: block.scope, block }, body);
}

function checkOnlyObjective(ctx: Context, module: Module, model: Block | undefined): TypedObjective | undefined {
  const declaration = findOnly(ctx, module, 'objective', 'objective');
  const last = sourceAtOffset(ctx.session.sources, 0).text.trimEnd().length;
  const end = { start: last, end: last };
  if (model === undefined) report(ctx, 'SBN3001', {}, { span: declaration?.span ?? end });
  if (declaration === undefined) {
    report(ctx, 'SBN3003', {}, { span: model?.keyword ?? end });
    return undefined;
  }
  const objective = checkObjective(ctx.session, declaration);
  checkCoverage(ctx.session, declaration);
  return objective;
}
