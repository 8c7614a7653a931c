/** The cluster's clocks between its reports, which update them once a minute. Pure. */
import type { Duration, Upgrade } from './model.ts';
import { isRollingOut, isWaitingForApproval } from './state.ts';

/** An upgrade with clocks that a live view can advance. */
export interface LiveClocks {
  readonly reported: Upgrade;
  /** The upgrade as displayed at `since`. Its clocks never fall while the cluster's own clocks rise. */
  readonly displayed: Upgrade;
  /** Milliseconds on a monotonic clock. */
  readonly since: number;
}

/** Adds a report of the cluster. @param since time of the report, in milliseconds on a monotonic clock */
export function updateClocks(clocks: LiveClocks | undefined, reported: Upgrade, since: number): LiveClocks {
  if (clocks === undefined || !isRollingOut(reported)) return { reported, displayed: reported, since };
  const before = clocks.reported;
  const then = extrapolate(clocks, since);
  const isSameDomain = reported.currentDomain?.name === before.currentDomain?.name;
  const domainDuration = isSameDomain
    ? continueClock(reported.domainDuration, before.domainDuration, then.domainDuration)
    : reported.domainDuration;
  const duration = continueClock(reported.duration, before.duration, then.duration);
  return { reported, displayed: { ...reported, duration, domainDuration }, since };
}

/**
 * Computes the upgrade as it probably is by now. Clocks only run while the upgrade goes through its domains.
 * @param now milliseconds on the same monotonic clock
 */
export function extrapolate({ displayed, since }: LiveClocks, now: number): Upgrade {
  if (!isRollingOut(displayed)) return displayed;
  const by = Math.max(0, now - since);
  const { duration, domainDuration, currentDomain } = displayed;
  // The domain's clock stands still before its nodes are upgraded, and while the upgrade waits for approval.
  const hasBegun = domainDuration !== 0 || (currentDomain?.nodes ?? []).length > 0;
  const isTicking = hasBegun && !isWaitingForApproval(displayed);
  return {
    ...displayed,
    duration: duration && duration + by,
    domainDuration: domainDuration === undefined || !isTicking ? domainDuration : domainDuration + by,
  };
}

function continueClock(
  reported: Duration | undefined,
  before: Duration | undefined,
  shown: Duration | undefined,
): Duration | undefined {
  const hasRisen = reported !== undefined && before !== undefined && reported >= before;
  return hasRisen ? Math.max(reported, shown ?? 0) : reported;
}
