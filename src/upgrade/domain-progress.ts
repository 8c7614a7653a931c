/** The progress of an upgrade: its stages, and its upgrade domains with their states. Pure. */
import { formatCount } from '../platform/format.ts';
import type { UpgradePhase, UpgradeState } from './enums.ts';
import { findDomain } from './health-tree.ts';
import type { Duration, NodeProgress } from './model.ts';
import type { UpgradeSnapshot } from './snapshot.ts';
import { isHealthCheck, isRollback, isRolledOut, isStoppedByTimeout, isWaitingForApproval } from './state.ts';

/** `unhealthy`: its health check is failing. `failed`: the upgrade failed in it. */
export type DomainState = 'done' | 'current' | 'unhealthy' | 'failed' | 'next' | 'waiting';

/** An upgrade domain and its state. */
export interface Domain {
  readonly name: string;
  readonly state: DomainState;
  /** Time that it took, if the watch saw its beginning and its end. */
  readonly took: Duration | undefined;
}

/** Upgrade domains in the order in which they are upgraded. */
export interface DomainList {
  readonly list: readonly Domain[];
  /** Whether these are all domains, or only those that were seen. */
  readonly isComplete: boolean;
}

/** Lists the upgrade domains with their states. */
export function listDomains(snapshot: UpgradeSnapshot): DomainList {
  const { upgrade, history } = snapshot;
  const { names, isComplete } = listNames(snapshot);
  const took = new Map(history.finished.map(({ name, took }) => [name, took]));
  const isJudged = isHealthCheck(upgrade) || isStoppedByHealth(snapshot);
  const done = countDone(snapshot, names, isJudged);
  const list = names.map((name, index) => ({
    name,
    state: getDomainState(index - done, snapshot, isJudged),
    took: index < done ? took.get(name) : undefined,
  }));
  return { list, isComplete };
}

/** Lists the names of the domains: those seen, unless the application has a record of all of them. */
function listNames({ upgrade, application, history }: UpgradeSnapshot): {
  names: readonly string[];
  isComplete: boolean;
} {
  const all = (application?.domains ?? []).map(({ name }) => name);
  if (all.length > 0) return { names: all, isComplete: true };
  const seen = [...history.finished, history.current, upgrade.currentDomain].flatMap(
    (domain) => domain?.name ?? [],
  );
  return { names: [...new Set(seen)], isComplete: false };
}

/**
 * Counts the domains that are done. Compose's own document takes precedence over the application's record, which was
 * read at another moment: the document names the current domain, or the next one.
 * @param isJudged whether the domain before that one has its health checked, or failed the check
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
function getDomainState(place: number, { upgrade }: UpgradeSnapshot, isJudged: boolean): DomainState {
  if (place < 0) return 'done';
  if (place > 1) return 'waiting';
  if (upgrade.state === 'Failed') return place === 0 ? 'failed' : 'waiting';
  // Between two domains, the document names the next one.
  const isBetween = !isJudged && (upgrade.currentDomain?.nodes ?? []).length === 0;
  if (place === 1) return isBetween ? 'waiting' : 'next';
  if (isBetween) return 'next';
  if (isHealthCheck(upgrade)) return upgrade.unhealthyEvaluations.length > 0 ? 'unhealthy' : 'current';
  return isJudged || isStoppedByTimeout(upgrade) ? 'failed' : 'current';
}

/** Tells whether a failure has stopped the upgrade, as failure action Manual does, until it is resumed. */
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

/** The stages that every upgrade passes. */
const stages = ['prepare', 'upgrade the domains', 'remove what is not needed'] as const;

const stageByState = new Map<UpgradeState | undefined, 0 | 1 | 2>([
  ['ProvisioningTarget', 0],
  ['RollingForwardInProgress', 1],
  ['RollingForwardPending', 1],
  ['RollingBackInProgress', 1],
  ['RollingBackPending', 1],
  ['UnprovisioningCurrent', 2],
  ['UnprovisioningTarget', 2],
]);

/** Progress in parts: upgrade domains while they are upgraded and all of them are known, otherwise stages. */
export interface UpgradeProgress {
  readonly done: number;
  readonly total: number;
  /** In an operator's words. */
  readonly words: string;
  /** Share of all stages together, from 0 to 1. */
  readonly share: number;
}

/** Measures the progress; `undefined` if the upgrade has ended, or its state is unknown. */
export function measureProgress(snapshot: UpgradeSnapshot): UpgradeProgress | undefined {
  const stage = stageByState.get(snapshot.upgrade.state);
  if (stage === undefined) return undefined;
  const { list, isComplete } = listDomains(snapshot);
  const isBack = isRollback(snapshot.upgrade);
  if (stage === 1 && isComplete) {
    const done = list.filter(({ state }) => state === 'done').length;
    return {
      done,
      total: list.length,
      words: `${done} of ${formatCount(list.length, 'upgrade domain')} ${isBack ? 'taken back' : 'done'}`,
      share: (stage + done / list.length) / stages.length,
    };
  }
  const name = isBack && stage === 1 ? 'take the domains back' : stages[stage];
  return {
    done: stage,
    total: stages.length,
    words: `stage ${stage + 1} of ${stages.length}: ${name}`,
    share: stage / stages.length,
  };
}
