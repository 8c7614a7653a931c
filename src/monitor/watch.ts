/** Watches one upgrade: reads it at an interval until it has ended. */
import type { Connection } from '../config/connection.ts';
import { type Explanation, getErrorCode } from '../platform/errors.ts';
import { formatDuration } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import type { Verdict } from '../platform/outcome.ts';
import { allowManyListeners, forwardAbort } from '../platform/timeout.ts';
import { hasMoved } from '../upgrade/change.ts';
import { isWaitingForApproval } from '../upgrade/state.ts';
import {
  judgeWatched,
  judgeWatchedWithoutRecord,
  nothingWatched,
  type SuccessCriteria,
  updateWatched,
  type WatchedUpgrade,
} from '../upgrade/watched-upgrade.ts';
import { explainSilence, explainStop, type ReadContext } from './explain-failure.ts';
import { describeEarlierEnd, explainVerdict } from './explain-verdict.ts';
import { readUpgrade, type UpgradeReading, type UpgradeSource } from './read.ts';
import { type ReadFailure, type RetryOptions, retry } from './retry.ts';

/** Events of a watch. All times are in milliseconds. */
export type WatchEvent =
  | ReadingEvent
  /** A read failed and will be retried. */
  | { readonly type: 'failure'; readonly failure: ReadFailure }
  /** A read succeeded after failures. */
  | { readonly type: 'recovered'; readonly failedForMs: number }
  /** Nothing has moved for a heartbeat interval. */
  | { readonly type: 'heartbeat' }
  /** Nothing has moved for the stall time; yielded once until something moves. */
  | { readonly type: 'stalled'; readonly unmovedForMs: number }
  | EndedEvent;

/** The last event. */
export interface EndedEvent {
  readonly type: 'ended';
  /** Explains an end that is not a success. */
  readonly explanation: Explanation | undefined;
  /** A remark on the end, such as that the upgrade had ended before the watch began. */
  readonly remark: string | undefined;
}

/** A read succeeded. */
export interface ReadingEvent {
  readonly type: 'reading';
  readonly reading: UpgradeReading;
  /** Whether a document differs from the last one. */
  readonly isNews: boolean;
  /** Whether the upgrade or the status has moved, see {@link hasMoved}. */
  readonly isMove: boolean;
  /** Milliseconds until the next read; `undefined` if the upgrade has ended. */
  readonly nextReadInMs: number | undefined;
}

/** Options of a watch. All times are in milliseconds; `Infinity` means without limit. */
export interface WatchOptions extends RetryOptions, SuccessCriteria {
  readonly connection: Pick<Connection, 'endpoint' | 'commandTarget' | 'timeoutSeconds'>;
  /** The domain that was just approved: the watch ends when the upgrade waits for the next approval. */
  readonly approvedDomain?: string | undefined;
  readonly intervalMs: number;
  readonly maxWaitMs: number;
  readonly heartbeatMs: number;
  readonly stallAfterMs: number;
}

/** The place of a watch, from 0, among those that run together: their reads are spread over the interval. */
export interface Stagger {
  readonly place: number;
  readonly total: number;
}

/**
 * Watches the upgrade of a deployment, and reads it at once for the first time. Ends with an `ended` event, or without
 * one when the reader of stdout is gone.
 */
export async function* watchUpgrade(
  source: UpgradeSource,
  deployment: string,
  options: WatchOptions,
  { place, total }: Stagger,
  host: Host,
): AsyncGenerator<WatchEvent, void> {
  const { clock, interrupt, stdout } = host;
  const stop = new AbortController();
  allowManyListeners(stop.signal);
  let isDeadlinePast = false;
  const cancelDeadline = clock.after(options.maxWaitMs, () => {
    isDeadlinePast = true;
    stop.abort();
  });
  const stopForwarding = [interrupt, stdout.closeSignal].map((signal) => forwardAbort(signal, stop));
  const watch = new Watch({ source, deployment, options, host, signal: stop.signal });
  try {
    yield* watch.run((options.intervalMs * (place + 1)) / total);
  } catch (error) {
    if (stdout.closeSignal.aborted && !interrupt.aborted) return;
    yield end(await watch.explainStop(error, isDeadlinePast));
  } finally {
    cancelDeadline();
    for (const stopOne of stopForwarding) stopOne();
  }
}

