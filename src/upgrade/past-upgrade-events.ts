/** Finds out which events belong to the same upgrade. Pure. */
import type {
  ApplicationEvent,
  ContainerExitedEvent,
  RollbackCompletedEvent,
  UpgradeCompletedEvent,
} from './events.ts';

/** An event of an upgrade. */
export type UpgradeEvent = Exclude<ApplicationEvent, ContainerExitedEvent>;

/** The events of one upgrade, in the order of their times. At least one. */
export type UpgradeEvents = UpgradeEvent[];

/** Groups events by upgrade, in the order of their first events. @param events sorted */
export function groupEvents(events: readonly UpgradeEvent[]): readonly UpgradeEvents[] {
  const groups: UpgradeEvents[] = [];
  const groupsById = new Map<string | undefined, UpgradeEvents>();
  for (const event of events) {
    const known = findUpgrade(event, groupsById.get(event.id), groups.at(-1));
    const group = known ?? [];
    group.push(event);
    if (known === undefined) groups.push(group);
    if (event.id !== undefined) groupsById.set(event.id, group);
  }
  return groups;
}

/** Finds the upgrade to which an event belongs; `undefined` for the first event of an upgrade. */
function findUpgrade(
  event: UpgradeEvent,
  sameId: UpgradeEvents | undefined,
  last: UpgradeEvents | undefined,
): UpgradeEvents | undefined {
  if (event.kind === 'upgrade-started')
    return sameId && !findEvent(sameId, 'upgrade-started') ? sameId : undefined;
  return sameId ?? (last && continues(event, last) ? last : undefined);
}

/**
 * Reports whether an event belongs to the last upgrade although no event before it has its id, as after a failover of
 * the cluster manager.
 */
function continues(event: UpgradeEvent, last: UpgradeEvents): boolean {
  if (findEnd(last) || isContradiction(event, last)) return false;
  return hasSameTarget(event, last) || hasSameStart(event, last) || followsInRollback(event, last);
}

/** Versions are never used again. */
function hasSameTarget(event: UpgradeEvent, upgrade: UpgradeEvents): boolean {
  const target = getTarget(event);
  return target !== undefined && upgrade.some((other) => getTarget(other) === target);
}

/** Progress that a failover loses, in milliseconds: more than the cluster manager's interval between commits. */
const maxLostMs = 300_000;

/** Reports whether the start of the upgrade, as an event dates it, is the start of this upgrade. */
function hasSameStart(event: UpgradeEvent, upgrade: UpgradeEvents): boolean {
  const start = findEvent(upgrade, 'upgrade-started');
  return start !== undefined && event.kind !== 'domain-completed' && beganAt(start.at, event);
}

/** Reports whether a domain began to roll back at the last event of a rollback. */
function followsInRollback(event: UpgradeEvent, upgrade: UpgradeEvents): boolean {
  const last = upgrade.at(-1);
  return last !== undefined && isOfRollback(last) && isOfRollback(event) && beganAt(last.at, event);
}

/** Reports whether the period that an event ends began at a time. */
function beganAt(time: Date, event: UpgradeEvent): boolean {
  if (!('took' in event) || event.took === undefined) return false;
  const lostMs = event.at.getTime() - event.took - time.getTime();
  return lostMs > -1000 && lostMs < maxLostMs;
}

/** Reports whether an event belongs to a rollback: its start, or a domain that was rolled back. */
export function isOfRollback(event: UpgradeEvent): boolean {
  return event.kind === 'rollback-started' || (event.kind === 'domain-completed' && event.isBack === true);
}

/** Reports whether an event has other versions than the upgrade, or follows an event that rules it out. */
function isContradiction(event: UpgradeEvent, upgrade: UpgradeEvents): boolean {
  const differ = (read: (event: UpgradeEvent) => string | undefined) => {
    const own = read(event);
    return own !== undefined && upgrade.some((other) => (read(other) ?? own) !== own);
  };
  const isForward =
    event.kind === 'upgrade-completed' || (event.kind === 'domain-completed' && event.isBack === false);
  const isLate = (isForward || event.kind === 'rollback-started') && upgrade.some(isOfRollback);
  return isLate || differ(getTarget) || differ(getOrigin);
}

/** Returns the version to which the upgrade of an event led, before any rollback. */
export function getTarget(event: UpgradeEvent): string | undefined {
  return event.kind === 'rollback-completed' ? undefined : event.to;
}

/** Returns the version from which the upgrade of an event came. */
export function getOrigin(event: UpgradeEvent): string | undefined {
  switch (event.kind) {
    case 'upgrade-completed':
      return undefined;
    case 'rollback-completed':
      return event.backTo;
    default:
      return event.from;
  }
}

/** Finds the first event of a kind. */
export function findEvent<Kind extends UpgradeEvent['kind']>(events: UpgradeEvents, kind: Kind) {
  return events.find((event): event is Extract<UpgradeEvent, { kind: Kind }> => event.kind === kind);
}

/** Finds the event that ends an upgrade. */
export function findEnd(events: UpgradeEvents): UpgradeCompletedEvent | RollbackCompletedEvent | undefined {
  return findEvent(events, 'rollback-completed') ?? findEvent(events, 'upgrade-completed');
}
