/** Measures how many columns a text takes on a terminal. */
import stringWidth from 'fast-string-width';
import { type Printable, printable } from '../platform/printable.ts';

/** Text of characters that take one column each: ASCII and glyphs. The library takes 4 ms for its first text. */
const simpleText = /^[ -~·–…→█▓▒░▏●✓✗↩]*$/;

/** Counts the columns, without colours. */
export function measureWidth(text: string): number {
  return simpleText.test(text) ? text.length : stringWidth(text);
}

/** Fills up with blanks. */
export function blanks(count: number): Printable {
  return printable(' '.repeat(Math.max(0, count)));
}
