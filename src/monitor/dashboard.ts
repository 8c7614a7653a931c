/** The state of a dashboard: the lists of its clusters, and the upgrades that are shown. */
import type { Explanation } from '../platform/errors.ts';
import { formatCount } from '../platform/format.ts';
import { describeOutcome, type Outcome } from '../platform/outcome.ts';
import type { ReadFailure } from './retry.ts';
import { createStatus, endStatus, isUnderWay, updateStatus, type WatchStatus } from './status.ts';
import { nameTarget } from './target.ts';
import type { ListEvent, ListSource } from './watch-list.ts';
import { type DashboardEvent, isUnread } from './watch-lists.ts';

/** The list of a cluster. */
export interface ListStatus {
  readonly source: ListSource;
  /** Number of deployments in the last list; `undefined` before the first. */
  readonly count: number | undefined;
  /** Number of upgrades under way that are not watched, because there are too many. */
  readonly omitted: number;
  /** The last attempt, if it failed. */
  readonly failure: ReadFailure | undefined;
  /** Why the list cannot be read any more. */
  readonly explanation: Explanation | undefined;
}

/** The state that a dashboard shows. Its memory does not grow with time: dropped upgrades are only counted. */
export class Dashboard {
  readonly #lists: Map<ListSource, ListStatus>;
  /** In the order in which the deployments began to be shown, which never changes while they are. */
  readonly #statuses = new Map<string, WatchStatus>();
  /** Numbers of upgrades that have ended and are no longer shown. */
  readonly #past = new Map<Outcome, number>();

  constructor(sources: readonly ListSource[]) {
    const unread = { count: undefined, omitted: 0, failure: undefined, explanation: undefined };
    this.#lists = new Map(sources.map((source) => [source, { source, ...unread }]));
  }

  /** The lists in the order in which the clusters were named. */
  get lists(): readonly ListStatus[] {
    return [...this.#lists.values()];
  }

  /** The upgrades that are shown, cluster by cluster. */
  get statuses(): readonly WatchStatus[] {
    const all = [...this.#statuses.values()];
    return this.lists.flatMap(({ source }) => all.filter((status) => isOn(source, status)));
  }

  /** Whether any list was read. */
  get wasRead(): boolean {
    return this.lists.some(({ count }) => count !== undefined);
  }

  /** Takes in an event. @returns the status of the upgrade that the event is about, if any */
  takeIn(event: DashboardEvent): WatchStatus | undefined {
    if (event.type === 'list') {
      const list = this.#lists.get(event.source);
      if (list) this.#lists.set(event.source, updateList(list, event.event, event.omitted));
      return undefined;
    }
    const { target } = event;
    const name = nameTarget(target);
    const before = this.#statuses.get(name);
    const isNext = before !== undefined && before.outcome !== 'in-progress';
    // An upgrade that could not be read goes on in the same row.
    if (isNext && (event.type === 'dropped' || !isUnread(before.outcome))) this.#count(before.outcome);
    if (event.type === 'dropped') {
      this.#statuses.delete(name);
      return undefined;
    }
    const status = before === undefined || isNext ? createStatus(target) : before;
    const updated = event.type === 'upgrade' ? updateStatus(status, event.event) : status;
    this.#statuses.set(name, updated);
    return updated;
  }

  #count(outcome: Outcome): void {
    this.#past.set(outcome, (this.#past.get(outcome) ?? 0) + 1);
  }

  /** Ends all watches that are under way, as their lists cannot be read, or else with this explanation. */
  stop(explanation: Explanation): void {
    for (const [name, status] of this.#statuses) {
      if (status.outcome !== 'in-progress') continue;
      const list = this.lists.find(({ source }) => isOn(source, status));
      this.#statuses.set(name, endStatus(status, list?.explanation ?? explanation));
    }
  }

  /** Summarizes all upgrades that were seen: `3 upgrades: 1 rolled back, 2 completed`. */
  summarize(): string {
    const counts = new Map([...this.#past].map(([outcome, count]) => [describeOutcome(outcome), count]));
    for (const status of this.statuses) {
      const word = isUnderWay(status) ? 'under way' : describeOutcome(status.outcome);
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    if (total === 0) return 'No upgrade was seen';
    return `${formatCount(total, 'upgrade')}: ${[...counts].map(([word, count]) => `${count} ${word}`).join(', ')}`;
  }
}

/** Reports whether a deployment is on this cluster. Two names may be those of one endpoint. */
function isOn(source: ListSource, { cluster, endpoint }: WatchStatus): boolean {
  return source.cluster === cluster && source.endpoint === endpoint;
}

function updateList(list: ListStatus, event: ListEvent, omitted: number): ListStatus {
  switch (event.type) {
    case 'listed':
      return { ...list, count: event.deployments.length, omitted, failure: undefined };
    case 'failure':
      return { ...list, failure: event.failure };
    case 'recovered':
      return { ...list, failure: undefined };
    case 'ended':
      return { ...list, failure: undefined, explanation: event.explanation };
  }
}
