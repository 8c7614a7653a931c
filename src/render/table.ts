/** The upgrade as a table: only the rows that apply. */
import { printable, timeText } from '../text.ts';
import {
  causesOf,
  type DeploymentStatus,
  type HealthEvaluation,
  hasEnded,
  isNeverUpgraded,
  type Upgrade,
  type UpgradeDomainProgress,
} from '../upgrade.ts';
import { verdictOf } from '../verdict.ts';
import {
  causeWords,
  clockWords,
  evaluationWords,
  modeWords,
  nodeWords,
  stageOf,
  stages,
  stateWords,
  waitsFor,
} from '../words.ts';
import { type Limit, layOut, type Row } from './layout.ts';
import type { Style } from './style.ts';

export function renderTable(
  upgrade: Upgrade,
  status: DeploymentStatus | undefined,
  style: Style,
  limit: Limit,
): string {
  const rows = rowsOf(upgrade, status, style).filter((row) => row.lines.length > 0);
  return `${layOut(rows, style, limit)}\n`;
}

function rowsOf(upgrade: Upgrade, status: DeploymentStatus | undefined, style: Style): readonly Row[] {
  const policy = upgrade.monitoringPolicy;
  const clocks = isNeverUpgraded(upgrade) || upgrade.mode === '' ? undefined : policy;
  const limit = hasEnded(upgrade) ? undefined : clocks;
  return [
    row('Deployment', `${upgrade.deployment} ${upgrade.application ? `(${upgrade.application})` : ''}`),
    { label: 'State', lines: [stateLine(upgrade, status, style)] },
    { label: 'Progress', lines: barLines(upgrade, style) },
    row('Target version', upgrade.targetVersion),
    row('Mode', upgrade.mode && [upgrade.mode, modeWords(upgrade)].filter(Boolean).join(': ')),
    { label: 'Waiting', lines: waitsFor(upgrade).map(printable) },
    row('Upgrade time', upgrade.duration ? clockWords(upgrade.duration, limit?.upgradeTimeout) : ''),
    row(
      'Domain time',
      upgrade.currentDomain ? clockWords(upgrade.domainDuration, limit?.upgradeDomainTimeout) : '',
    ),
    row('Upgrade domain', upgrade.currentDomain?.name ?? ''),
    { label: 'Nodes', lines: nodeLines(upgrade.currentDomain) },
    { label: 'Cause', lines: causeLines(upgrade, style) },
    { label: 'Health', lines: treeLines(upgrade.unhealthyEvaluations, style) },
    row('Failed at', upgrade.failedAt ? timeText(upgrade.failedAt) : ''),
    row('Failure', upgrade.failureReason),
    row(
      'Ran out of time',
      upgrade.domainAtFailure ? `in upgrade domain ${upgrade.domainAtFailure.name}` : '',
    ),
    { label: 'Nodes then', lines: nodeLines(upgrade.domainAtFailure) },
    row('Started at', upgrade.startedAt ? timeText(upgrade.startedAt) : ''),
    row('Details', upgrade.statusDetails),
    row('', upgrade.applicationStatusDetails),
    row('Deployment says', status?.details ?? ''),
    {
      label: 'Also sent',
      lines: upgrade.others.map(({ name, value }) => printable(`${name}: ${value}`)),
    },
  ];
}

function row(label: string, text: string): Row {
  return { label, lines: text.trim() === '' ? [] : [printable(text.trim())] };
}

function stateLine(upgrade: Upgrade, status: DeploymentStatus | undefined, style: Style): string {
  const verdict = verdictOf(upgrade, status);
  const color = { completed: style.good, 'in-progress': style.busy }[verdict as string] ?? style.bad;
  return `${color(printable(stateWords(upgrade, status)))}  ${style.faint(printable(upgrade.state || '(not sent)'))}`;
}

/** Thirds of the way: the cluster does not say how many upgrade domains there are. */
function barLines(upgrade: Upgrade, style: Style): readonly string[] {
  const stage = stageOf(upgrade);
  if (stage === undefined) return [];
  const [done, now, left] = [stage.done, 1, stages.length - 1 - stage.done].map((third) => third * 8);
  const bar = style.good('█'.repeat(done ?? 0)) + style.busy('▒'.repeat(now ?? 0)) + '░'.repeat(left ?? 0);
  return [`${bar} stage ${stage.done + 1} of ${stages.length}: ${stage.words}`];
}

function nodeLines(domain: UpgradeDomainProgress | undefined): readonly string[] {
  const nodes = domain?.nodes ?? [];
  const width = Math.min(24, Math.max(0, ...nodes.map((node) => node.name.length)));
  return nodes.map((node) => printable(`${node.name.padEnd(width)}  ${nodeWords(node)}`));
}

function causeLines(upgrade: Upgrade, style: Style): readonly string[] {
  return causesOf(upgrade.unhealthyEvaluations).map((cause) => style.bad(printable(causeWords(cause))));
}

function treeLines(evaluations: readonly HealthEvaluation[], style: Style, indent = ''): readonly string[] {
  return evaluations.flatMap((evaluation) => [
    indent + printable(evaluationWords(evaluation)),
    ...treeLines(evaluation.children, style, `${indent.slice(0, 20)}  `),
  ]);
}
