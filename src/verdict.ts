/**
 * How an upgrade stands, and whether a document is still of the upgrade that is followed. Pure: never the state word
 * alone decides.
 */
import {
  type DeploymentStatus,
  isKnownState,
  isNeverUpgraded,
  isRollback,
  type Upgrade,
  upgradeStates,
  type Verdict,
} from './upgrade.ts';

/**
 * The verdict on one document by itself.
 * @param status what the status endpoint said, which decides where it was never upgraded; `undefined` when that was
 *   not to be had
 * @param expected the version that the upgrade should go to, if that matters
 */
export function verdictOf(upgrade: Upgrade, status?: DeploymentStatus, expected?: string): Verdict {
  if (isNeverUpgraded(upgrade)) {
    if (status?.status === 'Failed') return 'failed';
    return status?.status === 'Upgrading' ? 'in-progress' : 'not-found';
  }
  const verdict = isKnownState(upgrade.state) ? upgradeStates[upgrade.state].verdict : 'in-progress';
  const isOther = expected !== undefined && isToAnother(upgrade, expected);
  return verdict !== 'in-progress' && isOther ? 'superseded' : verdict;
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
}

export const nothingFollowed: Followed = { version: '', rollingBack: false };

/** Takes one more document into what is remembered. */
export function remember(followed: Followed, upgrade: Upgrade): Followed {
  if (isNeverUpgraded(upgrade) || upgrade.targetVersion === '' || upgrade.state === 'Failed') return followed;
  return isRollback(upgrade)
    ? { ...followed, rollingBack: true }
    : { version: upgrade.targetVersion, rollingBack: false };
}

/** What the user of a watch asks for. */
export interface Wish {
  readonly expected: string | undefined;
  /** A rollback that has begun is as good as ended. */
  readonly failFast: boolean;
}

/** The verdict on a document, in the light of those before it. */
export function judge(
  followed: Followed,
  upgrade: Upgrade,
  status: DeploymentStatus | undefined,
  wish: Wish,
): Verdict {
  if (isSuperseded(followed, upgrade, wish.expected)) return 'superseded';
  // The target of what failed during a rollback is the old version.
  const isOldTarget = followed.rollingBack && upgrade.state === 'Failed';
  const verdict = verdictOf(upgrade, status, isOldTarget ? undefined : wish.expected);
  const ended = verdict === 'in-progress' && wish.failFast && isRollback(upgrade) ? 'rolled-back' : verdict;
  const isOther = wish.expected !== undefined && !['', wish.expected].includes(followed.version);
  const isOwnEnd = isRollback(upgrade) || upgrade.state === 'Failed';
  return ended !== 'in-progress' && isOther && isOwnEnd ? 'superseded' : ended;
}

/**
 * Another upgrade goes to another version, or forward after a rollback (one upgrade never does), or back to the
 * version that was followed. The expected one may take the place of any other.
 */
function isSuperseded(followed: Followed, upgrade: Upgrade, expected: string | undefined): boolean {
  const { version, rollingBack } = followed;
  if (isNeverUpgraded(upgrade) || upgrade.targetVersion === '') return false;
  if (isRollback(upgrade)) return version !== '' && !rollingBack && upgrade.targetVersion === version;
  if (upgrade.targetVersion === expected) return false;
  return rollingBack ? upgrade.state !== 'Failed' : version !== '' && upgrade.targetVersion !== version;
}
