/** Renders many deployments: a title, a line for each of them in their order, reasons, and commands. */

import { formatCount, formatList, formatTally } from '../../platform/format.ts';
import { formatStep } from '../../platform/next-step.ts';
import { joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import { renderSteps } from '../next-steps.ts';
import type { Style } from '../style.ts';
import { drawTable } from '../table/draw-table.ts';
import { breakText, wrapText } from '../table/wrap.ts';
import { measureWidth } from '../text-width.ts';
import { renderTitle } from '../title.ts';
import { fitLines, splitLines } from '../upgrade-screen/line.ts';
import { renderGlyph, selectPaint } from '../upgrade-screen/paint.ts';
import type { OverviewRow } from './row.ts';
import { type CellLine, type ColumnWidths, drawRows, fitColumns, layOutRow } from './table.ts';

/** Options of an overview. */
export interface OverviewView {
  /** Name of the cluster, or names of several. */
  readonly cluster: string;
  /** Completes the title: `1 without contact`. */
  readonly remark?: string | undefined;
  /** Replaces the count and the tally in the title. */
  readonly heading?: { readonly subject: string; readonly details: string };
  readonly maxLines: number;
  /** Completes the count of omitted rows: `; --full shows all`. */
  readonly hint: string;
  /** Lines of one reason. */
  readonly maxReasonLines: number;
}

/** Width below which rows are laid out without a table. */
const minTableWidth = 40;

/** Height from which blocks are separated by empty lines. */
const minRoomyLines = 10;

/** Renders an overview. Deployments that need attention or are still moving get room first; the rest are counted. */
export function renderOverview(rows: readonly OverviewRow[], style: Style, view: OverviewView): Printable {
  const { maxLines } = view;
  const gap = maxLines < minRoomyLines ? 0 : 1;
  const title = renderHeading(rows, style, view);
  const room = Math.max(1, maxLines - title.length - gap);
  const widths = style.width < minTableWidth ? undefined : fitColumns(rows, style);
  const laidOut = rows.map((row) => ({
    row,
    rank: row.rank,
    lines: widths ? layOutRow(row, widths, style) : layOutNarrow(row, style),
  }));
  const reasons = layOutReasons(rows, style, view);
  const [height, reasonsHeight] = [measureHeight(laidOut), measureHeight(reasons.all)];
  const reasonsRoom = height + gap + reasonsHeight > room ? Math.floor(room / 3) : reasonsHeight;
  const keptReasons = drawReasons(reasons, Math.max(reasonsRoom, room - height - gap), style);
  const rowsRoom = room - (keptReasons.length > 0 ? keptReasons.length + gap : 0);
  const table = renderRows(laidOut, widths, rowsRoom, style, view);
  const blocks = [title, table, keptReasons];
  const steps = renderNext(rows, style);
  const used = blocks.reduce((sum, block) => sum + (block.length > 0 ? block.length + gap : 0), 0);
  const lines = [...blocks, used + steps.length <= maxLines ? steps : []]
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 || gap === 0 ? block : [literal``, ...block]));
  return literal`${joinLines(lines.slice(0, maxLines))}\n`;
}

/** Renders the title: the number of deployments, a tally of their states, and the cluster. */
function renderHeading(
  rows: readonly OverviewRow[],
  style: Style,
  { cluster, remark, heading }: OverviewView,
): readonly Printable[] {
  const count = style.strong(printable(heading?.subject ?? formatCount(rows.length, 'deployment')));
  const tally = printable(
    heading?.details ?? [formatTally(rows.map(({ kind }) => kind)), remark].filter(Boolean).join(', '),
  );
  const whole = literal`${count}  ${tally}`;
  const isWhole = measureWidth(whole) + 2 + measureWidth(printable(cluster)) <= style.width;
  const title = fitLines(splitLines(renderTitle(isWhole ? whole : count, cluster, style)), style.width);
  const below = breakText(tally, Math.max(1, style.width - 2)).map((line) => literal`  ${line}`);
  return isWhole ? title : [...title, ...below];
}

/** Lines that are shown together or not at all. */
interface Item {
  readonly rank: number;
  readonly lines: readonly CellLine[];
}

interface LaidOutRow extends Item {
  readonly row: OverviewRow;
}

function measureHeight(items: readonly Item[]): number {
  return items.reduce((sum, { lines }) => sum + lines.length, 0);
}

/** Lays out a row for a screen that is too narrow for a table. */
function layOutNarrow(row: OverviewRow, style: Style): readonly CellLine[] {
  const { state, mood } = row;
  const text = literal`${nameRow(row)}: ${state}`;
  return breakText(text, Math.max(1, style.width - 2)).map((line, index) => [
    literal`${index === 0 ? renderGlyph(mood, style) : literal` `} ${selectPaint(mood, style)(line)}`,
  ]);
}

/** Renders the rows that fit, and counts the others. */
function renderRows(
  rows: readonly LaidOutRow[],
  widths: ColumnWidths | undefined,
  maxLines: number,
  style: Style,
  { hint }: OverviewView,
): readonly Printable[] {
  const kept = keepFitting(rows, maxLines);
  const shown = rows.filter((one) => kept.has(one));
  const lines = widths?.has('cluster') ? nameEachClusterOnce(shown) : shown.flatMap((one) => one.lines);
  const omitted = rows.filter((one) => !kept.has(one)).map(({ row }) => row.kind);
  const more = `${kept.size > 0 ? 'and ' : ''}${omitted.length} more: ${formatTally(omitted)}${hint}`;
  return [
    ...(widths ? drawRows(lines, widths) : lines.flat()),
    ...(omitted.length > 0 ? renderCount(more, style) : []),
  ];
}

