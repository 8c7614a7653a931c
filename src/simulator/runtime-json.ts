/** Writes JSON byte for byte like the runtime's writer (`Common/JsonWriter.h`), including its defects. */

/** A value of a document. Members that are `undefined` are omitted; there is no null. */
export type Value = string | number | boolean | Scalar | readonly Value[] | Members;

/** An object of a document, with its members in order. */
export interface Members {
  readonly [member: string]: Value | undefined;
}

/** The form of scalars, which depends on the api-version. */
export interface Dialect {
  /** Below version 3.0: enums as numbers, time spans and times as strings of digits. */
  readonly isLegacy: boolean;
}

/** A value that is written in a form of its own. */
abstract class Scalar {
  abstract write(dialect: Dialect): string | number;
}

/** A 64-bit integer, written as a string of digits. */
export class Int64 extends Scalar {
  readonly digits: string;

  constructor(digits: string) {
    super();
    this.digits = digits;
  }

  write(): string {
    return this.digits;
  }
}

/** A value of an enum, with the numbers by name. */
export class Enum extends Scalar {
  readonly name: string;
  readonly table: Readonly<Record<string, number>>;

  constructor(table: Readonly<Record<string, number>>, name: string) {
    super();
    this.table = table;
    this.name = name;
  }

  write({ isLegacy }: Dialect): string | number {
    return isLegacy ? (this.table[this.name] ?? 0) : this.name;
  }
}

/** The longest time span in ticks of 100 ns, which means no limit. */
const maxTimeSpanTicks = 2n ** 63n - 1n;

/** A duration, written in ISO 8601. */
export class TimeSpan extends Scalar {
  readonly ticks: bigint;

  /** @param seconds not negative; `Infinity` for no limit */
  constructor(seconds: number) {
    super();
    this.ticks =
      seconds >= Number(maxTimeSpanTicks) / 1e7 ? maxTimeSpanTicks : BigInt(Math.round(seconds * 1e7));
  }

  write({ isLegacy }: Dialect): string {
    if (isLegacy) return String(this.ticks / 10_000n);
    const whole = this.ticks / 10_000_000n;
    const days = whole / 86_400n;
    const seconds = Number(this.ticks % 600_000_000n) / 1e7;
    // The runtime writes a constant for this one, which its general rule would round to 5.47758.
    const secondsText = this.ticks === maxTimeSpanTicks ? '5.4775807' : formatSignificant(seconds);
    return `P${days > 0n ? `${days}D` : ''}T${(whole / 3600n) % 24n}H${(whole / 60n) % 60n}M${secondsText}S`;
  }
}

/** Formats six significant digits like a C++ stream: `59.9999999` as `60`, `0.000095` as `9.5e-05`. */
function formatSignificant(value: number): string {
  const rounded = Number(value.toPrecision(6));
  if (rounded === 0 || rounded >= 1e-4) return String(rounded);
  return rounded.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

/** A point in time, written in RFC 3339. */
export class DateTime extends Scalar {
  /** Milliseconds since 1970; `undefined` is written as the first moment of year 1. */
  readonly time: number | undefined;

  constructor(time?: number) {
    super();
    this.time = time;
  }

  write({ isLegacy }: Dialect): string {
    if (this.time === undefined) return isLegacy ? '0' : '0001-01-01T00:00:00.000Z';
    const milliseconds = Math.trunc(this.time);
    if (isLegacy) return toFileTime(milliseconds);
    return new Date(milliseconds).toISOString();
  }
}

/** Converts milliseconds since 1970 to a file time of Windows: ticks of 100 ns since 1601. */
export function toFileTime(time: number): string {
  return String((BigInt(Math.trunc(time)) + 11_644_473_600_000n) * 10_000n);
}

/** Writes compact JSON, which like the runtime's is not always valid JSON or UTF-8. */
export function writeJson(value: Value, dialect: Dialect): Buffer {
  return encodeCesu8(formatValue(value, dialect));
}

function formatValue(value: Value, dialect: Dialect): string {
  if (typeof value === 'string') return quoteString(value);
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (value instanceof Scalar) return formatValue(value.write(dialect), dialect);
  if (isList(value)) return `[${value.map((item) => formatValue(item, dialect)).join(',')}]`;
  const members = Object.entries(value).flatMap(([name, member]) =>
    member === undefined ? [] : [`${quoteString(name)}:${formatValue(member, dialect)}`],
  );
  return `{${members.join(',')}}`;
}

function isList(value: readonly Value[] | Members): value is readonly Value[] {
  return Array.isArray(value);
}

const shortEscapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '/': '\\/',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  // Not valid in JSON, but written by the runtime.
  '\v': '\\v',
};

function quoteString(text: string): string {
  // The runtime's strings end at a NUL.
  const [untilNul = ''] = text.split('\0', 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must be escaped
  const escaped = untilNul.replace(/["\\/\u0000-\u001f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return shortEscapes[character] ?? `\\u${code}`;
  });
  return `"${escaped}"`;
}

/**
 * Encodes each half of a surrogate pair in three bytes (CESU-8), because the runtime encodes UTF-16 unit by unit.
 */
function encodeCesu8(text: string): Buffer {
  const parts = text.split(/([\ud800-\udfff])/);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : encodeThreeBytes(part.charCodeAt(0)))),
  );
}

function encodeThreeBytes(unit: number): Buffer {
  return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
}
