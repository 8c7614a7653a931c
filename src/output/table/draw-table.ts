/** Draws tables with cli-table3, without lines between or around the cells. */
import Table from 'cli-table3';
import { assumePrintable, type Printable } from '../../platform/printable.ts';
import { measureWidth } from '../text-width.ts';

/** The columns of a table. */
export interface TableLayout {
  /** Cells must fit these widths. */
  readonly widths: readonly number[];
  /** Indexes of the columns that are flush right. */
  readonly rightAligned?: readonly number[];
  /** Blanks between two columns. */
  readonly gap: number;
  /** Blanks before the first column. */
  readonly indent: number;
}

/** Rows drawn in one call of cli-table3, whose time grows with the square of their number. */
const maxSliceRows = 50;

const noChars = Object.fromEntries(
  ['top', 'mid', 'bottom', 'left', 'right'].flatMap((side) =>
    ['', '-mid', '-left', '-right'].map((part) => [side + part, '']),
  ),
);

/** Draws rows of cells. @returns lines without blanks at their ends */
export function drawTable(
  rows: readonly (readonly Printable[])[],
  layout: TableLayout,
): readonly Printable[] {
  const measured = rows.map((row) => row.map((cell) => measureWidth(cell)));
  const templates = drawTemplates(measured, layout);
  return rows.map((row, index) => {
    const cells = row.filter((_, column) => measured[index]?.[column]);
    let next = 0;
    const template = templates.get(String(measured[index])) ?? '';
    return assumePrintable(template.replace(/x+/g, () => cells[next++] ?? ''));
  });
}

/**
 * Draws placeholders for the cells, once for all rows whose cells have the same widths: most rows have the same widths.
 * cli-table3 is slow, and mismeasures many letters, so that it would cut cells off.
 * @returns lines by the widths of their cells
 */
function drawTemplates(
  measured: readonly (readonly number[])[],
  { widths, rightAligned = [], gap, indent }: TableLayout,
): ReadonlyMap<string, string> {
  const distinct = [...new Map(measured.map((row) => [String(row), row])).values()];
  const templates = new Map<string, string>();
  for (let start = 0; start < distinct.length; start += maxSliceRows) {
    const slice = distinct.slice(start, start + maxSliceRows);
    const table = new Table({
      chars: { ...noChars, left: ' '.repeat(indent), middle: ' '.repeat(gap), 'mid-mid': '' },
      colWidths: widths.map((width) => Math.max(1, width)),
      colAligns: widths.map((_, index) => (rightAligned.includes(index) ? 'right' : 'left')),
      // cli-table3 colours its head and borders by itself, even into a pipe.
      style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    });
    for (const row of slice) table.push(row.map((width) => 'x'.repeat(width)));
    const lines = table.toString().split('\n');
    for (const [index, row] of slice.entries()) templates.set(String(row), lines[index]?.trimEnd() ?? '');
  }
  return templates;
}
