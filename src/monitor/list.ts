/** All deployments of a cluster, and what those do that are being upgraded. */

import type { Gateway } from '../cluster/gateway.ts';
import { ExpectedError } from '../platform/errors.ts';
import type { Deployment } from '../upgrade/model.ts';
import { createSnapshot, type UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { hasReachedApplication } from './read.ts';
import type { RelatedReads } from './related-reads.ts';

export interface ListedDeployment {
  readonly deployment: Deployment;
  /** Of one that is upgrading, unless it could not be read. */
  readonly upgrade: ListedUpgrade | undefined;
  /** Why the upgrade could not be read; `''` where it was, or there is none. */
  readonly problem: string;
}

interface ListedUpgrade {
  readonly snapshot: UpgradeSnapshot;
  /** The gateway's document as it came. */
  readonly document: string;
  /** The application's own, if it was read and is of the same upgrade. */
  readonly applicationDocument: string | undefined;
}

/** Upgrades that are read at the same time. */
const maxConcurrentReads = 5;

interface ListingOptions {
  /** Reads a page or an upgrade, and retries it. */
  readonly trying: <T>(read: () => Promise<T>) => Promise<T>;
  /** Aborted by a signal to the process. */
  readonly interrupt: AbortSignal;
  /** Aborted with `interrupt`, and at the deadline. */
  readonly signal: AbortSignal;
  /** Called after each page with the number of deployments so far. */
  readonly counted: (count: number) => void;
}

/**
 * Reads all deployments, page by page, and then their upgrades.
 * @throws ExpectedError for a page that cannot be read; an upgrade that cannot, or not in time, is no failure
 */
export async function readList(
  gateway: Gateway,
  relatedReads: RelatedReads,
  { trying, interrupt, signal, counted }: ListingOptions,
): Promise<readonly ListedDeployment[]> {
  async function upgradeOf(deployment: Deployment): Promise<ListedUpgrade> {
    const { value: upgrade, text: document } = await trying(() =>
      gateway.readUpgradeProgress(deployment.name, signal),
    );
    // Without it the deployment's own document is still there.
    const application = hasReachedApplication(upgrade)
      ? await relatedReads.application(upgrade.application, signal).catch((error) => {
          if (interrupt.aborted || !(error instanceof ExpectedError)) throw error;
          return undefined;
        })
      : undefined;
    const beside = { status: deployment, application: application?.value, services: new Map() };
    const snapshot = createSnapshot(upgrade, beside, undefined);
    const isOfThis = snapshot.application !== undefined;
    return { snapshot, document, applicationDocument: isOfThis ? application?.text : undefined };
  }

  async function listed(deployment: Deployment): Promise<ListedDeployment> {
    if (deployment.status !== 'Upgrading') return { deployment, upgrade: undefined, problem: '' };
    try {
      return { deployment, upgrade: await upgradeOf(deployment), problem: '' };
    } catch (error) {
      if (!(error instanceof ExpectedError) || interrupt.aborted) throw error;
      const problem = signal.aborted ? 'no answer in time (--max-wait).' : error.message;
      return { deployment, upgrade: undefined, problem };
    }
  }

  const deployments: Deployment[] = [];
  for await (const page of gateway.readDeployments(signal, { retry: trying })) {
    deployments.push(...page);
    counted(deployments.length);
  }
  return mapConcurrently(deployments, listed);
}

/** Each of the workers takes the next one that nobody has taken. */
async function mapConcurrently<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const next = all.entries();
  const worker = async () => {
    for (const [index, one] of next) results[index] = await work(one);
  };
  await Promise.all(Array.from({ length: maxConcurrentReads }, worker));
  return results;
}
