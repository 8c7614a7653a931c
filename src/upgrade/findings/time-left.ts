/** Estimates the time left of an upgrade, and compares the estimate with the timeouts. */
import { formatCount, formatDuration } from '../../platform/format.ts';
import { listDomains } from '../domain-progress.ts';
import type { Duration, Upgrade } from '../model.ts';
import { isCheckFailing, type UpgradeSnapshot } from '../snapshot.ts';
import { isRollback, isRollingOut, isWaitingForApproval } from '../state.ts';
import { describeFailureAction } from '../wording.ts';
import { createFinding, type Finding } from './finding.ts';

/** The cluster's clocks move in steps of up to a minute. */
const clockStepMs: Duration = 60_000;

/** Collects the estimate of the time left, and a warning if a timeout comes first. */
export function collectTimes(snapshot: UpgradeSnapshot): readonly Finding[] {
  const estimate = estimateTimeLeft(snapshot);
  if (estimate === undefined) return [];
  const { low, high, basis } = estimate;
  const range = `${formatDuration(low)} to ${formatDuration(high)}`;
  return [
    ...warnOfTimeout(estimate, snapshot),
    createFinding('estimate', 'info', 'The time left is estimated', {
      evidence: [`${range} until all upgrade domains are done, estimated from ${basis}.`],
    }),
  ];
}

/** Time until all domains are done. */
export interface Estimate {
  readonly low: Duration;
  readonly high: Duration;
  /** Basis of the estimate, in words. */
  readonly basis: string;
}

/**
 * Estimates the time that the remaining domains take if they are like those before them. There is no estimate before
 * the first domain is done, where approval or health decides, or once the current domain takes longer than those
 * before. On the way back nobody knows which domains have anything to undo.
 */
export function estimateTimeLeft(snapshot: UpgradeSnapshot): Estimate | undefined {
  const { upgrade, course } = snapshot;
  const { domainDuration: elapsed } = upgrade;
  if (!isRollingOut(upgrade) || isRollback(upgrade)) return undefined;
  if (upgrade.mode === 'UnmonitoredManual' || isWaitingForApproval(upgrade)) return undefined;
  if (upgrade.unhealthyEvaluations.length > 0 || isCheckFailing(snapshot)) return undefined;
  const { list, isComplete } = listDomains(snapshot);
  const left = list.filter(({ state }) => state !== 'done').length;
  if (!isComplete || left === 0 || elapsed === undefined) return undefined;

  const seen = course.finished.map(({ took }) => took);
  const done = list.length - left;
  const spans = seen.length > 0 ? seen : measureMean(upgrade, done);
  if (spans.length === 0) return undefined;
  // A single span does not show how much domains differ; a mean of many domains is more reliable.
  const count = seen.length || done;
  const doubt = spans.length === 1 ? clockStepMs / Math.sqrt(count) : 0;
  const shortest = Math.max(0, Math.min(...spans) - doubt, getMinDomainMs(upgrade));
  const longest = Math.max(Math.max(...spans) + doubt, shortest);
  if (elapsed > longest + clockStepMs) return undefined;
  return {
    low: roundDuration(Math.max(0, shortest - elapsed) + shortest * (left - 1), Math.floor),
    high: roundDuration(Math.max(0, longest - elapsed) + longest * (left - 1) + clockStepMs, Math.ceil),
    basis: `${formatCount(count, 'finished domain')}`,
  };
}

/** Measures the mean time of the domains that were done before the first reading. */
function measureMean({ duration, domainDuration }: Upgrade, done: number): readonly Duration[] {
  if (done === 0 || duration === undefined || domainDuration === undefined) return [];
  return [Math.max(0, duration - domainDuration) / done];
}

/** Returns how long each domain takes at least: as long as the policy wants its health to be good. */
function getMinDomainMs({ mode, monitoringPolicy }: Upgrade): Duration {
  const { healthCheckWait = 0, healthCheckStable = 0 } = monitoringPolicy ?? {};
  return mode === 'Monitored' ? healthCheckWait + healthCheckStable : 0;
}

/** Rounds to whole minutes, or a short duration to whole seconds. */
function roundDuration(duration: Duration, round: (value: number) => number): Duration {
  const unit = duration > 2 * clockStepMs ? clockStepMs : 1000;
  return round(duration / unit) * unit;
}

/** Warns if the upgrade's own timeout may come before all domains are done. */
function warnOfTimeout({ low, high }: Estimate, { upgrade }: UpgradeSnapshot): readonly Finding[] {
  const { monitoringPolicy: policy, mode, duration } = upgrade;
  if (mode !== 'Monitored' || policy?.upgradeTimeout === undefined || duration === undefined) return [];
  const left = policy.upgradeTimeout - duration;
  if (left >= high) return [];
  const verb = left < low ? 'will' : 'may';
  const what = `The upgrade ${verb} exceed its time limit before all upgrade domains are done`;
  const evidence = [
    `${left > 0 ? `${formatDuration(left)} left of ${formatDuration(policy.upgradeTimeout)}` : 'No time is left'}; then ${describeFailureAction(upgrade)}.`,
  ];
  return [createFinding('timeout-ahead', 'warning', what, { evidence })];
}

/** Finds the timeout of the policy that comes first. Only monitored upgrades have timeouts. */
export function findFirstTimeout(upgrade: Upgrade): { left: Duration; sentence: string } | undefined {
  const { monitoringPolicy: policy, mode, duration = 0, domainDuration = 0 } = upgrade;
  if (policy === undefined || mode !== 'Monitored') return undefined;
  const domain = Math.max(0, (policy.upgradeDomainTimeout ?? Infinity) - domainDuration);
  const whole = Math.max(0, (policy.upgradeTimeout ?? Infinity) - duration);
  const left = Math.min(domain, whole);
  if (left === Infinity) return undefined;
  const [owner, limit] =
    domain <= whole ? ['domain', policy.upgradeDomainTimeout] : ['upgrade', policy.upgradeTimeout];
  const length = limit !== undefined && limit > 0 ? ` (${formatDuration(limit)})` : '';
  const when = left === 0 ? 'at any moment' : `in ${formatDuration(left)}`;
  return {
    left,
    sentence: `The time limit of the ${owner}${length} passes ${when}; then ${describeFailureAction(upgrade)}.`,
  };
}
