import { describe, expect, it } from 'vitest';
import { readComposeUpgrade } from '../../../src/cluster/wire/compose-upgrade.ts';
import type { DeploymentStatus } from '../../../src/upgrade/model.ts';
import { createBareSnapshot } from '../../../src/upgrade/snapshot.ts';
import {
  hasEnded,
  isHealthCheck,
  isNeverUpgraded,
  isRollback,
  isWaitingForApproval,
  upgradeStates,
} from '../../../src/upgrade/state.ts';
import { judgeSnapshot } from '../../../src/upgrade/verdict.ts';
import { describeState } from '../../../src/upgrade/wording.ts';
import { fullForm, type Members, neverUpgraded } from '../../support/documents.ts';

function upgrade(members: Members) {
  const read = readComposeUpgrade(fullForm(members));
  if (read === undefined) throw new Error('no document');
  return read;
}

describe('states', () => {
  it.each([
    ['Invalid', 'in-progress', false, false],
    ['ProvisioningTarget', 'in-progress', false, false],
    ['RollingForwardInProgress', 'in-progress', false, false],
    ['RollingForwardPending', 'in-progress', false, false],
    ['UnprovisioningCurrent', 'in-progress', false, false],
    ['RollingForwardCompleted', 'completed', true, false],
    ['RollingBackInProgress', 'in-progress', false, true],
    ['UnprovisioningTarget', 'in-progress', false, true],
    ['RollingBackCompleted', 'rolled-back', true, true],
    ['Failed', 'failed', true, false],
    ['RollingBackPending', 'in-progress', false, true],
    ['NotInvented', 'in-progress', false, false],
    ['', 'in-progress', false, false],
    ['constructor', 'in-progress', false, false],
  ])('%s: %s, ended %s, rollback %s', (state, verdict, ended, rollback) => {
    const one = upgrade({ UpgradeState: state });
    expect([judgeSnapshot(createBareSnapshot(one)), hasEnded(one), isRollback(one)]).toEqual([
      verdict,
      ended,
      rollback,
    ]);
    expect(describeState(createBareSnapshot(one))).not.toBe('');
  });

  it('are eleven', () => {
    expect(Object.keys(upgradeStates)).toHaveLength(11);
  });
});

describe('what is going on', () => {
  const next = { DomainName: 'UD1', NodeUpgradeProgressList: [] };
  const tree = [{ HealthEvaluation: { Kind: 'Event' } }];
  it.each<[string, Members]>([
    [
      'health check before upgrade domain UD1',
      { UpgradeState: 'RollingForwardPending', CurrentUpgradeDomainProgress: next },
    ],
    [
      'health check before upgrade domain UD1, failing so far',
      {
        UpgradeState: 'RollingForwardPending',
        CurrentUpgradeDomainProgress: next,
        ApplicationUnhealthyEvaluations: tree,
      },
    ],
    ['final health check', { UpgradeState: 'RollingForwardInProgress' }],
    ['rolling forward', { UpgradeState: 'RollingForwardInProgress', UpgradeDuration: 'PT0H0M0S' }],
    [
      'waiting for a person to let it go on',
      {
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: next,
      },
    ],
    [
      'rolling back, upgrade domain UD1',
      { UpgradeState: 'RollingBackInProgress', CurrentUpgradeDomainProgress: next },
    ],
  ])('%s', (words, members) => {
    expect(describeState(createBareSnapshot(upgrade(members)))).toBe(words);
  });

  it('is told apart: a check is no wait for a person', () => {
    const check = upgrade({ UpgradeState: 'RollingForwardPending' });
    expect([isHealthCheck(check), isWaitingForApproval(check)]).toEqual([true, false]);
  });
});

describe('a deployment that was never upgraded', () => {
  const never = readComposeUpgrade(neverUpgraded());
  if (never === undefined) throw new Error('no document');
  it.each<[DeploymentStatus | undefined, string]>([
    [undefined, 'not-found'],
    [{ status: 'Ready', details: '' }, 'not-found'],
    [{ status: 'Failed', details: '' }, 'failed'],
    [{ status: 'Upgrading', details: '' }, 'in-progress'],
  ])('with status %j is %s', (status, verdict) => {
    expect(judgeSnapshot(createBareSnapshot(never, status))).toBe(verdict);
  });

  it('is not taken for one that was upgraded', () => {
    expect(isNeverUpgraded(never)).toBe(true);
    expect(isNeverUpgraded(upgrade({ UpgradeState: 'RollingForwardCompleted' }))).toBe(false);
    expect(
      isNeverUpgraded(upgrade({ UpgradeState: 'RollingForwardCompleted', UpgradeKind: undefined })),
    ).toBe(false);
  });
});
