/** An ONNX graph under construction: nodes, and constants, each of which is there once. */
import { at, formatDim, isBatchDim, type Dim, type Shape } from '@sbn/program';
import {
  BOOL,
  FLOAT,
  INT64,
  type AttributeValue,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueProto,
} from './model-proto.js';

/** The name of a value in the graph. */
export type ValueName = string;

export type Attributes = Readonly<Record<string, number | readonly number[]>>;

export class GraphWriter {
  readonly #nodes: NodeProto[] = [];
  readonly #inputs: ValueProto[] = [];
  readonly #outputs: ValueProto[] = [];
  /** The values that the outputs are, in their order. */
  readonly #results: ValueName[] = [];
  readonly #initializers = new Map<string, TensorProto>();
  /** Nodes that are there once, by what they compute. */
  readonly #shared = new Map<string, ValueName>();
  /** Truth values as ONNX has them, by the name of the same as 1 and 0. */
  readonly #truths = new Map<ValueName, ValueName>();
  #origin = '';
  #count = 0;

  /** What the nodes to come are for: the beginning of their names. */
  startNodesOf(origin: string): void {
    this.#origin = origin;
  }

  input(name: ValueName, shape: Shape, doc?: string): ValueName {
    this.#inputs.push({ name, type: FLOAT, dims: shape.map(writeDim), doc });
    return name;
  }

  node(operator: string, inputs: readonly ValueName[], attributes: Attributes = {}): ValueName {
    const entries = Object.entries(attributes).map(([name, value]) => [name, attributeOf(name, value)] as const);
    return this.#add(operator, inputs, Object.fromEntries(entries));
  }

