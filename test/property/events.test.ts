/** Whatever events a cluster has of an upgrade, they only fill blanks, with nothing that all events would not tell. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseApplicationUpgrade } from '../../src/cluster/wire/application-upgrade.ts';
import { parseEvents } from '../../src/cluster/wire/events.ts';
import { renderUpgradeScreen } from '../../src/output/upgrade-screen/screen.ts';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import { completeSnapshot } from '../../src/upgrade/complete-snapshot.ts';
import { findTurn, listDomains } from '../../src/upgrade/domain-progress.ts';
import type { FailureReason } from '../../src/upgrade/enums.ts';
import type { ApplicationEvent } from '../../src/upgrade/events.ts';
import { listPastUpgrades } from '../../src/upgrade/past-upgrades.ts';
import { createSnapshot, type UpgradeSnapshot } from '../../src/upgrade/snapshot.ts';
import { findEnd } from '../../src/upgrade/times.ts';
import { hostileText } from '../support/arbitraries.ts';
import { rolledBackRecord, rolledBackUpgrade } from '../support/documents.ts';
import { findBroken, findHarmful } from '../support/hostile-text.ts';
import { createDomain, createExit, createPast } from '../support/past-upgrades.ts';
import { resumeUpgrade, startSimulatedCluster, startTime } from '../support/simulated-cluster.ts';
import { buildSnapshot, parseUpgrade } from '../support/snapshots.ts';
import { createPlainStyle } from '../support/style.ts';

interface Reading {
  readonly snapshot: UpgradeSnapshot;
  readonly events: readonly ApplicationEvent[];
}

/** Reads the upgrade of a simulated cluster once, and all its events. */
async function readCluster(scenario: ScenarioName, seconds: number): Promise<Reading> {
  const cluster = await startSimulatedCluster(scenario);
  cluster.at(Math.min(seconds, 240));
  if (scenario === 'manual') await resumeUpgrade(cluster, 'UD1');
  cluster.at(seconds);
  const upgrade = parseUpgrade(await cluster.readProgress());
  const record = await cluster.send('GET', '/Applications/web/$/GetUpgradeProgress?api-version=6.0');
  const span = 'StartTimeUtc=2026-11-24T00:00:00Z&EndTimeUtc=2026-11-25T00:00:00Z';
  const answer = await cluster.send('GET', `/EventsStore/Applications/web/$/Events?api-version=6.4&${span}`);
  const related = {
    status: undefined,
    application: parseApplicationUpgrade(JSON.parse(record.text)),
    services: new Map(),
    now: new Date(startTime + seconds * 1000),
  };
  return {
    snapshot: createSnapshot(upgrade, related, undefined),
    events: parseEvents(JSON.parse(answer.text)) ?? [],
  };
}

function complete({ snapshot }: Reading, events: readonly ApplicationEvent[]): UpgradeSnapshot {
  return completeSnapshot(snapshot, listPastUpgrades(events));
}

/** Lists what events add. */
function listFacts(snapshot: UpgradeSnapshot): readonly string[] {
  const { course, past } = snapshot;
  const facts = [
    ...course.finished.map((domain) => ['took', domain]),
    ...(course.forward?.finished ?? []).map((domain) => ['took forward', domain]),
    ...(past?.endedAt ? [['ended', findEnd(snapshot)]] : []),
    ...(past?.rollbackStartedAt ? [['rollback', past.rollbackStartedAt]] : []),
    ...(past?.exits ?? []).map((exit) => ['exit', exit.at, exit.service, exit.exitCode]),
  ];
  return facts.map((fact) => JSON.stringify(fact));
}

it.each<[ScenarioName, number]>([
  ['happy', 290],
  ['happy', 900],
  ['rollback', 420],
  ['rollback', 600],
  ['rollback', 900],
  ['timeout', 1800],
  ['manual', 600],
])(
  'events of %s after %d seconds only fill blanks, in any order and with any gaps',
  async (scenario, seconds) => {
    const reading = await readCluster(scenario, seconds);
    const all = listFacts(complete(reading, reading.events));
    expect(all.length).toBeGreaterThan(0);
    const some = fc
      .shuffledSubarray([...reading.events])
      .chain((events) => fc.subarray(events).map((again) => [...events, ...again]));
    fc.assert(
      fc.property(some, (events) => {
        const snapshot = complete(reading, events);
        const facts = listFacts(snapshot);
        expect(facts.filter((fact) => !all.includes(fact))).toEqual([]);
        // The documents alone decide where the upgrade is.
        const states = listDomains(snapshot).list.map(({ name, state }) => [name, state]);
        expect(states).toEqual(listDomains(reading.snapshot).list.map(({ name, state }) => [name, state]));
        expect(findTurn(snapshot)).toEqual(findTurn(reading.snapshot));
        expect({ ...snapshot, past: undefined, course: undefined }).toEqual({
          ...reading.snapshot,
          past: undefined,
          course: undefined,
        });
      }),
      { seed: 20261124, numRuns: 200 },
    );
  },
);

const hostilePast = fc.record({
  from: fc.constantFrom('v1', undefined),
  name: hostileText,
  reason: fc.option(hostileText, { nil: undefined }),
  exits: fc.array(
    fc.record({
      service: fc.option(hostileText, { nil: undefined }),
      codePackage: fc.option(hostileText, { nil: undefined }),
      node: fc.option(hostileText, { nil: undefined }),
      exitCode: fc.option(fc.integer(), { nil: undefined }),
    }),
    { maxLength: 6 },
  ),
  isTimed: fc.boolean(),
});

it('events with hostile text harm no screen', () => {
  const snapshot = buildSnapshot(
    { ...rolledBackUpgrade, ApplicationUnhealthyEvaluations: [], UpgradeStatusDetails: '' },
    { application: { ...rolledBackRecord, UpgradeDescription: {} } },
  );
  fc.assert(
    fc.property(
      hostilePast,
      fc.constantFrom(30, 80, 110),
      ({ from, name, reason, exits, isTimed }, width) => {
        const past = createPast({
          from,
          to: name,
          result: 'rolled-back',
          failureReason: reason as FailureReason | undefined,
          back: isTimed ? [createDomain('UD0', 8, 10), createDomain(name, 10, 12)] : [],
          exits: exits.map((exit) => createExit(exit)),
        });
        const completed = completeSnapshot(snapshot, [past]);
        const view = { cluster: 'test', full: true };
        const screen = renderUpgradeScreen(completed, createPlainStyle(width), view);
        expect(completed.past).toBeDefined();
        expect(findHarmful(screen)).toEqual([]);
        expect(findBroken(screen)).toEqual([]);
      },
    ),
    { seed: 20261124, numRuns: 200 },
  );
});
