/**
 * The course of an upgrade as a watch has seen it, which events may complete. Times are on the upgrade's own clock, which
 * tells when each domain began however rarely the upgrade is read. Pure.
 */
import type { Duration, SafetyCheck, Upgrade } from './model.ts';
import { isRollback, isRolledOut, isWaitingForApproval } from './state.ts';

/** The course of an upgrade in one direction. Times are milliseconds on the upgrade's own clock. */
export interface UpgradeCourse {
  /** Direction and target version. A different direction or version starts a new course. */
  readonly isBack: boolean;
  readonly version: string | undefined;
  /** In a rollback, the version that it leaves, if the watch saw that version. */
  readonly leaves: string | undefined;
  /** Whether the last reading came before the rollout: during provisioning, or in a rollback right after it. */
  readonly isPreparing: boolean;
  /** Time of the last reading. */
  readonly seenAt: Duration;
  /** Names of all upgrade domains in their order; empty as long as they are not known. */
  readonly domains: readonly string[];
  readonly finished: readonly FinishedDomain[];
  readonly current: StartedDomain | undefined;
  /** The stages before and after the domains, which have no clock of their own. */
  readonly provisioning: SeenStage | undefined;
  readonly cleanUp: SeenStage | undefined;
  /** In a rollback, the rollout before it, if the watch saw that. */
  readonly forward: ForwardCourse | undefined;
  /** When each pending safety check was first seen, by {@link getCheckKey}. */
  readonly checks: ReadonlyMap<string, Duration>;
}

/** A stage as a watch has seen it. Times are on the clock of the watch. */
export interface SeenStage {
  readonly from: number;
  /** `undefined` while it lasts. */
  readonly until: number | undefined;
  /** Whether the watch also saw the time before the stage, so that the stage cannot have been longer. */
  readonly isWhole: boolean;
}

/** A domain that has begun. */
export interface StartedDomain {
  readonly name: string;
  readonly began: Duration;
}

/** A domain that is done. */
export interface FinishedDomain extends StartedDomain {
  /** Time from the start of the domain to the start of the next: with the health check, without waiting for approval. */
  readonly took: Duration;
}

/** The rollout of an upgrade that is rolled back. */
interface ForwardCourse extends Pick<UpgradeCourse, 'domains' | 'finished'> {
  /** The domain in which the rollback began. Its time ends with the first domain of the rollback. */
  readonly turnedIn: string | undefined;
}

/** The course before the first reading. */
export const noCourse: UpgradeCourse = {
  isBack: false,
  version: undefined,
  leaves: undefined,
  isPreparing: false,
  seenAt: 0,
  domains: [],
  finished: [],
  current: undefined,
  provisioning: undefined,
  cleanUp: undefined,
  forward: undefined,
  checks: new Map(),
};

/** Domains, and safety checks, that are remembered; the limit protects the memory from ever new names. */
const maxRemembered = 500;

/** Two readings no further apart have missed nothing: the cluster updates its clocks once a minute. */
const maxStepMs: Duration = 90_000;

/**
 * Adds a reading to the course.
 * @param domains names of all upgrade domains in their order; empty if they are not known
 * @param readAt time of the reading on the clock of the watch, in milliseconds; `undefined` if there is none
 */
export function extendCourse(
  course: UpgradeCourse,
  upgrade: Upgrade,
  domains: readonly string[],
  readAt?: number,
): UpgradeCourse {
  const { targetVersion, duration, domainDuration, currentDomain, state } = upgrade;
  // A failure keeps the direction; a deployment that was never upgraded has none.
  if (state === 'Failed' || targetVersion === undefined) return course;
  const isOver = isRolledOut(upgrade);
  const kept = resetOnReversal(course, upgrade, domains);
  const wasSeen = course.version !== undefined;
  const before = {
    ...kept,
    provisioning: seeStage(kept.provisioning, state === 'ProvisioningTarget', wasSeen, readAt),
    cleanUp: seeStage(kept.cleanUp, state === 'UnprovisioningCurrent', wasSeen, readAt),
    ...(domains.length > 0 ? { domains } : {}),
    isPreparing: state === 'ProvisioningTarget' || (isOver && course.isPreparing),
  };
  if (duration === undefined || domainDuration === undefined) return before;
  const nodes = currentDomain?.nodes ?? [];
  const checks = new Map(
    nodes
      .flatMap((node) => node.safetyChecks.map((check) => getCheckKey(node.name, check)))
      .slice(0, maxRemembered)
      .map((key) => [key, before.checks.get(key) ?? duration]),
  );
  const now = { ...before, checks, seenAt: duration };
  const isClose = duration - before.seenAt <= maxStepMs;
  const began = duration - domainDuration;
  if (currentDomain && nodes.length > 0) {
    const { name } = currentDomain;
    if (before.current?.name === name) return now;
    // A manual upgrade has waited between the two domains, for an unknown time.
    const isNext =
      upgrade.mode !== 'UnmonitoredManual' && isNextDomain(name, before.current?.name, domains, isClose);
    return { ...finishDomain(now, isNext ? began : undefined), current: { name, began } };
  }
  if (isWaitingForApproval(upgrade)) {
    // The domain's clock restarts with the wait, unless a failure stopped the upgrade.
    const end = before.current && began > before.current.began ? began : duration;
    return finishDomain(now, isClose ? end : undefined);
  }
  if (!isOver) return now;
  // A rollback has nothing to do in the domains after the one in which it began.
  const last = isRollback(upgrade) ? before.forward?.turnedIn : domains.at(-1);
  const isLast = last === undefined ? isClose : last === before.current?.name;
  return finishDomain(now, isLast ? duration : undefined);
}

