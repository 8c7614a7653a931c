/**
 * What a watch has seen of an upgrade so far, on the upgrade's own clock: that one tells when each domain began,
 * however rarely it is read. Pure.
 */
import { type Duration, hasEnded, isRollback, type Upgrade, waitsForPerson } from './upgrade.ts';

/** All times are milliseconds since the application's upgrade began. */
export interface History {
  /** Where it goes; whatever takes another course starts anew. */
  readonly isBack: boolean;
  readonly version: string;
  /** In a rollback, the version that it leaves; `''` where the watch did not see that one. */
  readonly leaves: string;
  readonly finished: readonly FinishedDomain[];
  readonly current: { readonly name: string; readonly began: Duration } | undefined;
  /** When each safety check that is pending was first seen, see {@link checkKey}. */
  readonly checks: ReadonlyMap<string, Duration>;
}

interface FinishedDomain {
  readonly name: string;
  /** From its beginning to the beginning of the next, its health check included, waiting for a person not. */
  readonly took: Duration;
}

export const noHistory: History = {
  isBack: false,
  version: '',
  leaves: '',
  finished: [],
  current: undefined,
  checks: new Map(),
};

/** More than any cluster has; a document that names a new domain with each read must not fill the memory. */
const mostDomains = 500;

/** Takes one more document into what is remembered. */
export function observe(history: History, upgrade: Upgrade): History {
  const { targetVersion, duration, domainDuration, currentDomain } = upgrade;
  // What failed keeps its course; a deployment that was never upgraded has none.
  if (upgrade.state === 'Failed' || targetVersion === '') return history;
  const isBack = isRollback(upgrade);
  const isSameCourse = isBack === history.isBack && targetVersion === history.version;
  const leaves = isBack && !history.isBack ? history.version : '';
  const before = isSameCourse ? history : { ...noHistory, isBack, version: targetVersion, leaves };
  if (duration === undefined || domainDuration === undefined) return before;
  const began = duration - domainDuration;
  const nodes = currentDomain?.nodes ?? [];
  const checks = new Map(
    nodes
      .flatMap((node) => node.safetyChecks.map((check) => checkKey(node.name, check)))
      .slice(0, mostDomains)
      .map((key) => [key, before.checks.get(key) ?? duration]),
  );
  if (currentDomain && nodes.length > 0) {
    const { name } = currentDomain;
    if (before.current?.name === name) return { ...before, checks };
    return { ...finish(before, began), current: { name, began }, checks };
  }
  if (waitsForPerson(upgrade)) return { ...finish(before, began), checks };
  if (hasEnded(upgrade) || upgrade.state.startsWith('Unprovisioning'))
    return { ...finish(before, duration), checks };
  return { ...before, checks };
}

/** A domain that ends before it began belongs to a clock that was set back. */
function finish(history: History, end: Duration): History {
  const { current, finished } = history;
  if (current === undefined || end < current.began) return { ...history, current: undefined };
  const others = finished.filter(({ name }) => name !== current.name);
  const one = { name: current.name, took: end - current.began };
  return { ...history, current: undefined, finished: [...others, one].slice(-mostDomains) };
}

/** One node's safety check, told apart from all others. */
export function checkKey(node: string, { kind, partitionId }: { kind: string; partitionId: string }): string {
  return JSON.stringify([node, kind, partitionId]);
}
