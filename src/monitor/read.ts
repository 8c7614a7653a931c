/** One read of an upgrade, tried again for as long as its failures may pass, with what explains it. */

import type { Gateway } from '../cluster/gateway.ts';
import type { Host } from '../platform/host.ts';
import { isNeverUpgraded, type Verdict } from '../upgrade/model.ts';
import { verdictOf, verdictWithoutRecord } from '../upgrade/verdict.ts';
import { type Picture, pictureOf } from './reading.ts';
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
