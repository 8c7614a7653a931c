/** The screen of one deployment: under way with its domains and the reason, or how it ended, why, and what to do. */
import { addTarget } from '../../platform/command-target.ts';
import { endSentence, formatArgument } from '../../platform/format.ts';
import { joinLines, literal, type Printable, printable } from '../../platform/printable.ts';
import { collectFindings, collectNextSteps } from '../../upgrade/findings/collect.ts';
import type { Finding } from '../../upgrade/findings/finding.ts';
import { describeEnding, describeHeadline, type Ending } from '../../upgrade/headline.ts';
import { endedBeforeRollout, type UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { findEnd, findStart } from '../../upgrade/times.ts';
import { renderSteps } from '../next-steps.ts';
import type { Style } from '../style.ts';
import { blanks } from '../text-width.ts';
import { renderBar } from './bar.ts';
import { formatClockTime } from './clock-time.ts';
import { renderDomainRows } from './domain-rows.ts';
import { renderEnding, renderState, renderUpgradeTitle } from './heading.ts';
import { renderHealthTree } from './health-tree.ts';
import { fitLines, justify } from './line.ts';
import { wrapHanging } from './prose.ts';
import { limitLines, renderEvidence, renderReasons, selectReasons } from './reason.ts';
import { renderRollbackRows } from './rollback-rows.ts';
import { renderSettings } from './settings-line.ts';
import { renderTimeline } from './timeline.ts';

/** Options of a screen. */
export interface UpgradeView {
  /** Name of the cluster. */
  readonly cluster: string;
  /** Milliseconds since 1970; `undefined` in a live view. */
  readonly now?: number;
  /** Whether to show everything, however long. */
  readonly full: boolean;
  /** Height of a live view, which has neither a hint nor an exit code. */
  readonly maxLines?: number;
  /** Exit code of the command, if the screen tells it. */
  readonly exitCode?: number;
  /** Says which upgrade this is, such as one that replaced the upgrade being watched. */
  readonly remark?: string | undefined;
}

/** Renders the screen. @returns lines that fit the width, except commands, with a line break at the end */
export function renderUpgradeScreen(snapshot: UpgradeSnapshot, style: Style, view: UpgradeView): Printable {
  const ending = describeEnding(snapshot);
  const findings = selectReasons(collectFindings(snapshot));
  const blocks = ending
    ? renderEnded(snapshot, ending, findings, style, view)
    : renderUnderWay(snapshot, findings, style, view);
  return literal`${joinLines(joinBlocks(blocks))}\n`;
}

type Block = readonly Printable[];

/** Joins blocks of lines with an empty line between two. */
function joinBlocks(blocks: readonly Block[]): Block {
  return blocks
    .filter((block) => block.length > 0)
    .flatMap((block, index) => (index === 0 ? block : [literal``, ...block]));
}

function indentBlock(block: Block, margin: number): Block {
  return block.map((line) => (line === '' ? line : literal`${blanks(margin)}${line}`));
}

/** Lines that `--full` prints at most. No document of a runtime comes near it. */
const maxFullLines = 20_000;

function renderUnderWay(
  snapshot: UpgradeSnapshot,
  findings: readonly Finding[],
  style: Style,
  view: UpgradeView,
): readonly Block[] {
  const { full, maxLines = Infinity } = view;
  const headline = describeHeadline(snapshot, findings);
  const bar = renderBar(snapshot, headline.mood, style);
  const head = [
    ...renderUpgradeTitle(snapshot, view.cluster, style),
    renderState(headline, snapshot, style),
    ...(bar === '' ? [] : [bar]),
  ];
  const rows = (fold: 'always' | 'many') =>
    renderDomainRows(snapshot, headline, full ? 'never' : fold, style);
  const reason = indentBlock(renderReasons(findings, full, style.width - 2, style), 2);
  const next = collectNextSteps(findings);
  const layOutSteps = (list: typeof next) => indentBlock(renderSteps(list, style.width - 2, style), 2);
  const steps = layOutSteps(next);
  const last = renderSettings(snapshot, style);
  if (maxLines === Infinity)
    return [
      ...renderRemark(view, style),
      head,
      rows('many'),
      reason,
      steps,
      last,
      ...renderMore(snapshot, style, view),
    ];
  const all = { rows: rows('many'), reason, steps, last };
  const candidates: readonly (readonly Block[])[] = [
    [head, all.rows, reason, steps, last],
    [head, all.rows, reason, steps],
    [head, all.rows, reason, layOutSteps(next.filter(({ command }) => command !== undefined))],
    [head, all.rows, reason],
    [head, rows('always'), reason],
    [[...head, ...rows('always'), ...reason]],
  ];
  const fitted = candidates.map((blocks) => blocks.map((block) => fitLines(block, style.width)));
  const fitting = fitted.find((blocks) => joinBlocks(blocks).length <= maxLines);
  return fitting ?? [cutBlock(fitted.at(-1)?.flat() ?? [], maxLines, style)];
}

function cutBlock(block: Block, maxLines: number, style: Style): Block {
  return maxLines < 2
    ? block.slice(0, maxLines)
    : [...block.slice(0, maxLines - 1), style.faint(style.glyphs.ellipsis)];
}

function renderEnded(
  snapshot: UpgradeSnapshot,
  ending: Ending,
  findings: readonly Finding[],
  style: Style,
  view: UpgradeView,
): readonly Block[] {
  const { upgrade } = snapshot;
  const [first, ...others] = findings;
  const isGood = ending.mood === 'good';
  const detail = isGood ? formatTimes(snapshot, style, view) : isRepeated(first) ? '' : first.what;
  const below = detail === '' ? [] : wrapHanging(detail, style.width - 2, 2);
  const head = [...renderEnding(ending, view.cluster, style), ...indentBlock(below, 2)];
  const isRolledBack = upgrade.state === 'RollingBackCompleted' && !endedBeforeRollout(snapshot);
  const rows = isGood
    ? renderTimeline(snapshot, view.full, style)
    : isRolledBack
      ? renderRollbackRows(snapshot, view.full, style)
      : [];
  return [
    ...renderRemark(view, style),
    head,
    [...rows],
    renderLabelled(isGood ? 'Note' : 'Why', renderWhy(first, others, isGood, view, style), style),
    renderLabelled('Next', renderSteps(collectNextSteps(findings), style.width - labelWidth, style), style),
    ...renderMore(snapshot, style, view),
  ];
}

/** Reports whether the heading says all that the finding does. */
function isRepeated(finding: Finding | undefined): finding is undefined {
  return finding === undefined || finding.code === 'never-upgraded' || finding.code === 'creation-failed';
}

/** The first finding has its sentence in the heading. */
function renderWhy(
  first: Finding | undefined,
  others: readonly Finding[],
  isGood: boolean,
  { full }: UpgradeView,
  style: Style,
): Block {
  const width = style.width - labelWidth;
  if (first === undefined) return [];
  if (isGood) return renderReasons([first, ...others], full, width, style);
  const evidence = renderEvidence(first.evidence, full, width, style);
  return limitLines([...evidence, ...renderReasons(others, full, width, style)], full, width, style);
}

/** Formats when the upgrade began and ended. */
function formatTimes(snapshot: UpgradeSnapshot, style: Style, { now }: UpgradeView): string {
  const startedAt = findStart(snapshot);
  const end = findEnd(snapshot);
  if (startedAt === undefined || end === undefined) return '';
  const today = now === undefined ? end : new Date(now);
  return `${formatClockTime(startedAt, today)} ${style.glyphs.dash} ${formatClockTime(end, sameDay(startedAt, end, today))} UTC`;
}

/** The end needs no date of its own on the day of the start. */
function sameDay(start: Date, end: Date, today: Date): Date {
  return start.toISOString().slice(0, 10) === end.toISOString().slice(0, 10) ? end : today;
}

const labelWidth = 6;

/** Renders a block beside its label. */
function renderLabelled(label: 'Why' | 'Note' | 'Next', block: Block, style: Style): Block {
  return block.map((line, index) =>
    index === 0
      ? literal`${style.strong(printable(label.padEnd(labelWidth)))}${line}`
      : literal`${blanks(labelWidth)}${line}`,
  );
}

function renderRemark({ remark }: UpgradeView, style: Style): readonly Block[] {
  if (remark === undefined) return [];
  return [wrapHanging(endSentence(remark), style.width, 2).map(style.act)];
}

/** Renders what only `--full` shows, or how to get it, and the exit code. */
function renderMore(snapshot: UpgradeSnapshot, style: Style, view: UpgradeView): readonly Block[] {
  const { upgrade, commandTarget } = snapshot;
  const hasTree = upgrade.unhealthyEvaluations.length > 0 && !endedBeforeRollout(snapshot);
  const exit = view.exitCode ? style.faint(literal`exit code ${view.exitCode}`) : literal``;
  const last = exit === '' ? [] : [exit];
  if (view.full) {
    const evaluations = [...upgrade.unhealthyEvaluations, ...upgrade.healthWarnings];
    const tree = renderHealthTree(evaluations, style.width - 2);
    const sent = listSent(snapshot).flatMap((line) => wrapHanging(line, style.width - 2, 2));
    return [
      ...(tree.length > 0
        ? [[style.strong(literal`Health tree`), ...limitTree(indentBlock(tree, 2), style)]]
        : []),
      ...(sent.length > 0 ? [[style.strong(literal`Also sent`), ...indentBlock(sent, 2)]] : []),
      last,
    ];
  }
  if (!hasTree) return [last];
  const command = `sfcompose upgrade-progress ${formatArgument(upgrade.deployment, commandTarget?.shells)} --full`;
  const hint = `Health tree: ${commandTarget ? addTarget(command, commandTarget) : command}`;
  const line = style.faint(printable(hint));
  return [hint.length + exit.length + 2 > style.width ? [line, ...last] : [justify(line, exit, style.width)]];
}

function limitTree(lines: Block, style: Style): Block {
  if (lines.length <= maxFullLines) return lines;
  const more = literal`${style.glyphs.ellipsis} ${lines.length - maxFullLines} more lines; -o json has all`;
  return [...lines.slice(0, maxFullLines), style.faint(more)];
}

/** Lists what the gateway sent that no other line shows. */
function listSent({ upgrade, status }: UpgradeSnapshot): readonly string[] {
  const facts: readonly (readonly [string, string | undefined])[] = [
    ['Application', upgrade.application],
    ['State', upgrade.state && `${upgrade.state}`],
    ['Details', upgrade.statusDetails],
    ['Application details', upgrade.applicationStatusDetails],
    ['Deployment', status?.details],
    ...upgrade.others.map(({ name, value }) => [name, value] as const),
  ];
  return facts.flatMap(([name, value]) => (value ? [`${name}: ${value}`] : []));
}
