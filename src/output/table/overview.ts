/** Renders many deployments as a table with a row for each, and a remark below the row. */
import { formatCount, formatElapsed, formatTally } from '../../platform/format.ts';
import { joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import type { Duration } from '../../upgrade/model.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { describeDomain } from '../../upgrade/wording.ts';
import type { Paint, Style } from '../style.ts';
import type { Limit } from './layout.ts';
import {
  type CellLine,
  drawOverviewTable,
  fitColumns,
  layOutCells,
  type OverviewRow,
  tableFrameLines,
  type UpgradeCells,
} from './overview-table.ts';
import { breakText, cutText, wrapIndented } from './wrap.ts';

/** Creates the cells about the upgrade, which are empty without one. */
export function createUpgradeCells(snapshot: UpgradeSnapshot | undefined): UpgradeCells {
  return {
    version: printable(snapshot?.upgrade.targetVersion ?? ''),
    domain: printable((snapshot && describeDomain(snapshot)) ?? ''),
    elapsed: renderElapsed(snapshot?.upgrade.duration),
  };
}

/** Renders the time of the upgrade, the only cell that changes between two reads. */
export function renderElapsed(duration: Duration | undefined): Printable {
  return printable(duration ? formatElapsed(duration) : '');
}

/** How much of the deployments to print, and in which order. */
export interface OverviewView {
  readonly limit: Limit;
  /** Maximum of lines for the remark, and for each cell but the name; unlimited by default. */
  readonly maxRemarkLines?: number;
  /** Whether deployments in trouble come first even if all fit. */
  readonly troubleFirst?: boolean;
}

/** Width below which borders leave no room to read. */
const minTableWidth = 40;

/**
 * Renders the rows so that they fit the width. If not all rows fit the limit, deployments in trouble are kept first,
 * then those with an upgrade in progress; the others are counted.
 */
export function renderOverview(
  rows: readonly OverviewRow[],
  style: Style,
  { limit, maxRemarkLines = Infinity, troubleFirst = false }: OverviewView,
): Printable {
  const columns = style.width < minTableWidth ? undefined : fitColumns(rows, style.width);
  const layOut = (row: OverviewRow) =>
    columns
      ? layOutCells(row, columns, selectPaint(row, style), maxRemarkLines)
      : layOutNarrow(row, style, maxRemarkLines);
  const ranked = rows.toSorted((one, other) => one.rank - other.rank);
  const kept = keepFitting(ranked, limit.lines - (columns ? tableFrameLines : 0), layOut);
  const omitted = ranked.filter((row) => !kept.has(row));
  const lines = (troubleFirst ? ranked : rows).flatMap((row) => kept.get(row) ?? []);
  const table = columns ? drawOverviewTable(lines, columns, style) : joinLines(lines.flat());
  return literal`${joinLines([
    ...(lines.length > 0 ? [table] : []),
    ...(omitted.length > 0 ? [style.faint(describeOmitted(omitted, kept.size > 0, limit, style))] : []),
  ])}\n`;
}

/** Keeps rows from the first on while they fit. A line is reserved for the count of the others. */
function keepFitting(
  rows: readonly OverviewRow[],
  maxLines: number,
  layOut: (row: OverviewRow) => readonly CellLine[],
): ReadonlyMap<OverviewRow, readonly CellLine[]> {
  const kept = new Map<OverviewRow, readonly CellLine[]>();
  let room = maxLines;
  for (const row of rows) {
    const lines = layOut(row);
    if (lines.length > room) break;
    room -= lines.length;
    kept.set(row, lines);
  }
  for (const [row, lines] of [...kept].reverse()) {
    if (kept.size === rows.length || room > 0) break;
    room += lines.length;
    kept.delete(row);
  }
  return kept;
}

function describeOmitted(
  rows: readonly OverviewRow[],
  isMore: boolean,
  { hint }: Limit,
  { width }: Style,
): Printable {
  const count = isMore ? `and ${rows.length} more` : formatCount(rows.length, 'deployment');
  return cutText(printable(`${count}: ${formatTally(rows.map(({ state }) => state))}${hint}`), width);
}

/** Lays out a row for a screen that is too narrow for a table. */
function layOutNarrow(row: OverviewRow, style: Style, maxRemarkLines: number): readonly CellLine[] {
  const { deployment, state, remark } = row;
  return [
    ...breakText(literal`${deployment}: ${state}`, style.width).map(selectPaint(row, style)),
    ...wrapIndented(remark, style.width, maxRemarkLines),
  ].map((line) => [line]);
}

function selectPaint({ rank }: OverviewRow, { bad, busy, good }: Style): Paint {
  return { 0: bad, 1: busy, 2: good }[rank];
}
