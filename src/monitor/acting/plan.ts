/** Plans an upgrade: compares the compose file with the version that runs. Pure. */
import type { ComposeFile, ComposeService } from '../../config/compose-file.ts';
import type { UpgradePolicy } from '../../config/upgrade-policy.ts';
import type { HealthState } from '../../upgrade/enums.ts';
import type { DeploymentState } from './deployment-state.ts';
import type { RunningApplication } from './running-application.ts';
import { findCurrentVersion, type NextVersion, predictVersion } from './versions.ts';

/** An upgrade that is about to be requested. */
export interface UpgradePlan {
  readonly deployment: string;
  /** `undefined` if not known. */
  readonly fromVersion: string | undefined;
  readonly toVersion: NextVersion | undefined;
  readonly policy: UpgradePolicy;
  /** `undefined` if the manifest of the current version could not be read. */
  readonly changes: ServiceChanges | undefined;
  /** Health of the application before the upgrade, if known. */
  readonly health: HealthState | undefined;
  readonly fileSha256: string;
}

/** Differences between the services that run and those of the compose file. */
interface ServiceChanges {
  readonly added: readonly ComposeService[];
  /** Services that the cluster deletes, because the compose file no longer has them. */
  readonly deleted: readonly string[];
  readonly changed: readonly ImageChange[];
  /** Whether the images of all services that stay could be compared. */
  readonly isComplete: boolean;
}

/** A service that gets another image. */
interface ImageChange {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** @param running `undefined` if its manifest could not be read */
export function createPlan(
  state: DeploymentState,
  running: RunningApplication | undefined,
  { services, sha256 }: ComposeFile,
  policy: UpgradePolicy,
): UpgradePlan {
  const fromVersion = running?.version ?? findCurrentVersion(state);
  return {
    deployment: state.deployment,
    fromVersion,
    toVersion: predictVersion(state, fromVersion),
    policy,
    changes: running && compareServices(running, services),
    health: running?.health,
    fileSha256: sha256,
  };
}

function compareServices(
  { manifest, images }: RunningApplication,
  services: readonly ComposeService[],
): ServiceChanges {
  const before = manifest.services.map(({ name }) => name);
  const after = services.map(({ name }) => name);
  const kept = services.filter(({ name }) => before.includes(name));
  return {
    added: services.filter(({ name }) => !before.includes(name)),
    deleted: before.filter((name) => !after.includes(name)),
    changed: kept.flatMap(({ name, image: to }) => {
      const from = images.get(name);
      return from === undefined || to === undefined || from === to ? [] : [{ name, from, to }];
    }),
    isComplete: kept.every(({ name }) => images.has(name)),
  };
}

/** Reports whether services and images stay as they are, so that only settings of services can change. */
export function hasSameImages({ changes }: UpgradePlan): boolean {
  if (changes === undefined) return false;
  const { added, deleted, changed, isComplete } = changes;
  return isComplete && added.length + deleted.length + changed.length === 0;
}
