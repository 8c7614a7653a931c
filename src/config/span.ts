/** Parses the span of time that a history covers. Pure. */
import { usageError } from '../platform/errors.ts';
import { formatTime } from '../platform/format.ts';
import { resolve, type Setting } from './setting.ts';
import { parseDuration } from './settings.ts';

/** A span of time. */
export interface Span {
  readonly from: Date;
  readonly to: Date;
  /** Whether `to` is now. */
  readonly isUpToNow: boolean;
}

/** Computes a time. @param now milliseconds since 1970 */
type Moment = (now: number) => Date;

const allowed =
  'how long ago, such as 7d, 12h or 90m, or a time, such as 2026-11-24 or 2026-11-24T07:00 (UTC unless it has an offset)';

/** The start of the span. */
export const sinceSetting: Setting<Moment> = {
  flag: '--since',
  defaultValue: '7d',
  allowed,
  parse: parseMoment,
};

/** The end of the span. */
export const untilSetting: Setting<Moment> = {
  flag: '--until',
  defaultValue: '0s',
  allowed,
  parse: parseMoment,
};

const timePattern = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?)([Zz]|[+-]\d\d:\d\d)?)?$/;

function parseMoment(text: string): Moment | undefined {
  const ago = parseDuration(text);
  if (ago !== undefined) return (now) => new Date(now - ago);
  const [, date, clock = '00:00', offset = 'Z'] = timePattern.exec(text.trim()) ?? [];
  if (date === undefined) return undefined;
  // February 30 would count as March 2.
  const day = new Date(`${date}T00:00Z`);
  const time = new Date(`${date}T${clock}${offset.toUpperCase()}`);
  const isDay = !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
  return isDay && !Number.isNaN(time.getTime()) ? () => time : undefined;
}

/**
 * Resolves `--since` and `--until`.
 * @param now milliseconds since 1970
 * @throws a usage error also for a time in the future, and for a span without any length
 */
export function resolveSpan(
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
  env: Readonly<Record<string, string | undefined>>,
  now: number,
): Span {
  const from = resolve(sinceSetting, since, env)(now);
  const to = resolve(untilSetting, until, env)(now);
  for (const [flag, time] of [
    ['--since', from],
    ['--until', to],
  ] as const)
    if (time.getTime() > now) throw usageError(`${flag} ${formatTime(time)} is in the future.`);
  if (from >= to) throw usageError(`--since ${formatTime(from)} is not before --until ${formatTime(to)}.`);
  return { from, to, isUpToNow: to.getTime() === now };
}
