/** Watches of many deployments at the same time, on a clock of their own and without a cluster. */
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/cluster/faults/fault.ts';
import type { Gateway } from '../../../src/cluster/gateway.ts';
import type { UpgradeSource } from '../../../src/monitor/read.ts';
import type { RelatedReads } from '../../../src/monitor/related-reads.ts';
import type { WatchOptions } from '../../../src/monitor/watch.ts';
import { type TargetEvent, watchMany } from '../../../src/monitor/watch-many.ts';
import { interruptedError } from '../../../src/platform/errors.ts';
import type { Host, Output } from '../../../src/platform/host.ts';
import { completedUpgrade, type Members, runningUpgrade } from '../../support/documents.ts';
import { createSharedTime } from '../../support/shared-time.ts';
import { parseUpgrade } from '../../support/snapshots.ts';
import { createResponseFault, createTarget } from '../../support/statuses.ts';

/** The responses to the reads of a deployment in turn; the last one repeats. */
type Course = readonly (Members | Error | 'silence')[];

const refusal = new GatewayError(createResponseFault(403), 'GET http://cluster/');
const busy = new GatewayError(createResponseFault(503), 'GET http://cluster/');

const commandTarget = { options: [], sfctlSelect: undefined, shells: ['posix'] as const };
const endpoint = {
  origin: 'http://cluster:19080',
  isTls: false,
  host: 'cluster',
  port: 19080,
  basePath: '',
};

const watchOptions: WatchOptions = {
  connection: { endpoint, commandTarget, timeoutSeconds: 60 },
  retries: 2,
  timeoutSeconds: 60,
  expected: undefined,
  failFast: false,
  intervalMs: 10_000,
  maxWaitMs: Infinity,
  heartbeatMs: Infinity,
  stallAfterMs: Infinity,
};

const relatedReads: RelatedReads = {
  application: async () => undefined,
  services: async () => new Map(),
  nodes: async () => undefined,
  events: undefined,
  status: async () => undefined,
  names: async () => undefined,
  commandTarget,
};

/** Starts watching deployments with these courses. */
function startWatch(courses: Readonly<Record<string, Course>>, members: Partial<WatchOptions> = {}) {
  const { clock } = createSharedTime();
  const interrupt = new AbortController();
  const closed = new AbortController();
  /** Times of the reads, by deployment. */
  const reads: Readonly<Record<string, number[]>> = Object.fromEntries(
    Object.keys(courses).map((name) => [name, []]),
  );
  /** Deployments whose silent reads were called off. */
  const calledOff: string[] = [];

  async function readUpgradeProgress(deployment: string, signal: AbortSignal) {
    const course = courses[deployment] ?? [];
    const times = reads[deployment] ?? [];
    const response = course[times.length] ?? course.at(-1);
    times.push(clock.monotonic());
    if (response === undefined || response instanceof Error) throw response;
    if (response !== 'silence') return { value: parseUpgrade(response), text: JSON.stringify(response) };
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
    // A request needs some time to end.
    await new Promise(setImmediate);
    calledOff.push(deployment);
    throw interruptedError(signal.reason);
  }

  const gateway: Partial<Gateway> = { readUpgradeProgress };
  const source = { gateway, relatedReads } as UpgradeSource;
  const output: Partial<Output> = { closeSignal: closed.signal, waitForDrain: async () => {} };
  const host = {
    clock,
    interrupt: interrupt.signal,
    stdout: output,
    stderr: output,
    random: () => 1,
  } as Host;
  const options = { ...watchOptions, ...members };
  const setups = Object.keys(courses).map((name) => ({ target: createTarget(name), source, options }));
  const events = watchMany(setups, host);
  return { events, reads, calledOff, interrupt, closed };
}

/** Describes an event: `web: reading`, `api: ended failed`. */
function describeEvent({ target, event }: TargetEvent): string {
  const outcome = event.type === 'ended' ? ` ${event.explanation?.outcome ?? 'completed'}` : '';
  return `${target.deployment}: ${event.type}${outcome}`;
}

