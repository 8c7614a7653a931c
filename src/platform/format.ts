/** Formats durations, times, counts, lists, and names for commands. Pure. */

/** `4m 01s`, `1h 00m 00s`, `2d 03h 00m 00s`, `no limit`. @param duration milliseconds */
export function formatDuration(duration: number): string {
  if (duration === Number.POSITIVE_INFINITY) return 'no limit';
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

/** RFC 3339, in UTC, to the second. */
export function formatTime(time: Date): string {
  if (Number.isNaN(time.getTime())) return 'an unknown time';
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** `1 node`, `2 nodes`. */
export function formatCount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `30 rolling forward, 150 upgraded`, in the order in which they come. */
export function formatTally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}

/** The beginning of a text, with no half of a character at its end. */
export function truncate(text: string, most: number): string {
  return text.slice(0, most).replace(/\p{Cs}$/u, '');
}

/** `The container… (30 more characters)`. */
export function clip(text: string, most: number): string {
  const left = text.length - most;
  return left > 0 ? `${truncate(text, most)}… (${formatCount(left, 'more character')})` : text;
}

/** `UD0, UD1, UD2 and 7 more`. */
export function formatList(names: readonly string[], most: number): string {
  const left = names.length - most;
  return left > 0 ? `${names.slice(0, most).join(', ')} and ${left} more` : names.join(', ');
}

/** A name or URL for a command that is to be typed. One that a shell could misread is left to the reader. */
export function formatArgument(name: string): string {
  return /^[\w.:/][\w.~:/-]*$/.test(name) ? name : '<name>';
}

/**
 * A path or URL for a command that is to be typed, in quotes that every shell takes the same way, or left to the reader.
 * @param placeholder what stands for one that a shell could misread
 */
export function formatPathArgument(path: string, placeholder = '<file>'): string {
  if (formatArgument(path) === path) return path;
  // Shown text is normalised, which turns some letters into quotes, and some paths into other paths.
  if (path !== path.normalize()) return placeholder;
  // PowerShell takes curly quotes for straight ones, and in sh a backslash takes the quote behind it.
  return /^[^"“”„`$%!\p{C}]+(?<!\\)$/u.test(path) ? `"${path}"` : placeholder;
}
