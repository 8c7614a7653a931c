/** Runs the upgrades that a deployment has had before the simulation starts. */
import type { ComposeSource } from './application-package.ts';
import { requestRollback } from './compose-upgrade.ts';
import type { Deployment } from './deployment.ts';
import type { PastUpgrade } from './scenarios.ts';

/** Time from the creation of a deployment to its first upgrade, in hours. */
const hoursBeforeUpgrade = 20;

/** Returns the seconds from the creation of a deployment to the start of the simulation. */
export function getAge([first]: readonly PastUpgrade[]): number {
  return first ? (first.hoursAgo + hoursBeforeUpgrade) * 3600 : 0;
}

/** Runs upgrades one after the other. @param now seconds since 1970 at which the simulation starts */
export function runPast(
  deployment: Deployment,
  past: readonly PastUpgrade[],
  source: ComposeSource,
  now: number,
): void {
  for (const { hoursAgo, policy, failure, rollbackAfter } of past) {
    const start = now - hoursAgo * 3600;
    deployment.advanceTo(start);
    deployment.startUpgrade(policy, source, failure ? { failure } : {});
    if (rollbackAfter === undefined) continue;
    deployment.advanceTo(start + rollbackAfter);
    requestRollback(deployment);
  }
}
