import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readApplicationUpgrade } from '../../../src/cluster/wire/application-upgrade.ts';
import { readComposeUpgrade } from '../../../src/cluster/wire/compose-upgrade.ts';
import { readStatus } from '../../../src/cluster/wire/deployments.ts';
import type { Upgrade } from '../../../src/upgrade/model.ts';
import { createBareSnapshot, createSnapshot } from '../../../src/upgrade/snapshot.ts';
import { upgradeStates } from '../../../src/upgrade/state.ts';
import { judgeMissingRecord } from '../../../src/upgrade/verdict.ts';
import {
  judgeWatched,
  nothingWatched,
  updateWatched,
  type WatchedUpgrade,
} from '../../../src/upgrade/watched-upgrade.ts';
import { applicationForm, fullForm } from '../../support/documents.ts';

function upgrade(state: string, version = 'v2'): Upgrade {
  const read = readComposeUpgrade(fullForm({ UpgradeState: state, TargetApplicationTypeVersion: version }));
  if (read === undefined) throw new Error('no document');
  return read;
}

const forward: WatchedUpgrade = { ...nothingWatched, version: 'v2' };
const back: WatchedUpgrade = { ...forward, isBack: true, backTo: 'v1' };

describe('the verdict in the light of what was followed', () => {
  it.each<
    [followed: WatchedUpgrade, state: string, version: string, expected: string | undefined, verdict: string]
  >([
    [nothingWatched, 'RollingForwardInProgress', 'v2', undefined, 'in-progress'],
    [nothingWatched, 'RollingForwardCompleted', 'v2', undefined, 'completed'],
    [nothingWatched, 'RollingBackCompleted', 'v1', undefined, 'rolled-back'],
    [nothingWatched, 'RollingBackCompleted', 'v1', 'v2', 'rolled-back'],
    [nothingWatched, 'RollingBackCompleted', 'v1', 'v1', 'superseded'],
    [nothingWatched, 'RollingForwardInProgress', 'v2', 'v3', 'in-progress'],
    [nothingWatched, 'Failed', 'v2', 'v3', 'superseded'],
    [forward, 'RollingForwardCompleted', 'v2', undefined, 'completed'],
    [forward, 'RollingForwardCompleted', 'v3', undefined, 'superseded'],
    [forward, 'RollingForwardCompleted', 'v3', 'v3', 'completed'],
    [forward, 'RollingForwardInProgress', 'v3', 'v2', 'superseded'],
    [forward, 'RollingBackInProgress', 'v1', undefined, 'in-progress'],
    [forward, 'RollingBackInProgress', 'v2', undefined, 'superseded'],
    [forward, 'Failed', 'v2', 'v2', 'failed'],
    [back, 'RollingBackCompleted', 'v1', 'v2', 'rolled-back'],
    [back, 'Failed', 'v1', 'v2', 'failed'],
    [back, 'Failed', 'v1', undefined, 'failed'],
    [back, 'ProvisioningTarget', 'v3', undefined, 'superseded'],
    [back, 'ProvisioningTarget', 'v3', 'v3', 'in-progress'],
    [back, 'RollingForwardCompleted', 'v2', undefined, 'superseded'],
    [{ ...nothingWatched, version: 'v1' }, 'RollingBackCompleted', 'v0', 'v2', 'superseded'],
    [{ ...nothingWatched, version: 'v1' }, 'Failed', 'v1', 'v2', 'superseded'],
  ])('%j, then %s to %s, expected %s: %s', (followed, state, version, expected, verdict) => {
    const wish = { expected, failFast: false };
    expect(judgeWatched(followed, createBareSnapshot(upgrade(state, version)), wish)).toBe(verdict);
  });

  it.each([
    ['RollingForwardInProgress', 'in-progress'],
    ['RollingBackInProgress', 'rolled-back'],
    ['UnprovisioningTarget', 'rolled-back'],
    ['RollingForwardCompleted', 'completed'],
  ])('with --fail-fast %s is %s', (state, verdict) => {
    const wish = { expected: undefined, failFast: true };
    expect(judgeWatched(nothingWatched, createBareSnapshot(upgrade(state)), wish)).toBe(verdict);
  });

  it.each([
    [undefined, 'not-found'],
    ['Ready', 'rolled-back'],
    ['Failed', 'failed'],
    ['Upgrading', 'in-progress'],
    ['Whatever', 'in-progress'],
  ])('without a record, and the deployment %s: %s', (status, verdict) => {
    expect(judgeMissingRecord(readStatus({ ComposeDeploymentStatus: status }))).toBe(verdict);
  });

  it('success is never that of another upgrade', () => {
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
      const document = fullForm({
        UpgradeState: state,
        TargetApplicationTypeVersion: version,
        StartTimestampUtc: at(compose),
        UpgradeDuration: hours === undefined ? undefined : `PT${hours}H0M0S`,
      });
      const upgrade = readComposeUpgrade(document);
      const record = readApplicationUpgrade(
        applicationForm({ TargetApplicationTypeVersion: version, StartTimestampUtc: at(application) }),
      );
      if (upgrade === undefined) throw new Error('no document');
      return isThere
        ? createSnapshot(upgrade, { status: undefined, application: record, services: new Map() }, undefined)
        : undefined;
    };
    fc.assert(
      fc.property(fc.array(reading, { minLength: 1, maxLength: 5 }), (readings) => {
        let followed = nothingWatched;
        const seen: Reading[] = [];
        for (const one of readings) {
          const now = snapshot(one);
          const verdict = now
            ? judgeWatched(followed, now, { expected: undefined, failFast: false })
            : 'in-progress';
          seen.push(one);
          if (verdict === 'completed') {
            const of = <T>(pick: (one: Reading) => T) =>
              new Set(
                seen
                  .filter(({ isThere, state }) => isThere && state !== 'Failed')
                  .map(pick)
                  .filter((value) => value !== undefined && value !== ''),
              );
            expect(seen.some(({ state, isThere }) => isThere && state.includes('Back'))).toBe(false);
            expect(of(({ version }) => version).size).toBeLessThanOrEqual(1);
            // Before the rollout a document may have the clocks of the last upgrade.
            const begun = (one: Reading) => one.state !== 'ProvisioningTarget';
            expect(of((one) => (begun(one) ? one.compose : undefined)).size).toBeLessThanOrEqual(1);
            const hours = seen.flatMap((one) =>
              one.isThere && begun(one) && one.hours !== undefined ? [one.hours] : [],
            );
            expect(hours).toEqual(hours.toSorted());
            const states = seen.filter(({ isThere }) => isThere).map(begun);
            expect(states).toEqual(states.toSorted());
          }
          if (verdict !== 'in-progress') return;
          followed = updateWatched(followed, now);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('success is never anything but a completed roll forward, to the expected version', () => {
    const state = fc.oneof(fc.constantFrom(...Object.keys(upgradeStates)), fc.string());
    const version = fc.constantFrom('', 'v1', 'v2', 'v3');
    const document = fc.record({ state, version });
    fc.assert(
      fc.property(
        fc.array(document),
        document,
        fc.option(version, { nil: undefined }),
        (before, last, expected) => {
          const followed = before
            .map((one) => createBareSnapshot(upgrade(one.state, one.version)))
            .reduce(updateWatched, nothingWatched);
          const verdict = judgeWatched(followed, createBareSnapshot(upgrade(last.state, last.version)), {
            expected,
            failFast: false,
          });
          if (verdict !== 'completed') return;
          // A state may come as its number.
          expect(upgrade(last.state).state).toBe('RollingForwardCompleted');
          if (expected !== undefined) expect(last.version).toBe(expected);
        },
      ),
    );
  });
});
