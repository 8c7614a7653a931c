/** Wraps prose at words. */
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { splitTextLines } from '../../platform/report-text.ts';
import { breakText, wrapText } from '../table/wrap.ts';

/**
 * Wraps a text at its own line ends and at words, with all lines after the first indented.
 * @param maxLines at least 2; what does not fit is cut off
 */
export function wrapHanging(
  text: string,
  width: number,
  indent: number,
  maxLines = Infinity,
  ellipsis = literal`…`,
): readonly Printable[] {
  const room = Math.max(1, width - indent);
  const [head = '', ...others] = splitTextLines(text);
  const [first = literal``, ...rest] = breakText(printable(head), Math.max(1, width));
  const maxRest = Math.max(1, maxLines - others.length - 1);
  const below = [
    ...(rest.length > 0 ? wrapText(joinWords(rest), room, maxRest, ellipsis) : []),
    ...others.flatMap((line) => wrapText(printable(line), room, maxLines, ellipsis)),
  ];
  const margin = printable(' '.repeat(indent));
  return [first, ...below.map((line) => literal`${margin}${line}`)].slice(0, maxLines);
}

function joinWords(lines: readonly Printable[]): Printable {
  return lines.reduce((text, line) => literal`${text} ${line}`);
}
