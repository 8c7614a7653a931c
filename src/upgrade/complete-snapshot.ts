/**
 * Completes a snapshot by the cluster's events: with the times of domains that no reading saw. What readings saw takes
 * precedence, and what the events leave in doubt stays unknown. Pure.
 */
import type { FinishedDomain, StartedDomain, UpgradeCourse } from './course.ts';
import { findTurn, listDomains } from './domain-progress.ts';
import { findVersions } from './headline.ts';
import type { Duration } from './model.ts';
import type { PastDomain, PastUpgrade } from './past-upgrade.ts';
import { endedBeforeRollout, type UpgradeSnapshot } from './snapshot.ts';
import { hasEnded, isNeverUpgraded, isRollback, isRolledOut } from './state.ts';
import { findFailure, findStart } from './times.ts';

/** Largest difference between two times of the same moment, by clocks of different nodes or by different services. */
const toleranceMs: Duration = 120_000;

/** Time that the upgrade's own clock may have lost. A cluster manager that fails over loses what it has not stored. */
const maxLagMs: Duration = 3_600_000;

/** Exits that a watch remembers. */
const maxExits = 500;

/** Completes a snapshot. @param upgrades past upgrades of the application, among which this one may be */
export function completeSnapshot(
  snapshot: UpgradeSnapshot,
  upgrades: readonly PastUpgrade[],
): UpgradeSnapshot {
  if (isNeverUpgraded(snapshot.upgrade) || endedBeforeRollout(snapshot) || snapshot.contradiction)
    return snapshot;
  const matching = upgrades.filter((past) => isSameUpgrade(past, snapshot));
  const [found] = matching;
  if (found === undefined || matching.length > 1) return snapshot;
  const past = { ...found, endedAt: checkEnd(found, snapshot), exits: found.exits.slice(0, maxExits) };
  const known = { ...snapshot, past };
  return { ...known, course: completeCourse(known, past) };
}

/**
 * Reports whether a past upgrade certainly is that of the snapshot. Versions are unique in a cluster, except the one to
 * which rollbacks return.
 */
function isSameUpgrade(past: PastUpgrade, snapshot: UpgradeSnapshot): boolean {
  const { upgrade } = snapshot;
  const { from, to } = findVersions(snapshot);
  const start = findStart(snapshot);
  const isBack = isRollback(upgrade);
  const isKnownStart = start !== undefined && past.startedAt !== undefined;
  const isSameStart = isKnownStart && isNear(start, past.startedAt);
  if ((isKnownStart && !isSameStart) || contradicts(past, snapshot)) return false;
  // The target of an upgrade that failed during its rollback is the old version.
  if (upgrade.state === 'Failed') return isSameStart && (past.to === to || past.from === to);
  const [target, other] = isBack ? [past.from, past.to] : [past.to, past.from];
  if (differ(target, to) || differ(other, from)) return false;
  return isSameStart || (isBack ? isEqual(past.to, from) : isEqual(past.to, to));
}

/** Reports whether the events contradict the end in the deployment's document. */
function contradicts({ result }: PastUpgrade, { upgrade }: UpgradeSnapshot): boolean {
  const isBack = result === 'rolled-back' || result === 'rolling-back';
  return isRollback(upgrade) ? result === 'completed' : isBack && isRolledOut(upgrade);
}

function isNear(one: Date, other: Date): boolean {
  return Math.abs(one.getTime() - other.getTime()) <= toleranceMs;
}

function differ(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && other !== undefined && one !== other;
}

function isEqual(one: string | undefined, other: string | undefined): boolean {
  return one !== undefined && one === other;
}

/** Returns the end that the events report, if the upgrade has ended and its clock agrees. */
function checkEnd({ endedAt }: PastUpgrade, snapshot: UpgradeSnapshot): Date | undefined {
  const { upgrade } = snapshot;
  const start = findStart(snapshot);
  if (endedAt === undefined || start === undefined || !hasEnded(upgrade)) return undefined;
  const lag = endedAt.getTime() - start.getTime() - (upgrade.duration ?? 0);
  return lag >= -toleranceMs && lag <= maxLagMs ? endedAt : undefined;
}