async function collect(events: AsyncIterable<TargetEvent>): Promise<readonly TargetEvent[]> {
  const all: TargetEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

/** Gives watches that do not wait the time to go on. */
async function giveTime(): Promise<void> {
  for (let turns = 0; turns < 100; turns++) await new Promise(setImmediate);
}

describe('a watch of many', () => {
  it('yields the events of all deployments as they happen', async () => {
    const { events } = startWatch({
      web: [runningUpgrade, completedUpgrade],
      api: [completedUpgrade],
      db: [runningUpgrade, runningUpgrade, completedUpgrade],
    });
    expect((await collect(events)).map(describeEvent)).toEqual([
      'web: reading',
      'api: reading',
      'db: reading',
      'api: ended completed',
      'web: reading',
      'web: ended completed',
      'db: reading',
      'db: reading',
      'db: ended completed',
    ]);
  });

  it('goes on when one ends badly', async () => {
    const { events } = startWatch({ web: [runningUpgrade, completedUpgrade], api: [refusal] });
    expect((await collect(events)).map(describeEvent).toSorted()).toEqual([
      'api: ended unauthorized',
      'web: ended completed',
      'web: reading',
      'web: reading',
    ]);
  });

  it('spreads the reads over the interval', async () => {
    const course = [runningUpgrade, runningUpgrade, completedUpgrade];
    const { events, reads } = startWatch({ web: course, api: course });
    await collect(events);
    expect(reads).toEqual({ web: [0, 5000, 15_000], api: [0, 10_000, 20_000] });
  });

  it('pauses longer after failures of many reads', async () => {
    const { events } = startWatch({ web: [busy, completedUpgrade], api: [busy, completedUpgrade] });
    const pauses = (await collect(events)).flatMap(({ event }) =>
      event.type === 'failure' ? [event.failure.pauseMs] : [],
    );
    expect(pauses).toEqual([500, 1000]);
  });

  it('reads a deployment again only after its event was consumed', async () => {
    const { events, reads } = startWatch({ web: [runningUpgrade, completedUpgrade] });
    await events.next();
    await giveTime();
    expect(reads).toEqual({ web: [0] });
    await events.next();
    expect(reads).toEqual({ web: [0, 10_000] });
    await events.return();
  });

  it('ends all watches when the consumer stops early', async () => {
    const { events, reads, calledOff } = startWatch({
      web: [runningUpgrade],
      api: ['silence'],
      db: [runningUpgrade],
    });
    for await (const event of events) {
      expect(describeEvent(event)).toBe('web: reading');
      break;
    }
    expect(calledOff).toEqual(['api']);
    await giveTime();
    expect(reads).toEqual({ web: [0], api: [0], db: [0] });
  });

  it('ends with the error, and ends all watches, when one has a bug', async () => {
    const bug = new TypeError('boom');
    const { events, reads, calledOff } = startWatch({
      web: [runningUpgrade],
      api: ['silence'],
      db: [runningUpgrade, bug],
    });
    await expect(collect(events)).rejects.toBe(bug);
    expect(calledOff).toEqual(['api']);
    const before = structuredClone(reads);
    await giveTime();
    expect(reads).toEqual(before);
  });

  it('ends with the error when the only one has a bug', async () => {
    const bug = new TypeError('boom');
    await expect(collect(startWatch({ web: [bug] }).events)).rejects.toBe(bug);
  });

  it('ends each watch when it is interrupted', async () => {
    const { events, interrupt } = startWatch({ web: [runningUpgrade], api: ['silence'] });
    await events.next();
    interrupt.abort('SIGTERM');
    expect((await collect(events)).map(describeEvent).toSorted()).toEqual([
      'api: ended terminated',
      'web: ended terminated',
    ]);
  });

  it('ends without more events once stdout has no reader', async () => {
    const { events, closed } = startWatch({ web: [runningUpgrade], api: ['silence'] });
    await events.next();
    closed.abort('reader-gone');
    expect(await collect(events)).toEqual([]);
  });
});
