/** Builds the report of a deployment's past upgrades. Pure. */
import type { Explanation } from '../../platform/errors.ts';
import {
  capitalize,
  endSentence,
  formatCount,
  formatElapsed,
  formatProseTime,
} from '../../platform/format.ts';
import type { PastUpgrade } from '../../upgrade/past-upgrade.ts';
import { describePastReason, describePastResult } from '../../upgrade/past-upgrade-wording.ts';
import { listDetails } from '../ci/annotation.ts';
import type { Block, Fact, ReportDocument } from './document.ts';
import { type Mark, selectOutcomeMark } from './mark.ts';
import { buildPastTimeline } from './timeline.ts';
import { buildExits, buildTimelineBlocks } from './timeline-blocks.ts';
import { toFacts } from './upgrade-section.ts';
import { formatFooter } from './watch-report.ts';

/** Past upgrades of a deployment. */
export interface HistoryReport {
  readonly deployment: string;
  /** Name of the cluster, or its host and port. */
  readonly clusterName: string;
  readonly span: { readonly from: Date; readonly to: Date };
  /** Oldest first. */
  readonly upgrades: readonly PastUpgrade[];
  /** Explains why there is no history. */
  readonly explanation?: Explanation | undefined;
}

/** Builds the report: a table of all upgrades, then each of them, newest first. @param now time of writing */
export function buildHistoryReport(
  { deployment, clusterName, span, upgrades: fromOldest, explanation }: HistoryReport,
  now: Date,
): ReportDocument {
  const upgrades = fromOldest.toReversed();
  return {
    title: `Upgrades of ${deployment}`,
    subtitle: `${clusterName} · ${formatProseTime(span.from)} to ${formatProseTime(span.to)}`,
    blocks: [
      ...(explanation ? explain(explanation) : []),
      ...(upgrades.length > 0 ? [buildTable(upgrades)] : []),
      ...(upgrades.length === 0 && !explanation
        ? [{ kind: 'paragraph', text: 'The cluster has no events of an upgrade in this time.' } as const]
        : []),
      ...upgrades.flatMap((past) => buildSection(deployment, past)),
    ],
    footer: formatFooter(now),
  };
}

function explain(explanation: Explanation): readonly Block[] {
  const { outcome, what, code, next = [] } = explanation;
  const items = listDetails(explanation);
  return [
    { kind: 'verdict', mark: selectOutcomeMark(outcome), text: what, detail: code },
    ...(items.length > 0 ? [{ kind: 'list', items } as const] : []),
    ...(next.length > 0 ? [{ kind: 'steps', steps: next } as const] : []),
  ];
}

const marks: Readonly<Record<PastUpgrade['result'], Mark>> = {
  completed: 'done',
  'rolled-back': 'bad',
  'rolling-back': 'bad',
  'under-way': 'busy',
  unknown: 'pending',
};

function buildTable(upgrades: readonly PastUpgrade[]): Block {
  return {
    kind: 'table',
    columns: [
      { title: 'Started (UTC)' },
      { title: 'Versions' },
      { title: 'Result' },
      { title: 'Time', isNumber: true },
    ],
    rows: upgrades.map((past) => [
      past.startedAt ? formatProseTime(past.startedAt).replace(' UTC', '') : 'unknown',
      formatVersions(past),
      [describeResult(past), describePastReason(past)].filter(Boolean).join(': '),
      formatTook(past),
    ]),
  };
}

function buildSection(deployment: string, past: PastUpgrade): readonly Block[] {
  const { startedAt, endedAt, rollbackStartedAt, failureAction, mode, exits } = past;
  const versions = formatVersions(past);
  const when = startedAt ? formatProseTime(startedAt) : 'unknown start';
  const isBack = past.back.length > 0;
  const facts: readonly Fact[] = [
    ['Started', startedAt && formatProseTime(startedAt)],
    ['Rollback began', rollbackStartedAt && formatProseTime(rollbackStartedAt)],
    ['Ended', endedAt && formatProseTime(endedAt)],
    ['Upgrade time', formatTook(past)],
    ['Reason', capitalize(describePastReason(past) ?? '') || undefined],
    ['Mode', mode && `${mode}`],
    ['Failure action', failureAction && `${failureAction}`],
  ];
  const timeline = buildTimelineBlocks(
    `${deployment}, ${versions}`,
    buildPastTimeline(past),
    isBack ? { from: past.to, to: past.from } : { from: past.from, to: past.to },
  );
  return [
    { kind: 'heading', level: 2, text: `${versions}, ${when}` },
    {
      kind: 'verdict',
      mark: marks[past.result],
      text: endSentence(capitalize(describeResult(past))),
      detail: exits.length > 0 ? `${formatCount(exits.length, 'container exit')}` : '',
    },
    ...toFacts(facts),
    ...timeline,
    ...(exits.length > 0 ? [{ kind: 'heading', level: 3, text: 'Container exits' } as const] : []),
    ...buildExits(exits),
  ];
}

function formatVersions({ from, to }: PastUpgrade): string {
  return `${from ?? '?'} → ${to ?? '?'}`;
}

function describeResult(past: PastUpgrade): string {
  const back = past.result === 'rolled-back' && past.from !== undefined ? ` to ${past.from}` : '';
  return describePastResult(past) + back;
}

function formatTook({ took }: PastUpgrade): string {
  return took === undefined ? '' : formatElapsed(took);
}