/** Leaves the cluster's cell of all rows but the first of a cluster blank. It is the first cell. */
function nameEachClusterOnce(rows: readonly LaidOutRow[]): readonly CellLine[] {
  return rows.flatMap(({ row, lines }, index) => {
    const isNamed = rows[index - 1]?.row.cluster === row.cluster;
    return isNamed ? lines.map(([, ...others]) => [literal``, ...others]) : lines;
  });
}

function renderCount(text: string, { width, glyphs, faint }: Style): readonly Printable[] {
  const lines = wrapText(printable(text), Math.max(1, width - 2), 1, glyphs.ellipsis);
  return lines.map((line) => faint(literal`  ${line}`));
}

/** Keeps items while they fit, by rank. A line is reserved for the count of the others. */
function keepFitting<T extends Item>(items: readonly T[], maxLines: number): ReadonlySet<T> {
  if (measureHeight(items) <= maxLines) return new Set(items);
  const kept = new Set<T>();
  let room = maxLines - 1;
  for (const item of items.toSorted((one, other) => one.rank - other.rank)) {
    room -= item.lines.length;
    if (room < 0) break;
    kept.add(item);
  }
  return kept;
}

/** Names of deployments with the same reason. */
const maxReasonNames = 5;

/** Names a deployment, among several clusters with its cluster. */
function nameRow({ deployment, cluster }: OverviewRow): Printable {
  return cluster === '' ? deployment : literal`${deployment} on ${cluster}`;
}

/** Lists the deployments that have a reason. A cluster stands for all of its deployments, if it has several. */
function formatNames(own: readonly OverviewRow[], all: readonly OverviewRow[]): Printable {
  const count = (rows: readonly OverviewRow[], cluster: Printable) =>
    rows.filter((row) => row.cluster === cluster).length;
  const names = own.map((row) => {
    const total = count(all, row.cluster);
    const isWhole = row.cluster !== '' && total > 1 && count(own, row.cluster) === total;
    return isWhole ? row.cluster : nameRow(row);
  });
  return printable(formatList([...new Set(names)], maxReasonNames));
}

interface Reasons {
  readonly all: readonly Item[];
  readonly widths: readonly number[];
}

/** Lays out each reason once, after the deployments that have it. */
function layOutReasons(
  rows: readonly OverviewRow[],
  style: Style,
  { maxReasonLines }: OverviewView,
): Reasons {
  const byReason = new Map<Printable, OverviewRow[]>();
  for (const row of rows) {
    if (row.reason === '') continue;
    const own = byReason.get(row.reason);
    if (own) own.push(row);
    else byReason.set(row.reason, [row]);
  }
  const reasons = [...byReason].map(([reason, own]) => ({
    label: formatNames(own, rows),
    reason,
    rank: own.reduce((best, row) => Math.min(best, row.rank), Infinity),
  }));
  const maxLabel = Math.max(1, Math.floor(style.width / 4));
  const widest = reasons.reduce((max, { label }) => Math.max(max, measureWidth(label)), 0);
  const labelWidth = Math.min(maxLabel, widest);
  const width = Math.max(1, style.width - labelWidth - 4);
  const all = reasons.map(({ label, reason, rank }) => {
    const labels = breakText(label, labelWidth);
    const texts = wrapText(reason, width, maxReasonLines, style.glyphs.ellipsis);
    const height = Math.max(labels.length, texts.length);
    const lines = Array.from({ length: height }, (_, index) => [
      style.strong(labels[index] ?? literal``),
      texts[index] ?? literal``,
    ]);
    return { rank, lines };
  });
  return { all, widths: [labelWidth, width] };
}

/** Draws the reasons that fit, and counts the others. */
function drawReasons({ all, widths }: Reasons, maxLines: number, style: Style): readonly Printable[] {
  const kept = keepFitting(all, maxLines);
  const left = all.length - kept.size;
  const lines = all.filter((one) => kept.has(one)).flatMap((one) => one.lines);
  return [
    ...drawTable(lines, { widths, gap: 2, indent: 2 }),
    ...(left > 0 && maxLines > 0 ? renderCount(`and ${formatCount(left, 'more reason')}`, style) : []),
  ];
}

/** Deployments for which the command that shows more is printed. */
const maxReadCommands = 5;

/** Renders urgent steps, and the commands that show more of a reason. */
function renderNext(rows: readonly OverviewRow[], style: Style): readonly Printable[] {
  const steps = new Map(rows.flatMap((row) => row.steps).map((step) => [formatStep(step), step]));
  const detailed = rows.flatMap(({ detailsCommand }) => detailsCommand ?? []);
  const commands = detailed.slice(0, maxReadCommands);
  const omitted = detailed.length - commands.length;
  return [
    ...renderSteps([...steps.values()], style.width - 2, style),
    ...(commands.length > 0 ? [literal`See the details`] : []),
    ...commands.map((command) => literal`  ${style.strong(printable(command))}`),
    ...(omitted > 0 ? [style.faint(literal`  and ${omitted} more`)] : []),
  ].map((line) => literal`  ${line}`);
}
