/** Wraps prose at words. */
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { splitTextLines } from '../../platform/report-text.ts';
import { breakText, wrapText } from '../table/wrap.ts';

/**
 * Wraps a text whose lines after the first are indented.
 * @param maxLines at least 2; the last is cut off if necessary
 */
export function wrapHanging(
  text: Printable,
  width: number,
  indent: number,
  maxLines = Infinity,
  ellipsis = literal`…`,
): readonly Printable[] {
  const room = Math.max(1, width - indent);
  const [first = literal``, ...rest] = breakText(text, Math.max(1, width));
  if (rest.length === 0) return [first];
  const margin = printable(' '.repeat(indent));
  const others = wrapText(joinWords(rest), room, Math.max(1, maxLines - 1), ellipsis);
  return [first, ...others.map((line) => literal`${margin}${line}`)];
}

function joinWords(lines: readonly Printable[]): Printable {
  return lines.reduce((text, line) => literal`${text} ${line}`);
}

/** Wraps a text as {@link wrapHanging} does, and keeps its own line ends. */
export function wrapReport(
  text: string,
  width: number,
  indent: number,
  maxLines = Infinity,
  ellipsis = literal`…`,
): readonly Printable[] {
  const [first = '', ...others] = splitTextLines(text);
  const lines = wrapHanging(printable(first), width, indent, Math.max(2, maxLines - others.length), ellipsis);
  const margin = printable(' '.repeat(indent));
  const below = others.flatMap((line) =>
    wrapText(printable(line), Math.max(1, width - indent), maxLines, ellipsis).map(
      (part) => literal`${margin}${part}`,
    ),
  );
  return [...lines, ...below].slice(0, maxLines);
}
