/** Fits text to a width: breaks lines, or cuts them off. Pure. */
import { wrapAnsi } from 'fast-wrap-ansi';
import { assumePrintable, literal, type Printable, printable } from '../../platform/printable.ts';
import { splitTextLines } from '../../platform/report-text.ts';
import { measureWidth } from '../text-width.ts';

/**
 * Breaks a text between words, and keeps letters and their marks together, which the library does not. What begins a
 * line must be printable there, too: a build agent could take it for a command.
 */
export function breakText(text: Printable, width: number): readonly Printable[] {
  if (isFitting(text, width)) return [printable(text)];
  return wrapAnsi(text, width, { hard: true })
    .replace(/\n(\p{M}+)/gu, '$1\n')
    .split('\n')
    .map(printable);
}

/** Breaks a text from elsewhere at its own line ends, and between words. */
export function breakLines(text: string, width: number): readonly Printable[] {
  return splitTextLines(text).flatMap((line) => breakText(printable(line), width));
}

/** Reports whether a text fits as it is: most do, and the library takes milliseconds for its first text. */
function isFitting(text: Printable, width: number): boolean {
  return text.length <= width && !/^\s|\s$|\n/.test(text) && measureWidth(text) <= width;
}

/** Breaks a line where a terminal breaks it. */
export function breakLine(line: Printable, width: number): readonly Printable[] {
  return wrapAnsi(line, width, { hard: true, wordWrap: false, trim: false }).split('\n').map(assumePrintable);
}

/** Cuts a text off, with an ellipsis at its end. */
export function cutText(text: Printable, width: number, ellipsis: Printable = literal`…`): Printable {
  if (isFitting(text, width)) return text;
  // A live view cuts texts with every frame: only measure what can fit, however long the text is.
  const start = assumePrintable(text.slice(0, 4 * width));
  const [whole = literal``, ...more] = breakLine(start, width);
  if (more.length === 0) return whole;
  return literal`${breakLine(start, Math.max(1, width - ellipsis.length))[0] ?? whole}${ellipsis}`;
}

/** Breaks a text into a limited number of lines. Cuts off the last one if necessary, after a word if possible. */
export function wrapText(
  text: Printable,
  width: number,
  maxLines: number,
  ellipsis: Printable = literal`…`,
): readonly Printable[] {
  const lines = breakText(text, width);
  if (lines.length <= maxLines) return lines;
  const rest = assumePrintable(lines.slice(maxLines - 1).join(' '));
  const [last = literal``] = breakText(rest, Math.max(1, width - ellipsis.length - 1));
  const isWord = rest.charAt(last.length) === ' ';
  const end = isWord ? literal`${last} ${ellipsis}` : cutText(rest, width, ellipsis);
  return [...lines.slice(0, maxLines - 1), end];
}
