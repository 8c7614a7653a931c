/** Schemas for parts of the gateway's documents, in every form that gateways send. */
import * as v from 'valibot';
import { clip, formatCount } from '../../platform/format.ts';
import type { UnknownWord } from '../../upgrade/enums.ts';
import type { Duration, UnknownMember } from '../../upgrade/model.ts';

/** Creates a schema that replaces a missing, null or mistyped value with a default. */
export function lenient<const T, const D>(schema: v.GenericSchema<unknown, T>, otherwise: D) {
  // `nullish` keeps null if the default is undefined, but not if a function returns it.
  return v.fallback(
    v.nullish(schema, (() => otherwise) as never),
    otherwise as never,
  ) as unknown as v.GenericSchema<unknown, T | D>;
}

/** Longest name and longest text, in characters. The runtime's longest name and health report have 4096. */
const maxNameLength = 5000;
const maxTextLength = 50_000;

/** Largest number of list elements to parse. */
export const maxListLength = 3000;

/** Largest number of unknown members to list. */
const maxUnknownMembers = 100;

/** Converts an empty string to `undefined`. */
function optional<T extends string>(schema: v.GenericSchema<unknown, T>) {
  return lenient(
    v.pipe(
      schema,
      v.transform((value) => (value === '' ? undefined : value)),
    ),
    undefined,
  );
}

/** A sentence; `undefined` if absent or empty. */
export const text = optional(
  v.pipe(
    v.string(),
    v.transform((sentence) => clip(sentence, maxTextLength)),
  ),
);

/** A required name. A longer string is rejected, because a truncated name could match a different one. */
export const requiredName = v.pipe(v.string(), v.maxLength(maxNameLength));

/** A name that the runtime always sends; empty if missing. */
export const name = lenient(requiredName, '');

/** A name; `undefined` if absent or empty. */
export const optionalName = optional(requiredName);

/**
 * A name that identifies an entity, of any type and length, because an invalid name must not count as absent. Long names
 * are truncated, and stay different from any valid name. `undefined` if absent or empty.
 */
export const identifier = optional(
  v.pipe(
    v.unknown(),
    v.transform((value) => clip(typeof value === 'string' ? value : summarizeValue(value), maxNameLength)),
  ),
);

/** A flag; false if absent. */
export const flag = lenient(v.boolean(), false);

/** A list whose elements another schema reads. */
export const list = lenient(v.custom<readonly unknown[]>(Array.isArray), []);

/** Creates a schema for a list. Parses elements one by one, so that an invalid one does not affect the others. */
export function createList<T>(schema: v.GenericSchema<unknown, T>, max = maxListLength) {
  return v.pipe(
    list,
    v.transform((elements) =>
      elements.slice(0, max).flatMap((element) => {
        const result = v.safeParse(schema, element);
        return result.success ? [result.output] : [];
      }),
    ),
  );
}

/** A count, a percentage, or a 64-bit number, which the runtime writes as a string of digits. */
export const number = lenient(
  v.pipe(v.union([v.number(), v.pipe(v.string(), v.regex(/^\d{1,15}$/))]), v.transform(Number), v.finite()),
  undefined,
);

/** The digits of a number, which may exceed JavaScript's numbers; `undefined` if absent or empty. */
export const digits = optional(
  v.pipe(v.union([v.string(), v.number()]), v.transform(String), v.maxLength(maxNameLength)),
);

/**
 * Creates a schema for a word of an enumeration, or its number, which gateways send for api-versions below 3.0. Keeps
 * unknown words and numbers; `undefined` if absent or empty.
 * @param words words by number
 */
export function enumeration<const W extends string>(words: Readonly<Record<number, W>>) {
  const decode = (value: string): string =>
    /^\d{1,5}$/.test(value) ? (words[Number(value)] ?? value) : value;
  const word = v.pipe(
    v.union([v.string(), v.number()]),
    v.transform((value) => decode(String(value))),
    v.maxLength(maxNameLength),
  );
  return optional(word) as v.GenericSchema<unknown, unknown> as v.GenericSchema<
    unknown,
    W | UnknownWord | undefined
  >;
}

/** A TimeSpan; see {@link readDuration}. */
export const duration = lenient(
  v.pipe(v.union([v.string(), v.number()]), v.transform(readDuration)),
  undefined,
);

/** A running clock, which cannot be unlimited. */
export const elapsedDuration = v.pipe(
  duration,
  v.transform((value) => (value !== undefined && Number.isFinite(value) ? value : undefined)),
);

/** A DateTime; `undefined` if it is not set. */
export const time = lenient(v.pipe(v.string(), v.transform(readTime)), undefined);

/** A duration in seconds. */
export const seconds = lenient(
  v.pipe(
    v.union([v.number(), v.string()]),
    v.transform((value) => readSeconds(Number(value))),
  ),
  undefined,
);

/** Converts seconds to a duration. The largest unsigned 32-bit number means no limit. */
function readSeconds(value: number): Duration | undefined {
  if (!Number.isFinite(value)) return undefined;
  return value >= 4294967295 ? Infinity : value * 1000;
}

const day = 86_400_000;
const amount = String.raw`(\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?)`;
const isoDuration = new RegExp(
  `^([+-]?)P(?:${amount}Y)?(?:${amount}M)?(?:${amount}W)?(?:${amount}D)?` +
    `(?:T(?:${amount}H)?(?:${amount}M)?(?:${amount}S)?)?$`,
);

/** Milliseconds of each unit. Years and months are as in the runtime's own parser (`Common/TimeSpan.cpp`). */
const units = [365 * day, 30 * day, 7 * day, day, 3_600_000, 60_000, 1000];

/** Length of the runtime's largest time span, which means no limit. */
const minEndlessDays = 10_675_199;

/**
 * Parses a TimeSpan: ISO 8601 with or without padding, with fractions and exponents (`PT0H0M9.5e-05S`), or plain
 * milliseconds, as gateways send them for api-versions below 3.0.
 * @returns milliseconds; `Infinity` for the largest span, `undefined` for any other text
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
  return milliseconds < 0 ? Number.NEGATIVE_INFINITY : Infinity;
}

/** Parses a DateTime, in UTC unless it has an offset. The runtime writes year 1, 1601 or 9999 for an unset time. */
function readTime(value: string): Date | undefined {
  const date = new Date(/T[\d:.]+$/.test(value) ? `${value}Z` : value);
  const year = date.getUTCFullYear();
  return year > 1601 && year < 9999 ? date : undefined;
}

/** Lists the unknown members of an object, each shortened to a few words. */
export function collectUnknown(value: unknown, known: readonly string[]): readonly UnknownMember[] {
  if (!isObject(value)) return [];
  const names = Object.keys(value).filter((name) => !known.includes(name));
  const left = names.length - maxUnknownMembers;
  return [
    ...names
      .slice(0, maxUnknownMembers)
      .map((name) => ({ name: clip(name, maxNameLength), value: summarizeValue(value[name]) })),
    ...(left > 0 ? [{ name: '...', value: formatCount(left, 'more member') }] : []),
  ];
}

/** Whether a JSON value is an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Not with JSON.stringify, because a deeply nested value could exhaust the stack.
function summarizeValue(value: unknown): string {
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (isObject(value)) return `an object with ${Object.keys(value).length} members`;
  return clip(String(value), maxNameLength);
}
