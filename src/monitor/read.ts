/** Reads the upgrade of a deployment once, with related reads that help to explain it. */
import { GatewayError } from '../cluster/faults/fault.ts';
import type { Gateway } from '../cluster/gateway.ts';
import type { Clock } from '../platform/host.ts';
import type { Verdict } from '../platform/outcome.ts';
import type { DeploymentStatus, Upgrade } from '../upgrade/model.ts';
import { createSnapshot, type UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { hasEnded, isNeverUpgraded } from '../upgrade/state.ts';
import { judgeMissingRecord, judgeSnapshot } from '../upgrade/verdict.ts';
import type { RelatedReads } from './related-reads.ts';

/** The results of one read of an upgrade. */
export interface UpgradeReading {
  /** Snapshot after this read; `undefined` if the cluster has no record of the upgrade. */
  readonly snapshot: UpgradeSnapshot | undefined;
  /** The deployment's status, if the status endpoint was read. */
  readonly status: DeploymentStatus | undefined;
  /** The gateway's document as it came. */
  readonly document: string | undefined;
  /** The application's document as it came, if it was read and is about the same upgrade. */
  readonly applicationDocument: string | undefined;
}

/** The source of upgrades. */
export interface UpgradeSource {
  readonly gateway: Gateway;
  readonly relatedReads: RelatedReads;
  readonly clock?: Pick<Clock, 'now' | 'monotonic'>;
}

/**
 * Reads an upgrade. A single read reports a missing record and a missing response from the status endpoint; a watch
 * tolerates both.
 * @param last the reading before, in a watch
 * @throws GatewayError, or an `interrupted` ExpectedError once the signal is aborted
 */
export async function readUpgrade(
  { gateway, relatedReads, clock }: UpgradeSource,
  deployment: string,
  mode: 'single' | 'watch',
  last: UpgradeReading | undefined,
  signal: AbortSignal,
): Promise<UpgradeReading> {
  const before = last?.snapshot;
  // Once its name is known, the application is read in parallel.
  const early =
    before && hasReachedApplication(before.upgrade)
      ? relatedReads.application(before.upgrade.application, signal)
      : undefined;
  const earlyNodes = early && relatedReads.nodes(signal);
  // If several reads fail, the first failure is reported.
  early?.catch(() => {});
  earlyNodes?.catch(() => {});
  const progress = await gateway.readUpgradeProgress(deployment, signal).catch((error) => {
    if (mode === 'single' || !isRecordMissing(error)) throw error;
  });
  const readStatus = () =>
    mode === 'watch'
      ? gateway.readStatus(deployment, signal)
      : relatedReads.status(deployment, signal, Infinity);
  if (!progress)
    return {
      snapshot: undefined,
      status: await readStatus(),
      document: undefined,
      applicationDocument: undefined,
    };
  const readAt = clock?.monotonic();
  const now = clock && new Date(clock.now());
  const { value: upgrade, text: document } = progress;
  // Tells "never upgraded" from "its creation failed". Without a response both remain possible.
  const known = isNeverUpgraded(upgrade) ? await readStatus() : undefined;
  const record =
    early ??
    (hasReachedApplication(upgrade) ? relatedReads.application(upgrade.application, signal) : undefined);
  const isPastDue =
    relatedReads.events !== undefined &&
    hasReachedApplication(upgrade) &&
    (before === undefined || (hasEnded(upgrade) && !hasEnded(before.upgrade)));
  const [application, services, status, nodes, completeSnapshot] = await Promise.all([
    record,
    relatedReads.services(upgrade, signal),
    known ?? (upgrade.state === 'Failed' ? relatedReads.status(deployment, signal) : undefined),
    earlyNodes ??
      (hasReachedApplication(upgrade) && !hasEnded(upgrade) ? relatedReads.nodes(signal) : undefined),
    isPastDue && now ? readPast({ upgrade, record, before, now }, relatedReads.events, signal) : undefined,
  ]);
  const { commandTarget } = relatedReads;
  const related = { status, services, nodes, readAt, now, application: application?.value, commandTarget };
  const incomplete = createSnapshot(upgrade, related, before);
  const snapshot = completeSnapshot?.(incomplete) ?? incomplete;
  const isSameUpgrade = application !== undefined && snapshot.application === application.value;
  return {
    snapshot,
    status,
    document,
    applicationDocument: isSameUpgrade ? application.text : undefined,
  };
}

/** Loads the code that completes a reading by events, which most commands do not need, and runs it. */
async function readPast(...parameters: Parameters<typeof import('./past.ts').readPast>) {
  const past = await import('./past.ts');
  return past.readPast(...parameters);
}

/** Before an upgrade reaches the application, the application's record describes an older upgrade. */
export function hasReachedApplication(upgrade: Upgrade): boolean {
  return !isNeverUpgraded(upgrade) && upgrade.state !== 'ProvisioningTarget';
}

/** A 404 with the runtime's internal code `NotFound` does not mean that the deployment is missing. */
function isRecordMissing(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    error.fault.kind === 'response' &&
    error.fault.status === 404 &&
    error.fault.error?.code === 'NotFound'
  );
}

/** Judges one reading by itself. @param expected the version that the upgrade should go to, if that matters */
export function judgeReading({ snapshot, status }: UpgradeReading, expected: string | undefined): Verdict {
  return snapshot ? judgeSnapshot(snapshot, expected) : judgeMissingRecord(status);
}