function completeCourse(snapshot: UpgradeSnapshot, past: PastUpgrade): UpgradeCourse {
  const { upgrade, course } = snapshot;
  const start = findStart(snapshot);
  const { list, isComplete } = listDomains(snapshot);
  if (start === undefined || !isComplete) return course;
  const names = list.map(({ name }) => name);
  const done = list.filter(({ state }) => state === 'done').map(({ name }) => name);
  if (!isRollback(upgrade)) {
    const forward = listForward(past, snapshot, start, names).filter(({ name }) => done.includes(name));
    return { ...course, finished: joinDomains(course.finished, forward) };
  }
  const back = listStarted(past.back, start, names).filter(({ name }) => done.includes(name));
  const index = findTurn(snapshot)?.index;
  const reached = index === undefined ? names : names.slice(0, index + 1);
  const forward = listForward(past, snapshot, start, names).filter(({ name }) => reached.includes(name));
  const { domains = [], finished = [], turnedIn } = course.forward ?? {};
  return {
    ...course,
    finished: joinDomains(
      course.finished,
      back.map(({ name, began, until }) => ({ name, began, took: until - began })),
    ),
    forward: {
      domains: domains.length > 0 ? domains : names,
      finished: joinDomains(finished, forward),
      turnedIn,
    },
  };
}

/** Joins domains that were seen with others. */
function joinDomains(
  seen: readonly FinishedDomain[],
  others: readonly FinishedDomain[],
): readonly FinishedDomain[] {
  const names = new Set(seen.map(({ name }) => name));
  const more = others.filter(({ name }) => !names.has(name));
  return [...more, ...seen].sort((one, other) => one.began - other.began);
}

/** A domain whose event has both its times, on the upgrade's clock. */
interface TimedDomain extends StartedDomain {
  /** End of the upgrade of its nodes: a health check or a wait for approval follows. */
  readonly until: Duration;
}

/** Lists domains by the times of their events. An event of several domains does not say which of them took the time. */
function listStarted(
  domains: readonly PastDomain[],
  start: Date,
  names: readonly string[],
): readonly TimedDomain[] {
  const known = new Set(names);
  const relevant = domains.filter(({ name }) => known.has(name));
  const counts = new Map<string | number, number>();
  const toKeys = ({ name, completedAt }: PastDomain) => [name, completedAt.getTime()];
  for (const key of relevant.flatMap(toKeys)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return relevant
    .filter((domain) => toKeys(domain).every((key) => counts.get(key) === 1))
    .flatMap(({ name, completedAt, took }) => {
      if (took === undefined) return [];
      const until = completedAt.getTime() - start.getTime();
      const began = until - took;
      return began >= -toleranceMs && took >= 0 ? [{ name, began: Math.max(0, began), until }] : [];
    });
}

/** Lists the domains of the rollout, each until the next began, as a watch does. */
function listForward(
  past: PastUpgrade,
  snapshot: UpgradeSnapshot,
  start: Date,
  names: readonly string[],
): readonly FinishedDomain[] {
  const { upgrade, course, original } = snapshot;
  const spans = listStarted(past.forward, start, names);
  const isBack = isRollback(upgrade);
  const mode = past.mode ?? original?.mode ?? (isBack ? undefined : upgrade.mode);
  if (mode === undefined) return [];
  const failure = findFailure(snapshot);
  const stoppedAt = failure ? failure.getTime() - start.getTime() : Infinity;
  // After a failed health check, a wait for approval follows, which is no time of a domain.
  const isDoubtful = mode === 'Monitored' && upgrade.mode === 'UnmonitoredManual' && failure === undefined;
  if (isDoubtful && !isBack) return [];
  const seen = isBack ? course.forward?.finished : [...course.finished, course.current];
  const begun = [...(seen ?? []), ...spans].flatMap((domain) => domain ?? []);
  const turnIndex = isBack ? findTurn(snapshot)?.index : undefined;
  const turn = turnIndex === undefined ? undefined : names[turnIndex];
  const findNextBegan = (name: string) => {
    const next = names[names.indexOf(name) + 1];
    if (next !== undefined) return begun.find((domain) => domain.name === next)?.began;
    return !isBack && isRolledOut(upgrade) ? upgrade.duration : undefined;
  };
  return spans.flatMap(({ name, began, until }) => {
    // Only a monitored upgrade checks health after a domain, and not once it was stopped.
    const isChecked = mode === 'Monitored' && began <= stoppedAt;
    const checkedUntil = findNextBegan(name) ?? (name === turn ? stoppedAt : undefined);
    const end = isChecked ? checkedUntil && Math.min(checkedUntil, stoppedAt) : until;
    return end === undefined || end < began || end === Infinity ? [] : [{ name, began, took: end - began }];
  });
}
