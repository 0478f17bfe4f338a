/** Functions are inlined: each call checks the body again, for the shapes and numbers of that call. */
import type {
  CallExpression,
  Expression,
  FunctionDeclaration,
  Identifier,
  ReturnStatement,
  Span,
  TypeExpression,
} from '@sbn/dsl';
import { bindArguments, type BoundArguments } from './arguments.js';
import { createBlock, Place } from './block.js';
import { countUnrolled, report, type Context, MOST_UNROLLED } from './context.js';
import { checkKindName } from './declared-types.js';
import { checkExpression } from './expressions.js';
import { expectInteger } from './numbers.js';
import { describeEntry, Scope, type FunctionEntry } from './scope.js';
import { checkResult, formatSignature, isInt, shapeVariables, unifyArguments, type Leads } from './signatures.js';
import { checkStatements } from './statements.js';
import type { TypedExpression } from '../typed-model.js';
import { isTrivial, type Checked } from './typed.js';
import { formatType } from './value-types.js';

export function inlineCall(ctx: Context, call: CallExpression, { declaration, home }: FunctionEntry): Checked {
  const { name } = declaration.name;
  const args = bindArguments(ctx, call, {
    name,
    signature: formatSignature(ctx, declaration),
    parameters: declaration.parameters.map(({ name: { name }, defaultValue }) => ({
      name,
      optional: defaultValue !== undefined,
    })),
  });
  // Recursion was reported when the functions were declared.
  if (ctx.calls.some((outer) => outer.declaration === declaration)) return undefined;
  const place = ctx.place?.child(name);
  if (args === undefined) return undefined;
  if (!countUnrolled(ctx.session, 1)) {
    report(ctx, 'SBN2025', { what: 'calls of functions', most: MOST_UNROLLED }, { span: call.span });
    return undefined;
  }
  const calls = [...ctx.calls, { declaration, span: call.span, text: formatCall(declaration, args) }];
  const inside: Context = { ...ctx, place, calls, block: undefined, loops: [] };
  const unified = unifyArguments(ctx, inside, declaration, home, args, (parameter, value) =>
    bindValue(inside, parameter, value),
  );
  return unified && checkBody({ ...inside, scope: unified.scope }, declaration, unified.leads);
}

/** `mlp(x: binary[784], hidden = 200)` */
function formatCall({ name, parameters }: FunctionDeclaration, args: BoundArguments): string {
  const written = parameters.flatMap((parameter) => {
    const value = args.optional(parameter.name.name);
    if (value === undefined) return [];
    const given = value.kind === 'number' ? ` = ${value.value}` : `: ${formatType(value.type)}`;
    return [`${parameter.name.name}${given}`];
  });
  return `${name.name}(${written.join(', ')})`;
}

/** A value that costs something is computed once, under a name, however often the body uses it. */
function bindValue({ place }: Context, name: string, value: TypedExpression): TypedExpression {
  // Where there is no place for names, only a number is of use, and anything else is refused later.
  if (isTrivial(value) || place === undefined) return value;
  const id = place.bindingId(name);
  place.block.statements.push({ kind: 'binding', id, value, span: value.span });
  return { kind: 'binding', id, type: value.type, span: value.span };
}

/** The value of the body's `return`, in a context whose scope holds the parameters. */
function checkBody(ctx: Context, declaration: FunctionDeclaration, leads?: Leads): Checked {
  const returned = declaration.body.find((statement) => statement.kind === 'return');
  checkStatements(
    ctx,
    declaration.body.filter((statement) => statement.kind !== 'return'),
  );
  if (returned === undefined) return undefined;
  return checkResult(ctx, declaration, checkExpression(ctx, returned.value), leads);
}

/**
 * Checks a declaration by itself, whether it is called or not: its form, its types, and its body
 * with parameters of which nothing is known. What is left for calls is what depends on shapes. `ctx` is that of its file.
 */
