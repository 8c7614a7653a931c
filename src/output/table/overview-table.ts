/** Lays out the overview of many deployments as a table. */
import stringWidth from 'fast-string-width';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { Paint, Style } from '../style.ts';
import { type Cell, drawTable } from './draw-table.ts';
import { wrapIndented, wrapText } from './wrap.ts';

const heads = {
  deployment: 'Deployment',
  application: 'Application',
  state: 'State',
  version: 'Version',
  domain: 'Domain',
  elapsed: 'Elapsed',
} as const satisfies Partial<Record<keyof OverviewRow, string>>;

type Column = keyof typeof heads;

/** Width of each column. */
export type Columns = ReadonlyMap<Column, number>;

/** Lines of a table that belong to no row. */
export const tableFrameLines = 4;

/** Width of the state below which other columns are left out, in the order of `expendable`. */
const minStateWidth = 15;
const expendable: readonly Column[] = ['application', 'elapsed', 'version', 'domain'];

/** Maximum width of each column, as a part of the whole. */
const maxShares: Readonly<Record<Column, number>> = {
  deployment: 0.28,
  application: 0.28,
  state: 1,
  version: 0.15,
  domain: 0.2,
  elapsed: 0.2,
};

/** Fits the columns to the width. Empty columns are left out; the state gets the width that the others leave. */
export function fitColumns(rows: readonly OverviewRow[], width: number): Columns {
  const columns = new Map<Column, number>();
  for (const column of Object.keys(heads) as Column[]) {
    if (rows.every((row) => row[column] === '')) continue;
    const natural = rows.reduce((max, row) => Math.max(max, stringWidth(row[column])), heads[column].length);
    columns.set(column, Math.min(Math.floor(width * maxShares[column]), natural));
  }
  for (const column of expendable) if (measureState(columns, width) < minStateWidth) columns.delete(column);
  return columns.set('state', measureState(columns, width));
}

/** Measures the width that the other columns and the borders leave for the state. */
function measureState(columns: Columns, width: number): number {
  const others = [...columns].filter(([column]) => column !== 'state');
  return width - 4 - others.reduce((sum, [, own]) => sum + own + 3, 0);
}

/**
 * Lays out a row as lines of cells, with its remark below them. A line of the remark has two cells: the first column,
 * and all others.
 * @param paint colours the state
 * @param maxLines maximum for the remark, and for each cell but the first
 */
export function layOutCells(
  row: OverviewRow,
  columns: Columns,
  paint: Paint,
  maxLines: number,
): readonly CellLine[] {
  const [names = [], ...cells] = [...columns].map(([column, width]) => {
    const lines = wrapText(row[column], width, column === 'deployment' ? Infinity : maxLines);
    return column === 'state' ? lines.map(paint) : lines;
  });
  const [, ...widths] = columns.values();
  const acrossWidth = widths.reduce((sum, width) => sum + width + 3, -3);
  const height = Math.max(...cells.map((lines) => lines.length));
  const details: readonly CellLine[] = [
    ...Array.from({ length: height }, (_, index) => cells.map((lines) => lines[index] ?? literal``)),
    ...wrapIndented(row.remark, acrossWidth, maxLines).map((line) => [line]),
  ];
  return Array.from({ length: Math.max(names.length, details.length) }, (_, index) => [
    names[index] ?? literal``,
    ...(details[index] ?? [literal``]),
  ]);
}

/** Draws the lines of all rows. */
export function drawOverviewTable(lines: readonly CellLine[], columns: Columns, style: Style): Printable {
  const names = [...columns.keys()];
  const cells = lines.map((line): readonly Cell[] => {
    const [name, content] = line;
    const isAcross = line.length === 2 && name !== undefined && content !== undefined;
    return isAcross ? [name, { colSpan: columns.size - 1, content }] : line;
  });
  const head = names.map((column) => style.strong(printable(heads[column])));
  const colAligns = names.map((column): 'left' | 'right' => (column === 'elapsed' ? 'right' : 'left'));
  const colWidths = [...columns.values()].map((width) => width + 2);
  return drawTable(cells, { style: { compact: true }, colWidths, colAligns }, head);
}

/** A deployment in words. Cells are empty where there is nothing to say. */
export interface OverviewRow extends UpgradeCells {
  readonly deployment: Printable;
  readonly application: Printable;
  readonly state: Printable;
  /** Stands below the cells, over their whole width. */
  readonly remark: Printable;
  /** 0 for deployments in trouble, 1 for those with an upgrade in progress, 2 for the rest. */
  readonly rank: 0 | 1 | 2;
}

export interface UpgradeCells {
  readonly version: Printable;
  readonly domain: Printable;
  readonly elapsed: Printable;
}

/** A line as its cells. */
export type CellLine = readonly Printable[];
