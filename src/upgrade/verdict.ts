/** Judges an upgrade by a single reading. The state alone never decides. Pure. */
import type { Verdict } from '../platform/outcome.ts';
import { upgradeStates } from './enums.ts';
import type { DeploymentStatus, Upgrade } from './model.ts';
import type { UpgradeSnapshot } from './snapshot.ts';
import { isKnownState, isNeverUpgraded, isRollback } from './state.ts';

/**
 * Judges one reading. For a deployment that was never upgraded the status endpoint decides; a success that the
 * application's record contradicts is no success.
 * @param expected the version that the upgrade should go to, if that matters
 */
export function judgeSnapshot(
  { upgrade, status, contradiction }: UpgradeSnapshot,
  expected?: string,
): Verdict {
  if (isNeverUpgraded(upgrade)) {
    if (status?.status === 'Failed') return 'failed';
    return status?.status === 'Upgrading' ? 'in-progress' : 'not-found';
  }
  const verdict = isKnownState(upgrade.state) ? upgradeStates[upgrade.state].verdict : 'in-progress';
  const isOther = expected !== undefined && isOtherVersion(upgrade, expected);
  if (verdict !== 'in-progress' && isOther) return 'superseded';
  return contradiction?.verdict ?? verdict;
}

/** Reports whether a different upgrade was expected. A rollback's target is the version it returns to. */
function isOtherVersion(upgrade: Upgrade, expected: string): boolean {
  return isRollback(upgrade) === (upgrade.targetVersion === expected);
}

/**
 * Judges a deployment without a record of an upgrade. The cluster has none once the first upgrade of a deployment is
 * rolled back during provisioning, until the next upgrade.
 * @param status `undefined` if the deployment no longer exists
 */
export function judgeMissingRecord(status: DeploymentStatus | undefined): Verdict {
  if (status === undefined) return 'not-found';
  if (status.status === 'Ready') return 'rolled-back';
  return status.status === 'Failed' ? 'failed' : 'in-progress';
}
