/** What a `model` or `guide` block holds while it is checked, and the names made in it. */
import type { BlockDeclaration, Span, Statement } from '@sbn/dsl';
import type { Plate, TypedStatement, ValueType } from '../typed-model.js';
import { Scope } from './scope.js';

/** A site that was sampled in a block; `type` is undefined where its distribution has a mistake. */
export interface SampledSite {
  readonly id: string;
  /** The name without indices. */
  readonly name: string;
  readonly role: 'latent' | 'observed';
  readonly type: ValueType | undefined;
  /** The plates that it is in, outermost first. */
  readonly plates: readonly Plate[];
  /** The largest value, for counts that end. */
  readonly largest: number | undefined;
  readonly span: Span;
}

/** Filled statement by statement, in order of execution. */
export interface Block {
  readonly role: BlockDeclaration['role'];
  readonly keyword: Span;
  readonly body: readonly Statement[];
  readonly scope: Scope;
  readonly statements: TypedStatement[];
  /** By id. */
  readonly sites: Map<string, SampledSite>;
  /** Families with an index that could not be known: any member may exist, so none is called missing. */
  readonly openFamilies: Set<string>;
  /** Every name that the text samples anywhere in the block, with the first place. */
  readonly planned: ReadonlyMap<string, Span>;
  /** Paths of its `let` statements. */
  readonly paths: Names;
}

export function createBlock(role: Block['role'], keyword: Span, body: readonly Statement[], globals: Scope): Block {
  return {
    role,
    keyword,
    body,
    scope: new Scope(globals),
    statements: [],
    sites: new Map(),
    openFamilies: new Set(),
    planned: collectSampled(body),
    paths: new Names(),
  };
}

/** The names on the left of `~` in statements, loops and plates included, each with its first place. */
export function collectSampled(statements: readonly Statement[]): ReadonlyMap<string, Span> {
  const names = new Map<string, Span>();
  const visit = (statement: Statement): void => {
    if (statement.kind === 'sample' && !names.has(statement.name.name))
      names.set(statement.name.name, statement.targetSpan);
    if (statement.kind === 'for' || statement.kind === 'plate') statement.body.forEach(visit);
  };
  statements.forEach(visit);
  return names;
}

/** Names given out once each. */
export class Names {
  readonly #taken = new Set<string>();
  /** How often each name was asked for. */
  readonly #counts = new Map<string, number>();

  /** The name, or with a number behind it, if `isFree` allows that: the first not yet given out. */
  claim(name: string, suffix = '', isFree: (numbered: string) => boolean = () => true): string {
    for (let count = (this.#counts.get(name + suffix) ?? 0) + 1; ; count += 1) {
      const numbered = count === 1 ? name : `${name}${count}`;
      const whole = numbered + suffix;
      if (this.#taken.has(whole) || (count > 1 && !isFree(numbered))) continue;
      this.#taken.add(whole);
      this.#counts.set(name + suffix, count);
      return whole;
    }
  }
}

/** Takes sites as sampled whose statements were not understood, so that nothing is said of their uses. */
export function declareUnknownSites(block: Block, names: ReadonlyMap<string, Span>): void {
  for (const [name, span] of names) {
    const isData = block.scope.lookup(name)?.kind === 'data';
    block.openFamilies.add(name);
    if (isData)
      block.sites.set(name, {
        id: name,
        name,
        role: 'observed',
        type: undefined,
        plates: [],
        largest: undefined,
        span,
      });
    else block.scope.declare(name, { kind: 'site', span, id: name, type: undefined });
  }
}

/**
 * Where in a block something is made. It gives names to the parameters that layers own and to the
 * bindings that functions need:
 *
 *     <block>.<statement>{.<function>[k]}.<layer>[k][.<part>]
 *
 * e.g. `model.h1.dense.weight`, `model.h[2].dense.bias`, `model.h2.bias` (a layer of one part),
 * `guide.z.mlp.dense2.weight`. A statement is a site's id or a `let`'s name; a `let` in a loop has
 * the loop variables' values behind its name, as in `a[2]`. `k` counts from the second use of a name in one place, in order of
 * evaluation, and skips what is taken. The expression after `minimize` or `maximize` is the
 * statement of that name in the model. Names follow from the text alone, so a checkpoint fits a
 * model whose other statements have changed.
 */
export class Place {
  readonly block: Block;
  /** Without the block's role. */
  readonly path: string;
  readonly #taken = new Names();
  readonly #bindings = new Names();

  constructor(block: Block, path: string) {
    this.block = block;
    this.path = path;
  }

  /** A place within, for a layer or a function; the second `dense` is `dense2`. */
  child(name: string): Place {
    return new Place(this.block, `${this.path}.${this.#taken.claim(name)}`);
  }

  /** The id of a binding that a function needs here: of an argument or a `let` of its own. */
  bindingId(name: string): string {
    return `${this.path}.${this.#bindings.claim(name)}`;
  }

  /** The name of a parameter made here: the layer's own, or that of one of its parts. */
  parameterName(part: string | undefined): string {
    return part === undefined ? `${this.block.role}.${this.path}` : `${this.block.role}.${this.path}.${part}`;
  }
}

/** The place of a `let` of a block; `suffix` tells the iterations of loops around it apart. */
export function placeLet(block: Block, name: string, suffix: string): Place {
  // A site's name is its own, even where a loop's `let` is out of its sight.
  return new Place(
    block,
    block.paths.claim(name, suffix, (numbered) => !block.planned.has(numbered)),
  );
}