function end(explanation: Explanation | undefined, remark?: string): EndedEvent {
  return { type: 'ended', explanation, remark };
}

/** Reports whether an upgrade waits for approval to continue after the approved domain. */
function isNextPause({ snapshot }: UpgradeReading, { approvedDomain }: WatchOptions): boolean {
  if (approvedDomain === undefined || snapshot === undefined || !isWaitingForApproval(snapshot.upgrade))
    return false;
  // The cluster takes up to a minute to continue.
  return snapshot.upgrade.currentDomain?.name !== approvedDomain;
}

interface WatchContext {
  readonly source: UpgradeSource;
  readonly deployment: string;
  readonly options: WatchOptions;
  readonly host: Host;
  /** Aborted by the interrupt, at the deadline, and when stdout is closed. */
  readonly signal: AbortSignal;
}

/** The state of one watch, and its loop. */
class Watch {
  readonly #context: WatchContext;
  readonly #activity: Activity;
  #watched: WatchedUpgrade = nothingWatched;
  #last: UpgradeReading | undefined;
  #lastFailure: ReadFailure | undefined;

  constructor(context: WatchContext) {
    this.#context = context;
    this.#activity = new Activity(context.options, context.host.clock.monotonic());
  }

  /** @param firstPauseMs between the first read and the second */
  async *run(firstPauseMs: number): AsyncGenerator<WatchEvent, void> {
    for (let pauseMs = firstPauseMs; ; pauseMs = this.#context.options.intervalMs) {
      await this.#waitForReaders();
      const reading = yield* this.#read();
      const isFirst = this.#last === undefined;
      const verdict = this.#judge(reading);
      const isEnd = verdict !== 'in-progress' || isNextPause(reading, this.#context.options);
      yield* this.#takeIn(reading, isEnd ? undefined : pauseMs);
      if (isEnd) return yield this.#endWith(verdict, reading, isFirst);
      yield* this.#pause(pauseMs);
    }
  }

  /** Waits for slow or suspended readers, so that output does not accumulate in memory. */
  async #waitForReaders(): Promise<void> {
    const { host, signal } = this.#context;
    await Promise.all([host.stdout, host.stderr].map((output) => output.waitForDrain(signal)));
    signal.throwIfAborted();
  }

  async *#read(): AsyncGenerator<WatchEvent, UpgradeReading> {
    const { source, deployment, options, host, signal } = this.#context;
    const read = () => readUpgrade(source, deployment, 'watch', this.#last, signal);
    const tries = retry(read, options, 'watch', this.#last !== undefined, host);
    for (;;) {
      const { done, value } = await tries.next();
      if (done) return value;
      this.#lastFailure = value;
      this.#activity.fail(host.clock.monotonic());
      yield { type: 'failure', failure: value };
      yield* this.#pause(value.pauseMs);
    }
  }

  #judge({ snapshot, status }: UpgradeReading): Verdict {
    const { options } = this.#context;
    return snapshot
      ? judgeWatched(this.#watched, snapshot, options)
      : judgeWatchedWithoutRecord(this.#watched, status, options);
  }

  *#takeIn(reading: UpgradeReading, nextReadInMs: number | undefined): Generator<WatchEvent, void> {
    const now = this.#context.host.clock.monotonic();
    const last = this.#last;
    const failedForMs = this.#activity.recover(now);
    if (failedForMs !== undefined) yield { type: 'recovered', failedForMs };
    const isMove = last === undefined || hasMoved(last, reading);
    if (isMove) this.#activity.move(now);
    this.#last = reading;
    this.#watched = updateWatched(this.#watched, reading.snapshot);
    const isNews = isMove || hasNewDocument(last, reading);
    yield { type: 'reading', reading, isNews, isMove, nextReadInMs };
  }

  #endWith(verdict: Verdict, reading: UpgradeReading, isFirst: boolean): WatchEvent {
    const { deployment, options, host } = this.#context;
    const { expected } = options;
    const { commandTarget } = options.connection;
    const judged = { ...reading, deployment, expected, commandTarget };
    const remark = describeEarlierEnd(reading, isFirst, expected, host.clock.now());
    return end(explainVerdict(verdict, judged), remark);
  }

