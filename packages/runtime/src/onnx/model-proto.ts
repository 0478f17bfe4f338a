/**
 * The part of the ONNX format that programs are written in (onnx.proto of ONNX 1.16: intermediate representation 10).
 * Messages are plain data, and each is written field by field; the numbers are those of the format.
 */
import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** `TensorProto.DataType` */
export const FLOAT = 1;
export const INT64 = 7;
export const BOOL = 9;

export type ElementType = typeof FLOAT | typeof INT64 | typeof BOOL;

/** A tensor that is part of the model. */
export interface TensorProto {
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: Float32Array | BigInt64Array;
}

export type AttributeValue =
  | { readonly kind: 'float'; readonly value: number }
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'tensor'; readonly value: TensorProto };

export interface NodeProto {
  readonly name: string;
  readonly operator: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeValue>>;
}

/** An axis is a number, or the name of a length that is known when the model runs. */
export interface ValueProto {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly (number | string)[];
  readonly doc?: string | undefined;
}

export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly inputs: readonly ValueProto[];
  readonly outputs: readonly ValueProto[];
  readonly initializers: readonly TensorProto[];
}

const IR_VERSION = 10;
const OPSET_VERSION = 21;

/** The bytes of an ONNX file with this graph. */
export function encodeModel(graph: GraphProto, doc = ''): Uint8Array {
  return message((model) => {
    model.uint32(tag(1, VARINT)).int64(IR_VERSION);
    text(model, 2, 'sbn');
    if (doc !== '') text(model, 6, doc);
    nested(model, 7, (writer) => {
      writeGraph(writer, graph);
    });
    nested(model, 8, (opset) => {
      text(opset, 1, '');
      opset.uint32(tag(2, VARINT)).int64(OPSET_VERSION);
    });
  });
}

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

function tag(field: number, wire: number): number {
  return (field << 3) | wire;
}

function message(write: (writer: BinaryWriter) => void): Uint8Array {
  const writer = new BinaryWriter();
  write(writer);
  return writer.finish();
}

function nested(writer: BinaryWriter, field: number, write: (writer: BinaryWriter) => void): void {
  writer.uint32(tag(field, BYTES)).fork();
  write(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.uint32(tag(field, BYTES)).string(value);
}

function writeGraph(writer: BinaryWriter, { name, nodes, inputs, outputs, initializers }: GraphProto): void {
  for (const node of nodes)
    nested(writer, 1, (inner) => {
      writeNode(inner, node);
    });
  text(writer, 2, name);
  for (const tensor of initializers)
    nested(writer, 5, (inner) => {
      writeTensor(inner, tensor);
    });
  for (const [field, values] of [
    [11, inputs],
    [12, outputs],
  ] as const)
    for (const value of values)
      nested(writer, field, (inner) => {
        writeValue(inner, value);
      });
}

function writeNode(writer: BinaryWriter, { name, operator, inputs, outputs, attributes }: NodeProto): void {
  for (const input of inputs) text(writer, 1, input);
  for (const output of outputs) text(writer, 2, output);
  text(writer, 3, name);
  text(writer, 4, operator);
  for (const [key, value] of Object.entries(attributes))
    nested(writer, 5, (inner) => {
      writeAttribute(inner, key, value);
    });
}

/** `AttributeProto.AttributeType` */
const ATTRIBUTE_TYPES = { float: 1, int: 2, tensor: 4, ints: 7 } as const;

function writeAttribute(writer: BinaryWriter, name: string, attribute: AttributeValue): void {
  text(writer, 1, name);
  switch (attribute.kind) {
    case 'float':
      writer.uint32(tag(2, FIXED32)).float(attribute.value);
      break;
    case 'int':
      writer.uint32(tag(3, VARINT)).int64(attribute.value);
      break;
    case 'tensor':
      nested(writer, 5, (inner) => {
        writeTensor(inner, attribute.value);
      });
      break;
    case 'ints':
      for (const value of attribute.value) writer.uint32(tag(8, VARINT)).int64(value);
      break;
  }
  writer.uint32(tag(20, VARINT)).int32(ATTRIBUTE_TYPES[attribute.kind]);
}

function writeTensor(writer: BinaryWriter, { name, dims, values }: TensorProto): void {
  for (const dim of dims) writer.uint32(tag(1, VARINT)).int64(dim);
  writer.uint32(tag(2, VARINT)).int32(values instanceof Float32Array ? FLOAT : INT64);
  text(writer, 8, name);
  // Raw data are little-endian, as all machines are that the runtime runs on.
  writer.uint32(tag(9, BYTES)).bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
}

function writeValue(writer: BinaryWriter, { name, type, dims, doc }: ValueProto): void {
  text(writer, 1, name);
  nested(writer, 2, (valueType) => {
    nested(valueType, 1, (tensor) => {
      tensor.uint32(tag(1, VARINT)).int32(type);
      nested(tensor, 2, (shape) => {
        for (const dim of dims)
          nested(shape, 1, (axis) => {
            if (typeof dim === 'number') axis.uint32(tag(1, VARINT)).int64(dim);
            else text(axis, 2, dim);
          });
      });
    });
  });
  if (doc !== undefined) text(writer, 3, doc);
}
