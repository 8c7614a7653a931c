/** A style for renderers. */
import { selectGlyphs } from '../../src/output/glyphs.ts';
import type { Style } from '../../src/output/style.ts';
import type { Printable } from '../../src/platform/printable.ts';

const keepText = (text: Printable) => text;

/** Creates a style without colors. */
export function createPlainStyle(width: number): Style {
  const paints = { good: keepText, bad: keepText, busy: keepText, act: keepText, faint: keepText };
  return { width, glyphs: selectGlyphs({}), ...paints, strong: keepText };
}
