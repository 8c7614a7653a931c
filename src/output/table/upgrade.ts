/** Renders an upgrade as a table with the rows that apply. */
import { formatCount, formatTime } from '../../platform/format.ts';
import { formatStep } from '../../platform/next-step.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import { listDomains } from '../../upgrade/domain-progress.ts';
import { collectFindings, collectNextSteps } from '../../upgrade/findings/collect.ts';
import { type Finding, isAbout, type Topic } from '../../upgrade/findings/finding.ts';
import { countEvaluations, describeEvaluation } from '../../upgrade/health-tree.ts';
import type { HealthEvaluation } from '../../upgrade/model.ts';
import { endedBeforeRollout, type UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { hasEnded, isRollback } from '../../upgrade/state.ts';
import { judgeSnapshot } from '../../upgrade/verdict.ts';
import { describeClock, describeMode, describeState } from '../../upgrade/wording.ts';
import { type Paint, paintNothing, type Style } from '../style.ts';
import { type Line, paintText, type Row, renderRows, selectLimit } from './layout.ts';
import { renderBar, renderDomains, renderNodes } from './progress.ts';

/** How much of the upgrade to print. */
export interface View {
  /** Whether to print everything, however long. */
  readonly full: boolean;
  /** Whether to print next steps. */
  readonly next: boolean;
  /** Height of the screen, if the table must fit one. */
  readonly maxLines?: number;
}

/** Evaluations that are printed of a tree without `--full`. */
const maxEvaluations = 12;

/** Rows that a small screen can do without, the least important first. The table at the end has all of them. */
const expendable = [
  'Also sent',
  'Health',
  'Details',
  '',
  'Started at',
  'Mode',
  'Next',
  'Deployment',
  'Target version',
  'Domain time',
  'Time left',
  'Upgrade time',
  'Domains',
];

/** Renders the upgrade as a table. */
export function renderTable(snapshot: UpgradeSnapshot, style: Style, view: View): Printable {
  const { full, maxLines } = view;
  const rows = createRows(snapshot, style, view).filter((row) => row.lines.length > 0);
  const limit = maxLines === undefined ? selectLimit(full) : { lines: maxLines, hint: '', expendable };
  return literal`${renderRows(rows, style, limit)}\n`;
}

function createRows(snapshot: UpgradeSnapshot, style: Style, { full, next }: View): readonly Row[] {
  const { upgrade, status, application } = snapshot;
  const { mode, currentDomain, duration, domainDuration, unhealthyEvaluations } = upgrade;
  // Only monitored upgrades have timeouts.
  const limits = mode === 'Monitored' && !hasEnded(upgrade) ? upgrade.monitoringPolicy : undefined;
  const findings = collectFindings(snapshot);
  const startedAt = upgrade.startedAt ?? application?.startedAt;
  const hasHealth = full || !endedBeforeRollout(snapshot);
  return [
    createRow('Deployment', `${upgrade.deployment} ${upgrade.application ? `(${upgrade.application})` : ''}`),
    { label: 'State', lines: [renderState(snapshot, style)] },
    { label: 'Progress', lines: renderBar(snapshot, style) },
    createRow('Target version', describeTarget(snapshot)),
    createRow('Mode', mode && [mode, describeMode(upgrade)].filter(Boolean).join(': ')),
    { label: 'Waiting', lines: renderFindings(findings, 'wait', paintNothing) },
    createRow('Started at', startedAt && formatTime(startedAt)),
    createRow('Upgrade time', duration ? describeClock(duration, limits?.upgradeTimeout) : undefined),
    createRow('Domain time', currentDomain && describeClock(domainDuration, limits?.upgradeDomainTimeout)),
    { label: 'Time left', lines: renderTimes(findings) },
    { label: 'Domains', lines: renderDomains(listDomains(snapshot).list, full) },
    { label: 'Nodes', lines: renderNodes(snapshot) },
    { label: 'Cause', lines: renderFindings(findings, 'cause', style.bad) },
    { label: 'Health', lines: hasHealth ? renderTree(unhealthyEvaluations, full, style) : [] },
    { label: 'Note', lines: renderFindings(findings, 'note', paintNothing) },
    createRow('Details', omitRepeated(upgrade.statusDetails, findings)),
    createRow('', upgrade.applicationStatusDetails),
    createRow('Deployment says', omitRepeated(status?.details, findings)),
    {
      label: 'Also sent',
      lines: upgrade.others.map(({ name, value }) => printable(`${name}: ${value}`)),
    },
    {
      label: 'Next',
      lines: next ? collectNextSteps(findings).map((step) => printable(formatStep(step))) : [],
    },
  ];
}

function createRow(label: string, text = ''): Row {
  return { label, lines: text.trim() === '' ? [] : [printable(text.trim())] };
}

function renderState(snapshot: UpgradeSnapshot, style: Style): Line {
  return [
    { text: printable(describeState(snapshot)), paint: selectPaint(snapshot, style) },
    { text: literal`  `, paint: paintNothing },
    { text: printable(`${snapshot.upgrade.state ?? '(not sent)'}`), paint: style.faint },
  ];
}

function selectPaint(snapshot: UpgradeSnapshot, style: Style): Paint {
  switch (judgeSnapshot(snapshot)) {
    case 'completed':
      return style.good;
    case 'in-progress':
      return style.busy;
    default:
      return style.bad;
  }
}

/** Describes the target version, and in a rollback the version that it leaves, if that is known. */
function describeTarget({ upgrade, application, history }: UpgradeSnapshot): string | undefined {
  const { targetVersion } = upgrade;
  const left = isRollback(upgrade) ? (history.leaves ?? application?.requestedVersion) : undefined;
  if (left === undefined || left === targetVersion) return targetVersion;
  return `${targetVersion ?? ''}, back from ${left}`;
}

/** Leaves out a text that a finding quotes. */
function omitRepeated(text: string | undefined, findings: readonly Finding[]): string | undefined {
  if (text === undefined) return undefined;
  const isRepeated = findings.some(({ evidence }) => evidence.some((line) => line.endsWith(text)));
  return isRepeated ? undefined : text;
}

function renderFindings(findings: readonly Finding[], topic: Topic, paint: Paint): readonly Line[] {
  return findings
    .filter((one) => isAbout(topic, one))
    .flatMap(({ what, evidence }) => [
      paintText(printable(what), paint),
      ...evidence.map((line) => literal`  ${printable(line)}`),
    ]);
}

/** Renders findings about time. The evidence of an estimate says what it is of. */
function renderTimes(findings: readonly Finding[]): readonly Printable[] {
  return findings
    .filter((one) => isAbout('time', one))
    .flatMap(({ code, what, evidence }) => (code === 'estimate' ? evidence : [what, ...evidence]))
    .map(printable);
}

function renderTree(evaluations: readonly HealthEvaluation[], full: boolean, style: Style): readonly Line[] {
  const max = full ? Infinity : maxEvaluations;
  const lines: Printable[] = [];
  const descend = (evaluation: HealthEvaluation, indent: string): void => {
    if (lines.length >= max) return;
    lines.push(literal`${printable(indent)}${printable(describeEvaluation(evaluation, full))}`);
    for (const child of evaluation.children) descend(child, `${indent.slice(0, 20)}  `);
  };
  for (const evaluation of evaluations) descend(evaluation, '');
  const left = countEvaluations(evaluations) - lines.length;
  if (left === 0) return lines;
  const more = literal`… ${printable(formatCount(left, 'more evaluation'))}; --full shows all`;
  return [...lines, paintText(more, style.faint)];
}
