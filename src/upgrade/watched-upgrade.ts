/** Judges a reading in the light of earlier ones, and detects a different upgrade. Pure. */
import type { Verdict } from '../platform/outcome.ts';
import type { DeploymentStatus, Duration, Upgrade } from './model.ts';
import type { UpgradeSnapshot } from './snapshot.ts';
import { isNeverUpgraded, isRollback } from './state.ts';
import { judgeMissingRecord, judgeSnapshot } from './verdict.ts';

/** The upgrade that a watch follows, as far as the readings so far identify it. */
export interface WatchedUpgrade {
  /** Target version; `undefined` until known. */
  readonly version: string | undefined;
  readonly isBack: boolean;
  /** In a rollback, the version that it returns to. */
  readonly backTo: string | undefined;
  /** Whether the last reading found no record: the upgrade is rolled back before it had one. */
  readonly isWithoutRecord: boolean;
  /** Clocks in this direction; `undefined` before the rollout, when they can be those of the last upgrade. */
  readonly clocks: WatchedClocks | undefined;
}

interface WatchedClocks {
  /** Start times in compose's document and in the application's record, in milliseconds since 1970. */
  readonly compose: number | undefined;
  readonly application: number | undefined;
  /** The upgrade's own clock in the last reading. */
  readonly duration: Duration | undefined;
}

/** The state of a watch before its first reading. */
export const nothingWatched: WatchedUpgrade = {
  version: undefined,
  isBack: false,
  backTo: undefined,
  isWithoutRecord: false,
  clocks: undefined,
};

/** Adds a reading. @param snapshot `undefined` if there was no record */
export function updateWatched(
  watched: WatchedUpgrade,
  snapshot: UpgradeSnapshot | undefined,
): WatchedUpgrade {
  if (snapshot === undefined) return { ...watched, isWithoutRecord: true };
  const { upgrade } = snapshot;
  if (isNeverUpgraded(upgrade)) return nothingWatched;
  if (upgrade.state === 'Failed') return watched;
  const isNext = isForward(upgrade) && !mayBeSame(watched, upgrade);
  const { version, clocks } = isNext ? nothingWatched : watched;
  const isBack = isRollback(upgrade);
  const isReversal = isBack && !watched.isBack;
  return {
    version: isBack ? version : (upgrade.targetVersion ?? version),
    isBack,
    backTo: isBack ? upgrade.targetVersion : undefined,
    isWithoutRecord: false,
    clocks: readClocks(snapshot, isReversal ? undefined : clocks),
  };
}

/** Reads the clocks of a snapshot; those that it lacks stay as they were. */
function readClocks(
  { upgrade, application }: UpgradeSnapshot,
  before: WatchedClocks | undefined,
): WatchedClocks | undefined {
  if (upgrade.state === 'ProvisioningTarget') return undefined;
  return {
    compose: upgrade.startedAt?.getTime() ?? before?.compose,
    application: application?.startedAt?.getTime() ?? before?.application,
    duration: upgrade.duration ?? before?.duration,
  };
}

/**
 * Reports whether a forward upgrade can be the watched one, by its version and the readings before. The
 * cluster never reuses a version number, and a rollout never returns to provisioning.
 */
function mayBeSame(
  { version, isBack, isWithoutRecord, clocks }: WatchedUpgrade,
  { targetVersion, state }: Upgrade,
): boolean {
  if (isBack || (clocks && state === 'ProvisioningTarget')) return false;
  if (isWithoutRecord) return version !== undefined && targetVersion === version;
  return version === undefined || targetVersion === undefined || targetVersion === version;
}

function isForward(upgrade: Upgrade): boolean {
  return !isRollback(upgrade) && upgrade.state !== 'Failed';
}

/** Criteria for the success of a watch. */
export interface SuccessCriteria {
  /** The version that the upgrade should go to, if that matters. */
  readonly expected: string | undefined;
  /** Whether a rollback counts as ended as soon as it begins. */
  readonly failFast: boolean;
}

