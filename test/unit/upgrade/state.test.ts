/** Predicates over the state of an upgrade. */
import { describe, expect, it } from 'vitest';
import { upgradeStates } from '../../../src/upgrade/enums.ts';
import type { Upgrade } from '../../../src/upgrade/model.ts';
import {
  hasEnded,
  isHealthCheck,
  isNeverUpgraded,
  isRollback,
  isWaitingForApproval,
} from '../../../src/upgrade/state.ts';
import { createNeverUpgraded, createUpgrade } from '../../support/documents.ts';
import { parseUpgrade } from '../../support/snapshots.ts';

function parseState(state: string): Upgrade {
  return parseUpgrade(createUpgrade({ UpgradeState: state }));
}

interface StateCase {
  readonly state: string;
  readonly ended: boolean;
  readonly rollback: boolean;
}

describe('the states of an upgrade', () => {
  it.each<StateCase>([
    { state: 'Invalid', ended: false, rollback: false },
    { state: 'ProvisioningTarget', ended: false, rollback: false },
    { state: 'RollingForwardInProgress', ended: false, rollback: false },
    { state: 'RollingForwardPending', ended: false, rollback: false },
    { state: 'UnprovisioningCurrent', ended: false, rollback: false },
    { state: 'RollingForwardCompleted', ended: true, rollback: false },
    { state: 'RollingBackInProgress', ended: false, rollback: true },
    { state: 'UnprovisioningTarget', ended: false, rollback: true },
    { state: 'RollingBackCompleted', ended: true, rollback: true },
    { state: 'Failed', ended: true, rollback: false },
    { state: 'RollingBackPending', ended: false, rollback: true },
    { state: 'NotInvented', ended: false, rollback: false },
    { state: '', ended: false, rollback: false },
    { state: 'constructor', ended: false, rollback: false },
  ])(
    'tell for $state whether it has ended ($ended) and is a rollback ($rollback)',
    ({ state, ended, rollback }) => {
      const upgrade = parseState(state);
      expect([hasEnded(upgrade), isRollback(upgrade)]).toEqual([ended, rollback]);
    },
  );

  it('are eleven', () => {
    expect(Object.keys(upgradeStates)).toHaveLength(11);
  });

  it('tell a health check from a wait for approval', () => {
    const check = parseState('RollingForwardPending');
    expect([isHealthCheck(check), isWaitingForApproval(check)]).toEqual([true, false]);
  });

  it('tell a deployment that was never upgraded from one whose upgrade completed', () => {
    const completed = { UpgradeState: 'RollingForwardCompleted' };
    expect(isNeverUpgraded(parseUpgrade(createNeverUpgraded()))).toBe(true);
    expect(isNeverUpgraded(parseUpgrade(createUpgrade(completed)))).toBe(false);
    expect(isNeverUpgraded(parseUpgrade(createUpgrade({ ...completed, UpgradeKind: undefined })))).toBe(
      false,
    );
  });
});
