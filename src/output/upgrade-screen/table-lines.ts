/** Draws the tables of the screen. */
import type { Printable } from '../../platform/printable.ts';
import { drawTable } from '../table/draw-table.ts';
import { measureWidth } from '../text-width.ts';

/** Domains that have a row each; of more, those done and those to come fold into one row. */
export const maxRows = 8;

/** Blanks between two columns. */
export const gap = 3;

/** Blanks before the first column. */
export const indent = 2;

/**
 * Draws rows whose cells fit their columns.
 * @param rightAligned the columns that are flush right
 */
export function drawLines(
  rows: readonly (readonly Printable[])[],
  widths: readonly number[],
  rightAligned: readonly number[] = [],
): readonly Printable[] {
  return drawTable(rows, { widths, rightAligned, gap, indent });
}

/** Measures the widest of some cells. */
export function measureColumn(cells: readonly Printable[]): number {
  return cells.reduce((max, cell) => Math.max(max, measureWidth(cell)), 0);
}
