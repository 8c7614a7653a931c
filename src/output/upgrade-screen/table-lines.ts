/** Draws a table without borders, as lines. */
import stringWidth from 'fast-string-width';
import type { Printable } from '../../platform/printable.ts';
import { drawTable } from '../table/draw-table.ts';
import { splitLines } from './line.ts';

/** Blanks between two columns. */
export const gap = 3;

/** Blanks before the first column. */
export const indent = 2;

const noBorders = Object.fromEntries(
  ['top', 'mid', 'bottom', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [`${side}${part}`, '']),
  ),
);

/**
 * Draws rows whose cells fit their columns.
 * @param rightAligned the columns that are flush right
 */
export function drawLines(
  rows: readonly (readonly Printable[])[],
  widths: readonly number[],
  rightAligned: readonly number[] = [],
): readonly Printable[] {
  if (rows.length === 0) return [];
  const text = drawTable(rows, {
    chars: { ...noBorders, left: ' '.repeat(indent), middle: ' '.repeat(gap), 'mid-mid': '' },
    colWidths: widths.map((width) => Math.max(1, width)),
    colAligns: widths.map((_, index) => (rightAligned.includes(index) ? 'right' : 'left')),
    style: { 'padding-left': 0, 'padding-right': 0 },
  });
  return splitLines(text);
}

/** Measures the widest of some cells. */
export function measureColumn(cells: readonly Printable[]): number {
  return cells.reduce((max, cell) => Math.max(max, stringWidth(cell)), 0);
}
