/** Verdicts on the upgrade that is watched, from all readings of a watch. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../../src/platform/outcome.ts';
import { upgradeStates } from '../../../src/upgrade/enums.ts';
import type { Upgrade } from '../../../src/upgrade/model.ts';
import { createBareSnapshot } from '../../../src/upgrade/snapshot.ts';
import {
  judgeWatched,
  nothingWatched,
  updateWatched,
  type WatchedUpgrade,
} from '../../../src/upgrade/watched-upgrade.ts';
import { createUpgrade } from '../../support/documents.ts';
import { buildSnapshot, parseUpgrade } from '../../support/snapshots.ts';

function createUpgradeIn(state: string, version = 'v2'): Upgrade {
  return parseUpgrade(createUpgrade({ UpgradeState: state, TargetApplicationTypeVersion: version }));
}

/** What a watch has seen before, by description. */
const histories = {
  nothing: nothingWatched,
  'an upgrade to v1': { ...nothingWatched, version: 'v1' },
  'an upgrade to v2': { ...nothingWatched, version: 'v2' },
  'a rollback to v1': { ...nothingWatched, version: 'v2', isBack: true, backTo: 'v1' },
} satisfies Readonly<Record<string, WatchedUpgrade>>;

interface WatchedCase {
  readonly after: keyof typeof histories;
  readonly state: string;
  readonly version: string;
  /** The expected version. */
  readonly expected?: string;
  readonly verdict: Verdict;
}

