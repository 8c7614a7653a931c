/** Everything known about an upgrade at one moment. Pure. */
import type { CommandTarget } from '../platform/command-target.ts';
import { extendCourse, noCourse, type UpgradeCourse } from './course.ts';
import type {
  ApplicationUpgrade,
  ClusterNode,
  DeploymentStatus,
  HealthCheckProgress,
  Upgrade,
} from './model.ts';
import type { PastUpgrade } from './past-upgrade.ts';
import {
  isHealthCheck,
  isInDomain,
  isNeverUpgraded,
  isRollback,
  isRolledOut,
  isRollingOut,
} from './state.ts';

/** Everything known about an upgrade at one moment, including its past as seen by earlier readings. */
export interface UpgradeSnapshot {
  readonly upgrade: Upgrade;
  /** `undefined` if it was not requested, or could not be read. */
  readonly status: DeploymentStatus | undefined;
  /** The application's own record, if it describes this upgrade. */
  readonly application: ApplicationUpgrade | undefined;
  /** Whether the application's own record describes an older upgrade: this one never reached the application. */
  readonly isUntouched: boolean;
  /** The application's own record of an older upgrade, read while this one was being provisioned. */
  readonly olderRecord: ApplicationUpgrade | undefined;
  /** How the application's own record contradicts a success that compose reports. */
  readonly contradiction: Contradiction | undefined;
  /** The application's own record, if it has ended differently from the upgrade's own document. */
  readonly differing: ApplicationUpgrade | undefined;
  /** Names of services by partition. */
  readonly services: ReadonlyMap<string, string>;
  /** All nodes of the cluster; `undefined` if they were not read. */
  readonly nodes: readonly ClusterNode[] | undefined;
  readonly course: UpgradeCourse;
  /** The same upgrade as the cluster's events report it; `undefined` if they were not read, or do not have it for certain. */
  readonly past: PastUpgrade | undefined;
  /** First reading of the rollout, with the settings that the upgrade was started with. */
  readonly original: Upgrade | undefined;
  /** Cluster options for the commands that findings suggest. */
  readonly commandTarget: CommandTarget | undefined;
  /** Time of the reading; `undefined` if it is not known. */
  readonly now: Date | undefined;
}

/** A record of the application that contradicts the success in compose's document. */
export interface Contradiction {
  readonly record: ApplicationUpgrade;
  /** Verdict according to the record. */
  readonly verdict: 'failed' | 'rolled-back' | 'superseded';
}

/** Results of the related reads: facts that help to explain the upgrade's own document. */
export interface RelatedFacts {
  readonly status: DeploymentStatus | undefined;
  readonly application: ApplicationUpgrade | undefined;
  readonly services: ReadonlyMap<string, string>;
  readonly nodes?: readonly ClusterNode[] | undefined;
  /** Time of the reading on the clock of a watch, in milliseconds. */
  readonly readAt?: number | undefined;
  /** Time of the reading. */
  readonly now?: Date | undefined;
  readonly commandTarget?: CommandTarget | undefined;
}

/**
 * Reports whether a rollback never reached the application, so that health, times and policies in the document are those
 * of the previous upgrade. Without a record of the application, the last state seen before the rollback decides.
 */
export function endedBeforeRollout({ upgrade, application, isUntouched, course }: UpgradeSnapshot): boolean {
  if (!isRollback(upgrade)) return false;
  return isUntouched || (course.isPreparing && application === undefined);
}

/** Returns how far the health check is, if one is going on and the runtime tells. */
export function getHealthCheck({ upgrade, application }: UpgradeSnapshot): HealthCheckProgress | undefined {
  return isHealthCheck(upgrade) ? (upgrade.healthCheck ?? application?.healthCheck) : undefined;
}

/** Reports whether a health check is failing, and is being retried. The phase decides, if the runtime tells it. */
export function isCheckFailing(snapshot: UpgradeSnapshot): boolean {
  if (!isHealthCheck(snapshot.upgrade)) return false;
  const phase = getHealthCheck(snapshot)?.phase;
  if (phase === 'WaitDuration' || phase === 'StableDuration') return false;
  return phase === 'Retry' || snapshot.upgrade.unhealthyEvaluations.length > 0;
}

/** Creates a snapshot from the upgrade's own document, without related reads and earlier readings. */
export function createBareSnapshot(upgrade: Upgrade, status?: DeploymentStatus): UpgradeSnapshot {
  return createSnapshot(upgrade, { application: undefined, services: new Map(), status }, undefined);
}

/**
 * Creates a snapshot from a reading.
 * @param before previous snapshot of the same deployment; its record serves where the reading has none
 */
export function createSnapshot(
  upgrade: Upgrade,
  { status, application, services, nodes, readAt, now, commandTarget }: RelatedFacts,
  before: UpgradeSnapshot | undefined,
): UpgradeSnapshot {
  const record = application ?? before?.application;
  const domains = (record?.domains ?? []).map(({ name }) => name);
  const course = extendCourse(before?.course ?? noCourse, upgrade, domains, readAt);
  const isOlder =
    upgrade.state === 'ProvisioningTarget' && application !== undefined && hasRecordEnded(application);
  const olderRecord = isOlder ? application : before?.olderRecord;
  const isOfThis =
    record !== undefined && !isSameRecord(record, olderRecord) && isRecordOf(record, upgrade, course.leaves);
  return {
    upgrade: isOfThis && record === application ? completeDomain(upgrade, record) : upgrade,
    status,
    application: isOfThis ? record : undefined,
    isUntouched: application
      ? !isOfThis && isUntouchedBy(upgrade, application)
      : (before?.isUntouched ?? false) && before?.course.version === course.version,
    olderRecord,
    contradiction: application && findContradiction(upgrade, application),
    differing: application && differsFrom(upgrade, application) ? application : undefined,
    services,
    nodes,
    course,
    past: before && continuesCourse(course, before.course) ? before.past : undefined,
    original: findOriginal(upgrade, before),
    commandTarget,
    now,
  };
}

