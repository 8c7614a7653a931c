/** Builds the result of a read or watch from the statuses of its deployments. Pure. */
import { isDeploymentMissing } from '../cluster/faults/not-found.ts';
import { type DeploymentResult, type Explanation, getErrorCode } from '../platform/errors.ts';
import { endSentence, formatCount, formatList, formatTally } from '../platform/format.ts';
import { type NextStep, removeDuplicates } from '../platform/next-step.ts';
import {
  describeOutcome,
  findWorstOutcome,
  getExitCode,
  getOutcomeWord,
  getSeverityRank,
  type Outcome,
} from '../platform/outcome.ts';
import type { CommandResult, ResultRecord } from '../platform/result.ts';
import { measureProgress } from '../upgrade/domain-progress.ts';
import { collectFindings } from '../upgrade/findings/collect.ts';
import type { UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { hasEnded } from '../upgrade/state.ts';
import { describeState } from '../upgrade/wording.ts';
import { listFindings, withRemark } from './explain-verdict.ts';
import { judgeReading } from './read.ts';
import { formatDocuments, getCurrentSnapshot, isUnderWay, type WatchStatus } from './status.ts';
import { describeStatus, describeStatusFully, formatStatusLine } from './status-wording.ts';
import { nameTarget, type Target } from './target.ts';

/** Options that the result depends on. */
export interface ResultOptions {
  readonly watch: boolean;
  /** Whether the exit code of a read reflects the verdict. */
  readonly exitStatus: boolean;
  /** The version that the upgrade should go to, if that matters. */
  readonly expected: string | undefined;
  /** Formats the command that keeps watching. */
  readonly formatWatchCommand: (targets: readonly Target[]) => string;
  /** Formats the command that reads one of many. */
  readonly formatReadCommand: (target: Target) => string;
}

/** The result of a read or watch. */
export interface UpgradeResult extends CommandResult {
  readonly record: ResultRecord;
  readonly build: BuildResult;
}

/** The result as a build agent shows it. */
export interface BuildResult {
  /** The upgrade's own verdict, even where a plain read ends with another outcome. */
  readonly outcome: Outcome;
  readonly exitCode: number;
  /** The deployment's name, or how many there are. */
  readonly deployment: string;
  readonly targetVersion: string | undefined;
  /** The state in a line. */
  readonly reason: string;
  /** The share that is done, from 0 to 1, if known. */
  readonly share: number | undefined;
  /** Snapshot of the upgrade of a single deployment, unless outdated. */
  readonly snapshot: UpgradeSnapshot | undefined;
  /** The results of many deployments; empty for a single one. */
  readonly deployments: readonly DeploymentResult[];
}

/** Builds the result. @param statuses one or more that have all ended */
export function createResult(statuses: readonly WatchStatus[], options: ResultOptions): UpgradeResult {
  const [only] = statuses;
  return only && statuses.length === 1
    ? createSingleResult(only, options)
    : createManyResult(statuses, options);
}

function createSingleResult(status: WatchStatus, options: ResultOptions): UpgradeResult {
  const { deployment, reading, outcome, remark } = status;
  const { watch, exitStatus, expected } = options;
  const snapshot = reading?.snapshot;
  const targetVersion = snapshot?.upgrade.targetVersion || undefined;
  const explanation = status.explanation && addContext(status.explanation, status, options);
  const success = explanation ? undefined : remark;
  const state = [...(snapshot ? [describeState(snapshot)] : []), ...(snapshot && success ? [success] : [])];
  const reason = state.length > 0 ? `${deployment}: ${state.join('; ')}` : deployment;
  const verdict =
    reading && !watch && !exitStatus && outcome === 'completed' ? judgeReading(reading, expected) : outcome;
  return {
    outcome,
    explanation,
    document: formatDocuments([status]),
    record: {
      reason: explanation?.what ?? reason,
      deployment,
      targetVersion: targetVersion ?? null,
    },
    build: {
      outcome: verdict,
      exitCode: getExitCode(outcome),
      deployment,
      targetVersion,
      reason,
      share: verdict === 'completed' ? 1 : snapshot && measureProgress(snapshot)?.share,
      snapshot: getCurrentSnapshot(status),
      deployments: [],
    },
  };
}

/** Adds the last reading, and the command that keeps watching, to an explanation. */
function addContext(
  original: Explanation,
  status: WatchStatus,
  { watch, formatWatchCommand }: ResultOptions,
): Explanation {
  const { reading, remark } = status;
  const explanation = withRemark(original, remark);
  if (!['timed-out', 'interrupted'].includes(getOutcomeWord(explanation.outcome))) return explanation;
  const snapshot = reading?.snapshot;
  // A user who interrupts a watch needs no explanation.
  const isOutOfTime = explanation.outcome === 'timed-out' && snapshot !== undefined;
  const { evidence, next } = listFindings(isOutOfTime ? collectFindings(snapshot) : []);
  return {
    ...explanation,
    what: isContinuing(status)
      ? `${explanation.what} The upgrade continues on the cluster.`
      : explanation.what,
    ...(watch
      ? { evidence, next: [{ what: 'Keep watching', command: formatWatchCommand([status]) }, ...next] }
      : {}),
  };
}

function createManyResult(statuses: readonly WatchStatus[], options: ResultOptions): UpgradeResult {
  const { watch, expected } = options;
  const outcome = findWorstOutcome(statuses.map((status) => status.outcome));
  const verdict = watch
    ? outcome
    : findWorstOutcome(
        statuses.map((status) => (status.reading ? judgeReading(status.reading, expected) : status.outcome)),
      );
  const summary = summarizeOutcomes(statuses);
  const deployments = statuses.map(toDeploymentResult);
  const explanation = outcome === 'completed' ? undefined : explainMany(outcome, statuses, options);
  return {
    outcome,
    explanation,
    document: formatDocuments(statuses),
    record: {
      reason: explanation?.what ?? summary,
      deployment: null,
      targetVersion: null,
      deployments,
    },
    build: {
      outcome: verdict,
      exitCode: getExitCode(outcome),
      deployment: formatCount(statuses.length, 'deployment'),
      targetVersion: undefined,
      reason: summary,
      share: verdict === 'completed' ? 1 : undefined,
      snapshot: undefined,
      deployments,
    },
  };
}

/** Causes that are listed one by one, and deployments that are named with one. */
const maxCauses = 10;
const maxCauseNames = 5;

function explainMany(
  outcome: Outcome,
  statuses: readonly WatchStatus[],
  { watch, formatWatchCommand, formatReadCommand }: ResultOptions,
): Explanation {
  const shared = findSharedExplanation(statuses);
  if (shared) return { ...shared, outcome };
  const unsuccessful = sortFromWorst(statuses).filter((status) => status.outcome !== 'completed');
  const bad = unsuccessful.filter((status) => !isUnderWay(status));
  // An upgrade that has not ended is a cause only if there is no other.
  const causes = bad.length > 0 ? bad : unsuccessful;
  const grouped = groupCauses(causes);
  const omitted = grouped.slice(maxCauses).flat();
  const underWay = watch ? statuses.filter(isUnderWay) : [];
  const stop = statuses.find((status) => isUnderWay(status) && status.outcome !== 'in-progress')?.explanation;
  return {
    outcome,
    code: getErrorCode(outcome),
    what: [
      // A signal or the deadline stops all watches alike.
      ...(stop ? [stop.what] : []),
      `${summarizeOutcomes(statuses)}.`,
      ...(underWay.some(isContinuing) ? ['Upgrades that have not ended continue on the cluster.'] : []),
    ].join(' '),
    evidence: [
      ...grouped.slice(0, maxCauses).map((group) => {
        const names = group.map(nameTarget);
        return endSentence(`${formatList(names, maxCauseNames)}: ${describeStatusFully(group[0])}`);
      }),
      ...(omitted.length > 0
        ? [`And ${omitted.length} more: ${formatTally(omitted.map(describeResult))}.`]
        : []),
    ],
    next: removeDuplicates([
      ...(underWay.length > 0 ? [{ what: 'Keep watching', command: formatWatchCommand(underWay) }] : []),
      ...grouped
        .map(([first]) => first)
        .filter((status) => !underWay.includes(status))
        .slice(0, maxCauses)
        .map((status) => suggestStep(status, formatReadCommand)),
    ]),
  };
}

/** Groups deployments by cause, so that each cause is printed once. */
function groupCauses(statuses: readonly WatchStatus[]): readonly [WatchStatus, ...WatchStatus[]][] {
  const groups = new Map<string, [WatchStatus, ...WatchStatus[]]>();
  for (const status of statuses) {
    const cause = describeStatusFully(status);
    const group = groups.get(cause);
    if (group) group.push(status);
    else groups.set(cause, [status]);
  }
  return [...groups.values()];
}

/** Suggests the command that shows one deployment. A missing deployment has a suggestion of its own. */
function suggestStep(status: WatchStatus, formatReadCommand: ResultOptions['formatReadCommand']): NextStep {
  const { explanation } = status;
  const name = nameTarget(status);
  const [first] = (explanation && isDeploymentMissing(explanation) && explanation.next) || [];
  if (first?.command) return first;
  return first
    ? { what: `${name}: ${first.what}` }
    : { what: `Show ${name}`, command: formatReadCommand(status) };
}

/** Reports whether the upgrade was seen under way, so that it continues without the watch. */
function isContinuing({ reading }: WatchStatus): boolean {
  return reading?.snapshot !== undefined && !hasEnded(reading.snapshot.upgrade);
}

/** Finds the explanation that all deployments share, such as a cluster that cannot be reached. */
export function findSharedExplanation(statuses: readonly WatchStatus[]): Explanation | undefined {
  const { explanation, endpoint } = statuses[0] ?? {};
  const isShared = statuses.every(
    (status) =>
      !isUnderWay(status) && status.endpoint === endpoint && status.explanation?.what === explanation?.what,
  );
  return isShared ? explanation : undefined;
}

/** Summarizes all outcomes: `3 deployments: 1 failed, 2 upgraded`. */
function summarizeOutcomes(statuses: readonly WatchStatus[]): string {
  const results = sortFromWorst(statuses).map(describeResult);
  return `${formatCount(statuses.length, 'deployment')}: ${formatTally(results)}`;
}

function sortFromWorst(statuses: readonly WatchStatus[]): readonly WatchStatus[] {
  return statuses.toSorted((one, other) => getSeverityRank(one.outcome) - getSeverityRank(other.outcome));
}

/** A plain read succeeds in any state of the upgrade. */
function describeResult(status: WatchStatus): string {
  return status.outcome === 'completed' ? describeStatus(status) : describeOutcome(status.outcome);
}

/** Returns the result of one of many. */
export function toDeploymentResult(status: WatchStatus): DeploymentResult {
  return {
    deployment: status.deployment,
    ...(status.isAmongClusters && { cluster: status.cluster }),
    outcome: status.outcome,
    reason: formatStatusLine(status),
    targetVersion: status.reading?.snapshot?.upgrade.targetVersion || null,
  };
}