describe('the verdict of a watch', () => {
  it.each<WatchedCase>([
    { after: 'nothing', state: 'RollingForwardInProgress', version: 'v2', verdict: 'in-progress' },
    { after: 'nothing', state: 'RollingForwardCompleted', version: 'v2', verdict: 'completed' },
    { after: 'nothing', state: 'RollingBackCompleted', version: 'v1', verdict: 'rolled-back' },
    {
      after: 'nothing',
      state: 'RollingBackCompleted',
      version: 'v1',
      expected: 'v2',
      verdict: 'rolled-back',
    },
    {
      after: 'nothing',
      state: 'RollingBackCompleted',
      version: 'v1',
      expected: 'v1',
      verdict: 'superseded',
    },
    {
      after: 'nothing',
      state: 'RollingForwardInProgress',
      version: 'v2',
      expected: 'v3',
      verdict: 'in-progress',
    },
    { after: 'nothing', state: 'Failed', version: 'v2', expected: 'v3', verdict: 'superseded' },
    { after: 'an upgrade to v2', state: 'RollingForwardCompleted', version: 'v2', verdict: 'completed' },
    { after: 'an upgrade to v2', state: 'RollingForwardCompleted', version: 'v3', verdict: 'superseded' },
    {
      after: 'an upgrade to v2',
      state: 'RollingForwardCompleted',
      version: 'v3',
      expected: 'v3',
      verdict: 'completed',
    },
    {
      after: 'an upgrade to v2',
      state: 'RollingForwardInProgress',
      version: 'v3',
      expected: 'v2',
      verdict: 'superseded',
    },
    { after: 'an upgrade to v2', state: 'RollingBackInProgress', version: 'v1', verdict: 'in-progress' },
    { after: 'an upgrade to v2', state: 'RollingBackInProgress', version: 'v2', verdict: 'superseded' },
    { after: 'an upgrade to v2', state: 'Failed', version: 'v2', expected: 'v2', verdict: 'failed' },
    {
      after: 'a rollback to v1',
      state: 'RollingBackCompleted',
      version: 'v1',
      expected: 'v2',
      verdict: 'rolled-back',
    },
    { after: 'a rollback to v1', state: 'Failed', version: 'v1', expected: 'v2', verdict: 'failed' },
    { after: 'a rollback to v1', state: 'Failed', version: 'v1', verdict: 'failed' },
    { after: 'a rollback to v1', state: 'ProvisioningTarget', version: 'v3', verdict: 'superseded' },
    {
      after: 'a rollback to v1',
      state: 'ProvisioningTarget',
      version: 'v3',
      expected: 'v3',
      verdict: 'in-progress',
    },
    { after: 'a rollback to v1', state: 'RollingForwardCompleted', version: 'v2', verdict: 'superseded' },
    {
      after: 'an upgrade to v1',
      state: 'RollingBackCompleted',
      version: 'v0',
      expected: 'v2',
      verdict: 'superseded',
    },
    {
      after: 'an upgrade to v1',
      state: 'Failed',
      version: 'v1',
      expected: 'v2',
      verdict: 'superseded',
    },
  ])(
    'is $verdict for $state to $version, expecting $expected, after $after',
    ({ after, state, version, expected, verdict }) => {
      const snapshot = createBareSnapshot(createUpgradeIn(state, version));
      expect(judgeWatched(histories[after], snapshot, { expected, failFast: false })).toBe(verdict);
    },
  );

  it.each([
    { state: 'RollingForwardInProgress', verdict: 'in-progress' },
    { state: 'RollingBackInProgress', verdict: 'rolled-back' },
    { state: 'UnprovisioningTarget', verdict: 'rolled-back' },
    { state: 'RollingForwardCompleted', verdict: 'completed' },
  ])('is $verdict with --fail-fast in state $state', ({ state, verdict }) => {
    const criteria = { expected: undefined, failFast: true };
    expect(judgeWatched(nothingWatched, createBareSnapshot(createUpgradeIn(state)), criteria)).toBe(verdict);
  });

  it('never takes the success of another upgrade for that of the watched one', () => {
    const start = fc.constantFrom(undefined, '07:00:00', '07:45:00');
    const reading = fc.record({
      state: fc.constantFrom(...Object.keys(upgradeStates)),
      version: fc.constantFrom('v1', 'v2', ''),
      compose: start,
      application: start,
      hours: fc.constantFrom(undefined, 0, 1, 2),
      isThere: fc.boolean(),
    });
    type Reading = typeof reading extends fc.Arbitrary<infer T> ? T : never;
    const at = (time: string | undefined) => time && `2026-11-24T${time}.000Z`;
    const snapshot = ({ state, version, compose, application, hours, isThere }: Reading) => {
      const document = createUpgrade({
        UpgradeState: state,
        TargetApplicationTypeVersion: version,
        StartTimestampUtc: at(compose),
        UpgradeDuration: hours === undefined ? undefined : `PT${hours}H0M0S`,
      });
      const record = { TargetApplicationTypeVersion: version, StartTimestampUtc: at(application) };
      return isThere ? buildSnapshot(document, { application: record }) : undefined;
    };
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 5 }), (readings) => {
        let watched = nothingWatched;
        const earlier: Reading[] = [];
        for (const one of readings) {
          const now = snapshot(one);
          const verdict = now
            ? judgeWatched(watched, now, { expected: undefined, failFast: false })
            : 'in-progress';
          earlier.push(one);
          if (verdict === 'completed') {
            const of = <T>(pick: (one: Reading) => T) =>
              new Set(
                earlier
                  .filter(({ isThere, state }) => isThere && state !== 'Failed')
                  .map(pick)
                  .filter((value) => value !== undefined && value !== ''),
              );
            expect(earlier.some(({ state, isThere }) => isThere && state.includes('Back'))).toBe(false);
            expect(of(({ version }) => version).size).toBeLessThanOrEqual(1);
            // Before the rollout a document may hold the clocks of the previous upgrade.
            const hasBegun = (one: Reading) => one.state !== 'ProvisioningTarget';
            expect(of((one) => (hasBegun(one) ? one.compose : undefined)).size).toBeLessThanOrEqual(1);
            const hours = earlier.flatMap((one) =>
              one.isThere && hasBegun(one) && one.hours !== undefined ? [one.hours] : [],
            );
            expect(hours).toEqual(hours.toSorted());
            const states = earlier.filter(({ isThere }) => isThere).map(hasBegun);
            expect(states).toEqual(states.toSorted());
          }
          if (verdict !== 'in-progress') return;
          watched = updateWatched(watched, now);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('is success only for a completed roll forward to the expected version', () => {
    const state = fc.oneof(fc.constantFrom(...Object.keys(upgradeStates)), fc.string());
    const version = fc.constantFrom('', 'v1', 'v2', 'v3');
    const document = fc.record({ state, version });
    fc.assert(
      fc.property(
        fc.array(document),
        document,
        fc.option(version, { nil: undefined }),
        (before, last, expected) => {
          const watched = before
            .map((one) => createBareSnapshot(createUpgradeIn(one.state, one.version)))
            .reduce(updateWatched, nothingWatched);
          const verdict = judgeWatched(
            watched,
            createBareSnapshot(createUpgradeIn(last.state, last.version)),
            {
              expected,
              failFast: false,
            },
          );
          if (verdict !== 'completed') return;
          // The parser accepts numbers of states as well.
          expect(createUpgradeIn(last.state).state).toBe('RollingForwardCompleted');
          if (expected !== undefined) expect(last.version).toBe(expected);
        },
      ),
    );
  });
});