/** Judges a reading in the light of those before it. */
export function judgeWatched(
  watched: WatchedUpgrade,
  snapshot: UpgradeSnapshot,
  criteria: SuccessCriteria,
): Verdict {
  const { upgrade } = snapshot;
  if (isSuperseded(watched, snapshot, criteria.expected)) return 'superseded';
  // The target of an upgrade that failed during its rollback is the old version.
  const isOldTarget = watched.isBack && upgrade.state === 'Failed';
  const verdict = judgeSnapshot(snapshot, isOldTarget ? undefined : criteria.expected);
  const isEnough = verdict === 'in-progress' && criteria.failFast && isRollback(upgrade);
  const ended = isEnough ? 'rolled-back' : verdict;
  return isForward(upgrade) ? ended : applyExpectedVersion(ended, watched, criteria);
}

/** Judges a reading that found no record, as {@link judgeMissingRecord} does. */
export function judgeWatchedWithoutRecord(
  watched: WatchedUpgrade,
  status: DeploymentStatus | undefined,
  criteria: SuccessCriteria,
): Verdict {
  const verdict = judgeMissingRecord(status);
  return verdict === 'not-found' ? verdict : applyExpectedVersion(verdict, watched, criteria);
}

/** Turns the bad end of an upgrade that is not the expected one into `superseded`. */
function applyExpectedVersion(
  verdict: Verdict,
  { version }: WatchedUpgrade,
  { expected }: SuccessCriteria,
): Verdict {
  const isOther = expected !== undefined && version !== undefined && version !== expected;
  return verdict !== 'in-progress' && isOther ? 'superseded' : verdict;
}

/**
 * Reports whether the reading is of a different upgrade: to another version, forward after a rollback (one upgrade never
 * does that), or back to the watched version; or to the same version, but with another start time or a clock that fell,
 * as when a deployment is removed and created again. The expected upgrade may replace any other.
 */
function isSuperseded(
  watched: WatchedUpgrade,
  snapshot: UpgradeSnapshot,
  expected: string | undefined,
): boolean {
  const { version, isBack, backTo, isWithoutRecord } = watched;
  const { upgrade, status } = snapshot;
  const { targetVersion: target } = upgrade;
  const canBeReplaced = expected !== undefined && version !== expected && backTo !== expected;
  // A deployment that was upgraded and now reports "never upgraded" was created anew, and is about to be upgraded.
  if (isNeverUpgraded(upgrade))
    return status?.status === 'Upgrading' && (version !== undefined || isBack) && !canBeReplaced;
  if (isForward(upgrade)) {
    const isExpected = target === expected && canBeReplaced;
    return !isExpected && (!mayBeSame(watched, upgrade) || hasStartedAnew(watched, snapshot));
  }
  if (hasStartedAnew(watched, snapshot)) return true;
  if (isRollback(upgrade)) return version === undefined ? isWithoutRecord : !isBack && target === version;
  const isKnownTarget = target === undefined || target === version || target === expected;
  return version !== undefined && !isBack && !isKnownTarget;
}

/**
 * Tolerated fall of an upgrade's clock. A cluster manager that fails over loses what it has not stored, and it stores
 * once a minute (`UpgradeStatusPollInterval`).
 */
const maxClockFallMs: Duration = 90_000;

/** Compares the clocks with those of the last reading in the same direction. */
function hasStartedAnew({ isBack, clocks }: WatchedUpgrade, snapshot: UpgradeSnapshot): boolean {
  const { upgrade } = snapshot;
  const isReversal = isRollback(upgrade) !== isBack;
  // The runtime resets the clock of a failed upgrade.
  if (clocks === undefined || isReversal || upgrade.state === 'Failed') return false;
  const now = readClocks(snapshot, undefined);
  const isOther = (one: number | undefined, other: number | undefined) =>
    one !== undefined && other !== undefined && one !== other;
  if (isOther(now?.compose, clocks.compose) || isOther(now?.application, clocks.application)) return true;
  return (clocks.duration ?? 0) - (now?.duration ?? Infinity) > maxClockFallMs;
}
