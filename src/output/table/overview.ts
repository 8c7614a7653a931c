/** Many deployments as a table: a row each, and below it what else there is to say of it. */
import stringWidth from 'fast-string-width';
import { formatCount, formatDuration, formatTally } from '../../platform/format.ts';
import { assumePrintable, joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { describeDomain } from '../../upgrade/wording.ts';
import type { Style } from '../style.ts';
import { breakText, type Cell, cutText, drawTable, type Limit } from './layout.ts';

/** What there is to draw of a deployment, in words; `''` where there is nothing to say. */
export interface OverviewRow extends UpgradeCells {
  readonly deployment: Printable;
  readonly application: Printable;
  readonly state: Printable;
  /** Stands below the others, over their whole width. */
  readonly remark: Printable;
  /** 0 for those in trouble, 1 for those under way, 2 for the rest. */
  readonly rank: 0 | 1 | 2;
}

interface UpgradeCells {
  readonly version: Printable;
  readonly domain: Printable;
  readonly elapsed: Printable;
}

/** The cells that tell of the upgrade, if there is one. */
export function createUpgradeCells(snapshot: UpgradeSnapshot | undefined): UpgradeCells {
  return {
    version: printable(snapshot?.upgrade.targetVersion ?? ''),
    domain: printable(snapshot ? describeDomain(snapshot) : ''),
    elapsed: formatElapsed(snapshot?.upgrade.duration),
  };
}

/** The only words that change between two reads. */
export function formatElapsed(duration: number | undefined): Printable {
  return printable(duration ? formatDuration(duration) : '');
}

/** Below this width borders leave no room to read. */
const narrow = 40;

/** How much of them to show, and in which order. */
export interface OverviewView {
  readonly limit: Limit;
  /** Lines that each cell but the name, and the remark, may take; without limit unless it is given. */
  readonly maxRemarkLines?: number;
  /** Puts those in trouble first even where all fit. */
  readonly troubleFirst?: boolean;
}

/**
 * A table that fits the width. Where it would be longer than it may, those in trouble have their rows before those that
 * are under way, and what is left out is counted.
 */
export function renderOverview(
  rows: readonly OverviewRow[],
  style: Style,
  { limit, maxRemarkLines = Number.POSITIVE_INFINITY, troubleFirst = false }: OverviewView,
): Printable {
  const sheet =
    style.width < narrow
      ? createListSheet(style, maxRemarkLines)
      : createTableSheet(rows, style, maxRemarkLines);
  const ranked = rows.toSorted((one, other) => one.rank - other.rank);
  const lines = new Map<OverviewRow, readonly Line[]>();
  let room = limit.lines - sheet.frame;
  for (const row of ranked) {
    const own = sheet.linesOf(row);
    if (own.length > room) break;
    room -= own.length;
    lines.set(row, own);
  }
  // There must be a line for what does not fit.
  for (const row of [...lines.keys()].reverse()) {
    if (lines.size === rows.length || room > 0) break;
    room += lines.get(row)?.length ?? 0;
    lines.delete(row);
  }
  const left = ranked.filter((row) => !lines.has(row)).map(({ state }) => state);
  const drawn = (troubleFirst ? ranked : rows).flatMap((row) => lines.get(row) ?? []);
  return literal`${joinLines([
    ...(drawn.length > 0 ? [sheet.draw(drawn)] : []),
    ...(left.length > 0 ? [style.faint(describeOmitted(left, lines.size > 0, limit, style))] : []),
  ])}\n`;
}

function describeOmitted(
  states: readonly string[],
  isMore: boolean,
  { hint }: Limit,
  { width }: Style,
): Printable {
  const count = isMore ? `and ${states.length} more` : formatCount(states.length, 'deployment');
  return cutText(printable(`${count}: ${formatTally(states)}${hint}`), width);
}

/** The cells of a line; a remark takes all but the first. */
type Line = readonly [Printable, ...Printable[]];

/** How rows become lines, and lines a reading. */
interface Sheet {
  /** Lines that are in no row. */
  readonly frame: number;
  linesOf(row: OverviewRow): readonly Line[];
  draw(lines: readonly Line[]): Printable;
}

function createListSheet(style: Style, mostLines: number): Sheet {
  const { width } = style;
  return {
    frame: 0,
    linesOf: ({ deployment, state, remark, rank }) =>
      [
        ...breakText(literal`${deployment}: ${state}`, width).map(selectPaint(rank, style)),
        ...wrapRemark(remark, width, mostLines),
      ].map((line): Line => [line]),
    draw: (lines) => joinLines(lines.map(([line]) => line)),
  };
}

function createTableSheet(rows: readonly OverviewRow[], style: Style, mostLines: number): Sheet {
  const widths = fitWidths(rows, style.width);
  const columns = [...widths.keys()];
  const [first = 0, ...others] = widths.values();
  const across = others.reduce((sum, width) => sum + width + 3, -3);
  return {
    frame: 4,
    linesOf(row) {
      const paint = selectPaint(row.rank, style);
      const cells = columns.map((column) => {
        const most = column === 'deployment' ? Number.POSITIVE_INFINITY : mostLines;
        const lines = limitLines(row[column], widths.get(column) ?? 0, most);
        return column === 'state' ? lines.map(paint) : lines;
      });
      const [names = [], ...values] = cells;
      const height = Math.max(...values.map((lines) => lines.length));
      const beside = [
        ...listIndexes(height).map((at) => values.map((lines) => lines[at] ?? literal``)),
        ...wrapRemark(row.remark, across, mostLines).map((line) => [line]),
      ];
      return listIndexes(Math.max(names.length, beside.length)).map(
        (at): Line => [names[at] ?? literal``, ...(beside[at] ?? [literal``])],
      );
    },
    draw(lines) {
      const cells = lines.map(([name, ...values]): readonly Cell[] => {
        const [content] = values;
        const isAcross = values.length === 1 && content !== undefined;
        return isAcross ? [name, { colSpan: columns.length - 1, content }] : [name, ...values];
      });
      const head = columns.map((column) => style.strong(printable(heads[column])));
      const colAligns = columns.map((column): 'left' | 'right' => (column === 'elapsed' ? 'right' : 'left'));
      const colWidths = [first, ...others].map((width) => width + 2);
      return drawTable(cells, { style: { compact: true }, colWidths, colAligns }, head);
    },
  };
}

const heads = {
  deployment: 'Deployment',
  application: 'Application',
  state: 'State',
  version: 'Version',
  domain: 'Domain',
  elapsed: 'Elapsed',
} as const satisfies Partial<Record<keyof OverviewRow, string>>;

type Column = keyof typeof heads;

/** Other columns go, in this order, where the state would have less than this. */
const minStateWidth = 15;
const expendable: readonly Column[] = ['application', 'elapsed', 'version', 'domain'];

/** The widest that a column may become, as a part of the whole. */
const maxWidths: Readonly<Record<Column, number>> = {
  deployment: 0.28,
  application: 0.28,
  state: 1,
  version: 0.15,
  domain: 0.2,
  elapsed: 0.2,
};

/** A column in which there is nothing is not there; the state has what the others leave. */
function fitWidths(rows: readonly OverviewRow[], width: number): ReadonlyMap<Column, number> {
  const natural = (column: Column) =>
    Math.min(
      Math.floor(width * maxWidths[column]),
      rows.reduce((most, row) => Math.max(most, stringWidth(row[column])), heads[column].length),
    );
  const widths = new Map<Column, number>();
  for (const column of Object.keys(heads) as Column[])
    if (rows.some((row) => row[column] !== '')) widths.set(column, natural(column));
  const room = () => {
    const others = [...widths].filter(([column]) => column !== 'state');
    return width - 4 - others.reduce((sum, [, own]) => sum + own + 3, 0);
  };
  for (const column of expendable) if (room() < minStateWidth) widths.delete(column);
  return widths.set('state', room());
}

function selectPaint(rank: OverviewRow['rank'], { bad, busy, good }: Style) {
  return [bad, busy, good][rank] ?? busy;
}

/** A little deeper than the row that it is of. */
function wrapRemark(remark: Printable, width: number, most: number): readonly Printable[] {
  return remark === '' ? [] : limitLines(remark, width - 2, most).map((line) => literal`  ${line}`);
}

function limitLines(text: Printable, width: number, most: number): readonly Printable[] {
  const lines = breakText(text, width);
  if (lines.length <= most) return lines;
  return [...lines.slice(0, most - 1), cutText(assumePrintable(lines.slice(most - 1).join(' ')), width)];
}

function listIndexes(length: number): readonly number[] {
  return Array.from({ length }, (_, at) => at);
}
