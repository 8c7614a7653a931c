/** Detects whether an upgrade has moved between two readings. Pure. */

import { getCheckKey } from './course.ts';
import { countPhases, isStoppedByFailure } from './domain-progress.ts';
import { maxCauses } from './findings/unhealthy.ts';
import { findCauses, findDomain } from './health/causes.ts';
import { getCauseFacts } from './health/describe-cause.ts';
import type { DeploymentStatus, Upgrade } from './model.ts';
import { createBareSnapshot, type UpgradeSnapshot } from './snapshot.ts';
import { isHealthCheck, isInDomain, isNeverUpgraded, isRollback, isWaitingForApproval } from './state.ts';

/** The parts of a reading that are compared to detect movement. */
export interface Observation {
  /** `undefined` if the cluster has no record of the upgrade. */
  readonly snapshot: Pick<UpgradeSnapshot, 'upgrade'> | undefined;
  /** Status of the deployment, if it was read. */
  readonly status: DeploymentStatus | undefined;
}

/**
 * Reports whether the upgrade has moved between two readings: its state, its domain, the phases and safety checks of its
 * nodes, or its failure has changed. Clocks, related reads and repeated health reports do not count.
 * @param before a reading of an upgrade that has not ended
 */
export function hasMoved(before: Observation, after: Observation): boolean {
  return JSON.stringify(getPosition(before)) !== JSON.stringify(getPosition(after));
}

function getPosition({ snapshot, status }: Observation): readonly unknown[] {
  if (snapshot === undefined) return [status?.status];
  const { upgrade } = snapshot;
  const { deployment, state, targetVersion, currentDomain } = upgrade;
  const phases = [...countPhases(currentDomain?.nodes ?? [])];
  if (isNeverUpgraded(upgrade)) return [deployment, status?.status, phases];
  const position = [deployment, targetVersion, state, phases, getTrouble(upgrade)];
  if (isWaitingForApproval(upgrade)) return [...position, 'approval'];
  if (isHealthCheck(upgrade)) return [...position, 'health check', currentDomain?.name];
  const domain = isInDomain(upgrade) ? currentDomain?.name : undefined;
  return [...position, 'rollout', domain, getChecks(upgrade)];
}

/** Returns the first pending safety check and their number. */
function getChecks(upgrade: Upgrade): readonly unknown[] {
  const checks = (upgrade.currentDomain?.nodes ?? []).flatMap(({ safetyChecks }) => safetyChecks);
  return [checks[0], new Set(checks.map((check) => getCheckKey('', check))).size];
}

/** Returns what has stopped the upgrade, or what makes its health check fail. */
function getTrouble(upgrade: Upgrade): readonly unknown[] {
  const { unhealthyEvaluations: evaluations, monitoringPolicy: policy } = upgrade;
  if (isRollback(upgrade)) return [];
  const isStopped = isStoppedByFailure(createBareSnapshot(upgrade));
  if (!isStopped && !isHealthCheck(upgrade)) return [];
  const causes = findCauses(evaluations);
  const facts = causes.slice(0, maxCauses).map((cause) => getCauseFacts(cause, upgrade.startedAt));
  const health = [findDomain(evaluations), facts, causes.length];
  if (!isStopped) return health;
  const { failureReason, failedAt, domainAtFailure } = upgrade;
  const limits = [policy?.upgradeDomainTimeout, policy?.upgradeTimeout];
  return [...health, failureReason, failedAt, domainAtFailure, limits];
}