export function checkFunction(ctx: Context, declaration: FunctionDeclaration): void {
  const { session } = ctx;
  checkForm(ctx, declaration);
  const scope = new Scope(ctx.scope);
  const unknown = (name: string, span: Span, what: 'parameter' | 'shape variable'): void => {
    scope.declare(name, { kind: 'local', what, span, value: undefined });
  };
  // What the body makes is thrown away with this block.
  const block = createBlock('model', declaration.name.span, [], ctx.scope);
  const calls = [{ declaration, span: declaration.name.span, text: undefined }];
  const place = new Place(block, declaration.name.name);
  const inside: Context = { ...ctx, scope, place, calls, block: undefined, loops: [] };
  const parameters = session.parameters.length;
  const variables = shapeVariables(declaration, ctx.scope);
  for (const { name, type, defaultValue } of declaration.parameters) {
    // A default sees what stands before it.
    if (defaultValue !== undefined) checkDefault(inside, name.name, type, defaultValue);
    unknown(name.name, name.span, 'parameter');
    for (const dimension of type.dimensions) {
      if (dimension.kind === 'name' && variables.has(dimension.name)) {
        unknown(dimension.name, variables.get(dimension.name)?.span ?? dimension.span, 'shape variable');
      }
    }
  }
  const types = [...declaration.parameters.map(({ type }) => type), declaration.result];
  for (const type of types) {
    if (!isInt(type)) checkKindName(ctx, type);
    else if (type.dimensions.length > 0 || type.lead !== undefined) report(ctx, 'SBN2055', {}, { span: type.span });
    if (type.lead !== undefined) checkLead({ ...ctx, scope }, declaration, type.lead);
    for (const dimension of type.dimensions) checkExpression({ ...ctx, scope }, dimension);
  }
  checkBody(inside, declaration);
  session.parameters.length = parameters;
}

/** The axes of a result are those of a parameter, and their name is that of nothing else. */
function checkLead(ctx: Context, { parameters }: FunctionDeclaration, { name, span }: Identifier): void {
  const taken = ctx.scope.lookup(name);
  if (taken !== undefined && (taken.kind === 'local' || taken.kind === 'const')) {
    const related = [{ span: taken.span, text: `\`${name}\` is ${describeEntry(taken)} here` }];
    report(ctx, 'SBN2057', { name, problem: 'has the name of something else' }, { span, related });
  } else if (!parameters.some(({ type }) => type.lead?.name === name)) {
    report(ctx, 'SBN2057', { name, problem: 'is in the type of no parameter' }, { span });
  }
}

/** What can be said of a default before a call. */
function checkDefault(ctx: Context, name: string, type: TypeExpression, defaultValue: Expression): void {
  const value = checkExpression(ctx, defaultValue);
  if (value !== undefined && isInt(type)) expectInteger(ctx, value, { what: `the default of \`${name}\`` });
}

/** One `return`, at the end; parameters of different names, those with defaults last. */
function checkForm(ctx: Context, { name, parameters, body, result }: FunctionDeclaration): void {
  const seen = new Map<string, Span>();
  const optional = parameters.find(({ defaultValue }) => defaultValue !== undefined);
  const late = parameters.find(
    ({ name: own, defaultValue }) =>
      optional !== undefined && defaultValue === undefined && own.span.start > optional.name.span.start,
  );
  if (late !== undefined && optional !== undefined) {
    const related = [{ span: optional.name.span, text: 'this one has a default' }];
    report(ctx, 'SBN2056', { name: late.name.name }, { span: late.name.span, related });
  }
  for (const parameter of parameters) {
    const first = seen.get(parameter.name.name);
    if (first === undefined) seen.set(parameter.name.name, parameter.name.span);
    else {
      const related = [{ span: first, text: 'declared first here' }];
      report(ctx, 'SBN2007', { name: parameter.name.name }, { span: parameter.name.span, related });
    }
  }
  const index = body.findIndex((statement): statement is ReturnStatement => statement.kind === 'return');
  const rest = body[index + 1];
  if (index < 0) {
    const related = [{ span: result.span, text: 'a value of this type is promised here' }];
    report(ctx, 'SBN2065', { name: name.name }, { span: name.span, related });
  } else if (rest !== undefined) report(ctx, 'SBN2066', {}, { span: rest.span });
}
