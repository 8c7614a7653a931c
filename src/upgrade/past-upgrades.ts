/** Pieces past upgrades together from events, which may lack any of the events of an upgrade. Pure. */
import type {
  ApplicationEvent,
  ContainerExitedEvent,
  DomainCompletedEvent,
  RollbackCompletedEvent,
  RollbackStartedEvent,
  UpgradeCompletedEvent,
} from './events.ts';
import type { PastDomain, PastUpgrade } from './past-upgrade.ts';

type UpgradeEvent = Exclude<ApplicationEvent, ContainerExitedEvent>;

/** The events of one upgrade, in the order of their times. At least one. */
type UpgradeEvents = UpgradeEvent[];

/**
 * Lists past upgrades, oldest first. A fact that no event tells is `undefined`. The last upgrade is taken to be under way
 * if no event tells its end, which may only be missing: the caller knows whether the deployment is upgrading.
 * @param events in any order, with gaps and duplicates
 */
export function listPastUpgrades(events: readonly ApplicationEvent[]): readonly PastUpgrade[] {
  const sorted = sortEvents(events);
  const groups: UpgradeEvents[] = [];
  for (const event of sorted) {
    if (event.kind === 'container-exited') continue;
    const group = findUpgrade(groups, event);
    if (group) group.push(event);
    else groups.push([event]);
  }
  const exits = sorted.filter((event) => event.kind === 'container-exited');
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

/** Finds the upgrade to which an event belongs; `undefined` for the first event of an upgrade. */
function findUpgrade(groups: readonly UpgradeEvents[], event: UpgradeEvent): UpgradeEvents | undefined {
  const isSame = ({ id }: UpgradeEvent) => id !== undefined && id === event.id;
  const sameId = groups.findLast((group) => group.some(isSame));
  if (event.kind === 'upgrade-started')
    return sameId && !find(sameId, 'upgrade-started') ? sameId : undefined;
  return sameId ?? groups.slice(-1).find((last) => continues(event, last));
}

/**
 * Whether an event whose id is not that of any event before it belongs to the last upgrade, as after a failover of the
 * cluster manager.
 */
function continues(event: UpgradeEvent, last: UpgradeEvents): boolean {
  if (findEnd(last) || isContradiction(event, last)) return false;
  const hasNoId = event.id === undefined || last.every(({ id }) => id === undefined);
  return hasNoId || hasSameTarget(event, last) || hasSameStart(event, last);
}

/** Versions are never used again. */
function hasSameTarget(event: UpgradeEvent, upgrade: UpgradeEvents): boolean {
  const target = getTarget(event);
  return target !== undefined && upgrade.some((other) => getTarget(other) === target);
}

/** Progress that a failover loses, in milliseconds: more than the cluster manager's interval between commits. */
const maxLostMs = 300_000;

/** Whether the time since the start of the upgrade, which an event tells, leads to the start of this upgrade. */
function hasSameStart(event: UpgradeEvent, upgrade: UpgradeEvents): boolean {
  const start = find(upgrade, 'upgrade-started');
  if (start === undefined || !('took' in event) || event.took === undefined) return false;
  if (event.kind === 'domain-completed') return false;
  const lostMs = event.at.getTime() - event.took - start.at.getTime();
  return lostMs > -1000 && lostMs < maxLostMs;
}

/** Whether an event has other versions than the upgrade, or comes after an event that excludes it. */
function isContradiction(event: UpgradeEvent, upgrade: UpgradeEvents): boolean {
  const differ = (read: (event: UpgradeEvent) => string | undefined) => {
    const own = read(event);
    return own !== undefined && upgrade.some((other) => (read(other) ?? own) !== own);
  };
  const isBack = find(upgrade, 'rollback-started') !== undefined;
  const isForwardOnly =
    event.kind === 'upgrade-completed' || (event.kind === 'domain-completed' && event.isBack === false);
  return (
    differ(getTarget) || differ(getOrigin) || (isBack && (isForwardOnly || event.kind === 'rollback-started'))
  );
}

/** Returns the version to which the upgrade of an event led, before any rollback. */
function getTarget(event: UpgradeEvent): string | undefined {
  return event.kind === 'rollback-completed' ? undefined : event.to;
}

/** Returns the version from which the upgrade of an event came. */
function getOrigin(event: UpgradeEvent): string | undefined {
  switch (event.kind) {
    case 'upgrade-completed':
      return undefined;
    case 'rollback-completed':
      return event.backTo;
    default:
      return event.from;
  }
}

/** @param next the upgrade after it */
function describeUpgrade(
  events: UpgradeEvents,
  next: UpgradeEvents | undefined,
  exits: readonly ContainerExitedEvent[],
): PastUpgrade {
  const start = find(events, 'upgrade-started');
  const rollback = find(events, 'rollback-started');
  const end = findEnd(events);
  const begun = start ?? events[0];
  const until = end?.at ?? next?.[0]?.at;
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
    exits: exits.filter(
      ({ at, isUnexpected }) =>
        isUnexpected === true &&
        begun !== undefined &&
        at >= begun.at &&
        (until === undefined || at <= until),
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
  const isBack = events.some(
    (event) => event.kind === 'rollback-started' || (event.kind === 'domain-completed' && event.isBack),
  );
  return isBack ? 'rolling-back' : 'under-way';
}

/** Lists the domains of each direction, without those whose direction no event tells. */
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

/** Gives no time to domains that were completed together: the event tells only that of one. */
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

function find<Kind extends UpgradeEvent['kind']>(events: UpgradeEvents, kind: Kind) {
  return events.find((event): event is Extract<UpgradeEvent, { kind: Kind }> => event.kind === kind);
}

function findEnd(events: UpgradeEvents): UpgradeCompletedEvent | RollbackCompletedEvent | undefined {
  return find(events, 'rollback-completed') ?? find(events, 'upgrade-completed');
}

function first<T>(values: readonly (T | undefined)[]): T | undefined {
  return values.find((value) => value !== undefined);
}
