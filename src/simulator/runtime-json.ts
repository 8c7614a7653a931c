/** JSON as the runtime's own writer makes it, oddities included. */

/** A value as the runtime holds it. Members that are `undefined` are left out; nothing is ever null. */
export type Value = string | number | boolean | Scalar | readonly Value[] | Members;

export interface Members {
  readonly [member: string]: Value | undefined;
}

/** How scalars are written depends on the api-version that was asked for. */
export interface Dialect {
  /** Before version 3.0: enums as numbers, time spans and times as strings of digits. */
  readonly legacy: boolean;
}

/** What is no plain JSON value in the runtime. */
abstract class Scalar {
  abstract write(dialect: Dialect): string | number;
}

/** A signed or unsigned 64-bit integer: a string of digits. */
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

/** One name of an enum; the table gives the numbers. */
export class Enum extends Scalar {
  readonly name: string;
  readonly table: Readonly<Record<string, number>>;

  constructor(table: Readonly<Record<string, number>>, name: string) {
    super();
    this.table = table;
    this.name = name;
  }

  write({ legacy }: Dialect): string | number {
    return legacy ? (this.table[this.name] ?? 0) : this.name;
  }
}

/** The longest span, which stands for "no limit", in ticks of 100 ns. */
const maxTimeSpan = 2n ** 63n - 1n;

export class TimeSpan extends Scalar {
  readonly ticks: bigint;

  /** @param seconds not negative; `Infinity` for no limit */
  constructor(seconds: number) {
    super();
    this.ticks = seconds >= Number(maxTimeSpan) / 1e7 ? maxTimeSpan : BigInt(Math.round(seconds * 1e7));
  }

  write({ legacy }: Dialect): string {
    if (legacy) return String(this.ticks / 10_000n);
    const whole = this.ticks / 10_000_000n;
    const days = whole / 86_400n;
    const seconds = Number(this.ticks % 600_000_000n) / 1e7;
    // The runtime's own constant, which its general rule would round to PT…M5.47758S.
    const shown = this.ticks === maxTimeSpan ? '5.4775807' : listSignificant(seconds);
    return `P${days > 0n ? `${days}D` : ''}T${(whole / 3600n) % 24n}H${(whole / 60n) % 60n}M${shown}S`;
  }
}

/** Six significant digits, as a C++ stream writes them: `59.9999999` is `60`, `0.000095` is `9.5e-05`. */
function listSignificant(value: number): string {
  const rounded = Number(value.toPrecision(6));
  if (rounded === 0 || rounded >= 1e-4) return String(rounded);
  return rounded.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

export class DateTime extends Scalar {
  /** Milliseconds since 1970, or `undefined` for a time that never was. */
  readonly time: number | undefined;

  constructor(time?: number) {
    super();
    this.time = time;
  }

  write({ legacy }: Dialect): string {
    if (this.time === undefined) return legacy ? '0' : '0001-01-01T00:00:00.000Z';
    const milliseconds = Math.trunc(this.time);
    // Ticks of 100 ns since 1601, as in a Windows file time.
    if (legacy) return String((BigInt(milliseconds) + 11_644_473_600_000n) * 10_000n);
    return new Date(milliseconds).toISOString();
  }
}

/** @returns compact JSON in the runtime's bytes, which are not always valid JSON or UTF-8 */
export function writeJson(value: Value, dialect: Dialect): Buffer {
  return encode(formatValue(value, dialect));
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
  // Not valid JSON; that is what the runtime writes.
  '\v': '\\v',
};

function quoteString(text: string): string {
  // A NUL ends the text.
  const [seen = ''] = text.split('\0', 1);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to be escaped
  const escaped = seen.replace(/["\\/\u0000-\u001f]/g, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0');
    return shortEscapes[character] ?? `\\u${code}`;
  });
  return `"${escaped}"`;
}

/** Each half of a surrogate pair becomes three bytes of its own (CESU-8): the runtime encodes UTF-16 unit by unit. */
function encode(text: string): Buffer {
  const parts = text.split(/([\ud800-\udfff])/);
  return Buffer.concat(
    parts.map((part, index) => (index % 2 === 0 ? Buffer.from(part) : encodeThreeBytes(part.charCodeAt(0)))),
  );
}

function encodeThreeBytes(unit: number): Buffer {
  return Buffer.from([0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f)]);
}
