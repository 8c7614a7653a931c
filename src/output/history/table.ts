/** Renders past upgrades as a table with a row for each, and what happened below it. */
import {
  capitalize,
  formatCount,
  formatDuration,
  formatProseTime,
  formatTally,
} from '../../platform/format.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import type { ContainerExitedEvent } from '../../upgrade/events.ts';
import type { Mood } from '../../upgrade/headline.ts';
import type { PastUpgrade } from '../../upgrade/past-upgrade.ts';
import {
  describeExits,
  describePastDomains,
  describePastReason,
  describePastResult,
  explainExits,
  foldExits,
} from '../../upgrade/past-upgrade-wording.ts';
import { joinBlocks } from '../key-values.ts';
import { type Paint, paintNothing, type Style } from '../style.ts';
import { drawTable } from '../table/draw-table.ts';
import { breakText } from '../table/wrap.ts';
import { blanks, measureWidth } from '../text-width.ts';
import { renderTitle } from '../title.ts';
import { formatClockTime } from '../upgrade-screen/clock-time.ts';
import { cut, cutVersion, fitLines, splitLines } from '../upgrade-screen/line.ts';
import { renderGlyph, selectPaint } from '../upgrade-screen/paint.ts';
import type { HistorySubject } from './document.ts';

/** Options of the table. */
export interface HistoryView {
  /** Whether everything is shown of every upgrade. */
  readonly full: boolean;
}

/** Domains and kinds of exits that are shown of an upgrade. */
const maxDomains = 8;
const maxExitGroups = 3;

/** Blanks between two columns, before the first one, and before the lines below a row. */
const gap = 3;
const indent = 2;
const detailIndent = 6;

/** Renders the upgrades, newest first. @param upgrades oldest first */
export function renderHistoryTable(
  subject: HistorySubject,
  upgrades: readonly PastUpgrade[],
  style: Style,
  view: HistoryView,
): Printable {
  const newestFirst = upgrades.toReversed();
  const rows = createRows(newestFirst, style);
  const lines = drawTable(rows, { widths: measureColumns(rows), rightAligned: [3], gap, indent });
  return joinBlocks([
    renderHead(subject, newestFirst, style),
    ...newestFirst.map((upgrade, index) => [
      ...fitLines(lines.slice(index, index + 1), style.width),
      ...renderDetails(upgrade, style, view),
    ]),
  ]);
}

function renderHead(
  { deployment, clusterName }: HistorySubject,
  upgrades: readonly PastUpgrade[],
  style: Style,
): readonly Printable[] {
  const name = cut(deployment, style.width, style);
  const count = formatCount(upgrades.length, 'upgrade');
  const room = style.width - measureWidth(name);
  const tally = [`  ${count}: ${formatTally(upgrades.map(describePastResult))}`, `  ${count}`, ''].find(
    (text) => text.length <= room,
  );
  const title = literal`${style.strong(name)}${printable(tally ?? '')}`;
  return fitLines(splitLines(renderTitle(title, clusterName, style)), style.width);
}

/** Creates a row of cells for each upgrade, with as much of the times as fits the width. */
function createRows(upgrades: readonly PastUpgrade[], style: Style): readonly (readonly Printable[])[] {
  const whole = [formatSpan, formatStart].map((format) =>
    upgrades.map((upgrade) => createRow(upgrade, format(upgrade, style), style)),
  );
  const narrow = upgrades.map((upgrade) =>
    createRow(upgrade, formatStart(upgrade, style).replace(/\d{4}-(.*):\d\d UTC$/, '$1'), style).slice(0, -1),
  );
  const measure = (rows: readonly (readonly Printable[])[]) =>
    measureColumns(rows).reduce((sum, width) => sum + width + gap, indent - gap);
  return whole.find((rows) => measure(rows) <= style.width) ?? narrow;
}

const moods: Readonly<Record<PastUpgrade['result'], Mood>> = {
  completed: 'good',
  'rolled-back': 'bad',
  'rolling-back': 'bad',
  'under-way': 'busy',
  unknown: 'idle',
};

