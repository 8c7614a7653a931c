/** All deployments of a cluster, and what those do that are being upgraded. */

import type { Gateway } from '../cluster/gateway.ts';
import { ExpectedError } from '../platform/errors.ts';
import type { Deployment } from '../upgrade/model.ts';
import { type Situation, situationOf } from '../upgrade/snapshot.ts';
import { isOfInterest } from './read.ts';
import type { Asides } from './related-reads.ts';

export interface Listed {
  readonly deployment: Deployment;
  /** Of one that is upgrading, unless it could not be read. */
  readonly upgrade: ListedUpgrade | undefined;
  /** Why the upgrade could not be read; `''` where it was, or there is none. */
  readonly problem: string;
}

interface ListedUpgrade {
  readonly situation: Situation;
  /** The gateway's document as it came. */
  readonly document: string;
  /** The application's own, if it was read and is of the same upgrade. */
  readonly applicationDocument: string | undefined;
}

/** Upgrades that are read at the same time. */
const mostReads = 5;

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
export async function readListing(
  gateway: Gateway,
  asides: Asides,
  { trying, interrupt, signal, counted }: ListingOptions,
): Promise<readonly Listed[]> {
  async function upgradeOf(deployment: Deployment): Promise<ListedUpgrade> {
    const { upgrade, document } = await trying(() => gateway.readUpgradeProgress(deployment.name, signal));
    // Without it the deployment's own document is still there.
    const application = isOfInterest(upgrade)
      ? await asides.application(upgrade.application, signal).catch((error) => {
          if (interrupt.aborted || !(error instanceof ExpectedError)) throw error;
          return undefined;
        })
      : undefined;
    const beside = { status: deployment, application: application?.upgrade, services: new Map() };
    const situation = situationOf(upgrade, beside, undefined);
    const isOfThis = situation.application !== undefined;
    return { situation, document, applicationDocument: isOfThis ? application?.document : undefined };
  }

  async function listed(deployment: Deployment): Promise<Listed> {
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
  for await (const page of gateway.readDeployments(signal, { trying })) {
    deployments.push(...page);
    counted(deployments.length);
  }
  return mapSome(deployments, listed);
}

/** Each of the workers takes the next one that nobody has taken. */
async function mapSome<T, R>(all: readonly T[], work: (one: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  const next = all.entries();
  const worker = async () => {
    for (const [index, one] of next) results[index] = await work(one);
  };
  await Promise.all(Array.from({ length: mostReads }, worker));
  return results;
}
