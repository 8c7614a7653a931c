/** Watches the lists of clusters, and the upgrade of each deployment for as long as it is upgrading. */
import type { Host } from '../platform/host.ts';
import type { Outcome } from '../platform/outcome.ts';
import { allowManyListeners, forwardAbort } from '../platform/timeout.ts';
import { hasMoved } from '../upgrade/change.ts';
import type { Deployment } from '../upgrade/model.ts';
import { Merge } from './merge.ts';
import type { UpgradeReading } from './read.ts';
import type { Target } from './target.ts';
import type { Stagger, WatchEvent, WatchOptions } from './watch.ts';
import { type ListEvent, type ListedEvent, type ListSource, watchList } from './watch-list.ts';
import { watchTarget } from './watch-many.ts';

/** Events of a dashboard. */
export type DashboardEvent =
  /** @property omitted number of upgrades under way that are not watched, because there are too many */
  | {
      readonly type: 'list';
      readonly source: ListSource;
      readonly event: ListEvent;
      readonly omitted: number;
    }
  /** A deployment is upgrading, and is watched from now on. */
  | { readonly type: 'begun'; readonly target: Target }
  | UpgradeEvent
  /** A deployment whose upgrade has ended is no longer shown. */
  | { readonly type: 'dropped'; readonly target: Target };

/** An event of a watched upgrade. Events after its `ended` event are about the next upgrade of the same deployment. */
interface UpgradeEvent {
  readonly type: 'upgrade';
  readonly target: Target;
  readonly event: WatchEvent;
}

/** Options of a dashboard. All times are in milliseconds. */
export type DashboardOptions = Pick<
  WatchOptions,
  'retries' | 'intervalMs' | 'maxWaitMs' | 'heartbeatMs' | 'stallAfterMs'
>;

/** Time for which a deployment is shown after its upgrade has ended. */
const keptMs = 600_000;

/** Upgrades that are watched on one cluster at the same time: more would fit no screen. */
const maxWatched = 500;

/**
 * Watches all lists until interrupted, until the deadline, until stdout is closed, or until none of them can be read any
 * more. Watches under way then end without an event.
 */
export async function* watchLists(
  sources: readonly ListSource[],
  options: DashboardOptions,
  host: Host,
): AsyncGenerator<DashboardEvent, void> {
  const stop = new AbortController();
  for (const signal of [stop.signal, host.stdout.closeSignal]) allowManyListeners(signal);
  const cancelDeadline = host.clock.after(options.maxWaitMs, () => stop.abort());
  const merge = new Merge<DashboardEvent>();
  const stopForwarding = [host.interrupt, host.stdout.closeSignal, merge.stopSignal].map((signal) =>
    forwardAbort(signal, stop),
  );
  const ownHost = { ...host, interrupt: stop.signal };
  const lists = new Map(
    sources.map((source) => [source, new ListedUpgrades(source, options, merge, ownHost)]),
  );
  let open = lists.size;
  try {
    for await (const event of merge.events()) {
      if (stop.signal.aborted) return;
      if (event.type !== 'list') yield event;
      else yield* lists.get(event.source)?.takeIn(event.event) ?? [];
      if (event.type === 'list' && event.event.type === 'ended' && --open === 0) return;
    }
  } finally {
    cancelDeadline();
    for (const stopOne of stopForwarding) stopOne();
  }
}

/** A deployment that is shown. Times are on the monotonic clock. */
interface ShownUpgrade {
  readonly target: Target;
  isWatched: boolean;
  /** Whether it was tried again after it could not be read. */
  wasRetried: boolean;
  /** When the last watch ended. */
  watchedUntil: number;
  /** When the upgrade ended, or was given up. */
  endedAt: number;
  /** The reading with which the upgrade ended; `undefined` if it could not be read. */
  end: UpgradeReading | undefined;
}

/** The watched upgrades of one cluster. */
class ListedUpgrades {
  readonly #source: ListSource;
  readonly #options: WatchOptions;
  readonly #merge: Merge<DashboardEvent>;
  readonly #host: Host;
  /** Deployments that are shown, by name. */
  readonly #shown = new Map<string, ShownUpgrade>();

