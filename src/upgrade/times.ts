/** The times of an upgrade as a whole, from its documents or else from the cluster's events. Pure. */
import type { UpgradeSnapshot } from './snapshot.ts';
import { hasEnded, isRollback } from './state.ts';

type Timed = Pick<UpgradeSnapshot, 'upgrade' | 'application' | 'past'>;

/** Finds the start of the rollout, after provisioning. */
export function findStart({ upgrade, application, past }: Timed): Date | undefined {
  return upgrade.startedAt ?? application?.startedAt ?? past?.startedAt;
}

/** Finds when the upgrade failed, which is when its rollback began if it is rolled back. */
export function findFailure({ upgrade, application, past }: Timed): Date | undefined {
  const rollback = isRollback(upgrade) ? past?.rollbackStartedAt : undefined;
  return upgrade.failedAt ?? application?.failedAt ?? rollback;
}

/** Finds the end of an upgrade that has ended. Without an event, it is where the upgrade's own clock has stopped. */
export function findEnd(snapshot: Timed): Date | undefined {
  const { upgrade, past } = snapshot;
  if (!hasEnded(upgrade)) return undefined;
  if (past?.endedAt) return past.endedAt;
  if (upgrade.state === 'Failed') return findFailure(snapshot);
  const start = findStart(snapshot);
  const { duration = Infinity } = upgrade;
  return start && Number.isFinite(duration) ? new Date(start.getTime() + duration) : undefined;
}
