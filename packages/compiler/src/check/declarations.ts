/** What the files declare by name: constants and functions, and, in the model file, data and parameters. */
import type { ConstDeclaration, DataDeclaration, Declaration, Identifier, ParamDeclaration, Span } from '@sbn/dsl';
import type { LoadedModule } from '../load-modules.js';
import type { TypedData, ValueType } from '../typed-model.js';
import { moduleContext, report, type Context, type Session } from './context.js';
import { checkNumber } from './compile-time.js';
import { checkDeclaredType } from './declared-types.js';
import { isFunctionName } from './functions/index.js';
import { checkParameter } from './initializers.js';
import { checkFunction } from './inline.js';
import { isDistributionName } from '../distributions/index.js';
import { checkRecursion } from './recursion.js';
import { describeEntry, Scope, type Entry } from './scope.js';
import { didYouMean } from './suggestions.js';
import { REAL } from './value-types.js';

type Named = Extract<Declaration, { readonly name: Identifier }>;

/** A file with its names, and with those of its declarations that are in order. */
interface NamedModule {
  readonly ctx: Context;
  readonly own: readonly Named[];
}

/**
 * Declares every name of the files, evaluates the constants in the order of the files with `overrides` in the place of
 * their values, and checks the types of data and parameters and the functions. Gives the data.
 */
export function checkDeclarations(
  session: Session,
  main: LoadedModule,
  imported: readonly LoadedModule[],
  overrides: Readonly<Record<string, number>>,
): readonly TypedData[] {
  const scopes = new Map<LoadedModule, Scope>();
  const modules = [...imported, main].map((loaded): NamedModule => {
    const scope = loaded === main ? session.globals : new Scope();
    scopes.set(loaded, scope);
    const ctx = moduleContext(session, scope);
    declareImported(ctx, loaded, scopes);
    // All names first, so that order matters for the values of constants alone.
    const named = loaded.module.declarations.filter((declaration): declaration is Named => 'name' in declaration);
    const kept = loaded === main ? named : leaveOut(session, named);
    return { ctx, own: kept.filter((declaration) => declareName(ctx, declaration)) };
  });
  checkOverrides(
    moduleContext(session),
    modules.flatMap(({ own }) => own),
    overrides,
  );
  for (const { ctx, own } of modules) {
    for (const declaration of own) if (declaration.kind === 'const') evaluate(ctx, declaration, overrides);
  }
  const { ctx, own } = modules.at(-1) ?? { ctx: moduleContext(session), own: [] };
  const data = own.flatMap((declaration) => (declaration.kind === 'data' ? checkData(ctx, declaration) : []));
  for (const declaration of own) if (declaration.kind === 'param') checkParam(ctx, declaration);
  checkFunctions(modules);
  return data;
}

function checkFunctions(modules: readonly NamedModule[]): void {
  const functions = modules.map(({ ctx, own }) => ({
    ctx,
    declared: own.filter((declaration) => declaration.kind === 'fn'),
  }));
  for (const { ctx, declared } of functions) checkRecursion(ctx, declared);
  for (const { ctx, declared } of functions) for (const declaration of declared) checkFunction(ctx, declaration);
}

/** What an import brings in, and what the imports of that file bring in. */
function declareImported(ctx: Context, { imports }: LoadedModule, scopes: ReadonlyMap<LoadedModule, Scope>): void {
  for (const { loaded } of imports) {
    for (const [name, entry] of scopes.get(loaded)?.entries() ?? []) {
      const first = ctx.scope.lookup(name);
      if (first === undefined) ctx.scope.declare(name, entry);
      // The same declaration can come by two ways.
      else if (first.span.start !== entry.span.start) reportTwice(ctx, name, entry.span, first);
    }
  }
}

/** Functions and constants; the other names are remembered, for what is said where they are used. */
function leaveOut(session: Session, named: readonly Named[]): readonly Named[] {
  for (const { kind, name } of named) {
    const what = { data: 'data', param: 'a parameter', const: undefined, fn: undefined }[kind];
    if (what !== undefined) session.leftOut.set(name.name, { what, span: name.span });
  }
  return named.filter(({ kind }) => kind === 'const' || kind === 'fn');
}

function reportTwice(ctx: Context, name: string, span: Span, first: Entry): void {
  const related = [{ span: first.span, text: `\`${name}\` is ${describeEntry(first)} here` }];
  report(ctx, 'SBN2007', { name }, { span, related });
}

function declareName(ctx: Context, declaration: Named): boolean {
  const { name, span } = declaration.name;
  const first = ctx.scope.lookup(name);
  if (first !== undefined) {
    reportTwice(ctx, name, span, first);
    return false;
  }
  if (declaration.kind === 'fn' && (isFunctionName(name) || isDistributionName(name))) {
    report(ctx, 'SBN2012', { name }, { span });
  }
  ctx.scope.declare(name, makeEntry(declaration, ctx.scope));
  return true;
}

function makeEntry(declaration: Named, home: Scope): Entry {
  const { span } = declaration.name;
  switch (declaration.kind) {
    case 'const':
      return { kind: 'const', span };
    case 'data':
    case 'param':
      return { kind: declaration.kind, span, type: undefined };
    case 'fn':
      return { kind: 'fn', span, declaration, home };
  }
}

/** Names that are overridden must be constants, and numbers numbers. */
function checkOverrides(ctx: Context, own: readonly Named[], overrides: Readonly<Record<string, number>>): void {
  const constants = own.filter(({ kind }) => kind === 'const').map((declaration) => declaration.name);
  for (const [name, value] of Object.entries(overrides)) {
    const constant = constants.find((candidate) => candidate.name === name);
    if (constant === undefined) {
      const other = ctx.scope.lookup(name);
      const names = constants.map((candidate) => candidate.name);
      const notes = [names.length === 0 ? 'the file has no constants' : `the file's constants are ${names.join(', ')}`];
      const hint = didYouMean(name, names);
      // There is no place in the text for a name that is not in it: the first line stands for the file.
      report(
        ctx,
        'SBN2005',
        { name },
        { span: other?.span ?? { start: 0, end: 0 }, label: other && `this is ${describeEntry(other)}`, notes, hint },
      );
    } else if (!Number.isFinite(value)) report(ctx, 'SBN2006', { name, value }, { span: constant.span });
  }
}

/** The written value is checked even where another stands in its place. */
function evaluate(ctx: Context, { name, value }: ConstDeclaration, overrides: Readonly<Record<string, number>>): void {
  const written = checkNumber(ctx, value, 'a constant');
  const given = Object.hasOwn(overrides, name.name) ? overrides[name.name] : written;
  ctx.session.constants.set(name.name, given !== undefined && Number.isFinite(given) ? given : undefined);
}

function checkData(ctx: Context, { name, type, doc }: DataDeclaration): readonly TypedData[] {
  const checked = checkDeclaredType(ctx, type);
  if (checked === undefined) return [];
  const full: ValueType = { ...checked, batched: true, plates: [] };
  ctx.scope.declare(name.name, { kind: 'data', span: name.span, type: full });
  return [{ name: name.name, element: full.element, shape: full.shape, span: name.span, doc }];
}

function checkParam(ctx: Context, { name, type, initializer }: ParamDeclaration): void {
  const { shape, initial } = checkParameter(ctx, type, initializer);
  if (shape === undefined) return;
  const full: ValueType = { element: REAL, shape, batched: false, plates: [] };
  ctx.scope.declare(name.name, { kind: 'param', span: name.span, type: full });
  if (initial === undefined) return;
  ctx.session.parameters.push({ name: name.name, shape, initializer: initial, span: name.span });
}
