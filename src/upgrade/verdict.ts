/**
 * How an upgrade stands, and whether a document is still of the upgrade that is followed. Pure: never the state word
 * alone decides.
 */

import type { DeploymentStatus, Duration, Upgrade, Verdict } from './model.ts';
import type { UpgradeSnapshot } from './snapshot.ts';
import { isKnownState, isNeverUpgraded, isRollback, upgradeStates } from './state.ts';

/**
 * Judges one reading by itself. For a deployment that was never upgraded the status endpoint decides; a success that the
 * application's record contradicts is none.
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

/** A rollback's target is the version it goes back to: where that is the expected one, another upgrade failed. */
function isOtherVersion(upgrade: Upgrade, expected: string): boolean {
  return isRollback(upgrade) === (upgrade.targetVersion === expected);
}

/**
 * The verdict where the cluster has no record of the upgrade: that is so from when the first upgrade of a deployment
 * is rolled back during its provisioning until the next one.
 * @param status `undefined` when there is no such deployment any more
 */
export function judgeMissingRecord(status: DeploymentStatus | undefined): Verdict {
  if (status === undefined) return 'not-found';
  if (status.status === 'Ready') return 'rolled-back';
  return status.status === 'Failed' ? 'failed' : 'in-progress';
}

/** What a watch remembers of the upgrade it follows. */
export interface WatchedUpgrade {
  /** The version it goes to; `''` while that is not known. */
  readonly version: string;
  /** The version it goes back to; `undefined` unless it rolls back. */
  readonly backTo: string | undefined;
  /** Whether the last reading found no record: the upgrade is rolled back before it had one. */
  readonly isWithoutRecord: boolean;
  /** Clocks in this direction, once the rollout has begun: before, a document may have those of the last upgrade. */
  readonly clocks: WatchedClocks | undefined;
}

interface WatchedClocks {
  /** Start times in compose's document and in the application's record, in milliseconds since 1970. */
  readonly compose: number | undefined;
  readonly application: number | undefined;
  /** The upgrade's own clock in the last reading. */
  readonly duration: Duration | undefined;
}

export const nothingWatched: WatchedUpgrade = {
  version: '',
  backTo: undefined,
  isWithoutRecord: false,
  clocks: undefined,
};

/**
 * Adds a reading to what is remembered.
 * @param snapshot `undefined` if there was no record
 */
export function updateWatched(
  followed: WatchedUpgrade,
  snapshot: UpgradeSnapshot | undefined,
): WatchedUpgrade {
  if (snapshot === undefined) return { ...followed, isWithoutRecord: true };
  const { upgrade } = snapshot;
  if (isNeverUpgraded(upgrade)) return nothingWatched;
  if (upgrade.state === 'Failed') return followed;
  const isNext = isForward(upgrade) && !mayBeSame(followed, upgrade);
  const { version, clocks } = isNext ? nothingWatched : followed;
  if (isRollback(upgrade)) {
    const isTurn = followed.backTo === undefined;
    return {
      version,
      backTo: upgrade.targetVersion,
      isWithoutRecord: false,
      clocks: readClocks(snapshot, isTurn ? undefined : clocks),
    };
  }
  return {
    version: upgrade.targetVersion || version,
    backTo: undefined,
    isWithoutRecord: false,
    clocks: readClocks(snapshot, clocks),
  };
}

/** Takes the clocks of a reading; what it does not tell stays as it was. */
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
 * Tells whether an upgrade that goes forward can be the followed one, by its version and the readings before. The cluster
 * never gives a version number twice, and a rollout never goes back to provisioning.
 */
function mayBeSame({ version, backTo, isWithoutRecord, clocks }: WatchedUpgrade, upgrade: Upgrade): boolean {
  const { targetVersion, state } = upgrade;
  if (backTo !== undefined || (clocks && state === 'ProvisioningTarget')) return false;
  if (isWithoutRecord) return version !== '' && targetVersion === version;
  return version === '' || ['', version].includes(targetVersion);
}

function isForward(upgrade: Upgrade): boolean {
  return !isRollback(upgrade) && upgrade.state !== 'Failed';
}

