/** The upgrade as a table: only the rows that apply. */

import { formatCount, formatDuration, formatTime } from '../../platform/format.ts';
import { literal, type Printable, printable } from '../../platform/printable.ts';
import {
  type Domain,
  type DomainState,
  listDomains,
  measureProgress,
} from '../../upgrade/domain-progress.ts';
import { collectFindings, collectNextSteps } from '../../upgrade/findings/collect.ts';
import { type Finding, isAbout, type Topic } from '../../upgrade/findings/finding.ts';
import { countEvaluations, describeEvaluation } from '../../upgrade/health-tree.ts';
import type { HealthEvaluation, UpgradeDomainProgress } from '../../upgrade/model.ts';
import { endedBeforeRollout, type UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { hasEnded, isRollback } from '../../upgrade/state.ts';
import { judgeSnapshot } from '../../upgrade/verdict.ts';
import { describeClock, describeMode, describeNode, describeState } from '../../upgrade/wording.ts';
import { type Paint, paintNothing, type Style } from '../style.ts';
import { type Line, paintText, type Row, renderRows, selectLimit } from './layout.ts';

/** How much of the upgrade to show. */
export interface View {
  /** All of it, however long. */
  readonly full: boolean;
  /** What can be done. */
  readonly next: boolean;
  /** Lines at most, where a screen sets them. */
  readonly most?: number;
}

/** Evaluations that are shown of a tree, unless all of it is asked for. */
const maxEvaluations = 12;

/** What a small screen can do without, the first before the second: the final table has all of it. */
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

export function renderTable(snapshot: UpgradeSnapshot, style: Style, { full, next, most }: View): Printable {
  const rows = createRows(snapshot, style, { full, next }).filter((row) => row.lines.length > 0);
  const limit = most === undefined ? selectLimit(full) : { lines: most, hint: '', expendable };
  return literal`${renderRows(rows, style, limit)}\n`;
}

function createRows(snapshot: UpgradeSnapshot, style: Style, { full, next }: View): readonly Row[] {
  const { upgrade, status, application } = snapshot;
  // Only monitored upgrades can run out of time.
  const limit = upgrade.mode === 'Monitored' && !hasEnded(upgrade) ? upgrade.monitoringPolicy : undefined;
  const findings = collectFindings(snapshot);
  const startedAt = upgrade.startedAt ?? application?.startedAt;
  return [
    createRow('Deployment', `${upgrade.deployment} ${upgrade.application ? `(${upgrade.application})` : ''}`),
    { label: 'State', lines: [renderState(snapshot, style)] },
    { label: 'Progress', lines: renderBar(snapshot, style) },
    createRow('Target version', describeTarget(snapshot)),
    createRow('Mode', upgrade.mode && [upgrade.mode, describeMode(upgrade)].filter(Boolean).join(': ')),
    { label: 'Waiting', lines: renderFindings(findings, 'wait', paintNothing) },
    createRow('Started at', startedAt ? formatTime(startedAt) : ''),
    createRow('Upgrade time', upgrade.duration ? describeClock(upgrade.duration, limit?.upgradeTimeout) : ''),
    createRow(
      'Domain time',
      upgrade.currentDomain ? describeClock(upgrade.domainDuration, limit?.upgradeDomainTimeout) : '',
    ),
    { label: 'Time left', lines: renderTimes(findings) },
    { label: 'Domains', lines: renderDomains(listDomains(snapshot).list, full) },
    { label: 'Nodes', lines: renderNodes(upgrade.currentDomain, snapshot) },
    { label: 'Cause', lines: renderFindings(findings, 'cause', style.bad) },
    {
      label: 'Health',
      lines:
        endedBeforeRollout(snapshot) && !full ? [] : renderTree(upgrade.unhealthyEvaluations, full, style),
    },
    { label: 'Note', lines: renderFindings(findings, 'note', paintNothing) },
    createRow('Details', omitRepeated(upgrade.statusDetails, findings)),
    createRow('', upgrade.applicationStatusDetails),
    createRow('Deployment says', omitRepeated(status?.details ?? '', findings)),
    {
      label: 'Also sent',
      lines: upgrade.others.map(({ name, value }) => printable(`${name}: ${value}`)),
    },
    { label: 'Next', lines: next ? collectNextSteps(findings).map(printable) : [] },
  ];
}

function createRow(label: string, text: string): Row {
  return { label, lines: text.trim() === '' ? [] : [printable(text.trim())] };
}

function renderState(snapshot: UpgradeSnapshot, style: Style): Line {
  const { upgrade } = snapshot;
  const verdict = judgeSnapshot(snapshot);
  const paint = { completed: style.good, 'in-progress': style.busy }[verdict as string] ?? style.bad;
  return [
    { text: printable(describeState(snapshot)), paint },
    { text: literal`  `, paint: paintNothing },
    { text: printable(upgrade.state || '(not sent)'), paint: style.faint },
  ];
}

/** In a rollback the version that it leaves, too, where that is known. */
function describeTarget({ upgrade, application, history }: UpgradeSnapshot): string {
  const left = isRollback(upgrade) && (history.leaves || application?.requestedVersion);
  return left && left !== upgrade.targetVersion
    ? `${upgrade.targetVersion}, back from ${left}`
    : upgrade.targetVersion;
}

/** Nothing twice: what a finding quotes is there already. */
function omitRepeated(text: string, findings: readonly Finding[]): string {
  return findings.some(({ evidence }) => evidence.some((line) => line.endsWith(text))) ? '' : text;
}

const barWidth = 24;

function renderBar(snapshot: UpgradeSnapshot, style: Style): readonly Line[] {
  const progress = measureProgress(snapshot);
  if (progress === undefined) return [];
  const { done, total, words } = progress;
  const cells = (parts: number) => Math.round((barWidth * Math.min(parts, total)) / total);
  const [past, reached] = [cells(done), cells(done + 1)];
  const bar = (cell: string, length: number) => printable(cell.repeat(length));
  return [
    [
      { text: bar('█', past), paint: style.good },
      { text: bar('▒', reached - past), paint: style.busy },
      { text: literal`${bar('░', barWidth - reached)} ${printable(words)}`, paint: paintNothing },
    ],
  ];
}

const domainStates: readonly DomainState[] = ['done', 'current', 'unhealthy', 'failed', 'next', 'waiting'];

/** A line for each state, in which long lists leave out their middle. */
function renderDomains(domains: readonly Domain[], full: boolean): readonly Printable[] {
  // Where all went well their names alone say nothing.
  if (!full && domains.every(({ state, took }) => state === 'done' && took === undefined)) return [];
  return domainStates.flatMap((state) => {
    const names = domains.filter((domain) => domain.state === state).map(formatDomain);
    if (names.length === 0) return [];
    return [printable(`${state.padEnd(9)}  ${abbreviate(names, full).join(', ')}`)];
  });
}

function formatDomain({ name, took }: Domain): string {
  return took === undefined ? name : `${name} (${formatDuration(took)})`;
}

function abbreviate(names: readonly string[], full: boolean): readonly string[] {
  if (full || names.length <= 8) return names;
  return [...names.slice(0, 3), `… ${names.length - 6} more …`, ...names.slice(-3)];
}

function renderNodes(
  domain: UpgradeDomainProgress | undefined,
  { services }: UpgradeSnapshot,
): readonly Printable[] {
  const nodes = domain?.nodes ?? [];
  const width = nodes.reduce((most, { name }) => Math.min(24, Math.max(most, name.length)), 0);
  return nodes.map((node) => printable(`${node.name.padEnd(width)}  ${describeNode(node, services)}`));
}

function renderFindings(findings: readonly Finding[], topic: Topic, paint: Paint): readonly Line[] {
  return findings
    .filter((one) => isAbout(topic, one))
    .flatMap(({ what, evidence }) => [
      paintText(printable(what), paint),
      ...evidence.map((line) => literal`  ${printable(line)}`),
    ]);
}

/** What an estimate is of says its evidence. */
function renderTimes(findings: readonly Finding[]): readonly Printable[] {
  return findings
    .filter((one) => isAbout('time', one))
    .flatMap(({ code, what, evidence }) => (code === 'estimate' ? evidence : [what, ...evidence]))
    .map(printable);
}

function renderTree(evaluations: readonly HealthEvaluation[], full: boolean, style: Style): readonly Line[] {
  const most = full ? Number.POSITIVE_INFINITY : maxEvaluations;
  const lines: Printable[] = [];
  const descend = (evaluation: HealthEvaluation, indent: string): void => {
    if (lines.length >= most) return;
    lines.push(literal`${printable(indent)}${printable(describeEvaluation(evaluation, full))}`);
    for (const child of evaluation.children) descend(child, `${indent.slice(0, 20)}  `);
  };
  for (const evaluation of evaluations) descend(evaluation, '');
  const left = countEvaluations(evaluations) - lines.length;
  return left > 0
    ? [
        ...lines,
        paintText(
          literal`… ${printable(formatCount(left, 'more evaluation'))}; --full shows all`,
          style.faint,
        ),
      ]
    : lines;
}
