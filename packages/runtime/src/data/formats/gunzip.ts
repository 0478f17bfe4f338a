import { DataError } from '../../errors.js';

/** The bytes, unpacked where they are gzipped. Through the web's decompression, which Node and browsers share. @throws DataError */
export async function gunzip(bytes: Uint8Array, source: string): Promise<Uint8Array> {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    const stream = new Blob([bytes.slice()]).stream().pipeThrough(new DecompressionStream('gzip'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(
      { source },
      `the gzip data (${String(bytes.length)} bytes) are truncated or damaged: ${reason}`,
      'fetch the file again',
      { cause },
    );
  }
}
