/** Past upgrades from events in any order and with any gaps: the same upgrades, and no fact that no event tells. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ApplicationEvent } from '../../src/upgrade/events.ts';
import type { PastUpgrade } from '../../src/upgrade/past-upgrade.ts';
import { listPastUpgrades } from '../../src/upgrade/past-upgrades.ts';

const options = { seed: 20261124, numRuns: 300 };
const start = Date.UTC(2026, 10, 1);
const minute = 60_000;

interface Upgrade {
  readonly to: string;
  readonly events: readonly ApplicationEvent[];
}

/** Course of an upgrade: its domains forward and back, and whether the cluster manager fails over halfway. */
const anyCourse = fc.record({
  forward: fc.integer({ min: 0, max: 4 }),
  isRolledBack: fc.boolean(),
  fate: fc.constantFrom('no failover', 'failover', 'no ids'),
  crashes: fc.integer({ min: 0, max: 3 }),
});

type Course = typeof anyCourse extends fc.Arbitrary<infer T> ? T : never;

/** Creates the events that a cluster has of an upgrade, a day after the one before. */
function createUpgrade({ forward, isRolledBack, fate, crashes }: Course, index: number): Upgrade {
  const from = `v${index}`;
  const to = `v${index + 1}`;
  let minutes = index * 1440;
  let count = 0;
  const next = () => {
    count++;
    minutes += 2;
    const part = fate === 'failover' && count > 2 ? 'second' : 'first';
    return {
      id: fate === 'no ids' ? undefined : `${to} ${part}`,
      at: new Date(start + minutes * minute),
    };
  };
  const begin = minutes + 2;
  const getTook = (at: Date) => at.getTime() - start - begin * minute;
  const events: ApplicationEvent[] = [
    { kind: 'upgrade-started', ...next(), from, to, mode: 'Monitored', failureAction: 'Rollback' },
  ];
  const addDomains = (isBack: boolean) => {
    for (let domain = 0; domain < forward; domain++)
      events.push({
        kind: 'domain-completed',
        ...next(),
        from,
        to: isBack ? undefined : to,
        isBack,
        domains: [`UD${domain}`],
        took: minute + domain,
      });
  };
  addDomains(false);
  for (let crash = 0; crash < crashes; crash++)
    events.push({
      kind: 'container-exited',
      ...next(),
      id: `${to} exit ${crash}`,
      service: `fabric:/${to}`,
      codePackage: undefined,
      image: undefined,
      node: undefined,
      exitCode: 137,
      isUnexpected: true,
    });
  if (!isRolledBack) {
    const end = next();
    events.push({ kind: 'upgrade-completed', ...end, to, took: getTook(end.at) });
    return { to, events };
  }
  const turn = next();
  events.push({
    kind: 'rollback-started',
    ...turn,
    from,
    to: undefined,
    failureReason: 'HealthCheck',
    took: getTook(turn.at),
  });
  addDomains(true);
  const end = next();
  events.push({
    kind: 'rollback-completed',
    ...end,
    backTo: from,
    failureReason: 'HealthCheck',
    took: getTook(end.at),
  });
  return { to, events };
}

const anyPast = fc
  .array(anyCourse, { maxLength: 4 })
  .map((courses) => courses.map((course, index) => createUpgrade(course, index)));

const describeAll = (upgrades: readonly PastUpgrade[]) =>
  upgrades.map(({ from, to, result, forward, back, exits }) => ({
    from,
    to,
    result,
    forward: forward.length,
    back: back.length,
    exits: exits.length,
  }));

/** Events of any kind whose members are anything, of which many are the same. */
const anyWord = fc.option(fc.constantFrom('v1', 'v2', 'v3', '__proto__'), { nil: undefined });
const anyDuration = fc.option(fc.constantFrom(0, minute, 5 * minute, 1e15), { nil: undefined });
const anyBase = {
  id: fc.option(fc.constantFrom('a', 'b', 'toString'), { nil: undefined }),
  at: fc.integer({ min: 0, max: 30 }).map((minutes) => new Date(start + minutes * minute)),
};
const anyReason = fc.constantFrom('HealthCheck' as const, undefined);
const anyEvent: fc.Arbitrary<ApplicationEvent> = fc.oneof(
  fc.record({
    kind: fc.constant('upgrade-started' as const),
    ...anyBase,
    from: anyWord,
    to: anyWord,
    mode: fc.constantFrom('Monitored' as const, undefined),
    failureAction: fc.constantFrom('Rollback' as const, undefined),
  }),
  fc.record({
    kind: fc.constant('domain-completed' as const),
    ...anyBase,
    from: anyWord,
    to: anyWord,
    isBack: fc.constantFrom(true, false, undefined),
    domains: fc.array(fc.constantFrom('UD0', 'UD1', 'constructor'), { maxLength: 3 }),
    took: anyDuration,
  }),
  fc.record({ kind: fc.constant('upgrade-completed' as const), ...anyBase, to: anyWord, took: anyDuration }),
  fc.record({
    kind: fc.constant('rollback-started' as const),
    ...anyBase,
    from: anyWord,
    to: anyWord,
    failureReason: anyReason,
    took: anyDuration,
  }),
  fc.record({
    kind: fc.constant('rollback-completed' as const),
    ...anyBase,
    backTo: anyWord,
    failureReason: anyReason,
    took: anyDuration,
  }),
);

