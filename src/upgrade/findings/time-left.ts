/** How long it may still take, and whether that is in time. */
import { formatCount, formatDuration } from '../../platform/format.ts';
import { listDomains } from '../domain-progress.ts';
import type { Duration } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded, isWaitingForApproval } from '../state.ts';
import { describeFailureAction } from '../wording.ts';
import type { Finding } from './finding.ts';

/** The cluster's reading moves in steps of up to a minute, and so does what is told from it. */
const clockStepMs: Duration = 60_000;

export function collectTimes(snapshot: UpgradeSnapshot): readonly Finding[] {
  const estimate = estimateTimeLeft(snapshot);
  if (estimate === undefined) return [];
  const { low, high, from } = estimate;
  return [
    ...warnOfTimeout(estimate, snapshot),
    {
      code: 'estimate',
      severity: 'info',
      what: 'The time that is left is estimated',
      where: [],
      evidence: [
        `${formatDuration(low)} to ${formatDuration(high)} more until all upgrade domains are done; an estimate from ${from}.`,
      ],
      next: [],
    },
  ];
}

interface Estimate {
  /** Milliseconds until all domains are done. */
  readonly low: Duration;
  readonly high: Duration;
  /** In words. */
  readonly from: string;
}

/**
 * What the domains that are left may take if they are like those before them. There is none before the first is done,
 * nor where a person or ill health decides, nor where the current one is unlike those that were seen. On the way back
 * nobody knows which domains have anything to undo.
 */
function estimateTimeLeft(snapshot: UpgradeSnapshot): Estimate | undefined {
  const { upgrade, history } = snapshot;
  const { domainDuration: gone } = upgrade;
  if (!upgrade.state.startsWith('RollingForward') || hasEnded(upgrade)) return undefined;
  if (upgrade.mode === 'UnmonitoredManual' || isWaitingForApproval(upgrade)) return undefined;
  if (upgrade.unhealthyEvaluations.length > 0) return undefined;
  const { list, isWhole } = listDomains(snapshot);
  const left = list.filter(({ state }) => state !== 'done').length;
  if (!isWhole || left === 0 || gone === undefined) return undefined;

  const seen = history.finished.map(({ took }) => took);
  const done = list.length - left;
  const spans = seen.length > 0 ? seen : measureMean(snapshot, done);
  if (spans.length === 0) return undefined;
  // One figure says nothing of how much they differ, and a mean the more of it the more there are.
  const count = seen.length || done;
  const doubt = spans.length === 1 ? clockStepMs / Math.sqrt(count) : 0;
  const shortest = Math.max(0, Math.min(...spans) - doubt, getMinDomainMs(snapshot));
  const longest = Math.max(Math.max(...spans) + doubt, shortest);
  if (gone > longest + clockStepMs) return undefined;
  return {
    low: roundDuration(Math.max(0, shortest - gone) + shortest * (left - 1), Math.floor),
    high: roundDuration(Math.max(0, longest - gone) + longest * (left - 1) + clockStepMs, Math.ceil),
    from: `${formatCount(count, 'domain')} before`,
  };
}

/** Of a read without any before it. */
function measureMean({ upgrade }: UpgradeSnapshot, done: number): readonly Duration[] {
  const { duration, domainDuration } = upgrade;
  if (done === 0 || duration === undefined || domainDuration === undefined) return [];
  return [Math.max(0, duration - domainDuration) / done];
}

/** Each domain has to be healthy for as long as the policy wants. */
function getMinDomainMs({ upgrade }: UpgradeSnapshot): Duration {
  const { healthCheckWait = 0, healthCheckStable = 0 } = upgrade.monitoringPolicy ?? {};
  return upgrade.mode === 'Monitored' ? healthCheckWait + healthCheckStable : 0;
}

/** To whole minutes, a short one to whole seconds. */
function roundDuration(duration: Duration, round: (value: number) => number): Duration {
  const unit = duration > 2 * clockStepMs ? clockStepMs : 1000;
  return round(duration / unit) * unit;
}

/** The upgrade's own time may be too short for what is left. */
function warnOfTimeout({ low, high }: Estimate, { upgrade }: UpgradeSnapshot): readonly Finding[] {
  const { monitoringPolicy: policy, mode, duration } = upgrade;
  if (mode !== 'Monitored' || policy?.upgradeTimeout === undefined || duration === undefined) return [];
  const left = policy.upgradeTimeout - duration;
  if (left >= high) return [];
  const isSure = left < low;
  return [
    {
      code: 'timeout-ahead',
      severity: 'warning',
      what: `Its own time ${isSure ? 'will' : 'may'} run out before all upgrade domains are done: then ${describeFailureAction(upgrade)}`,
      where: [],
      evidence: [
        `${formatDuration(Math.max(0, left))} are left of ${formatDuration(policy.upgradeTimeout)}.`,
      ],
      next: [],
    },
  ];
}
