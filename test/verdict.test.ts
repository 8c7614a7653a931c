import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alone } from '../src/situation.ts';
import { type Upgrade, upgradeStates } from '../src/upgrade.ts';
import { type Followed, judge, nothingFollowed, remember, verdictWithoutRecord } from '../src/verdict.ts';
import { readProgress } from '../src/wire/progress.ts';
import { fullForm } from './documents.ts';

function upgrade(state: string, version = 'v2'): Upgrade {
  const read = readProgress(fullForm({ UpgradeState: state, TargetApplicationTypeVersion: version }));
  if (read === undefined) throw new Error('no document');
  return read;
}

const forward: Followed = { ...nothingFollowed, version: 'v2' };
const back: Followed = { ...forward, rollingBack: true };

describe('the verdict in the light of what was followed', () => {
  it.each<
    [followed: Followed, state: string, version: string, expected: string | undefined, verdict: string]
  >([
    [nothingFollowed, 'RollingForwardInProgress', 'v2', undefined, 'in-progress'],
    [nothingFollowed, 'RollingForwardCompleted', 'v2', undefined, 'completed'],
    [nothingFollowed, 'RollingBackCompleted', 'v1', undefined, 'rolled-back'],
    [nothingFollowed, 'RollingBackCompleted', 'v1', 'v2', 'rolled-back'],
    [nothingFollowed, 'RollingBackCompleted', 'v1', 'v1', 'superseded'],
    [nothingFollowed, 'RollingForwardInProgress', 'v2', 'v3', 'in-progress'],
    [nothingFollowed, 'Failed', 'v2', 'v3', 'superseded'],
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
    [{ ...nothingFollowed, version: 'v1' }, 'RollingBackCompleted', 'v0', 'v2', 'superseded'],
    [{ ...nothingFollowed, version: 'v1' }, 'Failed', 'v1', 'v2', 'superseded'],
  ])('%j, then %s to %s, expected %s: %s', (followed, state, version, expected, verdict) => {
    const wish = { expected, failFast: false };
    expect(judge(followed, alone(upgrade(state, version)), wish)).toBe(verdict);
  });

  it.each([
    ['RollingForwardInProgress', 'in-progress'],
    ['RollingBackInProgress', 'rolled-back'],
    ['UnprovisioningTarget', 'rolled-back'],
    ['RollingForwardCompleted', 'completed'],
  ])('with --fail-fast %s is %s', (state, verdict) => {
    const wish = { expected: undefined, failFast: true };
    expect(judge(nothingFollowed, alone(upgrade(state)), wish)).toBe(verdict);
  });

  it.each([
    [undefined, 'not-found'],
    ['Ready', 'rolled-back'],
    ['Failed', 'failed'],
    ['Upgrading', 'in-progress'],
    ['Whatever', 'in-progress'],
  ])('without a record, and the deployment %s: %s', (status, verdict) => {
    expect(verdictWithoutRecord(status === undefined ? undefined : { status, details: '' })).toBe(verdict);
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
            .map((one) => alone(upgrade(one.state, one.version)))
            .reduce(remember, nothingFollowed);
          const verdict = judge(followed, alone(upgrade(last.state, last.version)), {
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
