/** Lines of a screen. */
import stringWidth from 'fast-string-width';
import { assumePrintable, literal, type Printable, printable } from '../../platform/printable.ts';
import { breakLine } from '../table/wrap.ts';

/** Splits a text into lines without blanks at their ends. */
export function splitLines(text: Printable): readonly Printable[] {
  return text.split('\n').map((line) => assumePrintable(line.trimEnd()));
}

/** Breaks lines that are too wide where a terminal breaks them. */
export function fitLines(lines: readonly Printable[], width: number): readonly Printable[] {
  return lines.flatMap((line) => (stringWidth(line) > width ? breakLine(line, width) : [line]));
}

/** Fills up with blanks. */
export function blanks(count: number): Printable {
  return printable(' '.repeat(Math.max(0, count)));
}

/** Puts a text at each end of a line. Leaves out the right one where there is no room for both. @param left fits the width */
export function justify(left: Printable, right: Printable, width: number): Printable {
  const room = width - stringWidth(left) - stringWidth(right);
  return right === '' || room < 2 ? left : literal`${left}${blanks(room)}${right}`;
}
