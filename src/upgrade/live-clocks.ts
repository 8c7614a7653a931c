/** The cluster's clocks between its reports: they move in steps of up to a minute, and time goes on meanwhile. Pure. */
import type { Duration, Upgrade } from './model.ts';
import { hasEnded, isWaitingForApproval } from './state.ts';

/** Times are in milliseconds on a monotonic clock. */
export interface LiveClocks {
  readonly reported: Upgrade;
  /** What was shown at `since`: never less than before while the cluster's own clocks go on. */
  readonly shown: Upgrade;
  readonly since: number;
}

export function updateClocks(clocks: LiveClocks | undefined, reported: Upgrade, since: number): LiveClocks {
  if (clocks === undefined || !isTicking(reported)) return { reported, shown: reported, since };
  const before = clocks.reported;
  const then = extrapolate(clocks, since);
  const isSameDomain = reported.currentDomain?.name === before.currentDomain?.name;
  const domainDuration = isSameDomain
    ? continueClock(reported.domainDuration, before.domainDuration, then.domainDuration)
    : reported.domainDuration;
  const duration = continueClock(reported.duration, before.duration, then.duration);
  return { reported, shown: { ...reported, duration, domainDuration }, since };
}

/** The upgrade as it may be by now. */
export function extrapolate({ shown, since }: LiveClocks, now: number): Upgrade {
  if (!isTicking(shown)) return shown;
  const by = Math.max(0, now - since);
  const { duration, domainDuration } = shown;
  return {
    ...shown,
    duration: duration && duration + by,
    // It stands still while a person is waited for.
    domainDuration: isWaitingForApproval(shown) ? domainDuration : domainDuration && domainDuration + by,
  };
}

function continueClock(
  reported: Duration | undefined,
  before: Duration | undefined,
  shown: Duration | undefined,
) {
  const goesOn = reported !== undefined && before !== undefined && reported >= before;
  return goesOn ? Math.max(reported, shown ?? 0) : reported;
}

/** The clocks stand still before the application's own upgrade, and after it. */
function isTicking(upgrade: Upgrade): boolean {
  return !hasEnded(upgrade) && /^Rolling(Forward|Back)/.test(upgrade.state);
}
