/** Expressions, and what they share with statements: concrete syntax → documents. */
import type { IToken } from 'chevrotain';
import { asOperator, BINDING, POWER } from '../combine-operators.js';
import { extentOf, first } from '../cst-access.js';
import type {
  ArgumentCst,
  ArrayCst,
  ConditionalCst,
  ExpressionCst,
  IndexingCst,
  OperandCst,
  ParenthesizedCst,
  PrimaryCst,
  RangeCst,
  ReferenceCst,
  TypeCst,
} from '../cst.js';
import { concat, fill, group, indent, join, line, nothing, softline, space, type Doc } from './doc.js';
import { below, type Words } from './words.js';

export interface BracketTokens {
  readonly opener: readonly IToken[] | undefined;
  readonly closer: readonly IToken[] | undefined;
  readonly commas: readonly IToken[] | undefined;
}

/** `(a, b)` on one line, or each item on one of its own. There is no comma after the last, see `dropTrailingCommas`. */
export function formatList(items: readonly Doc[], brackets: BracketTokens, words: Words): Doc {
  return bracketed(join(line, withCommas(items, brackets.commas, words)), brackets, words);
}

function withCommas(items: readonly Doc[], commas: readonly IToken[] | undefined, words: Words): readonly Doc[] {
  return items.map((item, index) => {
    const comma = commas?.[index];
    return index === items.length - 1 || comma === undefined ? item : concat(item, words.word([comma]));
  });
}

function bracketed(content: Doc, { opener, closer }: BracketTokens, words: Words): Doc {
  const inside = indent(softline, content, below(words.beforeCloser(closer)));
  return group(words.word(opener), inside, softline, words.closer(closer));
}

export function formatExpression(cst: ExpressionCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  const [start, ...others] = readChain(cst, words);
  if (start === undefined) return nothing;
  return others.length === 0 ? start.operand : formatChain([start, ...others], true, words);
}

interface Link {
  readonly operand: Doc;
  /** Before the operand; nothing before the first. */
  readonly operator: IToken | undefined;
  readonly binding: number;
}

function readChain({ children }: ExpressionCst, words: Words): readonly Link[] {
  const operators = children.BinaryOperatorToken ?? [];
  return (children.operand ?? []).map((operand, index) => {
    const operator = operators[index - 1];
    const symbol = operator === undefined ? undefined : asOperator(operator)?.symbol;
    return {
      operand: formatOperand(operand, words),
      operator,
      binding: symbol === undefined ? POWER : BINDING[symbol],
    };
  });
}

/** Lines break before the operators that bind loosest first; never at `^`. */
function formatChain(links: readonly Link[], isHanging: boolean, words: Words): Doc {
  const [, ...others] = links;
  const loosest = Math.min(...others.map(({ binding }) => binding));
  if (others.length === 0 || loosest === POWER) {
    return concat(...links.map(({ operand, operator }) => concat(operatorOf(operator, words), operand)));
  }
  const parts: Link[][] = [];
  for (const link of links) {
    const current = parts.at(-1);
    if (current === undefined || (link.binding === loosest && link.operator !== undefined && current.length > 0)) {
      parts.push([link]);
    } else current.push(link);
  }
  const [head = [], ...tails] = parts.map((part) => {
    const [start, ...more] = part;
    if (start === undefined) return [];
    const content =
      more.length === 0 ? start.operand : formatChain([{ ...start, operator: undefined }, ...more], true, words);
    return [operatorOf(start.operator, words), start.operator === undefined ? nothing : space, content];
  });
  const tail = concat(...tails.flatMap((part) => [line, ...part]));
  return group(...head, isHanging ? indent(tail) : tail);
}

function operatorOf(operator: IToken | undefined, words: Words): Doc {
  return operator === undefined ? nothing : words.word([operator]);
}

function formatOperand({ children }: OperandCst, words: Words): Doc {
  const minuses = (children.Minus ?? []).map((minus) => words.word([minus]));
  return concat(...minuses, formatPrimary(first(children.primary), words));
}

function formatPrimary(cst: PrimaryCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  const { children } = cst;
  const atom = concat(
    words.word(children.NumberLiteral),
    words.word(children.StringLiteral),
    formatReference(first(children.reference), words),
    formatParenthesized(first(children.parenthesized), words),
    formatArray(first(children.array), words),
    formatConditional(first(children.conditional), words),
  );
  return concat(atom, ...(children.indexing ?? []).map((indexing) => formatIndexing(indexing, words)));
}

