/** Reads the state of one deployment for a command that acts on it. */
import type { DeploymentStatus } from '../../upgrade/model.ts';
import { readUpgrade, type UpgradeReading, type UpgradeSource } from '../read.ts';

/** The state of a deployment that exists. */
export interface DeploymentState {
  readonly deployment: string;
  readonly status: DeploymentStatus;
  /** The latest upgrade; `undefined` while the deployment has none to read, because it is created or removed. */
  readonly reading: UpgradeReading | undefined;
}

/**
 * Reads the status, then the latest upgrade.
 * @returns `undefined` if the deployment does not exist
 * @throws GatewayError, or an `interrupted` ExpectedError once the signal is aborted
 */
export async function readDeploymentState(
  source: UpgradeSource,
  deployment: string,
  signal: AbortSignal,
): Promise<DeploymentState | undefined> {
  const status = await source.gateway.readStatus(deployment, signal);
  if (status === undefined) return undefined;
  // In every other status the cluster holds the request until its time limit.
  const isReadable = status.status === 'Ready' || status.status === 'Upgrading';
  // A decision needs no past.
  const related = { ...source, relatedReads: { ...source.relatedReads, events: undefined } };
  const reading = isReadable ? await readUpgrade(related, deployment, 'watch', undefined, signal) : undefined;
  return { deployment, status, reading };
}
