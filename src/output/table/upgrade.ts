/** The upgrade as a table: only the rows that apply. */

import { counted, durationText, timeText } from '../../platform/format.ts';
import { type Printable, printable, shown } from '../../platform/printable.ts';
import { type Domain, type DomainState, domainsOf, progressOf } from '../../upgrade/domain-progress.ts';
import { findingsOf, nextSteps } from '../../upgrade/findings/collect.ts';
import { type Finding, isAbout, type Topic } from '../../upgrade/findings/finding.ts';
import { evaluationWords, sizeOf } from '../../upgrade/health-tree.ts';
import type { HealthEvaluation, UpgradeDomainProgress } from '../../upgrade/model.ts';
import { endedBeforeRollout, type Situation } from '../../upgrade/snapshot.ts';
import { hasEnded, isRollback } from '../../upgrade/state.ts';
import { verdictOf } from '../../upgrade/verdict.ts';
import { clockWords, modeWords, nodeWords, stateWords } from '../../upgrade/wording.ts';
import { type Paint, plain, type Style } from '../style.ts';
import { type Line, layOut, limitFor, painted, type Row } from './layout.ts';

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
const mostEvaluations = 12;

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

export function renderTable(situation: Situation, style: Style, { full, next, most }: View): Printable {
  const rows = rowsOf(situation, style, { full, next }).filter((row) => row.lines.length > 0);
  const limit = most === undefined ? limitFor(full) : { lines: most, hint: '', expendable };
  return shown`${layOut(rows, style, limit)}\n`;
}

function rowsOf(situation: Situation, style: Style, { full, next }: View): readonly Row[] {
  const { upgrade, status, application } = situation;
  // Only monitored upgrades can run out of time.
  const limit = upgrade.mode === 'Monitored' && !hasEnded(upgrade) ? upgrade.monitoringPolicy : undefined;
  const findings = findingsOf(situation);
  const startedAt = upgrade.startedAt ?? application?.startedAt;
  return [
    row('Deployment', `${upgrade.deployment} ${upgrade.application ? `(${upgrade.application})` : ''}`),
    { label: 'State', lines: [stateLine(situation, style)] },
    { label: 'Progress', lines: barLines(situation, style) },
    row('Target version', targetWords(situation)),
    row('Mode', upgrade.mode && [upgrade.mode, modeWords(upgrade)].filter(Boolean).join(': ')),
    { label: 'Waiting', lines: findingLines(findings, 'wait', plain) },
    row('Started at', startedAt ? timeText(startedAt) : ''),
    row('Upgrade time', upgrade.duration ? clockWords(upgrade.duration, limit?.upgradeTimeout) : ''),
    row(
      'Domain time',
      upgrade.currentDomain ? clockWords(upgrade.domainDuration, limit?.upgradeDomainTimeout) : '',
    ),
    { label: 'Time left', lines: timeLines(findings) },
    { label: 'Domains', lines: domainLines(domainsOf(situation).list, full) },
    { label: 'Nodes', lines: nodeLines(upgrade.currentDomain, situation) },
    { label: 'Cause', lines: findingLines(findings, 'cause', style.bad) },
    {
      label: 'Health',
      lines:
        endedBeforeRollout(situation) && !full ? [] : treeLines(upgrade.unhealthyEvaluations, full, style),
    },
    { label: 'Note', lines: findingLines(findings, 'note', plain) },
    row('Details', untold(upgrade.statusDetails, findings)),
    row('', upgrade.applicationStatusDetails),
    row('Deployment says', untold(status?.details ?? '', findings)),
    {
      label: 'Also sent',
      lines: upgrade.others.map(({ name, value }) => printable(`${name}: ${value}`)),
    },
    { label: 'Next', lines: next ? nextSteps(findings).map(printable) : [] },
  ];
}

function row(label: string, text: string): Row {
  return { label, lines: text.trim() === '' ? [] : [printable(text.trim())] };
}

function stateLine(situation: Situation, style: Style): Line {
  const { upgrade } = situation;
  const verdict = verdictOf(situation);
  const paint = { completed: style.good, 'in-progress': style.busy }[verdict as string] ?? style.bad;
  return [
    { text: printable(stateWords(situation)), paint },
    { text: shown`  `, paint: plain },
    { text: printable(upgrade.state || '(not sent)'), paint: style.faint },
  ];
}

