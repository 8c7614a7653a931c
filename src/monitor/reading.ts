/** One answered read of an upgrade, with what was read beside it to explain it. */

import type { ApplicationProgress, Progress } from '../cluster/gateway.ts';
import { type DeploymentStatus, isNeverUpgraded, type Upgrade } from '../upgrade/model.ts';
import { type Situation, situationOf } from '../upgrade/snapshot.ts';
import type { Asides } from './related-reads.ts';

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
export async function pictureOf(
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
