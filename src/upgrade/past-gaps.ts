/** Decides whether the cluster's events can complete the readings of an upgrade. Pure. */
import { findTurn, listDomains } from './domain-progress.ts';
import { collectFindings } from './findings/collect.ts';
import { findUnexplained } from './findings/container-exits.ts';
import { endedBeforeRollout, type UpgradeSnapshot } from './snapshot.ts';
import { hasEnded, isNeverUpgraded, isRollback, isRolledOut } from './state.ts';

/** Reports whether times of domains are missing that the events can have, or a cause that the exit of a container can be. */
export function hasPastGaps(snapshot: UpgradeSnapshot): boolean {
  const { upgrade, isUntouched } = snapshot;
  if (isNeverUpgraded(upgrade) || isUntouched || endedBeforeRollout(snapshot)) return false;
  return lacksTimes(snapshot) || findUnexplained(collectFindings(snapshot)) !== undefined;
}

function lacksTimes(snapshot: UpgradeSnapshot): boolean {
  const { upgrade, course } = snapshot;
  const { list } = listDomains(snapshot);
  const isMissing = list.some(({ state, took }) => state === 'done' && took === undefined);
  if (isRollback(upgrade)) return isMissing || lacksForwardTimes(snapshot);
  if (hasEnded(upgrade) || isRolledOut(upgrade)) return isMissing || list.length === 0;
  // Without the application's record, which can be on its way, the clocks show that domains are done.
  const { duration = 0, domainDuration = duration } = upgrade;
  return isMissing || (course.finished.length === 0 && duration - domainDuration >= 1000);
}

/** Reports whether times of the rollout before a rollback are missing. */
function lacksForwardTimes(snapshot: UpgradeSnapshot): boolean {
  const turn = findTurn(snapshot);
  const known = new Set(snapshot.course.forward?.finished.map(({ name }) => name));
  return turn === undefined || turn.names.slice(0, turn.index + 1).some((name) => !known.has(name));
}
