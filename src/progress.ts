/** How far an upgrade is: its stages, and its upgrade domains with where each of them stands. Pure. */
import type { Situation } from './situation.ts';
import { counted } from './text.ts';
import {
  type Duration,
  hasEnded,
  isHealthCheck,
  isRollback,
  isStoppedByHealth,
  isStoppedByTime,
  type Upgrade,
} from './upgrade.ts';

/** `unhealthy`: its health check fails so far. `failed`: the upgrade failed in it. */
export type DomainState = 'done' | 'current' | 'unhealthy' | 'failed' | 'next' | 'waiting';

export interface Domain {
  readonly name: string;
  readonly state: DomainState;
  /** As seen while watching. */
  readonly took: Duration | undefined;
}

export interface Domains {
  /** In the order in which they are upgraded. */
  readonly list: readonly Domain[];
  /** Whether the cluster has told all of them; otherwise they are those that were seen. */
  readonly isWhole: boolean;
}

export function domainsOf(situation: Situation): Domains {
  const { upgrade, application, history } = situation;
  const names = (application?.domains ?? []).map(({ name }) => name);
  const took = new Map(history.finished.map(({ name, took }) => [name, took]));
  const isWhole = names.length > 0;
  const all = isWhole ? names : namesSeen(situation);
  const done = doneCount(situation, all);
  const list = all.map((name, index) => ({
    name,
    state: stateOf(index - done, upgrade),
    took: index < done ? took.get(name) : undefined,
  }));
  return { list, isWhole };
}

/** Without the application's record only what went by is known, and what is named now. */
function namesSeen({ upgrade, history }: Situation): readonly string[] {
  const { currentDomain } = upgrade;
  const seen = [...history.finished, ...(history.current ? [history.current] : [])].map(({ name }) => name);
  return [...new Set([...seen, ...(currentDomain ? [currentDomain.name] : [])])];
}

/**
 * How many of them are done. Compose's own document counts before the application's record, which was read at another
 * moment: it names the domain that is under way, or the next one.
 */
function doneCount({ upgrade, application }: Situation, names: readonly string[]): number {
  if (isOver(upgrade)) return names.length;
  const named = upgrade.currentDomain ? names.indexOf(upgrade.currentDomain.name) : -1;
  const isChecked = isJudged(upgrade);
  // The domain whose health is judged is not done before it has passed.
  if (named >= 0) return isChecked ? Math.max(0, named - 1) : named;
  if (isChecked) return names.length - 1;
  return (application?.domains ?? []).filter(({ state }) => state === 'Completed').length;
}

function isOver(upgrade: Upgrade): boolean {
  return upgrade.state !== 'Failed' && (hasEnded(upgrade) || upgrade.state.startsWith('Unprovisioning'));
}

/** The domain before the one that is named has its health checked, or has failed that check. */
function isJudged(upgrade: Upgrade): boolean {
  return isHealthCheck(upgrade) || isStoppedByHealth(upgrade);
}

/** @param place 0 for the first that is not done */
function stateOf(place: number, upgrade: Upgrade): DomainState {
  if (place < 0) return 'done';
  if (place > 1) return 'waiting';
  if (upgrade.state === 'Failed') return place === 0 ? 'failed' : 'waiting';
  // Where nothing is under way the domain that is named is the next.
  const isBetween = !isJudged(upgrade) && (upgrade.currentDomain?.nodes ?? []).length === 0;
  if (place === 1) return isBetween ? 'waiting' : 'next';
  if (isBetween) return 'next';
  if (isStoppedByHealth(upgrade) || isStoppedByTime(upgrade)) return 'failed';
  return isHealthCheck(upgrade) && upgrade.unhealthyEvaluations.length > 0 ? 'unhealthy' : 'current';
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

export interface Progress {
  /** Parts that are done, and all of them: upgrade domains while they are under way and known, else stages. */
  readonly done: number;
  readonly total: number;
  readonly words: string;
  /** Of all stages together, from 0 to 1. */
  readonly whole: number;
}

/** @returns `undefined` where nothing is under way */
export function progressOf(situation: Situation): Progress | undefined {
  const { upgrade } = situation;
  const stage = Object.hasOwn(stageByState, upgrade.state) ? stageByState[upgrade.state] : undefined;
  if (stage === undefined) return undefined;
  const { list, isWhole } = domainsOf(situation);
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
    words: `${done} of ${counted(list.length, 'upgrade domain')} ${back ? 'taken back' : 'done'}`,
    whole: (stage + done / list.length) / stages.length,
  };
}
