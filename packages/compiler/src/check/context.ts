/** What the checker knows where it stands, and how it reports a mistake there. */
import {
  sourceAtOffset,
  type Diagnostic,
  type FunctionDeclaration,
  type Label,
  type Sources,
  type Span,
} from '@sbn/dsl';
import type { Plate, TypedParameter } from '../typed-model.js';
import type { Block, Place } from './block.js';
import { CHECK_CATALOGUE, type CheckCode, type CheckParams } from './catalogue.js';
import { type Scope } from './scope.js';

/** What one run of the checker gathers. */
export interface Session {
  /** What spans point into. */
  readonly sources: Sources;
  /** The names that the model file can use: its own, and those of its imports. */
  readonly globals: Scope;
  /** What imported files declare and an import leaves out, by name. */
  readonly leftOut: Map<string, LeftOut>;
  /** Values of the constants so far; undefined for one with a mistake. */
  readonly constants: Map<string, number | undefined>;
  readonly parameters: TypedParameter[];
  readonly blocks: { model: Block | undefined; guide: Block | undefined };
  readonly diagnostics: Diagnostic[];
  /** Code and place of each diagnostic: what loops and functions repeat is said once. */
  readonly reported: Set<string>;
  /** Iterations of loops and calls of functions so far, and how deep the expression is, to refuse what would not end. */
  readonly unrolled: { count: number; depth: number };
}

export interface LeftOut {
  /** `data` or `a parameter`. */
  readonly what: string;
  readonly span: Span;
}

export interface Call {
  readonly declaration: FunctionDeclaration;
  readonly span: Span;
  /** The arguments as in `mlp(x: binary[784], hidden = 200)`; undefined when the body is checked by itself. */
  readonly text: string | undefined;
}

export interface Iteration {
  readonly variable: string;
  /** Undefined where the range has a mistake. */
  readonly value: number | undefined;
  /** What an earlier iteration would have shown is not put down to this one. */
  readonly first: boolean;
}

export interface Context {
  readonly session: Session;
  readonly scope: Scope;
  /** Where bindings and parameters are made; undefined where only compile-time numbers can be. */
  readonly place: Place | undefined;
  /** The block whose statement this is; undefined in functions and outside blocks. */
  readonly block: Block | undefined;
  /** Functions being inlined, outermost first. */
  readonly calls: readonly Call[];
  /** Loops being unrolled within the block or the innermost function. */
  readonly loops: readonly Iteration[];
  /** Plates around, outermost first. */
  readonly plates: readonly Plate[];
}

/** Where a mistake is and what else to say of it. */
export interface Where {
  readonly span: Span;
  readonly label?: string | undefined;
  readonly related?: readonly (Label | undefined)[];
  readonly notes?: readonly string[];
  readonly hint?: string | undefined;
}

/** The context of declarations: the scope of a file, the model's unless it is given, and nothing but compile-time numbers. */
export function moduleContext(session: Session, scope = session.globals): Context {
  return { session, scope, place: undefined, block: undefined, calls: [], loops: [], plates: [] };
}

/** Most iterations and calls that one file may unroll. */
export const MOST_UNROLLED = 10_000;

/** Deepest expression, functions inlined: every later pass recurses as deep. */
export const DEEPEST_EXPRESSION = 1_000;

/** Counts iterations or calls; false, and nothing counted, when there would be too many. */
export function countUnrolled(session: Session, added: number): boolean {
  if (session.unrolled.count + added > MOST_UNROLLED) return false;
  session.unrolled.count += added;
  return true;
}

/** Reports once per code and place. Says which call and which iteration led here. */
export function report<Code extends CheckCode>(
  ctx: Context,
  code: Code,
  params: CheckParams<Code>,
  where: Where,
): void {
  const { span, label, hint } = where;
  const related = (where.related ?? []).filter((other) => other !== undefined);
  const calls = ctx.calls.flatMap((call) =>
    call.text === undefined ? [] : [{ span: call.span, text: `in the call ${call.text}` }],
  );
  // Of many calls within one another, the outermost and the last two.
  if (calls.length > 3) calls.splice(1, calls.length - 3);
  const loops = ctx.loops.flatMap(({ variable, value, first }) =>
    first || value === undefined ? [] : [`in the iteration ${variable} = ${value}`],
  );
  const diagnostic = CHECK_CATALOGUE.report(code, params, span, {
    related: [...related, ...calls],
    notes: [...(where.notes ?? []), ...loops],
    ...(label === undefined ? {} : { label }),
    ...(hint === undefined ? {} : { hint }),
  });
  // What is repeated says it with other numbers each time: once for a place is enough.
  const { reported } = ctx.session;
  const place = `${code}:${span.start}:${span.end}`;
  const isRepeated = ctx.calls.length + ctx.loops.length > 0;
  if (reported.has(isRepeated ? place : place + diagnostic.message)) return;
  reported.add(place).add(place + diagnostic.message);
  ctx.session.diagnostics.push(diagnostic);
}

/** The text at a place, as written; undefined where it goes over several lines. */
export function sourceAt(ctx: Context, span: Span): string | undefined {
  const source = sourceAtOffset(ctx.session.sources, span.start);
  const text = source.text.slice(span.start - source.base, span.end - source.base);
  return text.includes('\n') || text === '' ? undefined : text;
}
