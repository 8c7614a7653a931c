/** Measures how many columns a text takes on a terminal. */
import stringWidth from 'fast-string-width';

/** Text of characters that take one column each: ASCII and glyphs. The library takes 4 ms for its first text. */
const simpleText = /^[ -~·–…→█▓▒░▏●✓✗↩]*$/;

/** Counts the columns, without colours. */
export function measureWidth(text: string): number {
  return simpleText.test(text) ? text.length : stringWidth(text);
}