/** What the user of a watch asks for. */
export interface SuccessCriteria {
  readonly expected: string | undefined;
  /** A rollback that has begun is as good as ended. */
  readonly failFast: boolean;
}

/** Judges a reading in the light of those before it. */
export function judgeWatched(
  followed: WatchedUpgrade,
  snapshot: UpgradeSnapshot,
  wish: SuccessCriteria,
): Verdict {
  const { upgrade } = snapshot;
  if (isSuperseded(followed, snapshot, wish.expected)) return 'superseded';
  // The target of what failed during a rollback is the old version.
  const isOldTarget = followed.backTo !== undefined && upgrade.state === 'Failed';
  const verdict = judgeSnapshot(snapshot, isOldTarget ? undefined : wish.expected);
  const ended = verdict === 'in-progress' && wish.failFast && isRollback(upgrade) ? 'rolled-back' : verdict;
  return isRollback(upgrade) || upgrade.state === 'Failed'
    ? applyExpectedVersion(ended, followed, wish)
    : ended;
}

/** Judges a reading that found no record, as {@link judgeMissingRecord}. */
export function judgeWatchedWithoutRecord(
  followed: WatchedUpgrade,
  status: DeploymentStatus | undefined,
  wish: SuccessCriteria,
): Verdict {
  const verdict = judgeMissingRecord(status);
  return verdict === 'not-found' ? verdict : applyExpectedVersion(verdict, followed, wish);
}

/** The bad end of an upgrade that is not the expected one. */
function applyExpectedVersion(
  verdict: Verdict,
  { version }: WatchedUpgrade,
  { expected }: SuccessCriteria,
): Verdict {
  const isOther = expected !== undefined && !['', expected].includes(version);
  return verdict !== 'in-progress' && isOther ? 'superseded' : verdict;
}

/**
 * Tells whether the reading is of a different upgrade: to another version, forward after a rollback (one upgrade never
 * does that), or back to the followed version; or to the same version, but with another start time or a clock that fell.
 * That happens when a deployment is removed and created again. The expected upgrade may replace any other.
 */
function isSuperseded(
  followed: WatchedUpgrade,
  snapshot: UpgradeSnapshot,
  expected: string | undefined,
): boolean {
  const { version, backTo, isWithoutRecord } = followed;
  const { upgrade, status } = snapshot;
  const { targetVersion: target } = upgrade;
  const canBeReplaced = expected !== undefined && version !== expected && backTo !== expected;
  // A deployment that was upgraded before is another one, and about to be upgraded.
  if (isNeverUpgraded(upgrade))
    return status?.status === 'Upgrading' && (version !== '' || backTo !== undefined) && !canBeReplaced;
  if (isForward(upgrade)) {
    const isExpected = target === expected && canBeReplaced;
    return !isExpected && (!mayBeSame(followed, upgrade) || hasStartedAnew(followed, snapshot));
  }
  if (hasStartedAnew(followed, snapshot)) return true;
  if (isRollback(upgrade))
    return version === '' ? isWithoutRecord : backTo === undefined && target === version;
  return version !== '' && backTo === undefined && !['', version, expected].includes(target);
}

/**
 * Tolerated fall of an upgrade's clock. A cluster manager that fails over loses what it had not stored, and it stores once a
 * minute (`UpgradeStatusPollInterval`).
 */
const maxClockFallMs: Duration = 90_000;

/** Compares the clocks with those of the last reading in the same direction. */
function hasStartedAnew({ backTo, clocks }: WatchedUpgrade, snapshot: UpgradeSnapshot): boolean {
  const { upgrade } = snapshot;
  const isTurn = isRollback(upgrade) !== (backTo !== undefined);
  // The runtime resets the clock of a failed upgrade.
  if (clocks === undefined || isTurn || upgrade.state === 'Failed') return false;
  const now = readClocks(snapshot, undefined);
  const isOther = (one: number | undefined, other: number | undefined) =>
    one !== undefined && other !== undefined && one !== other;
  if (isOther(now?.compose, clocks.compose) || isOther(now?.application, clocks.application)) return true;
  return (clocks.duration ?? 0) - (now?.duration ?? Number.POSITIVE_INFINITY) > maxClockFallMs;
}
