import type { Style } from '../../src/output/style.ts';
import type { Printable } from '../../src/platform/printable.ts';

const same = (text: Printable) => text;

/** Without colours. */
export function plainStyle(width: number): Style {
  return { width, good: same, bad: same, busy: same, faint: same, strong: same };
}
