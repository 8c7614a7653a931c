/** The progress of an upgrade: its stages, and its upgrade domains with their states. Pure. */
import type { UpgradePhase } from './enums.ts';
import { findDomain } from './health/causes.ts';
import type { Duration, NodeProgress } from './model.ts';
import { isCheckFailing, type UpgradeSnapshot } from './snapshot.ts';
import {
  isHealthCheck,
  isInDomain,
  isRollback,
  isRolledOut,
  isStoppedByTimeout,
  isWaitingForApproval,
} from './state.ts';

/** `unhealthy`: its health check is failing. `failed`: the upgrade failed in it. */
export type DomainState = 'done' | 'current' | 'unhealthy' | 'failed' | 'next' | 'waiting';

/** An upgrade domain and its state. */
export interface Domain {
  readonly name: string;
  readonly state: DomainState;
  /** Duration of the domain; `undefined` unless a watch saw its beginning and its end, or events report them. */
  readonly took: Duration | undefined;
}

/** Upgrade domains in the order in which they are upgraded. */
export interface DomainList {
  readonly list: readonly Domain[];
  /** Whether the list is complete, or has only the domains seen so far. */
  readonly isComplete: boolean;
}

/** Lists the upgrade domains with their states. */
export function listDomains(snapshot: UpgradeSnapshot): DomainList {
  const { upgrade, course } = snapshot;
  const { names, isComplete } = listNames(snapshot);
  const took = new Map(course.finished.map(({ name, took }) => [name, took]));
  const isJudged = isHealthCheck(upgrade) || isStoppedByHealth(snapshot);
  const done = countDone(snapshot, names, isJudged);
  const unreached = listUnreachedDomains(snapshot);
  const list = names.map((name, index) => ({
    name,
    state: unreached.includes(name) ? 'waiting' : getDomainState(index - done, snapshot, isJudged),
    took: index < done ? took.get(name) : undefined,
  }));
  return { list, isComplete };
}

/** Lists the names of the domains: those seen, unless the application has a record of all of them. */
function listNames({ upgrade, application, course }: UpgradeSnapshot): {
  names: readonly string[];
  isComplete: boolean;
} {
  const all = (application?.domains ?? []).map(({ name }) => name);
  if (all.length > 0) return { names: all, isComplete: true };
  const seen = [...course.finished, course.current, upgrade.currentDomain].flatMap(
    (domain) => domain?.name ?? [],
  );
  return { names: [...new Set(seen)], isComplete: false };
}

/**
 * Counts the domains that are done. Compose's own document takes precedence over the application's record, which was
 * read at another moment: the document names the current domain, or the next one.
 * @param isJudged whether the domain before it is in its health check, or has failed the check
 * @returns -1 if the domain before is not known
 */
function countDone(
  { upgrade, application }: UpgradeSnapshot,
  names: readonly string[],
  isJudged: boolean,
): number {
  if (isRolledOut(upgrade)) return names.length;
  const named = upgrade.currentDomain ? names.indexOf(upgrade.currentDomain.name) : -1;
  if (named >= 0) return isJudged ? named - 1 : named;
  if (isJudged) return names.length - 1;
  return (application?.domains ?? []).filter(({ state }) => state === 'Completed').length;
}

/** @param place 0 for the first domain that is not done */
function getDomainState(place: number, snapshot: UpgradeSnapshot, isJudged: boolean): DomainState {
  const { upgrade } = snapshot;
  if (place < 0) return 'done';
  if (place > 1) return 'waiting';
  if (upgrade.state === 'Failed') return place === 0 ? 'failed' : 'waiting';
  // Between two domains, the document names the next one, without nodes. A domain that has just begun has none yet.
  const isBegun =
    isInDomain(upgrade) &&
    upgrade.currentDomain !== undefined &&
    !isWaitingForApproval(upgrade) &&
    !isStoppedByTimeout(upgrade);
  const isBetween = !isJudged && !isBegun && (upgrade.currentDomain?.nodes ?? []).length === 0;
  if (place === 1) return isBetween ? 'waiting' : 'next';
  if (isBetween) return 'next';
  if (isHealthCheck(upgrade)) return isCheckFailing(snapshot) ? 'unhealthy' : 'current';
  return isJudged || isStoppedByTimeout(upgrade) ? 'failed' : 'current';
}

/** Reports whether a failure has stopped the upgrade, as failure action Manual does, until it is resumed. */
export function isStoppedByFailure(snapshot: UpgradeSnapshot): boolean {
  return isStoppedByTimeout(snapshot.upgrade) || isStoppedByHealth(snapshot);
}