  constructor(source: ListSource, options: DashboardOptions, merge: Merge<DashboardEvent>, host: Host) {
    const { connection } = source;
    this.#source = source;
    this.#merge = merge;
    this.#host = host;
    this.#options = {
      ...options,
      connection,
      timeoutSeconds: connection.timeoutSeconds,
      maxWaitMs: Infinity,
      expected: undefined,
      failFast: false,
      // Limits are those of the cluster: one that is down delays no other.
      failing: new Set(),
    };
    merge.run((emit) =>
      watchList(source, this.#options, host.interrupt, host, (event) =>
        emit({ type: 'list', source, event, omitted: 0 }),
      ),
    );
  }

  /** Takes in an event of the list: begins to watch deployments, and drops others. */
  *takeIn(event: ListEvent): Generator<DashboardEvent, void> {
    if (event.type !== 'listed') return yield { type: 'list', source: this.#source, event, omitted: 0 };
    const dropped = this.#drop(event);
    const due = event.deployments.filter((deployment) => this.#isDue(deployment, event));
    const watched = [...this.#shown.values()].filter(({ isWatched }) => isWatched).length;
    const chosen = due.slice(0, Math.max(0, maxWatched - watched));
    for (const target of dropped) yield { type: 'dropped', target };
    for (const [place, { name }] of chosen.entries()) {
      const stagger = { place, total: chosen.length };
      const before = this.#shown.get(name);
      if (before === undefined) yield { type: 'begun', target: this.#begin(name, stagger) };
      else this.#merge.add(this.#watchAgain(before, stagger));
    }
    yield { type: 'list', source: this.#source, event, omitted: due.length - chosen.length };
  }

  /**
   * Reports whether a deployment is to be watched from now on. A list that was read while an earlier watch went on may
   * be older than the end of that. An upgrade that could not be read is tried again, even after its end.
   */
  #isDue({ name, status }: Deployment, { readFrom }: ListedEvent): boolean {
    const shown = this.#shown.get(name);
    if (shown === undefined) return status === 'Upgrading';
    if (shown.isWatched || shown.watchedUntil >= readFrom) return false;
    return status === 'Upgrading' || shown.end === undefined;
  }

  /** Forgets deployments that have ended long ago. */
  #drop({ deployments }: ListedEvent): readonly Target[] {
    const now = this.#host.clock.monotonic();
    const upgrading = new Set(
      deployments.filter(({ status }) => status === 'Upgrading').map(({ name }) => name),
    );
    const old = [...this.#shown].filter(([name, { isWatched, endedAt, end, wasRetried }]) => {
      const isOver = !isWatched && !upgrading.has(name) && now - endedAt >= keptMs;
      return isOver && (end !== undefined || wasRetried);
    });
    for (const [name] of old) this.#shown.delete(name);
    return old.map(([, { target }]) => target);
  }

  #begin(deployment: string, stagger: Stagger): Target {
    const { cluster, endpoint, isAmongClusters } = this.#source;
    const target = { deployment, cluster, endpoint, isAmongClusters };
    const shown = { target, isWatched: true, wasRetried: false, watchedUntil: 0, endedAt: 0, end: undefined };
    this.#shown.set(deployment, shown);
    this.#merge.add(this.#watch(shown, stagger));
    return target;
  }

  async *#watch(shown: ShownUpgrade, stagger: Stagger): AsyncGenerator<UpgradeEvent, void> {
    const { clock } = this.#host;
    const { target } = shown;
    const setup = { target, source: this.#source.createSource(), options: this.#options };
    let last: UpgradeReading | undefined;
    shown.isWatched = true;
    for await (const { event } of watchTarget(setup, stagger, this.#host)) {
      if (event.type === 'reading') last = event.reading;
      if (event.type === 'ended') {
        shown.endedAt = clock.monotonic();
        shown.end = isUnread(event.explanation?.outcome) ? undefined : last;
      }
      yield { type: 'upgrade', target, event };
    }
    shown.isWatched = false;
    shown.watchedUntil = clock.monotonic();
  }

  /** Watches a deployment whose watch has ended. Yields nothing until a reading differs from that of the end. */
  async *#watchAgain(shown: ShownUpgrade, stagger: Stagger): AsyncGenerator<UpgradeEvent, void> {
    const { end, endedAt } = shown;
    let isNew = false;
    shown.wasRetried = end === undefined;
    for await (const one of this.#watch(shown, stagger)) {
      const { event } = one;
      if (event.type === 'reading') isNew ||= end === undefined || hasMoved(end, event.reading);
      if (isNew) yield one;
    }
    if (!isNew) Object.assign(shown, { end, endedAt });
  }
}

/** Reports whether a watch ended because the cluster could not be read, so that the upgrade may go on. */
export function isUnread(outcome: Outcome | undefined): boolean {
  return outcome === 'unreachable' || outcome === 'unauthorized';
}
