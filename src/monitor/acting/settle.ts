/** Finds out by reading whether the cluster accepted a request whose answer was lost. */
import { GatewayError } from '../../cluster/faults/fault.ts';
import { interruptedError } from '../../platform/errors.ts';
import type { Clock } from '../../platform/host.ts';
import type { UpgradeSource } from '../read.ts';
import { type DeploymentState, readDeploymentState } from './deployment-state.ts';
import { isNewerVersion } from './versions.ts';

/** The fate of a request, as far as reading tells it, and the last state that was read. */
export interface Settlement {
  readonly fate: 'accepted' | 'not-accepted' | 'unknown';
  readonly state: DeploymentState | undefined;
}

/** Pauses before the reads, in milliseconds; the last one repeats. */
const pausesMs = [1000, 1000, 3000];

/** Reads that may fail after the end before the fate of a request counts as unknown. */
const maxLateFailures = 3;

/** The request whose fate is in question. */
export interface SettleOptions {
  readonly source: UpgradeSource;
  readonly deployment: string;
  /** Reports whether a state proves that the request was accepted. */
  readonly isAccepted: (state: DeploymentState) => boolean;
  /** Reports whether a state that is read after the end proves that the request was not accepted. */
  readonly isUnchanged: (state: DeploymentState) => boolean;
  /** Monotonic time until which the cluster may still accept the request, in milliseconds. */
  readonly until: number;
  readonly clock: Clock;
}

/**
 * Reads until the request was accepted, or can no longer be.
 * @throws an `interrupted` ExpectedError once the signal aborts
 */
export async function settle(options: SettleOptions, signal: AbortSignal): Promise<Settlement> {
  const { source, deployment, isAccepted, isUnchanged, until, clock } = options;
  for (let count = 0, lateFailures = 0; ; count++) {
    const pauseMs = pausesMs[count] ?? pausesMs.at(-1) ?? 0;
    const leftMs = until - clock.monotonic();
    await clock.sleep(leftMs > 0 ? Math.min(pauseMs, leftMs) : pauseMs, signal);
    if (signal.aborted) throw interruptedError(signal.reason);
    const isLate = clock.monotonic() >= until;
    const state = await readTolerantly(source, deployment, signal);
    if (state && isAccepted(state)) return { fate: 'accepted', state };
    if (!isLate) continue;
    if (state) return { fate: isUnchanged(state) ? 'not-accepted' : 'unknown', state };
    if (++lateFailures > maxLateFailures) return { fate: 'unknown', state };
  }
}

/** @returns `undefined` if the read failed, or the deployment does not exist */
export async function readTolerantly(
  source: UpgradeSource,
  deployment: string,
  signal: AbortSignal,
): Promise<DeploymentState | undefined> {
  return readDeploymentState(source, deployment, signal).catch((error) => {
    if (error instanceof GatewayError) return undefined;
    throw error;
  });
}

/** Reports whether an upgrade has started since the state before: the version is chosen when the status changes. */
export function hasStarted(state: DeploymentState, before: DeploymentState): boolean {
  return state.status.status === 'Upgrading' || isNewerVersion(findTarget(state), findTarget(before));
}

/** Reports whether a deployment is in the same state as before, in every member of the cluster's document. */
export function isSameState(state: DeploymentState, before: DeploymentState): boolean {
  return state.status.status === before.status.status && state.reading?.document === before.reading?.document;
}

/** Finds the version that the latest upgrade leads to, or has led to. */
export function findTarget({ reading }: DeploymentState): string | undefined {
  return reading?.snapshot?.upgrade.targetVersion;
}
