/** Fits text to a width: breaks lines, or cuts them off. Pure. */
import { wrapAnsi } from 'fast-wrap-ansi';
import { assumePrintable, literal, type Printable, printable } from '../../platform/printable.ts';

/**
 * Breaks a text between words, and keeps letters and their marks together, which the library does not. What begins a
 * line must be printable there, too: a build agent could take it for a command.
 */
export function breakText(text: Printable, width: number): readonly Printable[] {
  return wrapAnsi(text, width, { hard: true })
    .replace(/\n(\p{M}+)/gu, '$1\n')
    .split('\n')
    .map(printable);
}

/** Breaks a line where a terminal breaks it. */
export function breakLine(line: Printable, width: number): readonly Printable[] {
  return wrapAnsi(line, width, { hard: true, wordWrap: false, trim: false }).split('\n').map(assumePrintable);
}

/** Cuts a text off, with an ellipsis at its end. */
export function cutText(text: Printable, width: number): Printable {
  // A live view cuts texts with every frame: only measure what can fit, however long the text is.
  const start = assumePrintable(text.slice(0, 4 * width));
  const [whole = literal``, ...more] = breakLine(start, width);
  return more.length === 0 ? whole : literal`${breakLine(start, width - 1)[0] ?? whole}…`;
}

/** Breaks a text into a limited number of lines, of which the last is cut off if necessary. */
export function wrapText(text: Printable, width: number, maxLines: number): readonly Printable[] {
  const lines = breakText(text, width);
  if (lines.length <= maxLines) return lines;
  const rest = assumePrintable(lines.slice(maxLines - 1).join(' '));
  return [...lines.slice(0, maxLines - 1), cutText(rest, width)];
}

/** Breaks a text like {@link wrapText}, indented by two; an empty text has no lines. */
export function wrapIndented(text: Printable, width: number, maxLines: number): readonly Printable[] {
  return text === '' ? [] : wrapText(text, width - 2, maxLines).map((line) => literal`  ${line}`);
}