/** Finds facts of past upgrades that no event tells. */
function findInventions(
  upgrades: readonly PastUpgrade[],
  events: readonly ApplicationEvent[],
): readonly string[] {
  const told = new Set(
    events.flatMap((event) =>
      Object.values(event).map((value) => (value instanceof Date ? value.getTime() : value)),
    ),
  );
  const domains = new Set(
    events.flatMap((event) => (event.kind === 'domain-completed' ? event.domains : [])),
  );
  return upgrades.flatMap((upgrade) => {
    const { startedAt, endedAt, rollbackStartedAt, took } = upgrade;
    const facts = [
      upgrade.from,
      upgrade.to,
      upgrade.mode,
      upgrade.failureReason,
      startedAt?.getTime(),
      endedAt?.getTime(),
      rollbackStartedAt?.getTime(),
      // The time between two events is a fact as well.
      ...(startedAt && endedAt && took === endedAt.getTime() - startedAt.getTime() ? [] : [took]),
      ...[...upgrade.forward, ...upgrade.back].flatMap((domain) => [
        domain.completedAt.getTime(),
        domain.took,
      ]),
    ];
    const hasEnd = upgrade.result === 'completed' || upgrade.result === 'rolled-back';
    return [
      ...facts.filter((fact) => fact !== undefined && !told.has(fact)).map(String),
      ...[...upgrade.forward, ...upgrade.back].map(({ name }) => name).filter((name) => !domains.has(name)),
      ...(hasEnd !== (endedAt !== undefined) ? ['the end'] : []),
    ];
  });
}

describe('past upgrades', () => {
  it('are those that the events are of', () => {
    fc.assert(
      fc.property(anyPast, (past) => {
        const upgrades = listPastUpgrades(past.flatMap(({ events }) => events));
        expect(upgrades.map(({ to }) => to)).toEqual(past.map(({ to }) => to));
        for (const { result } of upgrades) expect(['completed', 'rolled-back']).toContain(result);
      }),
      options,
    );
  });

  it('do not depend on the order of the events, or on repeated events', () => {
    const anyShuffled = fc
      .oneof(
        anyPast.map((past) => past.flatMap(({ events }) => events)),
        fc.array(anyEvent, { maxLength: 30 }),
      )
      .chain((events) =>
        fc.tuple(
          fc.constant(events),
          fc.shuffledSubarray([...events, ...events], { minLength: 2 * events.length }),
        ),
      );
    fc.assert(
      fc.property(anyShuffled, ([events, shuffled]) => {
        expect(listPastUpgrades(shuffled)).toEqual(listPastUpgrades(events));
      }),
      options,
    );
  });

  it('have only facts that the remaining events tell, whichever are missing', () => {
    const anyGaps = anyPast.chain((past) =>
      fc.tuple(fc.constant(past), fc.subarray(past.flatMap(({ events }) => events))),
    );
    fc.assert(
      fc.property(anyGaps, ([past, events]) => {
        const upgrades = listPastUpgrades(events);
        expect(findInventions(upgrades, events)).toEqual([]);
        const whole = describeAll(listPastUpgrades(past.flatMap((one) => one.events)));
        for (const { from, to, result, forward, back } of upgrades) {
          if (from === undefined || to === undefined) continue;
          const known = whole.find((one) => one.to === to);
          expect(known?.from).toBe(from);
          if (result === 'completed' || result === 'rolled-back') expect(result).toBe(known?.result);
          expect(forward.length).toBeLessThanOrEqual(known?.forward ?? 0);
          expect(back.length).toBeLessThanOrEqual(known?.back ?? 0);
        }
      }),
      { ...options, numRuns: 1000 },
    );
  });

  it('have only facts that some event tells, whatever the events are', () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
        expect(findInventions(listPastUpgrades(events), events)).toEqual([]);
      }),
      options,
    );
  });
});
