/** Past upgrades as events tell them, on the clock of an upgrade that began at 07:00:00. */
import type { ContainerExitedEvent } from '../../src/upgrade/events.ts';
import type { PastDomain, PastUpgrade } from '../../src/upgrade/past-upgrade.ts';

const start = Date.parse('2026-11-24T07:00:00Z');

/** Returns the time that many minutes after the start. */
export function minute(minutes: number): Date {
  return new Date(start + minutes * 60_000);
}

/** Creates a domain that began and was done at these minutes. */
export function createDomain(name: string, began: number, until: number): PastDomain {
  return { name, completedAt: minute(until), took: (until - began) * 60_000 };
}

/** Creates a monitored upgrade from v1 to v2 that is under way, except for these members. */
export function createPast(members: Partial<PastUpgrade> = {}): PastUpgrade {
  return {
    from: 'v1',
    to: 'v2',
    startedAt: minute(0),
    endedAt: undefined,
    result: 'under-way',
    mode: 'Monitored',
    failureAction: 'Rollback',
    failureReason: undefined,
    rollbackStartedAt: undefined,
    took: undefined,
    forward: [],
    back: [],
    exits: [],
    ...members,
  };
}

/** Creates the exit of the container of `web` on `_node_1`, except for these members. */
export function createExit(members: Partial<ContainerExitedEvent> = {}): ContainerExitedEvent {
  return {
    kind: 'container-exited',
    id: undefined,
    at: minute(5),
    service: 'fabric:/web/web',
    codePackage: 'web.Code',
    image: 'web:2',
    node: '_node_1',
    exitCode: 137,
    isUnexpected: true,
    ...members,
  };
}
