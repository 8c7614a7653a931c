/** Formats durations, times, counts, lists, and arguments of commands. Pure. */
import { printable } from './printable.ts';
import { anyShell, quote, type Shells } from './shell-quoting.ts';

/**
 * Formats a duration for prose, without zero parts: `2h`, `4m 12s`, `1h 5m`, `no limit`. Seconds are left out from ten
 * minutes on.
 * @param duration milliseconds
 */
export function formatDuration(duration: number): string {
  if (duration === Infinity) return 'no limit';
  const milliseconds = Math.max(0, Math.floor(duration));
  if (milliseconds > 0 && milliseconds < 1000) return `${milliseconds}ms`;
  const parts = splitDuration(milliseconds).filter(([amount]) => amount > 0);
  const kept = milliseconds < 600_000 ? parts : parts.filter(([, unit]) => unit !== 's');
  return kept.map(([amount, unit]) => `${amount}${unit}`).join(' ') || '0s';
}

/**
 * Formats a clock that ticks, so that its width seldom changes: `4m 00s`, `1h 00m 00s`, `2d 03h 00m 00s`, `no limit`.
 * @param duration milliseconds
 */
export function formatElapsed(duration: number): string {
  if (duration === Infinity) return 'no limit';
  const parts = splitDuration(duration);
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first === -1 ? 3 : first)
    .map(([amount, unit], index) => `${index === 0 ? amount : String(amount).padStart(2, '0')}${unit}`)
    .join(' ');
}

/** Splits a duration in milliseconds into days, hours, minutes and seconds. */
function splitDuration(duration: number): readonly (readonly [amount: number, unit: string])[] {
  const total = Math.max(0, Math.floor(duration / 1000));
  return [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'm'],
    [total % 60, 's'],
  ];
}

/** Formats a time as in RFC 3339, in UTC, to the second. */
export function formatTime(time: Date): string {
  if (Number.isNaN(time.getTime())) return 'an unknown time';
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** Formats a time for prose: `2026-11-24 07:05:18 UTC`. */
export function formatProseTime(time: Date): string {
  return formatTime(time).replace(/(.*)T(.*)Z/, '$1 $2 UTC');
}

/** Formats a count: `1 node`, `2 nodes`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Counts equal words, in order of appearance: `30 rolling forward, 150 upgraded`. */
export function formatTally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}

/** Cuts a text to a length, without leaving half a surrogate pair at its end. */
export function truncate(text: string, maxLength: number): string {
  return text.slice(0, maxLength).replace(/\p{Cs}$/u, '');
}

/** Cuts a text and counts the rest: `The container... (30 more characters)`. */
export function clip(text: string, maxLength: number): string {
  const left = text.length - maxLength;
  return left > 0 ? `${truncate(text, maxLength)}... (${formatCount(left, 'more character')})` : text;
}

/** Lists some names and counts the rest: `UD0, UD1, UD2 and 7 more`. */
export function formatList(names: readonly string[], maxNames: number): string {
  const left = names.length - maxNames;
  return left > 0 ? `${names.slice(0, maxNames).join(', ')} and ${left} more` : names.join(', ');
}

/**
 * Formats text as an argument of a command to copy, quoted if necessary.
 * @param shells those that may be in use; `undefined` for any
 * @param placeholder replaces text that no quotes protect, or that a program would take for an option
 */
export function formatArgument(text: string, shells: Shells | undefined, placeholder = '<name>'): string {
  if (/^[\w.:/][\w.~:/-]*$/.test(text)) return text;
  const quoted = quote(text, shells ?? anyShell);
  // What cannot be printed as it is cannot be copied.
  return quoted !== undefined && printable(quoted) === quoted ? quoted : placeholder;
}

/** Formats the path of a file as {@link formatArgument} does. */
export function formatPathArgument(path: string, shells: Shells | undefined): string {
  return formatArgument(path, shells, '<file>');
}

/** Ends a text from elsewhere as a sentence. */
export function endSentence(text: string): string {
  return /[.!?:;]\s*$/.test(text) ? text.trimEnd() : `${text.trimEnd()}.`;
}

/** Turns a part of a sentence into its beginning. */
export function capitalize(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
