/** One read of an upgrade, tried again for as long as its failures may pass, with what explains it. */

import { GatewayError } from '../cluster/faults/fault.ts';
import type { ApplicationProgress, Gateway, Progress } from '../cluster/gateway.ts';
import type { Host } from '../platform/host.ts';
import type { DeploymentStatus, Upgrade, Verdict } from '../upgrade/model.ts';
import { type Situation, situationOf } from '../upgrade/snapshot.ts';
import { isNeverUpgraded } from '../upgrade/state.ts';
import { verdictOf, verdictWithoutRecord } from '../upgrade/verdict.ts';
import type { Asides } from './related-reads.ts';
import { keepTrying, type Lost, type ReadOptions } from './retry.ts';

/**
 * @param retrying told of each failure that is tolerated, before the pause after it
 * @throws ExpectedError once the read is given up, and when interrupted
 */
export async function readOnce(
  gateway: Gateway,
  asides: Asides,
  options: ReadOptions,
  host: Host,
  retrying: (lost: Lost) => void,
): Promise<Picture> {
  const { deployment } = options;
  const { interrupt } = host;
  const read = () => gateway.readUpgradeProgress(deployment, interrupt);
  const progress = await keepTrying(read, options, host, retrying);
  // Tells "never upgraded" from "its creation failed". Without an answer both stay possible, and are said.
  const isOpen = isNeverUpgraded(progress.upgrade);
  const status = isOpen ? await asides.status(deployment, interrupt, Number.POSITIVE_INFINITY) : undefined;
  return pictureOf(progress, { before: undefined, status }, asides, deployment, interrupt);
}

/** The verdict on what was read. @param expected the version that the upgrade should go to, if that matters */
export function verdictOn({ situation, status }: Picture, expected: string | undefined): Verdict {
  return situation ? verdictOf(situation, expected) : verdictWithoutRecord(status);
}

export interface Picture {
  /** `undefined` where the cluster has no record of the upgrade. */
  readonly situation: Situation | undefined;
  /** What the status endpoint said, if it was asked. */
  readonly status: DeploymentStatus | undefined;
  /** The gateway's document as it came. */
  readonly document: string | undefined;
  /** The application's own, if it was read with this one and is of the same upgrade. */
  readonly applicationDocument: string | undefined;
}

/** What was read of the same deployment just now or before. */
interface Known {
  readonly before: Situation | undefined;
  /** What the status endpoint said, where it had to be asked. */
  readonly status?: DeploymentStatus | undefined;
  /** A read of the application that is under way already. */
  readonly application?: Promise<ApplicationProgress | undefined> | undefined;
}

/** Completes what the cluster says of an upgrade with what it takes to explain it, all of it at once. */
async function pictureOf(
  { upgrade, document }: Progress,
  known: Known,
  asides: Asides,
  deployment: string,
  signal: AbortSignal,
): Promise<Picture> {
  const [application, services, status] = await Promise.all([
    known.application ??
      (isOfInterest(upgrade) ? asides.application(upgrade.application, signal) : undefined),
    asides.services(upgrade, signal),
    known.status ?? (upgrade.state === 'Failed' ? asides.status(deployment, signal) : undefined),
  ]);
  const beside = { status, services, application: application?.upgrade, reach: asides.reach };
  const situation = situationOf(upgrade, beside, known.before);
  const isOfThis = application !== undefined && situation.application === application.upgrade;
  return { situation, status, document, applicationDocument: isOfThis ? application.document : undefined };
}

/** Before an upgrade comes to the application, that has nothing to say of it. */
export function isOfInterest(upgrade: Upgrade): boolean {
  return !isNeverUpgraded(upgrade) && upgrade.state !== 'ProvisioningTarget';
}

/** The application is asked at the same time, once its name is known. */
export async function read(
  gateway: Gateway,
  asides: Asides,
  last: Picture | undefined,
  deployment: string,
  signal: AbortSignal,
): Promise<Picture> {
  const before = last?.situation;
  const application =
    before && isOfInterest(before.upgrade)
      ? asides.application(before.upgrade.application, signal)
      : undefined;
  // Whoever fails first is heard.
  application?.catch(() => {});
  const progress = await gateway.readUpgradeProgress(deployment, signal).catch((error) => {
    if (!isWithoutRecord(error)) throw error;
  });
  const isOpen = !progress || isNeverUpgraded(progress.upgrade);
  const status = isOpen ? await gateway.readStatus(deployment, signal) : undefined;
  if (!progress) return { situation: undefined, status, document: undefined, applicationDocument: undefined };
  return pictureOf(progress, { before, status, application }, asides, deployment, signal);
}

/** A 404 with the runtime's internal code `NotFound` is no missing deployment. */
function isWithoutRecord(error: unknown): boolean {
  return (
    error instanceof GatewayError &&
    error.fault.kind === 'answer' &&
    error.fault.status === 404 &&
    error.fault.error?.code === 'NotFound'
  );
}
