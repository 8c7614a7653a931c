/**
 * How an upgrade stands, and whether a document is still of the upgrade that is followed. Pure: never the state word
 * alone decides.
 */
import type { Situation } from './situation.ts';
import {
  type DeploymentStatus,
  type Duration,
  isKnownState,
  isNeverUpgraded,
  isRollback,
  type Upgrade,
  upgradeStates,
  type Verdict,
} from './upgrade.ts';

/**
 * Judges one reading by itself. For a deployment that was never upgraded the status endpoint decides; a success that the
 * application's record contradicts is none.
 * @param expected the version that the upgrade should go to, if that matters
 */
export function verdictOf({ upgrade, status, contradiction }: Situation, expected?: string): Verdict {
  if (isNeverUpgraded(upgrade)) {
    if (status?.status === 'Failed') return 'failed';
    return status?.status === 'Upgrading' ? 'in-progress' : 'not-found';
  }
  const verdict = isKnownState(upgrade.state) ? upgradeStates[upgrade.state].verdict : 'in-progress';
  const isOther = expected !== undefined && isToAnother(upgrade, expected);
  if (verdict !== 'in-progress' && isOther) return 'superseded';
  if (contradiction) return contradiction.state === 'Failed' ? 'failed' : 'rolled-back';
  return verdict;
}

/** A rollback's target is the version it goes back to: where that is the expected one, another upgrade failed. */
function isToAnother(upgrade: Upgrade, expected: string): boolean {
  return isRollback(upgrade) === (upgrade.targetVersion === expected);
}

/**
 * The verdict where the cluster has no record of the upgrade: that is so from when the first upgrade of a deployment
 * is rolled back during its provisioning until the next one.
 * @param status `undefined` when there is no such deployment any more
 */
export function verdictWithoutRecord(status: DeploymentStatus | undefined): Verdict {
  if (status === undefined) return 'not-found';
  if (status.status === 'Ready') return 'rolled-back';
  return status.status === 'Failed' ? 'failed' : 'in-progress';
}

/** What a watch remembers of the upgrade it follows. */
export interface Followed {
  /** The version it goes to; `''` while that is not known. */
  readonly version: string;
  readonly rollingBack: boolean;
  /** Whether the last reading found no record: the upgrade is rolled back before it had one. */
  readonly isWithoutRecord: boolean;
  /** Start times in compose's document and in the application's record, in milliseconds since 1970. */
  readonly startedAt: { readonly compose: number | undefined; readonly application: number | undefined };
  /** The upgrade's own clock in the last reading. */
  readonly duration: Duration;
}

export const nothingFollowed: Followed = {
  version: '',
  rollingBack: false,
  isWithoutRecord: false,
  startedAt: { compose: undefined, application: undefined },
  duration: 0,
};

/**
 * Adds a reading to what is remembered.
 * @param situation `undefined` if there was no record
 */
export function remember(followed: Followed, situation: Situation | undefined): Followed {
  if (situation === undefined) return { ...followed, isWithoutRecord: true };
  const { upgrade } = situation;
  if (isNeverUpgraded(upgrade) || upgrade.state === 'Failed') return followed;
  const isNext = isForward(upgrade) && !mayBeSame(followed, upgrade);
  const { version, rollingBack, startedAt, duration } = isNext ? nothingFollowed : followed;
  const began = startOf(situation);
  return {
    version: isForward(upgrade) ? upgrade.targetVersion || version : version,
    rollingBack: rollingBack || isRollback(upgrade),
    isWithoutRecord: false,
    startedAt: {
      compose: began.compose ?? startedAt.compose,
      application: began.application ?? startedAt.application,
    },
    duration: upgrade.duration ?? duration,
  };
}

/**
 * Tells whether an upgrade that goes forward can be the followed one, by its version and the readings before. The cluster
 * never gives a version number twice.
 */
function mayBeSame({ version, rollingBack, isWithoutRecord }: Followed, { targetVersion }: Upgrade): boolean {
  if (rollingBack) return false;
  if (isWithoutRecord) return version !== '' && targetVersion === version;
  return version === '' || ['', version].includes(targetVersion);
}

function isForward(upgrade: Upgrade): boolean {
  return !isRollback(upgrade) && upgrade.state !== 'Failed';
}

function startOf({ upgrade, application }: Situation): Followed['startedAt'] {
  return { compose: upgrade.startedAt?.getTime(), application: application?.startedAt?.getTime() };
}

/** What the user of a watch asks for. */
export interface Wish {
  readonly expected: string | undefined;
  /** A rollback that has begun is as good as ended. */
  readonly failFast: boolean;
}

/** Judges a reading in the light of those before it. */
export function judge(followed: Followed, situation: Situation, wish: Wish): Verdict {
  const { upgrade } = situation;
  if (isSuperseded(followed, situation, wish.expected)) return 'superseded';
  // The target of what failed during a rollback is the old version.
  const isOldTarget = followed.rollingBack && upgrade.state === 'Failed';
  const verdict = verdictOf(situation, isOldTarget ? undefined : wish.expected);
  const ended = verdict === 'in-progress' && wish.failFast && isRollback(upgrade) ? 'rolled-back' : verdict;
  const isOther = wish.expected !== undefined && !['', wish.expected].includes(followed.version);
  const isOwnEnd = isRollback(upgrade) || upgrade.state === 'Failed';
  return ended !== 'in-progress' && isOther && isOwnEnd ? 'superseded' : ended;
}

/**
 * Tells whether the reading is of a different upgrade: to another version, forward after a rollback (one upgrade never
 * does that), or back to the followed version; or to the same version, but with another start time or a clock that fell,
 * as after the deployment was removed and created again. The expected upgrade may replace any other.
 */
function isSuperseded(followed: Followed, situation: Situation, expected: string | undefined): boolean {
  const { version, rollingBack, isWithoutRecord } = followed;
  const { upgrade } = situation;
  if (isNeverUpgraded(upgrade)) return false;
  const { targetVersion: target } = upgrade;
  if (isForward(upgrade)) {
    const isExpected = target === expected && version !== expected;
    return !isExpected && (!mayBeSame(followed, upgrade) || isAnew(followed, situation));
  }
  if (isAnew(followed, situation)) return true;
  if (isRollback(upgrade)) return version === '' ? isWithoutRecord : !rollingBack && target === version;
  return version !== '' && !rollingBack && !['', version, expected].includes(target);
}

/**
 * Tolerated fall of an upgrade's clock. A cluster manager that fails over loses what it had not stored, and it stores once a
 * minute (`UpgradeStatusPollInterval`).
 */
const maxFall: Duration = 90_000;

function isAnew({ startedAt, duration }: Followed, situation: Situation): boolean {
  const { upgrade } = situation;
  const began = startOf(situation);
  const isOther = (one: number | undefined, other: number | undefined) =>
    one !== undefined && other !== undefined && one !== other;
  if (isOther(began.compose, startedAt.compose) || isOther(began.application, startedAt.application))
    return true;
  // The runtime resets the clock of a failed upgrade.
  return (
    upgrade.state !== 'Failed' && upgrade.duration !== undefined && duration - upgrade.duration > maxFall
  );
}
