/** Watches one or many upgrades at the same time, each until it has ended. */
import type { Host } from '../platform/host.ts';
import type { UpgradeSource } from './read.ts';
import { type WatchEvent, type WatchOptions, watchUpgrade } from './watch.ts';

/** An event, and the deployment that it is about. */
export interface DeploymentEvent {
  readonly deployment: string;
  readonly event: WatchEvent;
}

/**
 * Watches all deployments, and yields events as they happen. A watch that ends badly does not end the others; a
 * consumer that stops early ends all of them. Without a reader of stdout the watches end without `ended` events.
 * @param createSource called once for each deployment
 */
export async function* watchMany(
  deployments: readonly string[],
  createSource: () => UpgradeSource,
  options: WatchOptions,
  host: Host,
): AsyncGenerator<DeploymentEvent, void> {
  const stop = new AbortController();
  const interrupt = AbortSignal.any([host.interrupt, stop.signal]);
  const queue: QueuedEvent[] = [];
  const bugs: unknown[] = [];
  const sharedOptions = { ...options, failing: new Set<object>() };
  let running = deployments.length;
  let wake = () => {};

  async function run(deployment: string, place: number): Promise<void> {
    const stagger = { place, total: deployments.length };
    try {
      const events = watchUpgrade(createSource(), deployment, sharedOptions, stagger, { ...host, interrupt });
      for await (const event of events) {
        if (stop.signal.aborted) continue;
        // A watch continues only after its event was consumed, as a single watch does.
        await new Promise<void>((resume) => {
          queue.push({ deployment, event, resume });
          wake();
        });
      }
    } catch (bug) {
      bugs.push(bug);
    } finally {
      running--;
      wake();
    }
  }

  const watches = deployments.map(run);
  try {
    while (running > 0) {
      const [next] = queue;
      if (bugs.length > 0) throw bugs[0];
      if (next) {
        yield next;
        queue.shift();
        next.resume();
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
    if (bugs.length > 0) throw bugs[0];
  } finally {
    stop.abort();
    for (const { resume } of queue) resume();
    await Promise.all(watches);
  }
}

interface QueuedEvent extends DeploymentEvent {
  /** Resumes the watch. */
  readonly resume: () => void;
}
