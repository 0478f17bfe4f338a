/**
 * Signatures of functions. Sizes in the types of parameters are compile-time numbers or shape
 * variables; a call solves the variables by unification with the shapes of its arguments.
 */
import { at } from '@sbn/program';
import type { Expression, FunctionDeclaration, Parameter, TypeExpression } from '@sbn/dsl';
import type { BoundArguments } from './arguments.js';
import { labelDeclarations } from './broadcast.js';
import { checkInteger } from './compile-time.js';
import { checkExpression } from './expressions.js';
import { report, sourceAt, type Context } from './context.js';
import { checkKindName } from './declared-types.js';
import { expectInteger } from './numbers.js';
import { Scope } from './scope.js';
import type { TypedExpression } from '../typed-model.js';
import { walkExpression } from './walk.js';
import { numberValue, usedAt, type Checked } from './typed.js';
import { formatType, nameAxis, type RowType } from './value-types.js';

/** How a call of the function is written: `mlp(x, out, hidden = 100)`. */
export function formatSignature(ctx: Context, { name, parameters }: FunctionDeclaration): string {
  const written = parameters.map(({ name: parameter, defaultValue }) =>
    defaultValue === undefined ? parameter.name : `${parameter.name} = ${sourceAt(ctx, defaultValue.span) ?? '…'}`,
  );
  return `${name.name}(${written.join(', ')})`;
}

export function isInt(type: TypeExpression): boolean {
  return type.element.name === 'int';
}

/** The shape variables of a function: names of sizes that mean nothing else where the function stands. */
export function shapeVariables({ parameters }: FunctionDeclaration, home: Scope): ReadonlyMap<string, Expression> {
  const variables = new Map<string, Expression>();
  const isOwn = (name: string): boolean => parameters.some((parameter) => parameter.name.name === name);
  for (const { type } of parameters) {
    for (const dimension of type.dimensions) {
      if (dimension.kind !== 'name' || isOwn(dimension.name) || variables.has(dimension.name)) continue;
      if (home.lookup(dimension.name)?.kind !== 'const') variables.set(dimension.name, dimension);
    }
  }
  return variables;
}

/**
 * The scope of a function's body for one call: `int` parameters and shape variables as numbers, the
 * others as what `bind` makes of their argument; `home` has the names of its file. Undefined, after diagnostics, where an argument does not fit.
 * What is not given is its default, computed in the order of the parameters and in the context `inside` of the call.
 */
export function unifyArguments(
  ctx: Context,
  inside: Context,
  declaration: FunctionDeclaration,
  home: Scope,
  args: BoundArguments,
  bind: (name: string, value: TypedExpression) => TypedExpression,
): { readonly scope: Scope; readonly leads: Leads } | undefined {
  const scope = new Scope(home);
  const solved = new Map<string, { readonly size: number; readonly from: string }>();
  const leads = new Map<string, { readonly shape: readonly number[]; readonly from: string }>();
  const inner: Context = { ...ctx, scope };
  let fits = true;
  const variables = shapeVariables(declaration, home);
  const declare = ({ name }: Parameter, value: Checked): void => {
    scope.declare(name.name, { kind: 'local', what: 'parameter', span: name.span, value });
  };
  const declareNumber = (parameter: Parameter, at: Context, given: Checked): void => {
    const { name } = parameter;
    const what = `\`${name.name}\` of \`${declaration.name.name}\``;
    const value = given === undefined ? undefined : expectInteger(at, given, { what });
    fits &&= value !== undefined;
    declare(parameter, given === undefined || value === undefined ? undefined : usedAt(given, name.span));
  };
  // Numbers come first, as far as no sizes of arguments are in them: the sizes in any of the types may use them.
  for (const parameter of declaration.parameters) {
    const given = args.optional(parameter.name.name);
    if (!isInt(parameter.type)) continue;
    if (given !== undefined) declareNumber(parameter, ctx, given);
    else if (
      parameter.defaultValue !== undefined &&
      isOfNumbers(parameter.defaultValue, declaration, variables, scope)
    ) {
      declareNumber(parameter, inside, checkExpression({ ...inside, scope }, parameter.defaultValue));
    }
  }
  const values = new Map<Parameter, TypedExpression>();
  for (const parameter of declaration.parameters) {
    const { name, type, defaultValue } = parameter;
    const given = args.optional(name.name);
    // A default may use the parameters before it, as the body does.
    const value = given ?? (defaultValue && checkExpression({ ...inside, scope }, defaultValue));
    if (isInt(type)) {
      if (given === undefined && !scope.entries().has(name.name)) declareNumber(parameter, inside, value);
      continue;
    }
    if (value === undefined) {
      fits = false;
      continue;
    }
    const at = given === undefined ? inside : ctx;
    const front = solveLead(type, value, leads, name.name);
    const own = solveShape(inner, type, value.type.shape.slice(front.length), variables, solved, name.name);
    const wanted = own && [...front, ...own];
    if (wanted === undefined || !checkArgument(at, declaration, name.name, type, value, wanted)) fits = false;
    // Sizes written as expressions can use what has been solved so far.
    for (const [variable, { size }] of solved) declareSize(scope, variable, size, variables);
    values.set(parameter, value);
    declare(parameter, value);
  }
  if (!fits) return undefined;
  for (const [parameter, value] of values) declare(parameter, bind(parameter.name.name, value));
  return { scope, leads };
}

