/** A place in a random text: what can be used there, and what the whole file has so far. */
import type { Choices } from './choices.js';
import { countElements, sameShape, type Dim, type Named, type Shape } from './value.js';

export interface PlateVariable {
  readonly name: string;
  readonly size: number;
}

/** A whole number that is known at compile time. */
export interface IntegerName {
  readonly name: string;
  /** Its values, where it is a loop's. */
  readonly low: number;
  readonly high: number;
}

export interface FunctionInfo {
  readonly name: string;
  readonly parameters: readonly (Shape | 'int')[];
  /** What the parameters are called: dimensions of the result are shape variables or `int` parameters. */
  readonly names: readonly string[];
  /** Of the last parameter: the number that a call may leave out, or `value` where what it leaves out is of the right shape anyhow. */
  readonly defaultValue: number | 'value' | undefined;
  readonly result: Shape;
  /** Whether its first parameter and its result may have any axes in front. */
  readonly hasLead: boolean;
  readonly hasLayers: boolean;
}

/** What the file has so far. */
export class RandomFile {
  readonly choices: Choices;
  readonly constants: IntegerName[] = [];
  readonly data: Named[] = [];
  readonly functions: FunctionInfo[] = [];
  /** Declarations, in the order of the file. */
  readonly declarations: string[] = [];
  readonly parameters: Named[] = [];
  readonly #counts = new Map<string, number>();

  constructor(choices: Choices) {
    this.choices = choices;
  }

  /** A name that the file does not have. */
  fresh(prefix: string): string {
    const count = (this.#counts.get(prefix) ?? 0) + 1;
    this.#counts.set(prefix, count);
    return `${prefix}${count}`;
  }

  /** A size as it is written: now and then by the name of a constant. */
  writeDim(size: Dim): string {
    const name = this.constants.find(({ low }) => low === size)?.name;
    return name !== undefined && this.choices.chance(50) ? name : String(size);
  }

  writeType(element: string, shape: Shape): string {
    return shape.length === 0 ? element : `${element}[${shape.map((size) => this.writeDim(size)).join(', ')}]`;
  }

  /** A parameter of the shape: a new one, or one that there is. */
  parameter(shape: readonly number[]): Named {
    const found = this.parameters.find((parameter) => sameShape(parameter.shape, shape));
    if (found !== undefined && this.choices.chance(40)) return found;
    const name = this.fresh('p');
    const initial = this.choices.pick(['', ' = normal(0, 0.5)', ' = 0.25', ' = ones', ' = uniform(-1, 1)']);
    this.declarations.push(`param ${name}: ${this.writeType('real', shape)}${initial}`);
    const made: Named = { text: name, shape, element: 'real', size: 2.5, drawn: false, summed: false, plates: [] };
    this.parameters.push(made);
    return made;
  }
}

export interface Region {
  readonly file: RandomFile;
  readonly names: readonly Named[];
  readonly plates: readonly PlateVariable[];
  /** Loop variables. */
  readonly integers: readonly IntegerName[];
  /** Whether layers can stand here. */
  readonly layers: boolean;
  /** Whether parameters of the file, and its data, mean something here: not in a function. */
  readonly global: boolean;
  /** Whether what is drawn may be compared: no site has an estimator that relaxes it. */
  readonly comparesDraws: boolean;
  readonly inFunction: boolean;
}

export function withNames(region: Region, names: readonly Named[]): Region {
  return { ...region, names: [...region.names, ...names] };
}

/** A region from which a site can be drawn that is not summed out. */
export function withoutSummed(region: Region): Region {
  return { ...region, names: region.names.filter(({ summed }) => !summed) };
}

/** Few elements: what is made on the way to a value. */
export function isSmall(shape: Shape): boolean {
  return countElements(shape) <= 24 && shape.length <= 3;
}
