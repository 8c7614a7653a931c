/** Completes a reading with the cluster's events, which cover the time before the first reading. */
import type { GatewayDocument } from '../cluster/gateway-response.ts';
import { maxClockLeadMs } from '../cluster/time-limits.ts';
import { completeSnapshot } from '../upgrade/complete-snapshot.ts';
import type { ApplicationUpgrade, Upgrade } from '../upgrade/model.ts';
import { hasPastGaps } from '../upgrade/past-gaps.ts';
import { listPastUpgrades } from '../upgrade/past-upgrades.ts';
import { createSnapshot, type UpgradeSnapshot } from '../upgrade/snapshot.ts';
import { hasEnded } from '../upgrade/state.ts';
import { findEnd, findStart } from '../upgrade/times.ts';
import type { EventSpan, ReadEvents } from './related-reads.ts';

/** A reading that events may complete. */
export interface IncompleteReading {
  readonly upgrade: Upgrade;
  /** The application's record, which can be on its way. */
  readonly record: Promise<GatewayDocument<ApplicationUpgrade> | undefined> | undefined;
  /** Snapshot of the reading before, in a watch. */
  readonly before: UpgradeSnapshot | undefined;
  readonly now: Date;
}

/** Reads the events of an upgrade, unless they can add nothing. @returns a function that adds them to the snapshot */
export async function readPast(
  { upgrade, record, before, now }: IncompleteReading,
  readEvents: ReadEvents,
  signal: AbortSignal,
): Promise<(snapshot: UpgradeSnapshot) => UpgradeSnapshot> {
  const findSpan = async () => {
    // An upgrade under way is as old as its clock says. One that has ended can be of any age, which its record has.
    const document = hasEnded(upgrade) ? await record : undefined;
    const related = { status: undefined, services: new Map(), application: document?.value };
    const snapshot = createSnapshot(upgrade, related, before);
    return hasPastGaps(snapshot) ? selectSpan(snapshot, now) : undefined;
  };
  const events = await readEvents(upgrade.application, findSpan, signal);
  return (snapshot) => (events.length > 0 ? completeSnapshot(snapshot, listPastUpgrades(events)) : snapshot);
}

/** Time around an upgrade in which its events are: its own clock can lag behind. */
const marginMs = 3_600_000;

/** Age of an upgrade that has ended at an unknown time. */
const unknownAgeMs = 2 * 86_400_000;

/** Age that is read at most: event stores keep events for about a month. */
const maxAgeMs = 31 * 86_400_000;

/** Selects the time from the start of an upgrade to its end; `undefined` if no events can be left of it. */
function selectSpan(snapshot: UpgradeSnapshot, now: Date): EventSpan | undefined {
  const { upgrade } = snapshot;
  const age = (upgrade.duration ?? 0) + (hasEnded(upgrade) ? unknownAgeMs : 0);
  const start = findStart(snapshot)?.getTime() ?? now.getTime() - age;
  const from = Math.max(start - marginMs, now.getTime() - maxAgeMs);
  const end = findEnd(snapshot)?.getTime();
  const to = end === undefined ? now.getTime() + maxClockLeadMs : end + marginMs;
  return from < to ? { from: new Date(from), to: new Date(to) } : undefined;
}
