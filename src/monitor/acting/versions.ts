/** Predicts the version that an upgrade gets, and recognizes a new one. Pure. */
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import type { DeploymentState } from './deployment-state.ts';

/** The version that the next upgrade gets. */
export interface NextVersion {
  /** The version, or the one below it if that is all that is known. */
  readonly version: string;
  readonly isExact: boolean;
}

/** Formats a version that was predicted: `v8`, `above v7`. */
export function formatNextVersion({ version, isExact }: NextVersion): string {
  return isExact ? version : `above ${version}`;
}

/**
 * Predicts the version: the cluster adds one to the current version or to the target of the last upgrade, whichever is
 * higher (`DockerComposeAppTypeNameVersionGenerator.cpp`). After a rollback that target is not known.
 * @param current `undefined` if not known
 */
export function predictVersion(
  { reading }: DeploymentState,
  current: string | undefined,
): NextVersion | undefined {
  const snapshot = reading?.snapshot;
  const target = snapshot?.upgrade.targetVersion;
  const isTargetLast = snapshot?.upgrade.state === 'RollingForwardCompleted' || hasFailed(snapshot);
  const base = isTargetLast ? (target ?? current) : (current ?? target);
  if (base === undefined) return undefined;
  const number = parseVersion(base);
  if (isTargetLast && number !== undefined) return { version: `v${number + 1}`, isExact: true };
  return { version: base, isExact: false };
}

function hasFailed(snapshot: UpgradeSnapshot | undefined): boolean {
  return snapshot?.upgrade.state === 'Failed';
}

/** Returns the version that runs, as far as the latest upgrade tells it. */
export function findCurrentVersion({ reading }: DeploymentState): string | undefined {
  const { state, targetVersion } = reading?.snapshot?.upgrade ?? {};
  return state === 'RollingForwardCompleted' || state === 'RollingBackCompleted' ? targetVersion : undefined;
}

/** Reports whether a version is newer than another one. Versions without a number are newer if they differ. */
export function isNewerVersion(version: string | undefined, than: string | undefined): boolean {
  if (version === undefined || version === than) return false;
  const [one, other] = [parseVersion(version), parseVersion(than ?? 'v0')];
  return one === undefined || other === undefined || one > other;
}

/** @returns `undefined` for a text that is no version of a compose deployment */
function parseVersion(version: string): number | undefined {
  return /^v\d{1,15}$/.test(version) ? Number(version.slice(1)) : undefined;
}
