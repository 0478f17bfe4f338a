export { crc32c, maskedCrc32c } from './crc32c.js';
export { encodeRecord } from './record.js';
export { encodeEvent, type RunLogEvent, type SummaryInfo, type SummaryValue } from './event-proto.js';
