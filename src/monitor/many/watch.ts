/** Several upgrades that are followed at the same time, each to its own end. */

import type { Gateway } from '../../cluster/gateway.ts';
import { ExpectedError, type Explanation } from '../../platform/errors.ts';
import type { Host } from '../../platform/host.ts';
import type { RelatedReads } from '../related-reads.ts';
import { explainEnding, remarkOn } from '../result.ts';
import { type CourseEvent, type FollowOptions, follow } from '../watch.ts';

/** What happens to one of them. */
export type OwnEvent =
  | CourseEvent
  /** The last event. An upgrade that rolled forward needs no explanation, but there may be something to remark. */
  | {
      readonly type: 'over';
      readonly explanation: Explanation | undefined;
      readonly remark?: string | undefined;
    };

export interface Told {
  readonly deployment: string;
  readonly event: OwnEvent;
}

/** Of all of them. */
export interface FollowAllOptions extends Omit<FollowOptions, 'deployment' | 'place'> {
  readonly deployments: readonly string[];
}

/**
 * Follows all of them, and tells what happens to whichever it happens. One that ends badly ends no other; whoever stops
 * listening ends all. Once nobody reads stdout any more it ends without their last events.
 * @param createReads made anew for each
 */
export async function* followAll(
  gateway: Gateway,
  createReads: () => RelatedReads,
  { deployments, ...options }: FollowAllOptions,
  host: Host,
): AsyncGenerator<Told, void> {
  const stop = new AbortController();
  const interrupt = AbortSignal.any([host.interrupt, stop.signal]);
  const untold: (Told | { readonly bug: unknown })[] = [];
  let going = deployments.length;
  let wake = () => {};

  async function course(deployment: string, place: number): Promise<void> {
    const tell = (event: OwnEvent) => {
      untold.push({ deployment, event });
      wake();
    };
    try {
      const events = follow(
        gateway,
        createReads(),
        { ...options, deployment, place },
        { ...host, interrupt },
      );
      for await (const event of events) {
        if (event.type === 'ended') {
          const { expected, commandTarget } = options;
          const ended = { ...event.reading, deployment, expected, commandTarget };
          const explanation = explainEnding(event.verdict, ended);
          tell({ type: 'over', explanation, remark: remarkOn(event, expected, host.clock.now()) });
        } else tell(event);
      }
    } catch (error) {
      if (error instanceof ExpectedError) tell({ type: 'over', explanation: error.explanation });
      else untold.push({ bug: error });
    } finally {
      going--;
      wake();
    }
  }

  const courses = deployments.map(course);
  try {
    while (going > 0 || untold.length > 0) {
      const next = untold.shift();
      if (next === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else if ('bug' in next) throw next.bug;
      else yield next;
    }
  } finally {
    stop.abort();
    await Promise.all(courses);
  }
}