function createRow(upgrade: PastUpgrade, times: string, style: Style): readonly Printable[] {
  const { from, to, took, result } = upgrade;
  const { glyphs } = style;
  const version = (name: string | undefined) => (name === undefined ? glyphs.dash : cutVersion(name, style));
  const mood = moods[result];
  return [
    literal`${renderGlyph(mood, style)} ${version(from)} ${glyphs.arrow} ${version(to)}`,
    selectPaint(mood, style)(printable(describePastResult(upgrade))),
    printable(times),
    took === undefined ? glyphs.dash : printable(formatDuration(took)),
  ];
}

function measureColumns(rows: readonly (readonly Printable[])[]): readonly number[] {
  return (rows[0] ?? []).map((_, column) =>
    rows.reduce((max, row) => Math.max(max, measureWidth(row[column] ?? '')), 0),
  );
}

type Times = Pick<PastUpgrade, 'startedAt' | 'endedAt'>;

function formatSpan({ startedAt, endedAt }: Times, { glyphs }: Style): string {
  if (startedAt && endedAt)
    return `${formatProseTime(startedAt).replace(' UTC', '')} ${glyphs.dash} ${formatClockTime(endedAt, startedAt)} UTC`;
  if (startedAt) return `since ${formatProseTime(startedAt)}`;
  return endedAt ? `until ${formatProseTime(endedAt)}` : glyphs.dash;
}

function formatStart({ startedAt, endedAt }: Times, style: Style): string {
  return startedAt && endedAt ? formatProseTime(startedAt) : formatSpan({ startedAt, endedAt }, style);
}

/** Renders what happened in an upgrade: the reason of a rollback, the domains, and the containers that exited. */
function renderDetails(upgrade: PastUpgrade, style: Style, { full }: HistoryView): readonly Printable[] {
  const { forward } = upgrade;
  const reason = describePastReason(upgrade);
  const limit = full ? Infinity : maxDomains;
  const width = Math.max(1, style.width - detailIndent);
  const render = (paint: Paint) => (text: string) =>
    breakText(printable(text), width).map((part) => literal`${blanks(detailIndent)}${paint(part)}`);
  return [
    ...(reason ? [`${capitalize(reason)}.`] : []).flatMap(render(paintNothing)),
    ...listExits(upgrade, full).flatMap(render(paintNothing)),
    ...[
      ...(forward.length > 0 ? [describePastDomains(forward, limit)] : []),
      ...describeRollback(upgrade, limit),
    ].flatMap(render(style.faint)),
  ];
}

/** Describes the way back, if there was one: `Rollback from 03:01:01 UTC: UD0 2m`. */
function describeRollback(
  { startedAt, rollbackStartedAt, back }: PastUpgrade,
  maxDomains: number,
): readonly string[] {
  if (rollbackStartedAt === undefined && back.length === 0) return [];
  const time = rollbackStartedAt
    ? ` from ${formatClockTime(rollbackStartedAt, startedAt ?? new Date(0))} UTC`
    : '';
  return [`Rollback${time}${back.length > 0 ? `: ${describePastDomains(back, maxDomains)}` : ''}`];
}

/** Describes the containers that exited, each with its time or the same exits together, and what their codes mean. */
function listExits({ exits }: PastUpgrade, full: boolean): readonly string[] {
  const groups = foldExits(exits);
  const shown = full ? groups : groups.slice(0, maxExitGroups);
  const describeEach = (exit: ContainerExitedEvent) =>
    foldExits([exit]).map((group) => `${formatProseTime(exit.at)}: ${describeExits(group)}`);
  const left = groups.length - shown.length;
  return [
    ...(full ? exits.flatMap(describeEach) : shown.map((group) => capitalize(describeExits(group)))),
    ...(left > 0 ? [`${left} more kinds of exits; --full shows them`] : []),
    ...new Set(shown.flatMap((group) => explainExits(group) ?? [])),
  ];
}
