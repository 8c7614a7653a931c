/** The cluster's clocks between its reports: they move in steps of up to a minute, and time goes on meanwhile. Pure. */
import type { Duration, Upgrade } from './model.ts';
import { hasEnded, waitsForPerson } from './state.ts';

/** Times are in milliseconds on a monotonic clock. */
export interface Clocks {
  readonly reported: Upgrade;
  /** What was shown at `since`: never less than before while the cluster's own clocks go on. */
  readonly shown: Upgrade;
  readonly since: number;
}

export function tickOn(clocks: Clocks | undefined, reported: Upgrade, since: number): Clocks {
  if (clocks === undefined || !ticks(reported)) return { reported, shown: reported, since };
  const before = clocks.reported;
  const then = shownAt(clocks, since);
  const isSameDomain = reported.currentDomain?.name === before.currentDomain?.name;
  const domainDuration = isSameDomain
    ? later(reported.domainDuration, before.domainDuration, then.domainDuration)
    : reported.domainDuration;
  const duration = later(reported.duration, before.duration, then.duration);
  return { reported, shown: { ...reported, duration, domainDuration }, since };
}

/** The upgrade as it may be by now. */
export function shownAt({ shown, since }: Clocks, now: number): Upgrade {
  if (!ticks(shown)) return shown;
  const by = Math.max(0, now - since);
  const { duration, domainDuration } = shown;
  return {
    ...shown,
    duration: duration && duration + by,
    // It stands still while a person is waited for.
    domainDuration: waitsForPerson(shown) ? domainDuration : domainDuration && domainDuration + by,
  };
}

function later(reported: Duration | undefined, before: Duration | undefined, shown: Duration | undefined) {
  const goesOn = reported !== undefined && before !== undefined && reported >= before;
  return goesOn ? Math.max(reported, shown ?? 0) : reported;
}

/** The clocks stand still before the application's own upgrade, and after it. */
function ticks(upgrade: Upgrade): boolean {
  return !hasEnded(upgrade) && /^Rolling(Forward|Back)/.test(upgrade.state);
}
