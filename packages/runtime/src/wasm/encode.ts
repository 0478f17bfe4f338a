/** How WebAssembly is written byte by byte (Core Specification 2.0, chapter 5). */

export type Code = readonly number[];

/** LEB128 of an integer that is not negative. */
export function unsigned(value: number): Code {
  return value < 128 ? [value] : [(value % 128) + 128, ...unsigned(Math.floor(value / 128))];
}

/** LEB128 with a sign. */
export function signed(value: number): Code {
  if (value >= -64 && value < 64) return [value & 127];
  const low = ((value % 128) + 128) % 128;
  return [low + 128, ...signed((value - low) / 128)];
}

/** The instruction that gives an integer of 32 bits. */
export function i32(value: number): Code {
  return [0x41, ...signed(value | 0)];
}

export function section(id: number, content: Code): Code {
  return [id, ...unsigned(content.length), ...content];
}

/** Of an export, in UTF-8. */
export function name(text: string): Code {
  const bytes = new TextEncoder().encode(text);
  return [...unsigned(bytes.length), ...bytes];
}
