/** Reads all deployments of a cluster, and the upgrades of those that are upgrading. */
import pMap from 'p-map';
import type { Connection } from '../config/connection.ts';
import { ExpectedError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import type { Deployment } from '../upgrade/model.ts';
import { createSnapshot, type UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { explainReadFailure } from './explain-failure.ts';
import { hasReachedApplication, type UpgradeSource } from './read.ts';
import { ReadFailedError, type ReadFailure, type RetryOptions, readWithRetries } from './retry.ts';

/** A deployment of the list. */
export interface ListedDeployment {
  /** Name of the cluster, in a list of several. */
  readonly cluster: string | undefined;
  readonly deployment: Deployment;
  /** The upgrade of a deployment that is upgrading; `undefined` if it could not be read. */
  readonly upgrade: ListedUpgrade | undefined;
  /** Why the upgrade could not be read. */
  readonly problem: string | undefined;
}

interface ListedUpgrade {
  readonly snapshot: UpgradeSnapshot;
  /** The gateway's document as it came. */
  readonly document: string;
  /** The application's document as it came, if it was read and is about the same upgrade. */
  readonly applicationDocument: string | undefined;
}

/** Upgrades that are read at the same time. */
const maxConcurrentReads = 5;

/** Options of reading the list. */
export interface ListOptions extends RetryOptions {
  /** Name of the cluster, in a list of several. */
  readonly cluster: string | undefined;
  readonly connection: Pick<Connection, 'endpoint' | 'commandTarget' | 'timeoutSeconds'>;
  /** Called with each failure that is tolerated. */
  readonly onRetry: (failure: ReadFailure) => void;
  /** Called after each page with the number of deployments so far. */
  readonly onPage: (count: number) => void;
}

/**
 * Reads the list page by page, and then the upgrades. An upgrade that cannot be read in time is not a failure.
 * @param signal aborted with `host.interrupt`, and at the deadline
 * @throws ReadFailedError for a page that cannot be read, or an `interrupted` ExpectedError once the signal is aborted
 */
export async function readList(
  { gateway, relatedReads }: UpgradeSource,
  options: ListOptions,
  signal: AbortSignal,
  host: Host,
): Promise<readonly ListedDeployment[]> {
  const { cluster, connection, onRetry, onPage } = options;
  const { interrupt, clock } = host;
  const retrying = <T>(read: () => Promise<T>) => readWithRetries(read, options, signal, host, onRetry);

  async function readUpgrade(deployment: Deployment): Promise<ListedUpgrade> {
    const { value: upgrade, text: document } = await retrying(() =>
      gateway.readUpgradeProgress(deployment.name, signal),
    );
    // At the deadline, the deployment's own document is shown without the related read.
    const application = hasReachedApplication(upgrade)
      ? await relatedReads.application(upgrade.application, signal).catch((error) => {
          if (interrupt.aborted || !(error instanceof ExpectedError)) throw error;
          return undefined;
        })
      : undefined;
    const related = {
      status: deployment,
      application: application?.value,
      services: new Map(),
      now: new Date(clock.now()),
    };
    const snapshot = createSnapshot(upgrade, related, undefined);
    const isSameUpgrade = snapshot.application !== undefined;
    return { snapshot, document, applicationDocument: isSameUpgrade ? application?.text : undefined };
  }

  async function readListed(deployment: Deployment): Promise<ListedDeployment> {
    const listed = { cluster, deployment, upgrade: undefined, problem: undefined };
    if (deployment.status !== 'Upgrading') return listed;
    try {
      return { ...listed, upgrade: await readUpgrade(deployment) };
    } catch (error) {
      if (interrupt.aborted) throw error;
      return { ...listed, problem: await describeProblem(error) };
    }
  }

  async function describeProblem(error: unknown): Promise<string> {
    const isFailure = error instanceof ReadFailedError;
    if (!isFailure && !(error instanceof ExpectedError)) throw error;
    if (signal.aborted) return 'no response in time (--max-wait).';
    if (!isFailure) return error.message;
    const context = { deployment: undefined, connection, wasRead: false };
    return (await explainReadFailure(error.failure, context, clock)).what;
  }

  const deployments: Deployment[] = [];
  for await (const page of gateway.readDeployments(signal, { retry: retrying })) {
    deployments.push(...page);
    onPage(deployments.length);
  }
  return pMap(deployments, readListed, { concurrency: maxConcurrentReads });
}
