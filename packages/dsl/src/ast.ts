/**
 * The syntax tree: what was written, nothing resolved. Every node has the span of its whole text.
 * A node that error recovery could not complete is left out, and a diagnostic stands in its place.
 */
import type { CallExpression, Expression, Identifier, NameExpression, RangeExpression } from './ast-expression.js';
import type { Span } from './span.js';

export type * from './ast-expression.js';

export interface Module {
  readonly kind: 'module';
  readonly declarations: readonly Declaration[];
  /** The `///` text that opens the file: what the model is, shown by `explain` and in reports. */
  readonly doc: string | undefined;
  /**
   * Names that a declaration or a statement would have declared, had it been possible to read it: that they are unknown
   * is no second mistake. Empty where the text has no syntax errors.
   */
  readonly unread: readonly string[];
  readonly span: Span;
}

export type Declaration =
  | ImportDeclaration
  | ConstDeclaration
  | DataDeclaration
  | ParamDeclaration
  | FunctionDeclaration
  | BlockDeclaration
  | ObjectiveDeclaration
  | EstimatorDeclaration
  | TrainDeclaration;

interface Documented {
  readonly doc: string | undefined;
}

/** `import "layers.sbn"` */
export interface ImportDeclaration extends Documented {
  readonly kind: 'import';
  readonly path: string;
  readonly pathSpan: Span;
  readonly span: Span;
}

/** `const H = 200` */
export interface ConstDeclaration extends Documented {
  readonly kind: 'const';
  readonly name: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

/** `data x: binary[784]` */
export interface DataDeclaration extends Documented {
  readonly kind: 'data';
  readonly name: Identifier;
  readonly type: TypeExpression;
  readonly span: Span;
}

/** `param mu: real[20, 64] = normal(0, 0.1)`, of the file or, in a function, of each of its calls */
export interface ParamDeclaration extends Documented {
  readonly kind: 'param';
  readonly name: Identifier;
  readonly type: TypeExpression;
  readonly initializer: Expression | undefined;
  readonly span: Span;
}

/** `x: real[n]`, `hidden: int = 100` */
export interface Parameter {
  readonly name: Identifier;
  readonly type: TypeExpression;
  /** What it is in a call that does not give it. */
  readonly defaultValue: Expression | undefined;
}

/** `fn mlp(x: real[n], hidden: int = 100) -> real[hidden] { … return … }` */
export interface FunctionDeclaration extends Documented {
  readonly kind: 'fn';
  readonly name: Identifier;
  readonly parameters: readonly Parameter[];
  readonly result: TypeExpression;
  readonly body: readonly Statement[];
  readonly span: Span;
}

/** `model { … }` or `guide { … }` */
export interface BlockDeclaration extends Documented {
  readonly kind: 'block';
  readonly role: 'model' | 'guide';
  /** The keyword, for diagnostics about the block as a whole. */
  readonly keyword: Span;
  readonly body: readonly Statement[];
  readonly span: Span;
}

/** `maximize elbo`, `minimize mean((b - t)^2)` */
export interface ObjectiveDeclaration extends Documented {
  readonly kind: 'objective';
  readonly direction: 'maximize' | 'minimize';
  readonly value: Expression;
  readonly span: Span;
}

/** `estimator muprop(order = 2)`: the estimator of every site without a `via` of its own */
export interface EstimatorDeclaration extends Documented {
  readonly kind: 'estimator';
  readonly estimator: CallExpression | NameExpression;
  readonly span: Span;
}

/** `train { data x = bars(n = 4)  optimizer = adam(lr = 1e-3)  batch = 100 }` */
export interface TrainDeclaration extends Documented {
  readonly kind: 'train';
  readonly entries: readonly TrainEntry[];
  readonly span: Span;
}

/** `data x = SOURCE` has a `dataName`; the others are `key = value`. */
export interface TrainEntry {
  readonly key: Identifier;
  readonly dataName: Identifier | undefined;
  readonly value: Expression;
  readonly span: Span;
}

/** `binary[784]`, `onehot[10]`, `real[n, 16]`, `real[..s, n]`, `int` */
export interface TypeExpression {
  readonly kind: 'type';
  readonly element: Identifier;
  /** The `s` of `..s`: all axes in front of the others, however many. */
  readonly lead: Identifier | undefined;
  readonly dimensions: readonly Expression[];
  readonly span: Span;
}

export type Statement =
  | SampleStatement
  | LetStatement
  | ForStatement
  | PlateStatement
  | ReturnStatement
  /** In functions alone. */
  | ParamDeclaration;

/** `h[l]: binary[200] ~ bernoulli(logits = …) via muprop(order = 2)` */
export interface SampleStatement extends Documented {
  readonly kind: 'sample';
  readonly name: Identifier;
  readonly indices: readonly Expression[];
  /** `h[l]`, without its type and the distribution. */
  readonly targetSpan: Span;
  readonly type: TypeExpression | undefined;
  readonly distribution: CallExpression;
  readonly via: CallExpression | NameExpression | undefined;
  readonly span: Span;
}

/** `let h = tanh(dense(x, 100))` */
export interface LetStatement extends Documented {
  readonly kind: 'let';
  readonly name: Identifier;
  readonly value: Expression;
  readonly span: Span;
}

/** `for l in (L - 1)..1 { … }`; `by` fixes the direction, so that a range may be empty. */
export interface ForStatement {
  readonly kind: 'for';
  readonly variable: Identifier;
  readonly range: RangeExpression;
  readonly body: readonly Statement[];
  readonly span: Span;
}

/** `plate i in N { … }` */
export interface PlateStatement {
  readonly kind: 'plate';
  readonly variable: Identifier;
  readonly size: Expression;
  readonly body: readonly Statement[];
  readonly span: Span;
}

/** `return dense(h, out)`, in functions only */
export interface ReturnStatement {
  readonly kind: 'return';
  readonly value: Expression;
  readonly span: Span;
}
