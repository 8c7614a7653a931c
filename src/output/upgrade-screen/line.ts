/** Lines of a screen. */
import { assumePrintable, literal, type Printable, printable } from '../../platform/printable.ts';
import type { Style } from '../style.ts';
import { breakLine, cutText } from '../table/wrap.ts';
import { blanks, measureWidth } from '../text-width.ts';

/** Makes a text printable, and cuts it off at a width. */
export function cut(text: string, width: number, { glyphs }: Style): Printable {
  return cutText(printable(text), Math.max(1, width), glyphs.ellipsis);
}

/** Width of a name of a domain or node. */
const maxNameWidth = 24;

/** Width of a version; compose numbers them: `v12`. */
const maxVersionWidth = 12;

/** Makes the name of a domain or node printable, and cuts it off. */
export function cutName(name: string, style: Style): Printable {
  return cut(name, maxNameWidth, style);
}

/** Makes a version printable, and cuts it off. */
export function cutVersion(version: string, style: Style): Printable {
  return cut(version, maxVersionWidth, style);
}

/** Splits a text into lines without blanks at their ends. */
export function splitLines(text: Printable): readonly Printable[] {
  return text.split('\n').map((line) => assumePrintable(line.trimEnd()));
}

/** Breaks lines that are too wide where a terminal breaks them. */
export function fitLines(lines: readonly Printable[], width: number): readonly Printable[] {
  return lines.flatMap((line) => (measureWidth(line) > width ? breakLine(line, width) : [line]));
}

/** Puts a text at each end of a line. Leaves out the right one where there is no room for both. @param left fits the width */
export function justify(left: Printable, right: Printable, width: number): Printable {
  const room = width - measureWidth(left) - measureWidth(right);
  return right === '' || room < 2 ? left : literal`${left}${blanks(room)}${right}`;
}
