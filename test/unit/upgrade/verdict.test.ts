/** Verdicts on an upgrade from a single reading. */
import { describe, expect, it } from 'vitest';
import { parseStatus } from '../../../src/cluster/wire/deployments.ts';
import type { Verdict } from '../../../src/platform/outcome.ts';
import type { DeploymentStatus } from '../../../src/upgrade/model.ts';
import { createBareSnapshot } from '../../../src/upgrade/snapshot.ts';
import { judgeMissingRecord, judgeSnapshot } from '../../../src/upgrade/verdict.ts';
import { createNeverUpgraded, createUpgrade } from '../../support/documents.ts';
import { parseUpgrade } from '../../support/snapshots.ts';

interface StateCase {
  readonly state: string;
  readonly verdict: Verdict;
}

interface StatusCase {
  readonly status: DeploymentStatus | undefined;
  readonly verdict: Verdict;
}

describe('the verdict of one reading', () => {
  it.each<StateCase>([
    { state: 'Invalid', verdict: 'in-progress' },
    { state: 'ProvisioningTarget', verdict: 'in-progress' },
    { state: 'RollingForwardInProgress', verdict: 'in-progress' },
    { state: 'RollingForwardPending', verdict: 'in-progress' },
    { state: 'UnprovisioningCurrent', verdict: 'in-progress' },
    { state: 'RollingForwardCompleted', verdict: 'completed' },
    { state: 'RollingBackInProgress', verdict: 'in-progress' },
    { state: 'UnprovisioningTarget', verdict: 'in-progress' },
    { state: 'RollingBackCompleted', verdict: 'rolled-back' },
    { state: 'Failed', verdict: 'failed' },
    { state: 'RollingBackPending', verdict: 'in-progress' },
    { state: 'NotInvented', verdict: 'in-progress' },
    { state: '', verdict: 'in-progress' },
    { state: 'constructor', verdict: 'in-progress' },
  ])('is $verdict in state $state', ({ state, verdict }) => {
    const upgrade = parseUpgrade(createUpgrade({ UpgradeState: state }));
    expect(judgeSnapshot(createBareSnapshot(upgrade))).toBe(verdict);
  });

  it.each<StatusCase>([
    { status: undefined, verdict: 'not-found' },
    { status: { status: 'Ready', details: '' }, verdict: 'not-found' },
    { status: { status: 'Failed', details: '' }, verdict: 'failed' },
    { status: { status: 'Upgrading', details: '' }, verdict: 'in-progress' },
  ])('is $verdict for a deployment that was never upgraded, with status $status.status', (row) => {
    const never = parseUpgrade(createNeverUpgraded());
    expect(judgeSnapshot(createBareSnapshot(never, row.status))).toBe(row.verdict);
  });

  it.each([
    { status: undefined, verdict: 'not-found' },
    { status: 'Ready', verdict: 'rolled-back' },
    { status: 'Failed', verdict: 'failed' },
    { status: 'Upgrading', verdict: 'in-progress' },
    { status: 'Whatever', verdict: 'in-progress' },
  ])('is $verdict without a record of the upgrade, with status $status', ({ status, verdict }) => {
    expect(judgeMissingRecord(parseStatus({ ComposeDeploymentStatus: status }))).toBe(verdict);
  });
});
