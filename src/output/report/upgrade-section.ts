/** Builds the section of one deployment: how its upgrade ended, why, its times, its waits, and what to do. Pure. */
import { measureLoggedWait, type WatchLog } from '../../monitor/report/watch-log.ts';
import { createResult, type ResultOptions } from '../../monitor/result.ts';
import { isUnderWay, type WatchStatus } from '../../monitor/status.ts';
import { capitalize, endSentence, formatElapsed, formatProseTime } from '../../platform/format.ts';
import { getExitCode, getOutcomeWord, type Outcome } from '../../platform/outcome.ts';
import { splitTextLines } from '../../platform/report-text.ts';
import { collectFindings, collectNextSteps } from '../../upgrade/findings/collect.ts';
import { findVersions } from '../../upgrade/headline.ts';
import { endedBeforeRollout, type UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { isNeverUpgraded } from '../../upgrade/state.ts';
import { findEnd, findStart } from '../../upgrade/times.ts';
import { listDetails } from '../ci/annotation.ts';
import { formatCode } from '../error.ts';
import { formatClockTime } from '../upgrade-screen/clock-time.ts';
import type { Block, Fact, Verdict } from './document.ts';
import { selectOutcomeMark } from './mark.ts';
import { listPolicy } from './settings.ts';
import { buildTimeline } from './timeline.ts';
import { buildExits, buildTimelineBlocks } from './timeline-blocks.ts';

/** The watch that a section is about. */
export interface WatchedSpan {
  readonly startedAt: Date;
  readonly endedAt: Date;
}

/** Formats an outcome for scripts and people: `rolled-back, exit code 3`. */
export function formatOutcome(outcome: Outcome): string {
  return `${getOutcomeWord(outcome)}, exit code ${getExitCode(outcome)}`;
}

/** Describes the versions: `v1 → v2`, in a rollback `v2 → v1`; empty if they are not known. */
export function describeVersions(snapshot: UpgradeSnapshot | undefined): string {
  if (snapshot === undefined || isNeverUpgraded(snapshot.upgrade)) return '';
  const { from, to } = findVersions(snapshot);
  return [from, to].filter((version) => version !== undefined).join(' → ');
}

/** Formats how long the upgrade took, or has taken; empty if that is not known. */
export function formatTook({ reading }: WatchStatus): string {
  const snapshot = reading?.snapshot;
  const duration = snapshot && !endedBeforeRollout(snapshot) ? snapshot.upgrade.duration : undefined;
  return duration ? formatElapsed(duration) : '';
}

/** Builds the section. @param level of its headings */
export function buildUpgradeSection(
  status: WatchStatus,
  log: WatchLog,
  { startedAt, endedAt }: WatchedSpan,
  options: ResultOptions,
  level: 2 | 3,
): readonly Block[] {
  const { deployment, outcome } = status;
  const watchedTo = log.endedAt ?? endedAt;
  const snapshot = status.reading?.snapshot;
  const result = createResult([status], options);
  const { explanation } = result;
  const findings = snapshot ? collectFindings(snapshot) : [];
  const details = explanation ? listDetails(explanation) : [];
  const others = findings
    .filter(({ what }) => !details.includes(`${what}.`))
    .filter(({ severity }) => severity !== 'info' || isUnderWay(status))
    .flatMap(({ what, evidence }) => [endSentence(what), ...evidence.flatMap(splitTextLines)]);
  const next =
    explanation?.next ?? collectNextSteps(findings.filter(({ severity }) => severity === 'warning'));
  const heading = (text: string): Block => ({ kind: 'heading', level, text });
  const section = (title: string, ...blocks: readonly Block[]): readonly Block[] =>
    blocks.length > 0 ? [heading(title), ...blocks] : [];
  return [
    describeVerdict(deployment, outcome, explanation?.what ?? result.build.reason),
    { kind: 'facts', facts: listFacts(status, startedAt, watchedTo) },
    ...section('Why', ...toList(details)),
    ...(snapshot && !isNeverUpgraded(snapshot.upgrade)
      ? section(
          'Timeline',
          ...buildTimelineBlocks(deployment, buildTimeline(snapshot), findVersions(snapshot)),
        )
      : []),
    ...section('Container exits', ...buildExits(snapshot?.past?.exits ?? [])),
    ...section('Waits', ...buildWaits(log, startedAt, watchedTo)),
    ...section('Findings', ...toList(others)),
    ...section('Next steps', ...(next.length > 0 ? [{ kind: 'steps', steps: next } as const] : [])),
    ...section('Settings of the upgrade', ...toFacts(snapshot ? listPolicy(snapshot) : [])),
  ];
}

function describeVerdict(deployment: string, outcome: Outcome, what: string): Verdict {
  const prefix = `${deployment}: `;
  const text = what.startsWith(prefix) ? what.slice(prefix.length) : what;
  return {
    kind: 'verdict',
    mark: selectOutcomeMark(outcome),
    text: capitalize(text),
    detail: formatOutcome(outcome),
  };
}

function listFacts(status: WatchStatus, watchedFrom: Date, watchedTo: Date): readonly Fact[] {
  const { deployment, cluster, reading, explanation, remark, outcome } = status;
  const snapshot = reading?.snapshot;
  const start = snapshot && findStart(snapshot);
  const end = snapshot && findEnd(snapshot);
  const isKnown = snapshot !== undefined && !endedBeforeRollout(snapshot);
  return [
    ['Deployment', deployment],
    ['Cluster', cluster],
    ['Versions', describeVersions(snapshot)],
    ['Started', isKnown && start ? formatProseTime(start) : undefined],
    ['Ended', isKnown && end ? formatProseTime(end) : undefined],
    ['Upgrade time', formatTook(status)],
    ['Watched', `${formatProseTime(watchedFrom)} to ${formatProseTime(watchedTo)}`],
    ['Remark', remark && endSentence(capitalize(remark))],
    [
      'Note',
      outcome === 'superseded' && snapshot
        ? 'Times, findings and settings are those of the upgrade that replaced it.'
        : undefined,
    ],
    ['Error', explanation?.request && formatCode(explanation)],
    ['Request', explanation?.request],
  ];
}

function toList(items: readonly string[]): readonly Block[] {
  return items.length > 0 ? [{ kind: 'list', items }] : [];
}

/** Turns facts into a block, unless none has a value. */
export function toFacts(facts: readonly Fact[]): readonly Block[] {
  return facts.some(([, value]) => value) ? [{ kind: 'facts', facts }] : [];
}

function buildWaits({ waits, omitted }: WatchLog, startedAt: Date, endedAt: Date): readonly Block[] {
  const rows = waits.map((wait) => [
    endSentence(wait.count > 1 ? `${wait.what} (${wait.count} times)` : wait.what),
    formatClockTime(wait.from, startedAt),
    `${wait.openSince ? '>' : ''}${formatElapsed(measureLoggedWait(wait, endedAt))}`,
  ]);
  const columns = [
    { title: 'Waited for' },
    { title: 'From (UTC)', isNumber: true },
    { title: 'Time', isNumber: true },
  ];
  const remark = `Shorter waits are left out: ${omitted}.`;
  return [
    ...(rows.length > 0 ? [{ kind: 'table', columns, rows } as const] : []),
    ...(omitted > 0 ? [{ kind: 'paragraph', text: remark } as const] : []),
  ];
}
