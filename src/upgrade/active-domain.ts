/** The domain that an upgrade is about at the moment. Pure. */
import { listDomains, listUnreachedDomains } from './domain-progress.ts';
import { findDomain } from './health/causes.ts';
import { nameDomain } from './names.ts';
import type { UpgradeSnapshot } from './snapshot.ts';
import { isHealthCheck, isWaitingForApproval } from './state.ts';

/** A domain and its place, from 1, among all domains, if these are known. */
export interface ActiveDomain {
  readonly name: string;
  readonly place: number | undefined;
  readonly total: number;
  /** Whether the upgrade is about to begin it, without waiting for approval. */
  readonly isNext: boolean;
}

/**
 * Finds the domain that the upgrade works on, whose health it checks, in which it stopped, or before which it waits.
 * During a health check, the document names the domain after that one.
 */
export function findActiveDomain(snapshot: UpgradeSnapshot): ActiveDomain | undefined {
  const { list, isComplete } = listDomains(snapshot);
  const active = (['current', 'unhealthy', 'failed'] as const)
    .map((state) => list.find((domain) => domain.state === state))
    .find((domain) => domain !== undefined);
  const { upgrade } = snapshot;
  const domain = active ?? (isHealthCheck(upgrade) ? undefined : list.find(({ state }) => state === 'next'));
  if (domain)
    return {
      name: domain.name,
      place: isComplete ? list.indexOf(domain) + 1 : undefined,
      total: list.length - listUnreachedDomains(snapshot).length,
      isNext: domain.state === 'next' && !isWaitingForApproval(upgrade),
    };
  // Without a record of all domains, only what is unhealthy tells which domain is checked.
  const name = isHealthCheck(upgrade) ? findDomain(upgrade.unhealthyEvaluations) : undefined;
  return name === undefined ? undefined : { name, place: undefined, total: list.length, isNext: false };
}

/** Names the domain in a sentence or heading: `UD1`, `next domain 0`. */
export function nameActiveDomain({ name, isNext }: ActiveDomain): string {
  return `${isNext ? 'next ' : ''}${nameDomain(name)}`;
}