/** The record of a failed health check survives a resume; after that, the upgrade waits at a different domain. */
function isStoppedByHealth(snapshot: UpgradeSnapshot): boolean {
  const { upgrade, application } = snapshot;
  const { currentDomain, domainAtFailure, unhealthyEvaluations } = upgrade;
  if (!isWaitingForApproval(upgrade) || isRollback(upgrade)) return false;
  const reason = application?.failureReason ?? upgrade.failureReason;
  if (unhealthyEvaluations.length === 0 && reason === undefined) return false;
  const failed = domainAtFailure?.name ?? findDomain(unhealthyEvaluations);
  if (failed === undefined) return true;
  const { names } = listNames(snapshot);
  const before = currentDomain ? names[names.indexOf(currentDomain.name) - 1] : names.at(-1);
  return before === undefined || before === failed;
}

/** Counts nodes by phase, in the order in which the phases first occur. */
export function countPhases(nodes: readonly NodeProgress[]): ReadonlyMap<UpgradePhase | undefined, number> {
  const counts = new Map<UpgradePhase | undefined, number>();
  for (const { phase } of nodes) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return counts;
}

/** Shares of the whole upgrade that provisioning and cleaning up stand for. The domains are the rest. */
const provisioningShare = 0.05;
const cleanUpShare = 0.05;
const domainsShare = 1 - provisioningShare - cleanUpShare;

/** Progress on one scale, from 0 to 1, that never falls while rolling forward and never rises while rolling back. */
export interface UpgradeProgress {
  /** Share that has the new version; in a rollback, the share that still has it. */
  readonly share: number;
  /** The share once the current domain or stage is done. */
  readonly next: number;
  /** The highest share that was reached; a rollback counts down from it. */
  readonly reached: number;
}

/** Measures the progress; `undefined` if the upgrade has ended, or its progress is unknown. */
export function measureProgress(snapshot: UpgradeSnapshot): UpgradeProgress | undefined {
  switch (snapshot.upgrade.state) {
    case 'ProvisioningTarget':
      return { share: 0, next: provisioningShare, reached: 0 };
    case 'RollingForwardInProgress':
    case 'RollingForwardPending': {
      const { list, isComplete } = listDomains(snapshot);
      if (!isComplete)
        return { share: provisioningShare, next: provisioningShare, reached: provisioningShare };
      const done = countDoneDomains(list);
      const share = toShare(done, list.length);
      return { share, next: toShare(done + 1, list.length), reached: share };
    }
    case 'UnprovisioningCurrent':
      return { share: 1 - cleanUpShare, next: 1, reached: 1 - cleanUpShare };
    case 'RollingBackInProgress':
    case 'RollingBackPending':
      return measureRollback(snapshot);
    case 'UnprovisioningTarget':
      return { share: 0, next: 0, reached: measureRollback(snapshot)?.reached ?? 0 };
    default:
      return undefined;
  }
}

/** Measures a rollback, which undoes every domain that the upgrade has begun. */
function measureRollback(snapshot: UpgradeSnapshot): UpgradeProgress | undefined {
  const turn = findTurn(snapshot);
  if (turn === undefined) return undefined;
  const reached = toShare(turn.index, turn.names.length);
  const { list } = listDomains(snapshot);
  const begun = turn.index + 1;
  const left = Math.max(0, begun - countDoneDomains(list));
  return { share: (reached * left) / begun, next: (reached * Math.max(0, left - 1)) / begun, reached };
}

function toShare(done: number, total: number): number {
  return provisioningShare + domainsShare * Math.min(1, done / total);
}

function countDoneDomains(list: readonly Domain[]): number {
  return list.filter(({ state }) => state === 'done').length;
}

/** The domain in which a rollback began. */
export interface Turn {
  /** Names of all domains, in their order. */
  readonly names: readonly string[];
  /** Its place among them, from 0. */
  readonly index: number;
}

/** Lists the domains in which a rollback has nothing to do, because the upgrade never reached them. */
export function listUnreachedDomains(snapshot: UpgradeSnapshot): readonly string[] {
  const turn = isRollback(snapshot.upgrade) ? findTurn(snapshot) : undefined;
  return turn ? turn.names.slice(turn.index + 1) : [];
}

/** Finds the domain in which a rollback began; `undefined` if the documents do not show it. */
export function findTurn({ upgrade, application, course }: UpgradeSnapshot): Turn | undefined {
  const known = course.forward?.domains ?? [];
  const names = known.length > 0 ? known : (application?.domains ?? []).map(({ name }) => name);
  const atFailure = upgrade.domainAtFailure ?? application?.domainAtFailure;
  // Without nodes, it is the domain before which time ran out.
  const timedOut = atFailure && atFailure.nodes.length > 0 ? atFailure.name : undefined;
  const name = course.forward?.turnedIn ?? findDomain(upgrade.unhealthyEvaluations) ?? timedOut;
  if (name === undefined || !names.includes(name)) return undefined;
  // A domain that the rollback works on was reached, perhaps between two readings.
  const undone = [...course.finished, course.current].flatMap((domain) => domain?.name ?? []);
  return { names, index: Math.max(...[name, ...undone].map((one) => names.indexOf(one))) };
}