/** Whether a default uses nothing but constants and numbers that the scope has by now. */
function isOfNumbers(
  defaultValue: Expression,
  { parameters }: FunctionDeclaration,
  variables: ReadonlyMap<string, Expression>,
  scope: Scope,
): boolean {
  let isKnown = true;
  walkExpression(defaultValue, (part) => {
    if (part.kind !== 'name' || scope.entries().has(part.name)) return;
    isKnown &&= !variables.has(part.name) && !parameters.some(({ name }) => name.name === part.name);
  });
  return isKnown;
}

function declareSize(scope: Scope, name: string, size: number, variables: ReadonlyMap<string, Expression>): void {
  const span = variables.get(name)?.span;
  if (span !== undefined)
    scope.declare(name, { kind: 'local', what: 'shape variable', span, value: numberValue(size, span) });
}

/** What each `..s` stands for in a call, and the parameter that says so. */
export type Leads = ReadonlyMap<string, { readonly shape: readonly number[]; readonly from: string }>;

/** The sizes that `..s` stands for; those of the first argument that has it hold for the others. */
function solveLead(
  { lead, dimensions }: TypeExpression,
  { type: { shape } }: TypedExpression,
  leads: Map<string, { readonly shape: readonly number[]; readonly from: string }>,
  from: string,
): readonly WantedSize[] {
  if (lead === undefined) return [];
  const known = leads.get(lead.name);
  const why = known && `..${lead.name} = [${known.shape.join(', ')}], from \`${known.from}\``;
  const sizes = known?.shape ?? shape.slice(0, Math.max(0, shape.length - dimensions.length));
  if (known === undefined) leads.set(lead.name, { shape: sizes, from });
  return sizes.map((size, axis) => ({ size, why: axis === 0 ? why : undefined }));
}

/** The sizes that a parameter wants, as far as the argument's axes reach; variables met first take the argument's. */
function solveShape(
  inner: Context,
  type: TypeExpression,
  shape: readonly number[],
  variables: ReadonlyMap<string, Expression>,
  solved: Map<string, { readonly size: number; readonly from: string }>,
  from: string,
): readonly WantedSize[] | undefined {
  const wanted = type.dimensions.map((dimension, axis): WantedSize | undefined => {
    const name = dimension.kind === 'name' && variables.has(dimension.name) ? dimension.name : undefined;
    if (name === undefined) {
      const size = checkInteger(inner, dimension, { what: 'the size of an axis', least: 1 });
      return size === undefined ? undefined : { size, why: undefined };
    }
    const known = solved.get(name);
    if (known !== undefined) return { size: known.size, why: `${name} = ${known.size}, from \`${known.from}\`` };
    const size = shape[axis];
    if (size === undefined) return { size: undefined, why: undefined };
    solved.set(name, { size, from });
    return { size, why: undefined };
  });
  return wanted.every((size) => size !== undefined) ? wanted : undefined;
}

