/** The part of TensorBoard's format that a run is written in: `event.proto`, `summary.proto` and `tensor.proto`, field by field. */
import { assertNever } from '@sbn/program';
import { BinaryWriter } from '@bufbuild/protobuf/wire';

/** One point of a curve, or one picture. */
export type SummaryValue =
  | {
      readonly kind: 'scalar';
      readonly tag: string;
      readonly value: number;
      /** Needed with the first point of a tag in a file; TensorBoard takes no notice of later ones. */
      readonly about: SummaryInfo | undefined;
    }
  | {
      readonly kind: 'image';
      readonly tag: string;
      /** An encoded picture. */
      readonly png: Uint8Array;
      readonly width: number;
      readonly height: number;
      readonly about: SummaryInfo | undefined;
    };

/** What TensorBoard shows above a chart. */
export interface SummaryInfo {
  readonly title: string;
  /** Markdown. */
  readonly description: string;
}

export type RunLogEvent =
  /** The first event of every file. */
  | { readonly kind: 'version' }
  /** The second of every file: points from this step on, in files before this one, are void. TensorBoard heeds all of them but the first of a run. */
  | { readonly kind: 'start'; readonly step: number }
  | {
      readonly kind: 'summary';
      readonly step: number;
      /** As `encodeValue` or a `ValueEncoder` gives them. */
      readonly values: readonly Uint8Array[];
    };

/** The bytes of an `Event`; `wallTime` is in seconds since 1970. */
export function encodeEvent(event: RunLogEvent, wallTime: number): Uint8Array {
  const writer = new BinaryWriter();
  writer.uint32(tag(1, FIXED64)).double(wallTime);
  switch (event.kind) {
    case 'version':
      writer.uint32(tag(3, BYTES)).string('brain.Event:2');
      break;
    case 'start':
      writer.uint32(tag(2, VARINT)).int64(event.step);
      nested(writer, 7, (log) => {
        log.uint32(tag(1, VARINT)).int32(SESSION_START);
      });
      break;
    case 'summary':
      writer.uint32(tag(2, VARINT)).int64(event.step);
      nested(writer, 5, (summary) => {
        for (const value of event.values) summary.uint32(tag(1, BYTES)).bytes(value);
      });
      break;
    default:
      assertNever(event);
  }
  return writer.finish();
}

/** `SessionLog.SessionStatus` */
const SESSION_START = 1;
/** `DataType` */
const DT_FLOAT = 1;
const DT_STRING = 7;
/** `DataClass` */
const DATA_CLASS = { scalar: 1, image: 3 } as const;
const PLUGIN = { scalar: 'scalars', image: 'images' } as const;

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

function tag(field: number, wire: number): number {
  return (field << 3) | wire;
}

function nested(writer: BinaryWriter, field: number, write: (writer: BinaryWriter) => void): void {
  writer.uint32(tag(field, BYTES)).fork();
  write(writer);
  writer.join();
}

function text(writer: BinaryWriter, field: number, value: string): void {
  writer.uint32(tag(field, BYTES)).string(value);
}

/** The bytes of a `Summary.Value`. */
export function encodeValue(value: SummaryValue): Uint8Array {
  const { kind, about } = value;
  const writer = new BinaryWriter();
  text(writer, 1, value.tag);
  if (about !== undefined)
    nested(writer, 9, (metadata) => {
      nested(metadata, 1, (plugin) => {
        text(plugin, 1, PLUGIN[kind]);
      });
      text(metadata, 2, about.title);
      text(metadata, 3, about.description);
      metadata.uint32(tag(4, VARINT)).int32(DATA_CLASS[kind]);
    });
  nested(writer, 8, (tensor) => {
    if (value.kind === 'scalar') {
      tensor.uint32(tag(1, VARINT)).int32(DT_FLOAT);
      // A scalar: a shape without axes.
      nested(tensor, 2, () => undefined);
      // Packed, as proto3 does.
      nested(tensor, 5, (values) => {
        // What is too large for a float32 is infinite.
        values.float(Math.fround(value.value));
      });
    } else writeImage(tensor, value);
  });
  return writer.finish();
}

/** Encodes the points of a file: describes each tag once, and after that changes no more than the number, which stands last. */
export class ValueEncoder {
  readonly #scalars = new Map<string, Uint8Array>();
  readonly #described = new Set<string>();

  encode(value: SummaryValue): Uint8Array {
    if (!this.#described.has(value.tag)) {
      this.#described.add(value.tag);
      return encodeValue(value);
    }
    if (value.kind === 'image') return encodeValue({ ...value, about: undefined });
    const template = this.#scalars.get(value.tag) ?? encodeValue({ ...value, about: undefined });
    this.#scalars.set(value.tag, template);
    const bytes = template.slice();
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, value.value, true);
    return bytes;
  }
}

/** A vector of texts: width, height, and a picture (TensorBoard's `images` plugin). */
function writeImage(
  tensor: BinaryWriter,
  { png, width, height }: Extract<SummaryValue, { readonly kind: 'image' }>,
): void {
  tensor.uint32(tag(1, VARINT)).int32(DT_STRING);
  nested(tensor, 2, (shape) => {
    nested(shape, 2, (axis) => {
      axis.uint32(tag(1, VARINT)).int64(3);
    });
  });
  for (const item of [String(width), String(height)]) text(tensor, 8, item);
  tensor.uint32(tag(8, BYTES)).bytes(png);
}
