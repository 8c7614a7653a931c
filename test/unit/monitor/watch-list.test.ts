/** The watch of a list, on a clock of its own and without a cluster. */
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../../src/cluster/faults/fault.ts';
import type { Gateway } from '../../../src/cluster/gateway.ts';
import { type ListEvent, watchList } from '../../../src/monitor/watch-list.ts';
import type { Host, Output } from '../../../src/platform/host.ts';
import { createTestTime } from '../../support/run.ts';
import { createResponseFault } from '../../support/statuses.ts';

const endpoint = { origin: 'http://cluster:19080', isTls: false, host: 'cluster', port: 19080, basePath: '' };
const connection = {
  endpoint,
  commandTarget: { options: [], sfctlSelect: undefined, shells: ['posix'] as const },
  timeoutSeconds: 60,
};

const fail = (status: number) => new GatewayError(createResponseFault(status), 'GET http://cluster/');

/** Time of the read of a page in milliseconds, or its failure. */
type Page = number | GatewayError;

/**
 * Watches a list of single pages until none is left, then stops.
 * @returns events without their details, and the times at which reads began
 */
async function watchPages(pages: readonly Page[], retries = 3) {
  const time = createTestTime();
  const { clock } = time;
  const stop = new AbortController();
  const left = [...pages];
  const reads: number[] = [];
  const gateway: Partial<Gateway> = {
    async *readDeployments(_signal, { retry = <T>(read: () => Promise<T>) => read() } = {}) {
      await retry(async () => {
        const page = left.shift();
        if (left.length === 0) stop.abort();
        reads.push(clock.monotonic());
        if (page instanceof GatewayError) throw page;
        time.pass(page ?? 0);
      });
      yield [];
    },
  };
  const output: Partial<Output> = { waitForDrain: async () => {} };
  const host = { clock, stdout: output, stderr: output, random: () => 1 } as Host;
  const events: ListEvent[] = [];
  const source = { gateway: gateway as Gateway, connection };
  const options = { retries, timeoutSeconds: 60, intervalMs: 10_000 };
  await watchList(source, options, stop.signal, host, async (event) => {
    events.push(event);
  });
  return { events, reads, types: events.map(({ type }) => type) };
}

describe('the watch of a list', () => {
  it('reads once in an interval', async () => {
    const { reads } = await watchPages([0, 0, 0]);
    expect(reads).toEqual([0, 10_000, 20_000]);
  });

  it('pauses five times as long as a slow read took', async () => {
    const { reads, events } = await watchPages([4000, 1000, 0]);
    expect(reads).toEqual([0, 24_000, 35_000]);
    expect(events[0]).toMatchObject({ type: 'listed', readFrom: 0, nextReadInMs: 20_000 });
  });

  it('does not count pauses after failures as time of a read', async () => {
    const { events } = await watchPages([0, fail(503), fail(503), 0, 0]);
    expect(events.map((event) => ('nextReadInMs' in event ? event.nextReadInMs : event.type))).toEqual([
      10_000,
      'failure',
      'failure',
      'recovered',
      10_000,
      10_000,
    ]);
  });

  it('is given up after the tolerated failures before the first list', async () => {
    const { types } = await watchPages(Array(9).fill(fail(503)));
    expect(types).toEqual(['failure', 'failure', 'failure', 'ended']);
  });

  it('goes on after the first list for as long as a fault may pass', async () => {
    const { types, events } = await watchPages([0, ...Array(50).fill(fail(503)), 0, 0]);
    expect(types.filter((type) => type !== 'failure')).toEqual(['listed', 'recovered', 'listed', 'listed']);
    const recovered = events.find((event) => event.type === 'recovered');
    expect(recovered?.failedForMs).toBeGreaterThan(10 * 30_000);
  });

  it.each([400, 401, 403])('ends at a %i, even after the first list', async (status) => {
    const { types } = await watchPages([0, fail(status), 0, 0]);
    expect(types).toEqual(['listed', 'ended']);
  });
});