/** In a rollback the version that it leaves, too, where that is known. */
function targetWords({ upgrade, application, history }: Situation): string {
  const left = isRollback(upgrade) && (history.leaves || application?.askedVersion);
  return left && left !== upgrade.targetVersion
    ? `${upgrade.targetVersion}, back from ${left}`
    : upgrade.targetVersion;
}

/** Nothing twice: what a finding quotes is there already. */
function untold(text: string, findings: readonly Finding[]): string {
  return findings.some(({ evidence }) => evidence.some((line) => line.endsWith(text))) ? '' : text;
}

const barWidth = 24;

function barLines(situation: Situation, style: Style): readonly Line[] {
  const progress = progressOf(situation);
  if (progress === undefined) return [];
  const { done, total, words } = progress;
  const cells = (parts: number) => Math.round((barWidth * Math.min(parts, total)) / total);
  const [past, reached] = [cells(done), cells(done + 1)];
  const bar = (cell: string, length: number) => printable(cell.repeat(length));
  return [
    [
      { text: bar('█', past), paint: style.good },
      { text: bar('▒', reached - past), paint: style.busy },
      { text: shown`${bar('░', barWidth - reached)} ${printable(words)}`, paint: plain },
    ],
  ];
}

const domainStates: readonly DomainState[] = ['done', 'current', 'unhealthy', 'failed', 'next', 'waiting'];

/** A line for each state, in which long lists leave out their middle. */
function domainLines(domains: readonly Domain[], full: boolean): readonly Printable[] {
  // Where all went well their names alone say nothing.
  if (!full && domains.every(({ state, took }) => state === 'done' && took === undefined)) return [];
  return domainStates.flatMap((state) => {
    const names = domains.filter((domain) => domain.state === state).map(nameWithTime);
    if (names.length === 0) return [];
    return [printable(`${state.padEnd(9)}  ${ends(names, full).join(', ')}`)];
  });
}

function nameWithTime({ name, took }: Domain): string {
  return took === undefined ? name : `${name} (${durationText(took)})`;
}

function ends(names: readonly string[], full: boolean): readonly string[] {
  if (full || names.length <= 8) return names;
  return [...names.slice(0, 3), `… ${names.length - 6} more …`, ...names.slice(-3)];
}

function nodeLines(domain: UpgradeDomainProgress | undefined, { services }: Situation): readonly Printable[] {
  const nodes = domain?.nodes ?? [];
  const width = nodes.reduce((most, { name }) => Math.min(24, Math.max(most, name.length)), 0);
  return nodes.map((node) => printable(`${node.name.padEnd(width)}  ${nodeWords(node, services)}`));
}

function findingLines(findings: readonly Finding[], topic: Topic, paint: Paint): readonly Line[] {
  return findings
    .filter((one) => isAbout(topic, one))
    .flatMap(({ what, evidence }) => [
      painted(printable(what), paint),
      ...evidence.map((line) => shown`  ${printable(line)}`),
    ]);
}

/** What an estimate is of says its evidence. */
function timeLines(findings: readonly Finding[]): readonly Printable[] {
  return findings
    .filter((one) => isAbout('time', one))
    .flatMap(({ code, what, evidence }) => (code === 'estimate' ? evidence : [what, ...evidence]))
    .map(printable);
}

function treeLines(evaluations: readonly HealthEvaluation[], full: boolean, style: Style): readonly Line[] {
  const most = full ? Number.POSITIVE_INFINITY : mostEvaluations;
  const lines: Printable[] = [];
  const descend = (evaluation: HealthEvaluation, indent: string): void => {
    if (lines.length >= most) return;
    lines.push(shown`${printable(indent)}${printable(evaluationWords(evaluation, full))}`);
    for (const child of evaluation.children) descend(child, `${indent.slice(0, 20)}  `);
  };
  for (const evaluation of evaluations) descend(evaluation, '');
  const left = sizeOf(evaluations) - lines.length;
  return left > 0
    ? [
        ...lines,
        painted(shown`… ${printable(counted(left, 'more evaluation'))}; --full shows all`, style.faint),
      ]
    : lines;
}
