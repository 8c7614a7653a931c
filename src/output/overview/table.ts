/** Lays out the rows of an overview as a table that fits the width. */

import { formatElapsed } from '../../platform/format.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { Style } from '../style.ts';
import { drawTable } from '../table/draw-table.ts';
import { breakText, wrapText } from '../table/wrap.ts';
import { measureWidth } from '../text-width.ts';
import { drawBar } from '../upgrade-screen/bar.ts';
import { renderGlyph, selectPaint } from '../upgrade-screen/paint.ts';
import type { OverviewRow } from './row.ts';

const columns = [
  'cluster',
  'deployment',
  'application',
  'versions',
  'bar',
  'domain',
  'state',
  'elapsed',
] as const;

type Column = (typeof columns)[number];

/** Width of each column that fits. */
export type ColumnWidths = ReadonlyMap<Column, number>;

const gap = 2;
const indent = 2;

/** Columns that are left out on a narrow screen, in this order, so that the state keeps its width. */
const expendable: readonly Column[] = ['bar', 'application', 'elapsed', 'versions', 'domain'];
const minStateWidth = 15;
const minBarWidth = 8;
const maxBarWidth = 18;

/** Columns of a glyph and the blank after it. */
const glyphWidth = 2;

/** Lines of a cell, except of the name. */
const maxCellLines = 2;

/** Fits the columns to the width. Empty columns are left out; the state gets the width that the others leave. */
export function fitColumns(rows: readonly OverviewRow[], style: Style): ColumnWidths {
  const maxWidth = Math.max(minBarWidth, Math.floor(0.3 * style.width));
  const widths = new Map<Column, number>();
  for (const column of columns) {
    if (column === 'bar') {
      if (rows.some(({ bar }) => bar !== undefined)) widths.set(column, minBarWidth);
      continue;
    }
    const natural = rows.reduce((max, row) => Math.max(max, measureCell(row, column, style)), 0);
    if (natural > 0) widths.set(column, Math.min(maxWidth, natural));
  }
  const wanted = widths.get('state') ?? 0;
  const measureRoom = () => {
    const others = [...widths].filter(([column]) => column !== 'state');
    return style.width - indent - others.reduce((sum, [, width]) => sum + width + gap, 0);
  };
  for (const column of expendable) if (measureRoom() < Math.max(wanted, minStateWidth)) widths.delete(column);
  const bar = widths.get('bar');
  if (bar) widths.set('bar', Math.min(maxBarWidth, bar + measureRoom() - Math.max(wanted, minStateWidth)));
  return widths.set('state', Math.max(1, measureRoom()));
}

function measureCell(row: OverviewRow, column: Exclude<Column, 'bar'>, style: Style): number {
  return (column === 'deployment' ? glyphWidth : 0) + measureWidth(formatCell(row, column, style));
}

function formatCell(
  { cluster, deployment, application, from, to, domain, state, elapsed }: OverviewRow,
  column: Exclude<Column, 'bar'>,
  { glyphs }: Style,
): Printable {
  switch (column) {
    case 'cluster':
      return cluster;
    case 'deployment':
      return deployment;
    case 'application':
      return application;
    case 'versions':
      return from === '' ? to : literal`${from} ${glyphs.arrow} ${to}`;
    case 'domain':
      return domain;
    case 'state':
      return state;
    case 'elapsed':
      return printable(elapsed === undefined ? '' : formatElapsed(elapsed));
  }
}

/** A line of a row, as its cells. */
export type CellLine = readonly Printable[];

/** Lays out a row as lines of cells. */
export function layOutRow(row: OverviewRow, widths: ColumnWidths, style: Style): readonly CellLine[] {
  const cells = [...widths].map(([column, width]) => {
    if (column === 'bar') return row.bar ? [drawRowBar(row, width, style)] : [];
    const cell = formatCell(row, column, style);
    if (column === 'deployment') return layOutName(cell, row, width, style);
    if (column === 'cluster') return breakText(cell, width).map(style.strong);
    if (cell === '') return [];
    const lines = wrapText(cell, width, maxCellLines, style.glyphs.ellipsis);
    return column === 'state' ? lines.map(selectPaint(row.mood, style)) : lines;
  });
  const height = Math.max(...cells.map((lines) => lines.length));
  return Array.from({ length: height }, (_, index) => cells.map((lines) => lines[index] ?? literal``));
}

function layOutName(name: Printable, { mood }: OverviewRow, width: number, style: Style): CellLine {
  return breakText(name, width - glyphWidth).map((line, index) =>
    index === 0 ? literal`${renderGlyph(mood, style)} ${line}` : literal`  ${line}`,
  );
}

function drawRowBar({ bar, mood }: OverviewRow, width: number, style: Style): Printable {
  return bar ? drawBar(bar.progress, bar.isBack, width, mood, style) : literal``;
}

/** Draws the lines of all rows. */
export function drawRows(lines: readonly CellLine[], widths: ColumnWidths): readonly Printable[] {
  const elapsed = [...widths.keys()].indexOf('elapsed');
  return drawTable(lines, { widths: [...widths.values()], rightAligned: [elapsed], gap, indent });
}