/** Begins, continues or ends a stage. */
function seeStage(
  stage: SeenStage | undefined,
  isNow: boolean,
  wasSeen: boolean,
  readAt: number | undefined,
): SeenStage | undefined {
  if (readAt === undefined) return stage;
  if (stage === undefined) return isNow ? { from: readAt, until: undefined, isWhole: wasSeen } : undefined;
  return isNow || stage.until !== undefined ? stage : { ...stage, until: readAt };
}

/** Starts a new course if the direction or the target version has changed. */
function resetOnReversal(course: UpgradeCourse, upgrade: Upgrade, domains: readonly string[]): UpgradeCourse {
  const isBack = isRollback(upgrade);
  const { targetVersion: version } = upgrade;
  if (isBack === course.isBack && version === course.version) return course;
  if (!isBack || course.isBack || course.version === undefined) return { ...noCourse, isBack, version };
  const forward = turnBack(course, upgrade, domains);
  return { ...noCourse, isBack, version, leaves: course.version, forward };
}

/** Ends the rollout. @param domains those of the rollback */
function turnBack(course: UpgradeCourse, upgrade: Upgrade, domains: readonly string[]): ForwardCourse {
  const { seenAt, current } = course;
  const { duration = Infinity, domainDuration = 0, currentDomain } = upgrade;
  const [first = course.domains[0]] = domains;
  const isFirst = currentDomain !== undefined && currentDomain.name === first;
  const isClose = duration - seenAt <= maxStepMs;
  const end = isFirst ? duration - domainDuration : isClose ? duration : undefined;
  const { finished } = finishDomain(course, end);
  return { domains: course.domains, finished, turnedIn: current?.name };
}

function isNextDomain(
  name: string,
  last: string | undefined,
  domains: readonly string[],
  isClose: boolean,
): boolean {
  if (last === undefined || domains.length === 0) return isClose;
  return domains.indexOf(name) === domains.indexOf(last) + 1;
}

/** @param end `undefined` if it was not seen. An end before the beginning comes from a clock set back. */
function finishDomain(course: UpgradeCourse, end: Duration | undefined): UpgradeCourse {
  const { current, finished } = course;
  if (current === undefined || end === undefined || end < current.began)
    return { ...course, current: undefined };
  const others = finished.filter(({ name }) => name !== current.name);
  const one = { ...current, took: end - current.began };
  return { ...course, current: undefined, finished: [...others, one].slice(-maxRemembered) };
}

/** Identifies the safety check of one node. */
export function getCheckKey(node: string, { kind, partitionId }: SafetyCheck): string {
  return JSON.stringify([node, kind, partitionId]);
}

/** The cluster updates its clocks once a minute. */
const clockStepMs: Duration = 60_000;

/** A wait for safety checks. The cluster does not report it. */
export interface Wait {
  /** Time that a watch has seen. */
  readonly least: Duration;
  /** Time in the domain. */
  readonly most: Duration;
  /** Whether the two differ by less than the cluster's clocks move at once. */
  readonly isExact: boolean;
}

/** Measures the longest of some waits, each known by its {@link getCheckKey}; `undefined` without clocks. */
export function measureWait(
  { duration, domainDuration }: Upgrade,
  { checks }: UpgradeCourse,
  keys: readonly string[],
): Wait | undefined {
  if (duration === undefined || domainDuration === undefined || domainDuration < 1000) return undefined;
  const least = duration - Math.min(duration, ...keys.map((key) => checks.get(key) ?? duration));
  return { least, most: domainDuration, isExact: domainDuration - least < clockStepMs };
}
