/** One read of an upgrade, tried again for as long as its failures may pass, with what explains it. */

import { GatewayError } from '../cluster/faults/fault.ts';
import type { Gateway } from '../cluster/gateway.ts';
import type { GatewayDocument } from '../cluster/gateway-response.ts';
import type { Host } from '../platform/host.ts';
import type { ApplicationUpgrade, DeploymentStatus, Upgrade, Verdict } from '../upgrade/model.ts';
import { createSnapshot, type UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { isNeverUpgraded } from '../upgrade/state.ts';
import { judgeMissingRecord, judgeSnapshot } from '../upgrade/verdict.ts';
import type { RelatedReads } from './related-reads.ts';
import { keepTrying, type Lost, type ReadOptions } from './retry.ts';

/**
 * @param retrying told of each failure that is tolerated, before the pause after it
 * @throws ExpectedError once the read is given up, and when interrupted
 */
export async function readUpgrade(
  gateway: Gateway,
  relatedReads: RelatedReads,
  options: ReadOptions,
  host: Host,
  retrying: (lost: Lost) => void,
): Promise<UpgradeReading> {
  const { deployment } = options;
  const { interrupt } = host;
  const read = () => gateway.readUpgradeProgress(deployment, interrupt);
  const progress = await keepTrying(read, options, host, retrying);
  // Tells "never upgraded" from "its creation failed". Without an answer both stay possible, and are said.
  const isOpen = isNeverUpgraded(progress.value);
  const status = isOpen
    ? await relatedReads.status(deployment, interrupt, Number.POSITIVE_INFINITY)
    : undefined;
  return completeReading(progress, { before: undefined, status }, relatedReads, deployment, interrupt);
}

/** The verdict on what was read. @param expected the version that the upgrade should go to, if that matters */
export function judgeReading({ snapshot, status }: UpgradeReading, expected: string | undefined): Verdict {
  return snapshot ? judgeSnapshot(snapshot, expected) : judgeMissingRecord(status);
}

export interface UpgradeReading {
  /** `undefined` where the cluster has no record of the upgrade. */
  readonly snapshot: UpgradeSnapshot | undefined;
  /** What the status endpoint said, if it was asked. */
  readonly status: DeploymentStatus | undefined;
  /** The gateway's document as it came. */
  readonly document: string | undefined;
  /** The application's own, if it was read with this one and is of the same upgrade. */
  readonly applicationDocument: string | undefined;
}

/** What was read of the same deployment just now or before. */
interface KnownContext {
  readonly before: UpgradeSnapshot | undefined;
  /** What the status endpoint said, where it had to be asked. */
  readonly status?: DeploymentStatus | undefined;
  /** A read of the application that is under way already. */
  readonly application?: Promise<GatewayDocument<ApplicationUpgrade> | undefined> | undefined;
}

/** Completes what the cluster says of an upgrade with what it takes to explain it, all of it at once. */
async function completeReading(
  { value: upgrade, text: document }: GatewayDocument<Upgrade>,
  known: KnownContext,
  relatedReads: RelatedReads,
  deployment: string,
  signal: AbortSignal,
): Promise<UpgradeReading> {
  const [application, services, status] = await Promise.all([
    known.application ??
      (hasReachedApplication(upgrade) ? relatedReads.application(upgrade.application, signal) : undefined),
    relatedReads.services(upgrade, signal),
    known.status ?? (upgrade.state === 'Failed' ? relatedReads.status(deployment, signal) : undefined),
  ]);
  const beside = {
    status,
    services,
    application: application?.value,
    commandTarget: relatedReads.commandTarget,
  };
  const snapshot = createSnapshot(upgrade, beside, known.before);
  const isOfThis = application !== undefined && snapshot.application === application.value;
  return { snapshot, status, document, applicationDocument: isOfThis ? application.text : undefined };
}

/** Before an upgrade comes to the application, that has nothing to say of it. */
export function hasReachedApplication(upgrade: Upgrade): boolean {
  return !isNeverUpgraded(upgrade) && upgrade.state !== 'ProvisioningTarget';
}

/** The application is asked at the same time, once its name is known. */
export async function readForWatch(
  gateway: Gateway,
  relatedReads: RelatedReads,
  last: UpgradeReading | undefined,
  deployment: string,
  signal: AbortSignal,
): Promise<UpgradeReading> {
  const before = last?.snapshot;
  const application =
    before && hasReachedApplication(before.upgrade)
      ? relatedReads.application(before.upgrade.application, signal)
      : undefined;
  // Whoever fails first is heard.
  application?.catch(() => {});
  const progress = await gateway.readUpgradeProgress(deployment, signal).catch((error) => {
    if (!isRecordMissing(error)) throw error;
  });
  const isOpen = !progress || isNeverUpgraded(progress.value);
  const status = isOpen ? await gateway.readStatus(deployment, signal) : undefined;
  if (!progress) return { snapshot: undefined, status, document: undefined, applicationDocument: undefined };
  return completeReading(progress, { before, status, application }, relatedReads, deployment, signal);
}

/** A 404 with the runtime's internal code `NotFound` is no missing deployment. */
function isRecordMissing(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    error.fault.kind === 'answer' &&
    error.fault.status === 404 &&
    error.fault.error?.code === 'NotFound'
  );
}