interface WantedSize {
  /** Undefined for a variable that the argument has no axis for. */
  readonly size: number | undefined;
  readonly why: string | undefined;
}

function checkArgument(
  ctx: Context,
  declaration: FunctionDeclaration,
  name: string,
  type: TypeExpression,
  value: TypedExpression,
  wanted: readonly WantedSize[],
): boolean {
  const { element, shape } = value.type;
  const axis = wanted.findIndex(({ size }, index) => size !== shape[index]);
  if (axis < 0 && shape.length === wanted.length && fitsKind(type.element.name, element.kind)) return true;
  const axes =
    shape.length === wanted.length && axis >= 0 ? `: ${nameAxis(shape.length, axis)} ${at(shape, axis)}` : '';
  report(
    ctx,
    'SBN2063',
    { name, callee: declaration.name.name },
    {
      span: value.span,
      label: `${formatType(value.type)}${axes}`,
      related: [{ span: type.span, text: describeWanted(ctx, name, type, wanted) }, ...labelDeclarations(ctx, [value])],
    },
  );
  return false;
}

/** `` `b` is declared `real[n]`: real[4] in this call (n = 4, from `a`) `` */
function describeWanted(ctx: Context, name: string, type: TypeExpression, wanted: readonly WantedSize[]): string {
  const written = `\`${name}\` is declared \`${sourceAt(ctx, type.span) ?? type.element.name}\``;
  const why = wanted.flatMap((size) => (size.why === undefined ? [] : [size.why]));
  const sizes = wanted.map(({ size }) => size);
  const resolved = sizes.every((size) => size !== undefined)
    ? `: ${type.element.name}[${sizes.join(', ')}] in this call`
    : '';
  return `${written}${sizes.length === 0 ? '' : resolved}${why.length === 0 ? '' : ` (${why.join('; ')})`}`;
}

/** Every kind can be used as real numbers, and what holds zeros and ones as binary or as counts. */
function fitsKind(wanted: string, given: string): boolean {
  if (wanted === 'real' || wanted === given) return true;
  if (wanted === 'binary') return given === 'onehot';
  return wanted === 'count' && (given === 'binary' || given === 'onehot');
}

/** The value a function returns, if it is of the type that it was declared with. */
export function checkResult(
  inner: Context,
  { name, result }: FunctionDeclaration,
  value: Checked,
  leads?: Leads,
): Checked {
  if (value === undefined) return undefined;
  if (isInt(result)) {
    return expectInteger(inner, value, { what: `the result of \`${name.name}\`` }) === undefined ? undefined : value;
  }
  const own = result.dimensions.map((size) => checkInteger(inner, size, { what: 'the size of an axis', least: 1 }));
  const kind = checkKindName(inner, result);
  const front = result.lead === undefined ? [] : (leads?.get(result.lead.name)?.shape ?? [undefined]);
  const sizes = [...front, ...own];
  if (kind === undefined || !sizes.every((size) => size !== undefined)) return undefined;
  const { shape, element } = value.type;
  const sameSizes = sizes.length === shape.length && sizes.every((size, axis) => size === shape[axis]);
  if (sameSizes && fitsKind(kind, element.kind)) return value;
  const declared: RowType = { element: kind === 'onehot' ? element : { kind }, shape: sizes };
  const text = `declared ${kind}${declared.shape.length === 0 ? '' : `[${declared.shape.join(', ')}]`}`;
  const related = [{ span: result.span, text }];
  report(inner, 'SBN2064', { name: name.name }, { span: value.span, label: formatType(value.type), related });
  return undefined;
}
