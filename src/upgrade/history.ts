/**
 * What a watch has seen of an upgrade so far, on the upgrade's own clock: that one tells when each domain began,
 * however rarely it is read. Pure.
 */
import type { Duration, Upgrade } from './model.ts';
import { isRollback, isRolledOut, isWaitingForApproval } from './state.ts';

/** All times are milliseconds since the application's upgrade began. */
export interface History {
  /** Where it goes; whatever takes another course starts anew. */
  readonly isBack: boolean;
  readonly version: string;
  /** In a rollback, the version that it leaves; `''` where the watch did not see that one. */
  readonly leaves: string;
  /** The new version was being prepared when it was last seen, or the rollback came right after that. */
  readonly isPreparing: boolean;
  /** When it was last read. */
  readonly seenAt: Duration;
  readonly finished: readonly FinishedDomain[];
  readonly current: { readonly name: string; readonly began: Duration } | undefined;
  /** When each safety check that is pending was first seen, see {@link getCheckKey}. */
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
  isPreparing: false,
  seenAt: 0,
  finished: [],
  current: undefined,
  checks: new Map(),
};

/** Domains, and safety checks, that are remembered: whoever names new ones with each read must not fill the memory. */
const maxRemembered = 500;

/** Nothing can have been missed between two documents that are no further apart: the cluster's reading moves each minute. */
const maxStepMs: Duration = 90_000;

/**
 * Takes one more document into what is remembered.
 * @param domains the names of all upgrade domains in their order; empty where they are not known
 */
export function extendHistory(history: History, upgrade: Upgrade, domains: readonly string[]): History {
  const { targetVersion, duration, domainDuration, currentDomain, state } = upgrade;
  // What failed keeps its course; a deployment that was never upgraded has none.
  if (state === 'Failed' || targetVersion === '') return history;
  const isOver = isRolledOut(upgrade);
  const before = {
    ...resetOnTurn(history, upgrade),
    isPreparing: state === 'ProvisioningTarget' || (isOver && history.isPreparing),
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
    // A manual upgrade has waited between the two, for who knows how long.
    const isNext =
      upgrade.mode !== 'UnmonitoredManual' && isNextDomain(name, before.current?.name, domains, isClose);
    return { ...finishDomain(now, isNext ? began : undefined), current: { name, began } };
  }
  if (isWaitingForApproval(upgrade)) {
    // The domain's clock begins anew with the wait, but not where the upgrade was stopped.
    const end = before.current && began > before.current.began ? began : duration;
    return finishDomain(now, isClose ? end : undefined);
  }
  if (!isOver) return now;
  const isLast = domains.length === 0 ? isClose : domains.at(-1) === before.current?.name;
  return finishDomain(now, isLast ? duration : undefined);
}

function resetOnTurn(history: History, upgrade: Upgrade): History {
  const isBack = isRollback(upgrade);
  const { targetVersion: version } = upgrade;
  if (isBack === history.isBack && version === history.version) return history;
  return { ...noHistory, isBack, version, leaves: isBack && !history.isBack ? history.version : '' };
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

/** @param end `undefined` where it was not seen; one before the beginning is of a clock that was set back */
function finishDomain(history: History, end: Duration | undefined): History {
  const { current, finished } = history;
  if (current === undefined || end === undefined || end < current.began)
    return { ...history, current: undefined };
  const others = finished.filter(({ name }) => name !== current.name);
  const one = { name: current.name, took: end - current.began };
  return { ...history, current: undefined, finished: [...others, one].slice(-maxRemembered) };
}

/** One node's safety check, told apart from all others. */
export function getCheckKey(
  node: string,
  { kind, partitionId }: { kind: string; partitionId: string },
): string {
  return JSON.stringify([node, kind, partitionId]);
}