export function formatReference(cst: ReferenceCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  const name = words.word(cst.children.Identifier);
  const call = first(cst.children.callArguments)?.children;
  if (call === undefined) return name;
  const items = (call.argument ?? []).map((argument) => formatArgument(argument, words));
  return concat(
    name,
    formatList(items, { opener: call.LeftParen, closer: call.RightParen, commas: call.Comma }, words),
  );
}

function formatArgument({ children }: ArgumentCst, words: Words): Doc {
  const value = formatExpression(first(children.expression), words);
  if (children.ColonOrEquals === undefined) return value;
  return concat(words.word(children.Identifier), space, words.word(children.ColonOrEquals), space, value);
}

function formatParenthesized(cst: ParenthesizedCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  const { LeftParen: opener, RightParen: closer, expression } = cst.children;
  const [inner] = expression ?? [];
  const content = inner === undefined ? nothing : formatChain(readChain(inner, words), false, words);
  return bracketed(content, { opener, closer, commas: undefined }, words);
}

function formatArray(cst: ArrayCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  const { LeftBracket: opener, RightBracket: closer, Comma: commas, expression = [] } = cst.children;
  const brackets = { opener, closer, commas };
  const items = expression.map((item) => formatExpression(item, words));
  const comprehension = first(cst.children.comprehension)?.children;
  if (comprehension !== undefined) {
    const head = [words.word(comprehension.ComprehensionFor), space, words.word(comprehension.Identifier), space];
    const range = formatRange(first(comprehension.range), words);
    const each = concat(...head, words.word(comprehension.InOrEquals), space, range);
    return bracketed(concat(...items, line, each), brackets, words);
  }
  // A table of numbers would take a page with each of them on a line of its own.
  if (!expression.every(isNumber)) return formatList(items, brackets, words);
  return bracketed(fill(withCommas(items, commas, words)), brackets, words);
}

function isNumber({ children }: ExpressionCst): boolean {
  const [operand, ...others] = children.operand ?? [];
  return others.length === 0 && first(operand?.children.primary)?.children.NumberLiteral !== undefined;
}

function formatConditional(cst: ConditionalCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  const [start, ...others] = conditionalLines(cst, words);
  return start === undefined ? nothing : group(start, indent(...others.flatMap((part) => [line, part])));
}

/** `if a`, `then b`, `else if c`, `then d`, `else e`: a chain of conditions does not move to the right. */
function conditionalLines({ children }: ConditionalCst, words: Words): readonly Doc[] {
  const [condition, consequent, alternative] = children.expression ?? [];
  const start = concat(words.word(children.If), space, formatExpression(condition, words));
  const then = concat(words.word(children.Then), space, formatExpression(consequent, words));
  const otherwise = words.word(children.Else);
  const nested = alternative === undefined ? undefined : asConditional(alternative);
  if (nested === undefined) return [start, then, concat(otherwise, space, formatExpression(alternative, words))];
  const [inner = nothing, ...others] = conditionalLines(nested, words);
  return [start, then, concat(otherwise, space, inner), ...others];
}

function asConditional({ children }: ExpressionCst): ConditionalCst | undefined {
  const [operand, ...others] = children.operand ?? [];
  const primary = first(operand?.children.primary)?.children;
  const isBare = others.length === 0 && operand?.children.Minus === undefined && primary?.indexing === undefined;
  return isBare ? first(primary?.conditional) : undefined;
}

export function formatIndexing(cst: IndexingCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  const { LeftBracket: opener, RightBracket: closer, Comma: commas, range = [] } = cst.children;
  const items = range.map((item) => formatRange(item, words));
  return formatList(items, { opener, closer, commas }, words);
}

/** `a..b by c`, a single expression, or `..` for the whole of an axis. */
export function formatRange(cst: RangeCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  const { DotDot, By, expression = [] } = cst.children;
  const parts = expression.map((part) => formatExpression(part, words));
  const step = By === undefined ? nothing : concat(space, words.word(By), space, parts.pop() ?? nothing);
  // `..s` has no beginning.
  const isOpen = extentOf(cst).start === first(DotDot)?.startOffset;
  const [from = nothing, to = nothing] = isOpen ? [nothing, ...parts] : parts;
  return DotDot === undefined ? concat(from, step) : concat(from, words.word(DotDot), to, step);
}

export function formatType(cst: TypeCst | undefined, words: Words): Doc {
  if (cst === undefined) return nothing;
  return concat(words.word(cst.children.Identifier), formatIndexing(first(cst.children.indexing), words));
}
