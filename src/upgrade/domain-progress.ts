/** How far an upgrade is: its stages, and its upgrade domains with where each of them stands. Pure. */
import { formatCount } from '../platform/format.ts';
import { findDomain } from './health-tree.ts';
import type { Duration } from './model.ts';
import type { UpgradeSnapshot } from './snapshot.ts';
import { isHealthCheck, isRollback, isRolledOut, isStoppedByTime, isWaitingForApproval } from './state.ts';

/** `unhealthy`: its health check fails so far. `failed`: the upgrade failed in it. */
export type DomainState = 'done' | 'current' | 'unhealthy' | 'failed' | 'next' | 'waiting';

export interface Domain {
  readonly name: string;
  readonly state: DomainState;
  /** As seen while watching. */
  readonly took: Duration | undefined;
}

export interface DomainList {
  /** In the order in which they are upgraded. */
  readonly list: readonly Domain[];
  /** Whether the cluster has told all of them; otherwise they are those that were seen. */
  readonly isWhole: boolean;
}

export function listDomains(snapshot: UpgradeSnapshot): DomainList {
  const { upgrade, history } = snapshot;
  const { names, isWhole } = listNames(snapshot);
  const took = new Map(history.finished.map(({ name, took }) => [name, took]));
  const isJudged = isHealthCheck(upgrade) || isStoppedByHealth(snapshot);
  const done = countDone(snapshot, names, isJudged);
  const list = names.map((name, index) => ({
    name,
    state: getDomainState(index - done, snapshot, isJudged),
    took: index < done ? took.get(name) : undefined,
  }));
  return { list, isWhole };
}

/** Without the application's record only what went by is known, and what is named now. */
function listNames({ upgrade, application, history }: UpgradeSnapshot): {
  names: readonly string[];
  isWhole: boolean;
} {
  const all = (application?.domains ?? []).map(({ name }) => name);
  if (all.length > 0) return { names: all, isWhole: true };
  const { currentDomain } = upgrade;
  const seen = [...history.finished, ...(history.current ? [history.current] : [])].map(({ name }) => name);
  return { names: [...new Set([...seen, ...(currentDomain ? [currentDomain.name] : [])])], isWhole: false };
}

/**
 * How many of them are done. Compose's own document counts before the application's record, which was read at another
 * moment: it names the domain that is under way, or the next one.
 * @param isJudged the domain before that one has its health checked, or failed that check
 * @returns -1 where that domain is not known
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

/** @param place 0 for the first that is not done */
function getDomainState(place: number, { upgrade }: UpgradeSnapshot, isJudged: boolean): DomainState {
  if (place < 0) return 'done';
  if (place > 1) return 'waiting';
  if (upgrade.state === 'Failed') return place === 0 ? 'failed' : 'waiting';
  // Where nothing is under way the domain that is named is the next.
  const isBetween = !isJudged && (upgrade.currentDomain?.nodes ?? []).length === 0;
  if (place === 1) return isBetween ? 'waiting' : 'next';
  if (isBetween) return 'next';
  if (isHealthCheck(upgrade)) return upgrade.unhealthyEvaluations.length > 0 ? 'unhealthy' : 'current';
  return isJudged || isStoppedByTime(upgrade) ? 'failed' : 'current';
}

/**
 * A failure has stopped it, as its policy wants, and nobody has let it go on since. What is recorded of the failure
 * stays when somebody does; only that it waits elsewhere then tells of it.
 */
export function isStoppedByFailure(snapshot: UpgradeSnapshot): boolean {
  return isStoppedByTime(snapshot.upgrade) || isStoppedByHealth(snapshot);
}

function isStoppedByHealth(snapshot: UpgradeSnapshot): boolean {
  const { upgrade, application } = snapshot;
  if (!isWaitingForApproval(upgrade) || isRollback(upgrade)) return false;
  const isRecorded = [application?.failureReason, upgrade.failureReason].some(Boolean);
  if (upgrade.unhealthyEvaluations.length === 0 && !isRecorded) return false;
  const { currentDomain, domainAtFailure } = upgrade;
  const failed = domainAtFailure?.name ?? findDomain(upgrade.unhealthyEvaluations);
  if (failed === undefined) return true;
  const { names } = listNames(snapshot);
  const before = currentDomain ? names[names.indexOf(currentDomain.name) - 1] : names.at(-1);
  return before === undefined || before === failed;
}

/** The stages that every upgrade passes, in an operator's words. */
const stages = ['prepare', 'upgrade the domains', 'remove what is not needed'] as const;

const stageByState: Readonly<Record<string, number>> = {
  ProvisioningTarget: 0,
  RollingForwardInProgress: 1,
  RollingForwardPending: 1,
  RollingBackInProgress: 1,
  RollingBackPending: 1,
  UnprovisioningCurrent: 2,
  UnprovisioningTarget: 2,
};

interface UpgradeProgress {
  /** Parts that are done, and all of them: upgrade domains while they are under way and known, else stages. */
  readonly done: number;
  readonly total: number;
  readonly words: string;
  /** Of all stages together, from 0 to 1. */
  readonly whole: number;
}

/** @returns `undefined` where nothing is under way */
export function measureProgress(snapshot: UpgradeSnapshot): UpgradeProgress | undefined {
  const { upgrade } = snapshot;
  const stage = Object.hasOwn(stageByState, upgrade.state) ? stageByState[upgrade.state] : undefined;
  if (stage === undefined) return undefined;
  const { list, isWhole } = listDomains(snapshot);
  const back = isRollback(upgrade);
  if (stage !== 1 || !isWhole) {
    const words = back && stage === 1 ? 'take the domains back' : stages[stage];
    return {
      done: stage,
      total: stages.length,
      words: `stage ${stage + 1} of ${stages.length}: ${words}`,
      whole: stage / stages.length,
    };
  }
  const done = list.filter(({ state }) => state === 'done').length;
  return {
    done,
    total: list.length,
    words: `${done} of ${formatCount(list.length, 'upgrade domain')} ${back ? 'taken back' : 'done'}`,
    whole: (stage + done / list.length) / stages.length,
  };
}