  /** Sleeps, and yields events that fall due. Those due at the end wait for the read, which may make them obsolete. */
  async *#pause(milliseconds: number): AsyncGenerator<WatchEvent, void> {
    const { host, signal } = this.#context;
    const { clock } = host;
    const until = clock.monotonic() + milliseconds;
    for (let now = clock.monotonic(); now < until; now = clock.monotonic()) {
      yield* this.#activity.takeDue(now);
      await clock.sleep(Math.min(until, this.#activity.dueAt) - now, signal);
      signal.throwIfAborted();
    }
  }

  explainStop(error: unknown, isDeadlinePast: boolean): Promise<Explanation> {
    const { deployment, options, host } = this.#context;
    const { maxWaitMs, connection } = options;
    const wasRead = this.#last !== undefined;
    const context: ReadContext = { deployment, connection, wasRead };
    const explainDeadline = () =>
      wasRead ? explainMaxWait(maxWaitMs) : explainSilence(this.#lastFailure, maxWaitMs, context, host.clock);
    return explainStop(error, host.interrupt, isDeadlinePast, explainDeadline, context, host.clock);
  }
}

function explainMaxWait(maxWaitMs: number): Explanation {
  return {
    outcome: 'timed-out',
    code: getErrorCode('timed-out'),
    what: `Stopped watching after ${formatDuration(maxWaitMs)} (--max-wait).`,
  };
}

/** Tracks when the upgrade last moved, and when a heartbeat and a stall are due. Times are on the monotonic clock. */
class Activity {
  readonly #heartbeatMs: number;
  readonly #stallAfterMs: number;
  #movedAt = 0;
  #beatAt = 0;
  #stallAt = 0;
  #failingSince: number | undefined;

  constructor(
    { heartbeatMs, stallAfterMs }: Pick<WatchOptions, 'heartbeatMs' | 'stallAfterMs'>,
    now: number,
  ) {
    this.#heartbeatMs = heartbeatMs;
    this.#stallAfterMs = stallAfterMs;
    this.move(now);
  }

  move(now: number): void {
    this.#movedAt = now;
    this.#beatAt = now + this.#heartbeatMs;
    this.#stallAt = now + this.#stallAfterMs;
  }

  fail(now: number): void {
    this.#failingSince ??= now;
  }

  /** @returns milliseconds for which reads failed; `undefined` if the last one did not */
  recover(now: number): number | undefined {
    const since = this.#failingSince;
    this.#failingSince = undefined;
    return since === undefined ? undefined : now - since;
  }

  get dueAt(): number {
    return Math.min(this.#beatAt, this.#nextStallAt);
  }

  /** Without contact it is unknown whether the upgrade moves. */
  get #nextStallAt(): number {
    return this.#failingSince === undefined ? this.#stallAt : Infinity;
  }

  *takeDue(now: number): Generator<WatchEvent, void> {
    if (now >= this.#nextStallAt) {
      yield { type: 'stalled', unmovedForMs: now - this.#movedAt };
      this.#stallAt = Infinity;
    }
    if (now >= this.#beatAt) {
      yield { type: 'heartbeat' };
      this.#beatAt = now + this.#heartbeatMs;
    }
  }
}

function hasNewDocument(last: UpgradeReading | undefined, reading: UpgradeReading): boolean {
  const { document, applicationDocument } = reading;
  return (
    last?.document !== document ||
    (applicationDocument !== undefined && last?.applicationDocument !== applicationDocument)
  );
}
