/** A style for renderers. */
import type { Style } from '../../src/output/style.ts';
import type { Printable } from '../../src/platform/printable.ts';

const keepText = (text: Printable) => text;

/** Creates a style without colors. */
export function createPlainStyle(width: number): Style {
  return { width, good: keepText, bad: keepText, busy: keepText, faint: keepText, strong: keepText };
}
