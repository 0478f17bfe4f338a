/** Statements of blocks and functions, in order; loops are unrolled. */
import { assertNever } from '@sbn/program';
import type { ForStatement, Identifier, LetStatement, ParamDeclaration, PlateStatement, Statement } from '@sbn/dsl';
import { collectSampled, declareUnknownSites, placeLet, type Place } from './block.js';
import { checkInteger } from './compile-time.js';
import { report, type Context } from './context.js';
import { checkExpression } from './expressions.js';
import { checkParameter } from './initializers.js';
import { makeParameter } from './layer.js';
import { reportTaken } from './local-names.js';
import { checkSize } from './numbers.js';
import { checkRange } from './ranges.js';
import { checkSample } from './sample.js';
import { Scope, type LocalEntry } from './scope.js';
import type { Plate } from '../typed-model.js';
import { numberValue } from './typed.js';

export function checkStatements(ctx: Context, statements: readonly Statement[]): void {
  for (const statement of statements) checkStatement(ctx, statement);
}

function checkStatement(ctx: Context, statement: Statement): void {
  switch (statement.kind) {
    case 'sample':
      checkSample(ctx, statement);
      return;
    case 'let':
      checkLet(ctx, statement);
      return;
    case 'param':
      checkOwnParam(ctx, statement);
      return;
    case 'for':
      checkFor(ctx, statement);
      return;
    case 'plate':
      checkPlate(ctx, statement);
      return;
    case 'return': {
      const inFunction = ctx.calls.length > 0;
      const what = inFunction ? 'a `return` in a loop' : 'a `return` outside a function';
      const hint = inFunction ? 'let the function end with one `return`' : undefined;
      checkExpression(ctx, statement.value);
      report(ctx, 'SBN2068', { what }, { span: statement.span, hint });
      return;
    }
    default:
      assertNever(statement);
  }
}

function checkLet(ctx: Context, { name, value, span }: LetStatement): void {
  const { place, id } = placeLetStatement(ctx, name.name);
  const checked = checkExpression({ ...ctx, place }, value);
  const needsBinding = checked !== undefined && checked.kind !== 'number' && checked.kind !== 'array';
  let bound = checked;
  if (needsBinding && place !== undefined && id !== undefined) {
    place.block.statements.push({ kind: 'binding', id, value: checked, span });
    bound = { kind: 'binding', id, type: checked.type, span: name.span };
  }
  declareLocal(ctx, name, { kind: 'local', what: 'let', span: name.span, value: bound });
}

/** A parameter that the call of a function owns, named as those of the layers in it are. */
function checkOwnParam(ctx: Context, { name, type, initializer }: ParamDeclaration): void {
  const { shape, initial } = checkParameter(ctx, type, initializer);
  const place = ctx.place?.child(name.name);
  if (place === undefined) report(ctx, 'SBN2069', { name: name.name }, { span: name.span });
  const value =
    shape === undefined || initial === undefined || place === undefined
      ? undefined
      : makeParameter(ctx, place.parameterName(undefined), shape, initial, name.span);
  declareLocal(ctx, name, { kind: 'local', what: 'param', span: name.span, value });
}

/**
 * Where the layers of a `let` get their names, and the binding's id. In a function, layers count
 * through the whole body: their place is the function's. Values of enclosing loops tell iterations apart.
 */
function placeLetStatement(
  ctx: Context,
  name: string,
): { readonly place: Place | undefined; readonly id: string | undefined } {
  const values = ctx.loops.map(({ value }) => value ?? '?');
  const suffix = values.length === 0 ? '' : `[${values.join(',')}]`;
  if (ctx.block === undefined) return { place: ctx.place, id: ctx.place?.bindingId(`${name}${suffix}`) };
  const place = placeLet(ctx.block, name, suffix);
  return { place, id: place.path };
}

/** Gives a name a meaning in the innermost region, and reports a name that has one already. */
function declareLocal(ctx: Context, { name, span }: Identifier, entry: LocalEntry): void {
  reportTaken(ctx, name, span, entry.what);
  const taken = ctx.scope.lookup(name);
  // Data keep their meaning, so that observing them is still understood, and so do sizes, which the rest goes by.
  const stays =
    ctx.block === undefined ? taken?.kind === 'local' && taken.what === 'shape variable' : taken?.kind === 'data';
  if (!stays) ctx.scope.declare(name, entry);
}

function checkFor(ctx: Context, statement: ForStatement): void {
  const { variable, range, body } = statement;
  reportTaken(ctx, variable.name, variable.span, 'loop variable');
  const values = checkRange(ctx, range, 'loop');
  const run = (value: number | undefined, first: boolean): void => {
    const scope = new Scope(ctx.scope);
    const number = value === undefined ? undefined : numberValue(value, variable.span);
    scope.declare(variable.name, { kind: 'local', what: 'loop variable', span: variable.span, value: number });
    checkStatements({ ...ctx, scope, loops: [...ctx.loops, { variable: variable.name, value, first }] }, body);
  };
  if (values === undefined) run(undefined, true);
  else
    values.forEach((value, index) => {
      run(value, index === 0);
    });
}

/** The body is checked once, for all elements. */
function checkPlate(ctx: Context, { size, body, span, variable }: PlateStatement): void {
  reportTaken(ctx, variable.name, variable.span, 'plate variable');
  const elements = checkInteger(ctx, size, { what: 'the size of a plate', least: 1 });
  if (ctx.block === undefined) {
    const hint = 'write the plate in the model or the guide, and call the function in it';
    report(ctx, 'SBN2068', { what: 'a plate in a function' }, { span: { ...span, end: variable.span.end }, hint });
    return;
  }
  const sizes = [...ctx.plates.map((plate) => plate.size), elements ?? 1];
  if (elements === undefined || !checkSize(ctx, sizes, size.span)) {
    declareUnknownSites(ctx.block, collectSampled(body));
    return;
  }
  const plate: Plate = { variable: variable.name, size: elements, depth: ctx.plates.length };
  const scope = new Scope(ctx.scope);
  scope.declare(variable.name, { kind: 'plate', span: variable.span, plate });
  checkStatements({ ...ctx, scope, plates: [...ctx.plates, plate] }, body);
}