  #add(
    operator: string,
    inputs: readonly ValueName[],
    attributes: Readonly<Record<string, AttributeValue>>,
  ): ValueName {
    const output = `%${String(this.#count)}`;
    this.#count += 1;
    this.#nodes.push({
      name: `${this.#origin} ${operator} ${output}`,
      operator,
      inputs,
      outputs: [output],
      attributes,
    });
    return output;
  }

  /** A comparison or the like, as 1 and 0. */
  truth(bool: ValueName): ValueName {
    const number = this.node('Cast', [bool], { to: FLOAT });
    this.#truths.set(number, bool);
    return number;
  }

  /** Whether each element is not 0; NaN is not. */
  isNotZero(value: ValueName): ValueName {
    return this.#truths.get(value) ?? this.node('Cast', [value], { to: BOOL });
  }

  /** 1 − x */
  complement(value: ValueName): ValueName {
    return this.#once(`1 − ${value}`, () => this.node('Sub', [this.scalar(1), value]));
  }

  /** A number. */
  scalar(value: number): ValueName {
    return this.floats([], [value]);
  }

  /** Values in row-major order. */
  floats(dims: readonly number[], values: readonly number[]): ValueName {
    const key = `f[${dims.join(' ')}] ${values.map((value) => (Object.is(value, -0) ? '-0' : String(value))).join(' ')}`;
    return this.#constant(key, dims, () => Float32Array.from(values));
  }

  ints(values: readonly number[]): ValueName {
    return this.#constant(`i ${values.join(' ')}`, [values.length], () => BigInt64Array.from(values.map(BigInt)));
  }

  /** A tensor of this name that is part of the graph. */
  tensor(name: ValueName, dims: readonly number[], values: Float32Array): ValueName {
    this.#initializers.set(name, { name, dims, values });
    return name;
  }

  #constant(key: string, dims: readonly number[], values: () => Float32Array | BigInt64Array): ValueName {
    const found = this.#initializers.get(key);
    if (found !== undefined) return found.name;
    const name = `constant ${String(this.#initializers.size)}`;
    this.#initializers.set(key, { name, dims, values: values() });
    return name;
  }

  /** A tensor of one value throughout. */
  fill(shape: Shape, value: number): ValueName {
    if (shape.length === 0) return this.scalar(value);
    if (!shape.some(isBatchDim) && shape.includes(0)) return this.floats(shape.filter(isNumber), []);
    const tensor: TensorProto = { name: '', dims: [1], values: Float32Array.of(value) };
    return this.#add('ConstantOfShape', [this.lengths(shape)], { value: { kind: 'tensor', value: tensor } });
  }

  /** The axes' lengths as a vector of integers. */
  lengths(shape: readonly Dim[]): ValueName {
    if (!shape.some(isBatchDim)) return this.ints(shape.filter(isNumber));
    return this.#once(shape.map(formatDim).join(' '), () => {
      const parts = shape.map((dim) => (isBatchDim(dim) ? this.#multipleOfBatch(dim.batch) : this.ints([dim])));
      return parts.length === 1 ? at(parts, 0) : this.node('Concat', parts, { axis: 0 });
    });
  }

  #multipleOfBatch(multiple: number): ValueName {
    const batch = this.batchSize();
    if (multiple === 1) return batch;
    return this.#once(`${String(multiple)} B`, () => this.node('Mul', [batch, this.ints([multiple])]));
  }

  /** The number B, as a vector of one integer: read off an input that has it as an axis, or an input of its own. */
  batchSize(): ValueName {
    return this.#once('batch', () => {
      for (const { name, dims } of this.#inputs) {
        const axis = dims.indexOf('B');
        if (axis >= 0) return this.node('Shape', [name], { start: axis, end: axis + 1 });
      }
      this.#inputs.push({ name: BATCH_INPUT, type: INT64, dims: [1], doc: 'the number of rows, B' });
      return BATCH_INPUT;
    });
  }

  /** The number B, as a real number. */
  batchNumber(): ValueName {
    return this.#once('number of rows', () =>
      this.node('Reshape', [this.node('Cast', [this.batchSize()], { to: FLOAT }), this.ints([])]),
    );
  }

  #once(key: string, make: () => ValueName): ValueName {
    const found = this.#shared.get(key);
    if (found !== undefined) return found;
    const made = make();
    this.#shared.set(key, made);
    return made;
  }

  output(name: string, value: ValueName, shape: Shape, doc?: string): void {
    this.#outputs.push({ name, type: FLOAT, dims: shape.map(writeDim), doc });
    this.#results.push(value);
  }

  /** The graph, without nodes and constants that no output needs. */
  finish(name: string): GraphProto {
    const { renamed, copies } = nameOutputs(this.#nodes, this.#outputs, this.#results);
    const rename = (value: ValueName): ValueName => renamed.get(value) ?? value;
    const all = this.#nodes.map((node) => {
      return { ...node, inputs: node.inputs.map(rename), outputs: node.outputs.map(rename) };
    });
    const nodes = removeUnneeded([...all, ...copies], new Set(this.#outputs.map((output) => output.name)));
    const used = new Set(nodes.flatMap(({ inputs }) => inputs));
    const initializers = [...this.#initializers.values()].filter((tensor) => used.has(tensor.name));
    return { name, nodes, inputs: this.#inputs, outputs: this.#outputs, initializers };
  }
}

/** A node's value is called as the output that it is; what is an input, a constant or another output too is copied. */
function nameOutputs(
  nodes: readonly NodeProto[],
  outputs: readonly ValueProto[],
  results: readonly ValueName[],
): { readonly renamed: ReadonlyMap<ValueName, ValueName>; readonly copies: readonly NodeProto[] } {
  const computed = new Set(nodes.flatMap((node) => node.outputs));
  const renamed = new Map<ValueName, ValueName>();
  const copies: NodeProto[] = [];
  outputs.forEach(({ name }, place) => {
    const value = at(results, place);
    if (computed.has(value) && !renamed.has(value)) renamed.set(value, name);
    else {
      const inputs = [renamed.get(value) ?? value];
      copies.push({ name: `copy ${name}`, operator: 'Identity', inputs, outputs: [name], attributes: {} });
    }
  });
  return { renamed, copies };
}

/** What an input is called that is the number of rows and nothing else. */
export const BATCH_INPUT = 'batch_size';

function isNumber(dim: Dim): dim is number {
  return typeof dim === 'number';
}

function writeDim(dim: Dim): number | string {
  return isBatchDim(dim) ? formatDim(dim) : dim;
}

/** Attributes of ONNX that are real numbers, though their values may be whole. */
const FLOAT_ATTRIBUTES: ReadonlySet<string> = new Set(['alpha', 'beta']);

function attributeOf(name: string, value: number | readonly number[]): AttributeValue {
  if (typeof value !== 'number') return { kind: 'ints', value };
  return { kind: FLOAT_ATTRIBUTES.has(name) ? 'float' : 'int', value };
}

/** Nodes are in order of definition. */
function removeUnneeded(nodes: readonly NodeProto[], outputs: ReadonlySet<string>): readonly NodeProto[] {
  const needed = new Set(outputs);
  const kept: NodeProto[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((output) => needed.has(output))) continue;
    for (const input of node.inputs) needed.add(input);
    kept.push(node);
  }
  return kept.reverse();
}
