/** Watches one or many upgrades at the same time, each until it has ended. */
import type { Host } from '../platform/host.ts';
import { allowManyListeners } from '../platform/timeout.ts';
import { Merge } from './merge.ts';
import type { UpgradeSource } from './read.ts';
import type { Target } from './target.ts';
import { type Stagger, type WatchEvent, type WatchOptions, watchUpgrade } from './watch.ts';

/** A deployment to watch. */
export interface WatchSetup {
  readonly target: Target;
  readonly source: UpgradeSource;
  readonly options: WatchOptions;
}

/** An event, and the target that it is about. */
export interface TargetEvent {
  readonly target: Target;
  readonly event: WatchEvent;
}

/**
 * Watches all targets, and yields events as they happen. A watch that ends badly does not end the others; a consumer that
 * stops early ends all of them. Without a reader of stdout the watches end without `ended` events.
 */
export function watchMany(setups: readonly WatchSetup[], host: Host): AsyncGenerator<TargetEvent, void> {
  const merge = new Merge<TargetEvent>();
  const interrupt = AbortSignal.any([host.interrupt, merge.stopSignal]);
  for (const signal of [interrupt, host.stdout.closeSignal]) allowManyListeners(signal);
  const ownHost = { ...host, interrupt };
  // Clusters do not share limits: one that is down delays no other.
  for (const own of groupByCluster(setups)) {
    const failing = new Set<object>();
    for (const [place, setup] of own.entries()) {
      const options = { ...setup.options, failing };
      merge.add(watchTarget({ ...setup, options }, { place, total: own.length }, ownHost));
    }
  }
  return merge.events();
}

function groupByCluster(setups: readonly WatchSetup[]): readonly (readonly WatchSetup[])[] {
  const endpoints = [...new Set(setups.map(({ target }) => target.endpoint))];
  return endpoints.map((endpoint) => setups.filter(({ target }) => target.endpoint === endpoint));
}

/** Watches one target. */
export async function* watchTarget(
  { target, source, options }: WatchSetup,
  stagger: Stagger,
  host: Host,
): AsyncGenerator<TargetEvent, void> {
  for await (const event of watchUpgrade(source, target.deployment, options, stagger, host))
    yield { target, event };
}
