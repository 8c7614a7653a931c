/** All that is known of an upgrade at one moment, from whatever it was read. Pure. */
import type { CommandTarget } from '../platform/command-target.ts';
import { extendHistory, type History, noHistory } from './history.ts';
import type { ApplicationUpgrade, DeploymentStatus, Upgrade } from './model.ts';
import { isNeverUpgraded, isRollback, isRolledOut } from './state.ts';

export interface UpgradeSnapshot {
  readonly upgrade: Upgrade;
  /** `undefined` where it was not original for, or not told. */
  readonly status: DeploymentStatus | undefined;
  /** The application's own record, if it is of this upgrade. */
  readonly application: ApplicationUpgrade | undefined;
  /** The application's own record is of an older upgrade: this one never came to the application. */
  readonly isUntouched: boolean;
  /** How the application's own record contradicts a success that compose reports. */
  readonly contradiction: Contradiction | undefined;
  /** Names of services by their partitions. */
  readonly services: ReadonlyMap<string, string>;
  readonly history: History;
  /** The first reading on the way forward, which has the settings that the upgrade was started with. */
  readonly original: Upgrade | undefined;
  /** Commands that commandTarget the same cluster. */
  readonly commandTarget: CommandTarget | undefined;
}

export interface Contradiction {
  readonly record: ApplicationUpgrade;
  /** The verdict of the record. */
  readonly verdict: 'failed' | 'rolled-back' | 'superseded';
}

/** What is read beside the upgrade's own document. */
export interface RelatedFacts {
  readonly status: DeploymentStatus | undefined;
  readonly application: ApplicationUpgrade | undefined;
  readonly services: ReadonlyMap<string, string>;
  readonly commandTarget?: CommandTarget | undefined;
}

/**
 * A rollback that never came to the application: what the document says of health, times and policies is of the upgrade
 * before. Where the application does not tell, what was seen last before it does.
 */
export function endedBeforeRollout({ upgrade, application, isUntouched, history }: UpgradeSnapshot): boolean {
  if (!isRollback(upgrade)) return false;
  return isUntouched || (history.isPreparing && application === undefined);
}

/** An upgrade of which nothing but its own document is known. */
export function createBareSnapshot(upgrade: Upgrade, status?: DeploymentStatus): UpgradeSnapshot {
  const nothing = { application: undefined, services: new Map<string, string>() };
  return createSnapshot(upgrade, { ...nothing, status }, undefined);
}

/** @param before what was known until now of the same deployment; its record serves where there is no new one */
export function createSnapshot(
  upgrade: Upgrade,
  beside: RelatedFacts,
  before: UpgradeSnapshot | undefined,
): UpgradeSnapshot {
  const read = beside.application;
  // What was read before serves where there is nothing new.
  const record = read ?? before?.application;
  const domains = (record?.domains ?? []).map(({ name }) => name);
  const history = extendHistory(before?.history ?? noHistory, upgrade, domains);
  const isOfThis = record !== undefined && isRecordOf(record, upgrade, history.leaves);
  return {
    upgrade,
    status: beside.status,
    application: isOfThis ? record : undefined,
    isUntouched: read
      ? !isOfThis && isUntouchedBy(upgrade, read)
      : (before?.isUntouched ?? false) && before?.history.version === history.version,
    contradiction: read && findContradiction(upgrade, read),
    services: beside.services,
    history,
    original: findOriginal(upgrade, before),
    commandTarget: beside.commandTarget,
  };
}

/**
 * Whether a record of the application is of the same upgrade: it goes the same way, and to the same version, or back
 * from the one that the rollback leaves.
 */
function isRecordOf(record: ApplicationUpgrade, upgrade: Upgrade, leaves: string): boolean {
  const { state, targetVersion } = upgrade;
  const isSameTarget = record.targetVersion === targetVersion;
  const isBack = record.state.startsWith('RollingBack');
  if (state === 'ProvisioningTarget') return false;
  if (state === 'Failed') return isSameTarget || record.requestedVersion === targetVersion;
  if (!isRollback(upgrade)) return isSameTarget && !isBack;
  if (leaves !== '' && record.requestedVersion !== '') return isBack && record.requestedVersion === leaves;
  return isBack && (isSameTarget || record.targetVersion === leaves);
}

/** Finds the reading with the original settings: a rollback, and a failure that stops the upgrade, change its mode. */
function findOriginal(upgrade: Upgrade, before: UpgradeSnapshot | undefined): Upgrade | undefined {
  const original = before?.original;
  const isSame = isRollback(upgrade) || upgrade.targetVersion === original?.targetVersion;
  if (original && isSame) return original;
  const hasFailed = upgrade.unhealthyEvaluations.length > 0 || upgrade.domainAtFailure !== undefined;
  const isChanged = isRollback(upgrade) || (upgrade.mode === 'UnmonitoredManual' && hasFailed);
  return isChanged || upgrade.mode === '' ? undefined : upgrade;
}

/** Compares a success with the record, which is never of an older upgrade then. */
function findContradiction(upgrade: Upgrade, record: ApplicationUpgrade): Contradiction | undefined {
  const { state, targetVersion } = record;
  if (upgrade.state !== 'RollingForwardCompleted' || isNeverUpgraded(upgrade)) return undefined;
  if (state === 'Failed') return { record, verdict: 'failed' };
  if (targetVersion === upgrade.targetVersion) return undefined;
  if (state.startsWith('RollingBack')) return { record, verdict: 'rolled-back' };
  const isElsewhere = state === 'RollingForwardCompleted' && upgrade.targetVersion !== '';
  return isElsewhere ? { record, verdict: 'superseded' } : undefined;
}

/** An upgrade that ended before the application had heard of it leaves the application's last record as it was. */
function isUntouchedBy(upgrade: Upgrade, record: ApplicationUpgrade): boolean {
  const isOld = record.state === 'RollingForwardCompleted' || record.state === 'RollingBackCompleted';
  if (upgrade.state === 'Failed') return isOld;
  if (!isRollback(upgrade) || !isRolledOut(upgrade)) return false;
  return isOld && record.targetVersion === upgrade.targetVersion;
}
