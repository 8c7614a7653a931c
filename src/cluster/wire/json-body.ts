/** Parses the body of a response as JSON, and tolerates the mistakes of real gateways. */
import { isUtf8 } from 'node:buffer';

/** A valid JSON text and its value. */
export interface Json {
  readonly text: string;
  readonly value: unknown;
}

/**
 * Parses a body as JSON; `undefined` for any other body. The runtime's writer (`Common/JsonWriter.h`) writes a vertical
 * tab as `\v`, which is not JSON, and characters outside the basic plane as two surrogates of three bytes each, which
 * is not UTF-8.
 */
export function parseBody(body: Uint8Array): Json | undefined {
  const text = decodeText(body);
  const json = parseText(text);
  if (json !== undefined || text.length > maxReplyBytes) return json;
  return parseText(text.replace(/\\./g, (pair) => (pair === '\\v' ? '\\u000b' : pair)));
}

/** Largest body whose mistakes are corrected: twice the largest that the runtime sends. */
const maxReplyBytes = 2 ** 23;

/** Limits the values of a body, because a small value takes a hundred times its size in memory. */
export const maxValues = 3_000_000;

/** Whether a body has too many values. Counts the beginnings of values. */
export function hasTooManyValues(body: Uint8Array): boolean {
  if (body.length <= maxValues) return false;
  let values = 0;
  for (let at = 0; at < body.length && values <= maxValues; at++) {
    const byte = body[at];
    if (byte === quote) at = findStringEnd(body, at);
    else if (byte === comma || byte === brace || byte === bracket) values++;
  }
  return values > maxValues;
}

const [quote, backslash, comma, brace, bracket] = Buffer.from('"\\,{[');

/** Finds the closing quote of a string. */
function findStringEnd(body: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < body.length && body[at] !== quote) at += body[at] === backslash ? 2 : 1;
  return at;
}

function parseText(text: string): Json | undefined {
  try {
    return { text, value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function decodeText(body: Uint8Array): string {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  // TextDecoder drops a byte order mark and replaces invalid bytes with U+FFFD.
  const isGood = bytes.length > maxReplyBytes || isUtf8(bytes);
  return new TextDecoder().decode(isGood ? bytes : joinSurrogates(bytes));
}

/** Joins surrogates that were encoded separately (CESU-8) to the characters that the pairs encode. */
function joinSurrogates(bytes: Buffer): Buffer {
  const joined = bytes
    .toString('latin1')
    .replace(/\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]/g, (pair) => {
      const bits = (at: number) => pair.charCodeAt(at) & 0x3f;
      const unit = (at: number) => 0xd000 | (bits(at) << 6) | bits(at + 1);
      return Buffer.from(String.fromCharCode(unit(1), unit(4))).toString('latin1');
    });
  return Buffer.from(joined, 'latin1');
}
