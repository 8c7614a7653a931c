/** Pieces past upgrades together from events, of which any may be missing. Pure. */
import type {
  ApplicationEvent,
  ContainerExitedEvent,
  DomainCompletedEvent,
  RollbackCompletedEvent,
  RollbackStartedEvent,
  UpgradeCompletedEvent,
} from './events.ts';
import type { PastDomain, PastUpgrade } from './past-upgrade.ts';
import {
  findEnd,
  findEvent,
  getOrigin,
  getTarget,
  groupEvents,
  isOfRollback,
  type UpgradeEvents,
} from './past-upgrade-events.ts';

/**
 * Lists past upgrades, oldest first. A fact that no event reports is `undefined`. The last upgrade is taken to be under way
 * if no event reports its end, which may only be missing: the caller knows whether the deployment is upgrading.
 * @param events in any order, with gaps and duplicates
 */
export function listPastUpgrades(events: readonly ApplicationEvent[]): readonly PastUpgrade[] {
  const sorted = sortEvents(events);
  const exits = sorted.filter((event) => event.kind === 'container-exited');
  const groups = groupEvents(sorted.filter((event) => event.kind !== 'container-exited'));
  return groups.map((group, index) => describeUpgrade(group, groups[index + 1], exits));
}

/** Order of events of the same time. */
const kinds: readonly ApplicationEvent['kind'][] = [
  'upgrade-started',
  'container-exited',
  'domain-completed',
  'upgrade-completed',
  'rollback-started',
  'rollback-completed',
];

/** Sorts events by time, without duplicates, so that the order in which they arrived does not matter. */
function sortEvents(events: readonly ApplicationEvent[]): readonly ApplicationEvent[] {
  const unique = new Map(events.map((event) => [JSON.stringify(event), event]));
  const rank = ({ kind }: ApplicationEvent) => kinds.indexOf(kind);
  return [...unique]
    .sort(
      ([oneText, one], [otherText, other]) =>
        one.at.getTime() - other.at.getTime() || rank(one) - rank(other) || (oneText < otherText ? -1 : 1),
    )
    .map(([, event]) => event);
}

/** @param next the upgrade after it */
function describeUpgrade(
  events: UpgradeEvents,
  next: UpgradeEvents | undefined,
  exits: readonly ContainerExitedEvent[],
): PastUpgrade {
  const start = findEvent(events, 'upgrade-started');
  const rollback = findEvent(events, 'rollback-started');
  const end = findEnd(events);
  const { forward, back } = listDomains(events, rollback, end);
  return {
    from: start?.from ?? first(events.map(getOrigin)),
    to: start?.to ?? first(events.map(getTarget)),
    startedAt: start?.at,
    endedAt: end?.at,
    result: judge(events, end, next !== undefined),
    mode: start?.mode,
    failureAction: start?.failureAction,
    failureReason:
      (end?.kind === 'rollback-completed' ? end.failureReason : undefined) ?? rollback?.failureReason,
    rollbackStartedAt: rollback?.at,
    took: end?.took ?? (start && end && end.at.getTime() - start.at.getTime()),
    forward,
    back,
    exits: sliceByTime(exits, (start ?? events[0])?.at, end?.at ?? next?.[0]?.at).filter(
      ({ isUnexpected }) => isUnexpected === true,
    ),
  };
}

function judge(
  events: UpgradeEvents,
  end: UpgradeCompletedEvent | RollbackCompletedEvent | undefined,
  hasNext: boolean,
): PastUpgrade['result'] {
  if (end) return end.kind === 'upgrade-completed' ? 'completed' : 'rolled-back';
  if (hasNext) return 'unknown';
  return events.some(isOfRollback) ? 'rolling-back' : 'under-way';
}

/** Lists the domains of each direction, without those whose direction no event reports. */
function listDomains(
  events: UpgradeEvents,
  rollback: RollbackStartedEvent | undefined,
  end: UpgradeCompletedEvent | RollbackCompletedEvent | undefined,
): Pick<PastUpgrade, 'forward' | 'back'> {
  const completed = events.filter((event) => event.kind === 'domain-completed');
  const isBack = (event: DomainCompletedEvent) => {
    if (event.isBack !== undefined) return event.isBack;
    if (rollback) return event.at >= rollback.at;
    return end?.kind === 'upgrade-completed' ? false : undefined;
  };
  const list = (direction: boolean) =>
    completed.filter((event) => isBack(event) === direction).flatMap(toDomains);
  return { forward: withoutRepeats(list(false)), back: withoutRepeats(list(true)) };
}

/** Returns the exits of a span of time. @param exits sorted @param to no limit if `undefined` */
function sliceByTime(
  exits: readonly ContainerExitedEvent[],
  from: Date | undefined,
  to: Date | undefined,
): readonly ContainerExitedEvent[] {
  const [start = Infinity, end = Infinity] = [from?.getTime(), to?.getTime()];
  const first = exits.findIndex(({ at }) => at.getTime() >= start);
  if (first === -1) return [];
  const count = exits.slice(first).findIndex(({ at }) => at.getTime() > end);
  return exits.slice(first, count === -1 ? undefined : first + count);
}

/** Gives no time to domains that were completed together: the event has that of one only. */
function toDomains({ domains, at, took }: DomainCompletedEvent): readonly PastDomain[] {
  return domains.map((name) => ({
    name,
    completedAt: at,
    took: domains.length === 1 ? took : undefined,
  }));
}

/** A domain may be reported again after a failover. */
function withoutRepeats(domains: readonly PastDomain[]): readonly PastDomain[] {
  const names = new Set<string>();
  return domains.filter(({ name }) => !names.has(name) && names.add(name));
}

function first<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.find((value) => value !== undefined);
}
