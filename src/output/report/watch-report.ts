/** Builds the report of a watch. Pure. */
import type { Connection } from '../../config/connection.ts';
import { emptyLog, type WatchLog } from '../../monitor/report/watch-log.ts';
import { createResult, type ResultOptions } from '../../monitor/result.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import { describeStatus } from '../../monitor/status-wording.ts';
import { nameTarget } from '../../monitor/target.ts';
import { formatCount, formatDuration, formatProseTime } from '../../platform/format.ts';
import { getExitCode } from '../../platform/outcome.ts';
import { version } from '../../platform/version.ts';
import { selectGlyphs } from '../glyphs.ts';
import type { Block, Fact, ReportDocument } from './document.ts';
import { selectOutcomeMark } from './mark.ts';
import { listConnection } from './settings.ts';
import {
  buildUpgradeSection,
  describeVersions,
  formatOutcome,
  formatTook,
  toFacts,
} from './upgrade-section.ts';

const glyphs = selectGlyphs({});

/** A watch that has ended. */
export interface WatchReport {
  readonly statuses: readonly WatchStatus[];
  readonly findLog: (status: WatchStatus) => WatchLog | undefined;
  readonly clusters: readonly ReportedCluster[];
  readonly options: ReportOptions;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** A cluster of the report. */
export type ReportedCluster = Pick<Connection, 'clusterName' | 'effectiveSettings'>;

/** Options of the watch that the report depends on, or lists. Times are in milliseconds. */
export interface ReportOptions extends ResultOptions {
  readonly intervalMs: number;
  readonly maxWaitMs: number;
}

/** Builds the report: one deployment, or an overview of many and a section of each. */
export function buildWatchReport(report: WatchReport): ReportDocument {
  const { statuses, clusters, options, findLog, endedAt } = report;
  const [only] = statuses;
  const isSingle = statuses.length === 1;
  const names = [...new Set(statuses.map(({ deployment }) => deployment))];
  const title =
    isSingle && only
      ? `Upgrade of ${only.deployment}`
      : `Upgrades of ${formatCount(names.length, 'deployment')}${clusters.length > 1 ? ` on ${formatCount(clusters.length, 'cluster')}` : ''}`;
  const build = (status: WatchStatus, level: 2 | 3) =>
    buildUpgradeSection(status, findLog(status) ?? emptyLog, report, options, level);
  const sections = statuses.flatMap((status): readonly Block[] =>
    isSingle
      ? build(status, 2)
      : [{ kind: 'heading', level: 2, text: nameTarget(status) }, ...build(status, 3)],
  );
  return {
    title,
    subtitle: `${clusters.map(({ clusterName }) => clusterName).join(', ')} · ${formatProseTime(endedAt)}`,
    blocks: [...(isSingle ? [] : buildOverview(statuses, options)), ...sections, ...listSettings(report)],
    footer: formatFooter(endedAt),
  };
}

/** Formats the last line of a report. */
export function formatFooter(time: Date): string {
  return `Written by sfcompose ${version} at ${formatProseTime(time)}.`;
}

function buildOverview(statuses: readonly WatchStatus[], options: ReportOptions): readonly Block[] {
  const { outcome, explanation, build } = createResult(statuses, options);
  return [
    {
      kind: 'verdict',
      mark: selectOutcomeMark(outcome),
      text: explanation?.what ?? build.reason,
      detail: formatOutcome(outcome),
    },
    {
      kind: 'table',
      columns: [
        { title: 'Deployment' },
        { title: 'Versions' },
        { title: 'State' },
        { title: 'Exit code', isNumber: true },
        { title: 'Upgrade time', isNumber: true },
      ],
      rows: statuses.map((status) => [
        `${glyphs[selectOutcomeMark(status.outcome)]} ${nameTarget(status)}`,
        describeVersions(status.reading?.snapshot),
        describeStatus(status),
        `${getExitCode(status.outcome)}`,
        formatTook(status),
      ]),
    },
  ];
}

function listSettings({ clusters, options }: WatchReport): readonly Block[] {
  const { intervalMs, maxWaitMs, expected } = options;
  const watch: readonly Fact[] = [
    ['Expected version', expected],
    ['Read every', formatDuration(intervalMs)],
    ['Watch at most', formatDuration(maxWaitMs)],
  ];
  return [
    ...clusters.flatMap((cluster): readonly Block[] => [
      { kind: 'heading', level: 2, text: `Connection to ${cluster.clusterName}` },
      ...toFacts(listConnection(cluster)),
    ]),
    { kind: 'heading', level: 2, text: 'Settings of the watch' },
    ...toFacts(watch),
  ];
}
