/** Foreign text made harmless, and the spelling of durations and times. The one place for both. */

declare const harmless: unique symbol;

/**
 * Text that may be shown. A stream takes no other, and only the functions of this file make it, so that text of the
 * cluster, a proxy, a file or the command line cannot get past {@link printable} by being forgotten.
 */
export type Printable = string & { readonly [harmless]: true };

const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x1b': '\\x1b' };

/** Combining marks kept on one letter. No script needs more. */
const maxMarksPerLetter = 4;

/**
 * Escapes what must never reach a terminal or a log: control characters (C0, DEL, C1), line and paragraph separators,
 * invisible characters (those that change the direction of writing, have no width or select a variant), annotation
 * marks, and halves of surrogate pairs. Combining marks stay on a letter, up to {@link maxMarksPerLetter}: one at the
 * beginning of a text would join whatever is printed before it, and thousands of them have no width to wrap at.
 */
function escapeUnsafe(text: string, spell: (character: string) => string): string {
  // Most text is plain, and to put the other expression together takes a millisecond.
  if (/^[ -~]*$/.test(text)) return text;
  const suspect = /([\p{Cc}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\p{Cs}])|\p{M}/gu;
  let end = 0;
  let marksLeft = 0;
  // Piece by piece: the matches of a large text, all at once, take many times its size.
  return text.replace(/.{1,10000}/gsu, (piece, start: number) =>
    piece.replace(suspect, (character, unsafe: string | undefined, at: number) => {
      const place = start + at;
      if (place > end) marksLeft = /\s/.test(text.charAt(place - 1)) ? 0 : maxMarksPerLetter;
      if (unsafe !== undefined) marksLeft = 0;
      end = place + character.length;
      return marksLeft-- > 0 ? character : spell(character);
    }),
  );
}

function escaped(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16);
  return code.length > 4 ? `\\u{${code}}` : `\\u${code.padStart(4, '0')}`;
}

/**
 * Makes text from elsewhere (the cluster, a proxy, the command line) safe to show: what is unsafe becomes visible
 * as an escape, and what a build agent would read as a command is broken up: `##vso[` and `##[` anywhere, `::` where a
 * line may begin, as GitHub's runner overlooks space before it.
 */
export function printable(text: string): Printable {
  return stillPrintable(
    escapeUnsafe(text, (character) => short[character] ?? escaped(character))
      // The library that wraps text normalises it, which must change nothing. After the marks are limited, because
      // sorting a run of them takes quadratic time.
      .normalize()
      .replace(/##(?=\[|vso)/gi, '# #')
      .replace(/^\s*:(?=:)/, '$& '),
  );
}

/** Each line by itself: their ends stay. */
export function printableLines(text: string): Printable {
  return inLines(text.split('\n').map(printable));
}

/** The same for the inside of a JSON string, where escapes keep the value as it is. */
export function printableInJson(literal: string): Printable {
  return stillPrintable(
    escapeUnsafe(literal, (character) =>
      // JSON knows no escape for a character of two units.
      character.length === 1
        ? escaped(character)
        : [0, 1].map((unit) => escaped(character.charAt(unit))).join(''),
    ).replace(/##(?=\[|vso)/gi, '\\u0023#'),
  );
}

/** Puts printable text into what is written in the code: shown`sfcompose: ${text}\n`. */
export function shown(ours: TemplateStringsArray, ...parts: readonly (Printable | number)[]): Printable {
  return stillPrintable(String.raw({ raw: ours }, ...parts));
}

export function inLines(parts: readonly Printable[]): Printable {
  return stillPrintable(parts.join('\n'));
}

/** For what is made of nothing but printable text, where the compiler cannot see it: by a library, or cut out of it. */
export function stillPrintable(text: string): Printable {
  return text as Printable;
}

/** `4m 01s`, `1h 00m 00s`, `2d 03h 00m 00s`, `no limit`. @param duration milliseconds */
export function durationText(duration: number): string {
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
export function timeText(time: Date): string {
  if (Number.isNaN(time.getTime())) return 'an unknown time';
  return `${time.toISOString().slice(0, 19)}Z`;
}

/** `1 node`, `2 nodes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** `30 rolling forward, 150 upgraded`, in the order in which they come. */
export function tally(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return [...counts].map(([word, count]) => `${count} ${word}`).join(', ');
}

/** The beginning of a text, with no half of a character at its end. */
export function beginning(text: string, most: number): string {
  return text.slice(0, most).replace(/\p{Cs}$/u, '');
}

/** `The container… (30 more characters)`. */
export function clipped(text: string, most: number): string {
  const left = text.length - most;
  return left > 0 ? `${beginning(text, most)}… (${counted(left, 'more character')})` : text;
}

/** `UD0, UD1, UD2 and 7 more`. */
export function listed(names: readonly string[], most: number): string {
  const left = names.length - most;
  return left > 0 ? `${names.slice(0, most).join(', ')} and ${left} more` : names.join(', ');
}

/** A name or URL for a command that is to be typed. One that a shell could misread is left to the reader. */
export function typed(name: string): string {
  return /^[\w.:/][\w.~:/-]*$/.test(name) ? name : '<name>';
}

/**
 * A path or URL for a command that is to be typed, in quotes that every shell takes the same way, or left to the reader.
 * @param placeholder what stands for one that a shell could misread
 */
export function typedFile(path: string, placeholder = '<file>'): string {
  if (typed(path) === path) return path;
  // Shown text is normalised, which turns some letters into quotes, and some paths into other paths.
  if (path !== path.normalize()) return placeholder;
  // PowerShell takes curly quotes for straight ones, and in sh a backslash takes the quote behind it.
  return /^[^"“”„`$%!\p{C}]+(?<!\\)$/u.test(path) ? `"${path}"` : placeholder;
}
