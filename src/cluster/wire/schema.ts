/** The small things that the gateway's documents are made of, each read in every shape that it is sent in. */
import * as v from 'valibot';
import { clip, formatCount } from '../../platform/format.ts';
import type { Duration, UnknownMember } from '../../upgrade/model.ts';

/** Accepts what fits, and takes the default for what is missing, null or of another type. */
export function lenient<const T, const D>(schema: v.GenericSchema<unknown, T>, otherwise: D) {
  // A default that is undefined would leave null as it is; what returns one does not.
  return v.fallback(
    v.nullish(schema, (() => otherwise) as never),
    otherwise as never,
  ) as unknown as v.GenericSchema<unknown, T | D>;
}

/** Characters. The runtime's longest name has 4096, and its longest health report as many. */
const maxNameLength = 5000;
const maxTextLength = 50_000;

/** The longest list that is read, and the most members that are told of without being known. */
export const maxListLength = 3000;
const maxUnknownMembers = 100;

/** A sentence of any kind. */
export const text = lenient(
  v.pipe(
    v.string(),
    v.transform((sentence) => clip(sentence, maxTextLength)),
  ),
  '',
);

/** A name that must be there. What is longer than any name is none: it decides things, and cannot be cut. */
export const requiredName = v.pipe(v.string(), v.maxLength(maxNameLength));

/** What something is called. */
export const name = lenient(requiredName, '');

/**
 * A name that identifies something, in whatever type and length it was sent: one that is wrong must not count as missing.
 * Long ones are cut, and stay different from any right one.
 */
export const identifier = lenient(
  v.pipe(
    v.unknown(),
    v.transform((value) => clip(typeof value === 'string' ? value : summarizeValue(value), maxNameLength)),
  ),
  '',
);
export const flag = lenient(v.boolean(), false);

/** Its elements are read by whoever knows what they should be, and only so many of them. */
export const list = lenient(v.custom<readonly unknown[]>(Array.isArray), []);

/** A list whose elements are read one by one, so that one odd element does not cost the others. */
export function createList<T>(schema: v.GenericSchema<unknown, T>, most = maxListLength) {
  return v.pipe(
    list,
    v.transform((elements) =>
      elements.slice(0, most).flatMap((element) => {
        const result = v.safeParse(schema, element);
        return result.success ? [result.output] : [];
      }),
    ),
  );
}

/** Counts, percentages and 64-bit numbers, which the runtime writes as strings of digits. */
export const number = lenient(
  v.pipe(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}$/))]), v.transform(Number), v.finite()),
  undefined,
);

/** A number kept as its digits, because it may be larger than JavaScript's numbers. */
export const digits = lenient(
  v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.maxLength(maxNameLength)),
  '',
);

/** A word, or its number as gateways asked for an api-version below 3.0 send it. Unknown ones stay as they came. */
export function enumeration(words: readonly string[]) {
  const decode = (value: string | number): string =>
    /^\d{1,5}$/.test(String(value)) ? (words[Number(value)] ?? String(value)) : String(value);
  return lenient(
    v.pipe(v.union([v.string(), v.number()]), v.transform(decode), v.maxLength(maxNameLength)),
    '',
  );
}

export const duration = lenient(
  v.pipe(v.union([v.string(), v.number()]), v.transform(readDuration)),
  undefined,
);

/** A clock that runs, and so has not run for ever. */
export const elapsedDuration = v.pipe(
  duration,
  v.transform((value) => (value !== undefined && Number.isFinite(value) ? value : undefined)),
);

export const time = lenient(v.pipe(v.string(), v.transform(readTime)), undefined);

export const seconds = lenient(
  v.pipe(
    v.union([v.number(), v.string()]),
    v.transform((value) => readSeconds(Number(value))),
  ),
  undefined,
);

/** The largest unsigned 32-bit number stands for no limit. */
function readSeconds(value: number): Duration | undefined {
  if (!Number.isFinite(value)) return undefined;
  return value >= 4294967295 ? Number.POSITIVE_INFINITY : value * 1000;
}

const day = 86_400_000;
const amount = String.raw`(\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)`;
const isoDuration = new RegExp(
  `^([+-]?)P(?:${amount}Y)?(?:${amount}M)?(?:${amount}W)?(?:${amount}D)?` +
    `(?:T(?:${amount}H)?(?:${amount}M)?(?:${amount}S)?)?$`,
);
/** Years and months as the runtime's own reader takes them (`Common/TimeSpan.cpp`). */
const units = [365 * day, 30 * day, 7 * day, day, 3_600_000, 60_000, 1000];
/** The length of the runtime's largest time span, which stands for no limit. */
const minEndlessDays = 10_675_199;

/**
 * Reads a TimeSpan: ISO 8601 with or without padding, with fractions and exponents (`PT0H0M9.5e-05S`), or plain
 * milliseconds as gateways asked for an api-version below 3.0 send it.
 * @returns milliseconds, `Infinity` for the largest span, `undefined` for what is no duration
 */
export function readDuration(value: string | number): Duration | undefined {
  if (/^-?\d+(?:\.\d+)?$/.test(String(value))) return limitDuration(Number(value));
  const match = isoDuration.exec(String(value).slice(0, 100));
  if (match === null || /[PT]$/.test(match[0])) return undefined;
  const [, sign, ...amounts] = match;
  const sum = amounts.reduce(
    (total, part, index) => total + Number((part ?? '0').replace(',', '.')) * (units[index] ?? 0),
    0,
  );
  return limitDuration(sign === '-' ? -sum : sum);
}

function limitDuration(milliseconds: number): Duration {
  if (Math.abs(milliseconds) < minEndlessDays * day) return milliseconds;
  return milliseconds < 0 ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** Reads a DateTime; a time that never was (year 1, or 1601) and one that never will be are `undefined`. */
function readTime(value: string): Date | undefined {
  const date = new Date(value);
  const year = date.getUTCFullYear();
  return year > 1601 && year < 9999 ? date : undefined;
}

/** The members of an object whose names are not among the known ones, each shortened to a few words. */
export function collectUnknown(value: unknown, known: readonly string[]): readonly UnknownMember[] {
  if (!isObject(value)) return [];
  const names = Object.keys(value).filter((name) => !known.includes(name));
  const left = names.length - maxUnknownMembers;
  return [
    ...names
      .slice(0, maxUnknownMembers)
      .map((name) => ({ name: clip(name, maxNameLength), value: summarizeValue(value[name]) })),
    ...(left > 0 ? [{ name: '…', value: formatCount(left, 'more member') }] : []),
  ];
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Not JSON.stringify: a value can be nested deeper than the stack.
function summarizeValue(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return `an object with ${Object.keys(value).length} members`;
  return clip(String(value), maxNameLength);
}
