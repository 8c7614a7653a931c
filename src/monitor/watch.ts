/** Reads an upgrade again and again until it has ended. */
import type { Gateway } from '../cluster/gateway.ts';
import { interruptedError, timedOutError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import type { Verdict } from '../upgrade/model.ts';
import { createBareSnapshot } from '../upgrade/snapshot.ts';
import { summarize } from '../upgrade/summary.ts';
import {
  judgeWatched,
  judgeWatchedWithoutRecord,
  nothingWatched,
  type SuccessCriteria,
  updateWatched,
} from '../upgrade/watched-upgrade.ts';
import { readForWatch, type UpgradeReading } from './read.ts';
import type { RelatedReads } from './related-reads.ts';
import { type Lost, longestBackoff, neverReadError, type ReadOptions, readPatiently } from './retry.ts';

/** Whatever there is to tell while following. */
export type FollowEvent = CourseEvent | Ended;

/** What happens on the way. All times are in milliseconds. */
export type CourseEvent =
  /** `isNews`: a document differs from the last. `isMove`: and so does what compose's own says, apart from its clocks. */
  | {
      readonly type: 'reading';
      readonly reading: UpgradeReading;
      readonly isNews: boolean;
      readonly isMove: boolean;
    }
  | Lost
  | { readonly type: 'regained'; readonly lostFor: number }
  /** Nothing moved for as long as a heartbeat. */
  | { readonly type: 'heartbeat' }
  /** Said once for each time that things stand still. */
  | { readonly type: 'stalled'; readonly unmovedFor: number };

/** The last event. */
export interface Ended {
  readonly type: 'ended';
  readonly verdict: Verdict;
  readonly reading: UpgradeReading;
  /** Whether the first reading was the last. */
  readonly isFirst: boolean;
}

/** Milliseconds; `Infinity` where there is no limit. */
export interface FollowOptions extends ReadOptions, SuccessCriteria {
  readonly interval: number;
  readonly maxWait: number;
  readonly heartbeat: number;
  readonly stallAfter: number;
  /** How many are followed together, and its place among them, from 0. */
  readonly together: number;
  readonly place: number;
}

/**
 * Follows the upgrade of a deployment. The first read is made at once. It ends without an `ended` event once nobody
 * reads stdout any more.
 * @throws ExpectedError when contact is lost for good, at `maxWait`, and when interrupted
 */
export async function* follow(
  gateway: Gateway,
  relatedReads: RelatedReads,
  options: FollowOptions,
  host: Host,
): AsyncGenerator<FollowEvent, void> {
  const { clock, interrupt, stdout, stderr } = host;
  const deadline = new AbortController();
  const callOff = clock.after(options.maxWait, () => deadline.abort());
  const signal = AbortSignal.any([interrupt, deadline.signal, stdout.gone]);
  const started = clock.monotonic();
  let followed = nothingWatched;
  let last: UpgradeReading | undefined;
  let movedAt = started;
  let beatAt = started + options.heartbeat;
  let stallAt = started + options.stallAfter;
  let lost: Lost | undefined;
  let lostAt: number | undefined;
  // Those that are followed together take turns from their second read on.
  let untilNext = (options.interval * (options.place + 1)) / options.together;

  // Without contact nobody knows whether anything changes.
  const warnAt = () => (lostAt === undefined ? stallAt : Number.POSITIVE_INFINITY);

  function* notes(now: number): Generator<FollowEvent, void> {
    if (now >= warnAt()) {
      yield { type: 'stalled', unmovedFor: now - movedAt };
      stallAt = Number.POSITIVE_INFINITY;
    }
    if (now >= beatAt) {
      yield { type: 'heartbeat' };
      beatAt = now + options.heartbeat;
    }
  }

  /** What falls due with the end of a pause has time until after the read, which may bring something better to say. */
  async function* pause(milliseconds: number): AsyncGenerator<FollowEvent, void> {
    const until = clock.monotonic() + milliseconds;
    for (let now = clock.monotonic(); now < until; now = clock.monotonic()) {
      yield* notes(now);
      await clock.sleep(Math.min(until, beatAt, warnAt()) - now, signal);
      signal.throwIfAborted();
    }
  }

  async function* look(): AsyncGenerator<FollowEvent, UpgradeReading> {
    const tries = readPatiently(() => readForWatch(gateway, relatedReads, last, options.deployment, signal), {
      ...options,
      cap: longestBackoff.watching,
      wasRead: last !== undefined,
      host,
    });
    for (;;) {
      const { done, value } = await tries.next();
      if (done) return value;
      lost = value;
      lostAt ??= clock.monotonic();
      yield value;
      yield* pause(value.pause);
    }
  }

  try {
    for (;;) {
      // Nothing piles up for a reader that is slow, or stands still for days.
      await Promise.all([stdout, stderr].map((output) => output.drained(signal)));
      signal.throwIfAborted();
      const reading = yield* look();
      const now = clock.monotonic();
      if (lostAt !== undefined) {
        yield { type: 'regained', lostFor: now - lostAt };
        lostAt = undefined;
      }
      const isFirst = last === undefined;
      const isMove = last === undefined || wordsOf(last) !== wordsOf(reading);
      const isNews = isMove || last?.document !== reading.document || hasNewRecord(last, reading);
      if (isMove) {
        movedAt = now;
        beatAt = now + options.heartbeat;
        stallAt = now + options.stallAfter;
      }
      last = reading;
      const { snapshot, status } = reading;
      const verdict = snapshot
        ? judgeWatched(followed, snapshot, options)
        : judgeWatchedWithoutRecord(followed, status, options);
      yield { type: 'reading', reading, isNews, isMove };
      if (verdict !== 'in-progress') {
        yield { type: 'ended', verdict, reading, isFirst };
        return;
      }
      followed = updateWatched(followed, snapshot);
      yield* pause(untilNext);
      untilNext = options.interval;
    }
  } catch (error) {
    if (interrupt.aborted) throw interruptedError(interrupt.reason);
    if (stdout.gone.aborted) return;
    if (deadline.signal.aborted)
      throw last ? timedOutError(options.maxWait) : await neverReadError(lost, options, host);
    throw error;
  } finally {
    callOff();
  }
}

/** What is read beside compose's document comes and goes with the cluster's moods: it moves nothing. */
function wordsOf({ snapshot, status }: UpgradeReading): string {
  return snapshot
    ? summarize(createBareSnapshot(snapshot.upgrade, status))
    : `without record: ${status?.status}`;
}

function hasNewRecord(last: UpgradeReading | undefined, { applicationDocument }: UpgradeReading): boolean {
  return applicationDocument !== undefined && last?.applicationDocument !== applicationDocument;
}
