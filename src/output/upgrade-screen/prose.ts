/** Wraps prose at words. */
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { breakText, wrapText } from '../table/wrap.ts';

/** Wraps a text whose lines after the first are indented. @param maxLines the last of which is cut off if necessary */
export function wrapHanging(
  text: Printable,
  width: number,
  indent: number,
  maxLines = Infinity,
): readonly Printable[] {
  const room = Math.max(1, width - indent);
  const [first = literal``, ...rest] = breakText(text, Math.max(1, width));
  if (rest.length === 0) return [first];
  const margin = printable(' '.repeat(indent));
  const others = wrapText(joinWords(rest), room, Math.max(1, maxLines - 1));
  return maxLines === 1
    ? wrapText(text, Math.max(1, width), 1)
    : [first, ...others.map((line) => literal`${margin}${line}`)];
}

function joinWords(lines: readonly Printable[]): Printable {
  return lines.reduce((text, line) => literal`${text} ${line}`);
}
