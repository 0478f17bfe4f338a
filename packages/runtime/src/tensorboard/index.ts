export { crc32c, maskedCrc32c } from './crc32c.js';
export { encodeRecord } from './record.js';
export {
  encodeEvent,
  encodeValue,
  ValueEncoder,
  type RunLogEvent,
  type SummaryInfo,
  type SummaryValue,
} from './event-proto.js';