/** Reports whether a course continues another, perhaps by turning back. */
function continuesCourse(course: UpgradeCourse, before: UpgradeCourse): boolean {
  const hasTurned = course.isBack && !before.isBack;
  return (hasTurned ? course.leaves : course.version) === before.version;
}

/** Reports whether two records describe the same upgrade, by its start. */
function isSameRecord(one: ApplicationUpgrade, other: ApplicationUpgrade | undefined): boolean {
  return one.startedAt !== undefined && one.startedAt.getTime() === other?.startedAt?.getTime();
}

/**
 * Completes a document that names no domain although the record has one in progress, or all of them to come. The document
 * names none in the first seconds of an upgrade, and in its last health check, when the record has none either.
 */
function completeDomain(upgrade: Upgrade, { domains }: ApplicationUpgrade): Upgrade {
  if (!isInDomain(upgrade) || upgrade.mode === 'UnmonitoredManual' || upgrade.currentDomain) return upgrade;
  const isFirst =
    !isRollback(upgrade) && (upgrade.duration ?? 0) > 0 && domains.every(({ state }) => state === 'Pending');
  const domain = domains.find(({ state }) => state === 'InProgress') ?? (isFirst ? domains[0] : undefined);
  return domain ? { ...upgrade, currentDomain: { name: domain.name, nodes: [] } } : upgrade;
}

/**
 * Reports whether a record of the application describes the same upgrade: it has the same direction and the same target
 * version, or it goes back from the version that the rollback leaves.
 */
function isRecordOf(record: ApplicationUpgrade, upgrade: Upgrade, leaves: string | undefined): boolean {
  const { state, targetVersion } = upgrade;
  const isSameTarget = record.targetVersion === targetVersion;
  if (state === 'ProvisioningTarget') return false;
  if (state === 'Failed') return isSameTarget || record.leaves === targetVersion;
  if (isRollback(record) !== isRollback(upgrade)) return false;
  if (!isRollback(upgrade)) return isSameTarget;
  if (leaves !== undefined && record.leaves !== undefined) return record.leaves === leaves;
  return isSameTarget || record.targetVersion === leaves;
}

/** Finds the reading with the original settings, whose mode changes with a rollback or a failure. */
function findOriginal(upgrade: Upgrade, before: UpgradeSnapshot | undefined): Upgrade | undefined {
  const original = before?.original;
  const isSame = isRollback(upgrade) || upgrade.targetVersion === original?.targetVersion;
  if (original && isSame) return original;
  const hasFailed = upgrade.unhealthyEvaluations.length > 0 || upgrade.domainAtFailure !== undefined;
  const isChanged = isRollback(upgrade) || (upgrade.mode === 'UnmonitoredManual' && hasFailed);
  return isChanged || upgrade.mode === undefined ? undefined : upgrade;
}

/** Finds how a record contradicts a success. After a success, the record never describes an older upgrade. */
function findContradiction(upgrade: Upgrade, record: ApplicationUpgrade): Contradiction | undefined {
  const { state, targetVersion } = record;
  if (upgrade.state !== 'RollingForwardCompleted' || isNeverUpgraded(upgrade)) return undefined;
  if (state === 'Failed') return { record, verdict: 'failed' };
  if (targetVersion === upgrade.targetVersion) return undefined;
  if (isRollback(record)) return { record, verdict: 'rolled-back' };
  const isElsewhere = state === 'RollingForwardCompleted' && upgrade.targetVersion !== undefined;
  return isElsewhere ? { record, verdict: 'superseded' } : undefined;
}

function hasRecordEnded({ state }: ApplicationUpgrade): boolean {
  return state === 'RollingForwardCompleted' || state === 'RollingBackCompleted';
}

/**
 * Reports whether a record has ended differently from the document. The two are read one after the other, so that
 * only ends count, and only those of the same upgrade.
 */
function differsFrom(upgrade: Upgrade, record: ApplicationUpgrade): boolean {
  const { targetVersion } = upgrade;
  if (isRollingOut(upgrade) && !isRollback(upgrade))
    return record.state === 'Failed'
      ? record.targetVersion === targetVersion
      : record.state === 'RollingBackCompleted' && record.leaves === targetVersion;
  return (
    upgrade.state === 'RollingBackCompleted' &&
    record.state === 'RollingForwardCompleted' &&
    record.targetVersion !== targetVersion
  );
}

/** Reports whether the upgrade ended before it reached the application, whose record is of an older one. */
function isUntouchedBy(upgrade: Upgrade, record: ApplicationUpgrade): boolean {
  const isOld = hasRecordEnded(record);
  if (upgrade.state === 'Failed') return isOld;
  if (!isRollback(upgrade) || !isRolledOut(upgrade)) return false;
  return isOld && record.targetVersion === upgrade.targetVersion;
}
