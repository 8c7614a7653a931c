/** Formats durations, times, counts, lists, and arguments of commands. Pure. */

/** Formats a duration: `4m 01s`, `1h 00m 00s`, `2d 03h 00m 00s`, `no limit`. @param duration milliseconds */
export function formatDuration(duration: number): string {
  if (duration === Infinity) return 'no limit';
  const total = Math.max(0, Math.floor(duration / 1000));
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'm'],
    [total % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first === -1 ? 3 : first)
    .map(([amount, unit], index) => `${index === 0 ? amount : String(amount).padStart(2, '0')}${unit}`)
    .join(' ');
}

/** Formats a time as in RFC 3339, in UTC, to the second. */
export function formatTime(time: Date): string {
  if (Number.isNaN(time.getTime())) return 'an unknown time';
  return `${time.toISOString().slice(0, 19)}Z`;
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

/** Cuts a text and counts the rest: `The container… (30 more characters)`. */
export function clip(text: string, maxLength: number): string {
  const left = text.length - maxLength;
  return left > 0 ? `${truncate(text, maxLength)}… (${formatCount(left, 'more character')})` : text;
}

/** Lists some names and counts the rest: `UD0, UD1, UD2 and 7 more`. */
export function formatList(names: readonly string[], maxNames: number): string {
  const left = names.length - maxNames;
  return left > 0 ? `${names.slice(0, maxNames).join(', ')} and ${left} more` : names.join(', ');
}

/** Returns a name or URL as an argument of a command to type, or `<name>` if a shell could misread it. */
export function formatArgument(name: string): string {
  return /^[\w.:/][\w.~:/-]*$/.test(name) ? name : '<name>';
}

/**
 * Returns a path or URL as an argument of a command to type, quoted if necessary.
 * @param placeholder replaces a path that some shell could misread even in quotes
 */
export function formatPathArgument(path: string, placeholder = '<file>'): string {
  if (formatArgument(path) === path) return path;
  // Printed text is normalised, which turns some letters into quotes, and some paths into other paths.
  if (path !== path.normalize()) return placeholder;
  // PowerShell treats curly quotes as straight ones, and in sh a backslash escapes the quote after it.
  return /^[^"“”„`$%!\p{C}]+(?<!\\)$/u.test(path) ? `"${path}"` : placeholder;
}

/** Turns a sentence into a part of a line. */
export function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1);
}

/** Turns a part of a sentence into its beginning. */
export function capitalize(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * Formats a clock that ticks: `4m 01s`, `1h 00m 00s`, `2d 03h 00m 00s`, `no limit`. Its width seldom changes.
 * @param duration milliseconds
 */
export function formatElapsed(duration: number): string {
  if (duration === Infinity) return 'no limit';
  const total = Math.max(0, Math.floor(duration / 1000));
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'm'],
    [total % 60, 's'],
  ];
  const first = parts.findIndex(([amount]) => amount > 0);
  return parts
    .slice(first === -1 ? 3 : first)
    .map(([amount, unit], index) => `${index === 0 ? amount : String(amount).padStart(2, '0')}${unit}`)
    .join(' ');
}
