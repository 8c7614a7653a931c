/** Retries of reads that failed: how many, after which pauses, and how they end. */
import { describe, expect, it } from 'vitest';
import { createTransportFault, type Fault, GatewayError } from '../../../src/cluster/faults/fault.ts';
import {
  describeRetry,
  ReadFailedError,
  type ReadFailure,
  type RetryOptions,
  readWithRetries,
  retry,
} from '../../../src/monitor/retry.ts';
import { createTestTime } from '../../support/run.ts';
import { createFailure, createResponseFault } from '../../support/statuses.ts';

const request = 'GET http://cluster/';
const refused = createTransportFault('ECONNREFUSED');
const busy = createResponseFault(503);

interface Settings extends Partial<RetryOptions> {
  readonly mode?: 'single' | 'watch';
  readonly hasResponded?: boolean;
  readonly random?: number;
}

/** Creates a read that fails with each of these errors or faults in turn, and then succeeds. */
function createRead(failures: readonly (Fault | Error)[]) {
  const left = [...failures];
  return async () => {
    const next = left.shift();
    if (next === undefined) return 'a document';
    throw next instanceof Error ? next : new GatewayError(next, request);
  };
}

/** Starts a read with retries. The clock stands still, at 08:00. */
function start(failures: readonly (Fault | Error)[], settings: Settings = {}) {
  const {
    mode = 'single',
    hasResponded = false,
    random = 1,
    retries = 4,
    timeoutSeconds = 60,
    failing,
  } = settings;
  const options = { retries, timeoutSeconds, ...(failing ? { failing } : {}) };
  const host = { clock: createTestTime().clock, random: () => random };
  return retry(createRead(failures), options, mode, hasResponded, host);
}

/** Reads to the end. @returns the tolerated failures, and the value or error */
async function readToEnd(failures: readonly (Fault | Error)[], settings?: Settings) {
  const tries = start(failures, settings);
  const tolerated: ReadFailure[] = [];
  try {
    for (;;) {
      const { done, value } = await tries.next();
      if (done) return { tolerated, value, error: undefined };
      tolerated.push(value);
    }
  } catch (error) {
    return { tolerated, value: undefined, error };
  }
}

async function listPauses(failures: readonly Fault[], settings?: Settings): Promise<readonly number[]> {
  const { tolerated } = await readToEnd(failures, settings);
  return tolerated.map(({ pauseMs }) => pauseMs);
}

interface PolicyCase {
  readonly name: string;
  readonly fault: Fault;
  readonly hasResponded?: boolean;
  /** Tries with four retries. */
  readonly tries: number;
}

const proxy = 'http://proxy:3128';

describe('a read that fails', () => {
  it.each<PolicyCase>([
    ...[408, 429, 502, 503, 504].map((status) => ({
      name: `HTTP ${status}`,
      fault: createResponseFault(status),
      tries: 5,
    })),
    { name: 'HTTP 500', fault: createResponseFault(500), tries: 2 },
    ...[200, 400, 401, 403, 404, 501].map((status) => ({
      name: `HTTP ${status}`,
      fault: createResponseFault(status),
      tries: 1,
    })),
    { name: 'a refused connection', fault: refused, tries: 3 },
    { name: 'a connection refused later', fault: refused, hasResponded: true, tries: 5 },
    { name: 'a missing route', fault: createTransportFault('EHOSTUNREACH'), tries: 5 },
    { name: 'a connection broken off', fault: createTransportFault('ECONNRESET'), tries: 5 },
    { name: 'silence', fault: createTransportFault('ETIMEDOUT'), tries: 5 },
    { name: 'a missing token', fault: { kind: 'token', cause: 'az failed' }, tries: 5 },
    { name: "another deployment's document", fault: { kind: 'wrong-deployment', cause: 'api' }, tries: 5 },
    { name: 'an unknown host', fault: createTransportFault('ENOTFOUND'), tries: 3 },
    {
      name: 'a host that was known before',
      fault: createTransportFault('ENOTFOUND'),
      hasResponded: true,
      tries: 5,
    },
    { name: 'a name server without an answer', fault: createTransportFault('EAI_AGAIN'), tries: 3 },
    {
      name: 'a busy proxy',
      fault: { kind: 'proxy-rejection', cause: '503 Service Unavailable', proxy },
      tries: 5,
    },
    {
      name: 'a proxy that wants a password',
      fault: { kind: 'proxy-rejection', cause: '407 Proxy Authentication Required', proxy },
      tries: 1,
    },
    {
      name: "the server's certificate",
      fault: { kind: 'server-certificate', cause: 'CERT_HAS_EXPIRED' },
      tries: 1,
    },
    { name: 'a response that is too large', fault: { kind: 'too-large', cause: '4' }, tries: 1 },
    { name: 'another protocol', fault: createTransportFault('HPE_INVALID_CONSTANT'), tries: 1 },
  ])('with $name is tried $tries times', async ({ fault, hasResponded = false, tries }) => {
    const { tolerated, error } = await readToEnd(Array(10).fill(fault), { hasResponded });
    expect(tolerated.map(({ count, maxCount }) => [count, maxCount])).toEqual(
      Array.from({ length: tries - 1 }, (_, index) => [index + 1, tries]),
    );
    expect(error).toBeInstanceOf(ReadFailedError);
  });

  it('is not tried again without retries, even with HTTP 500', async () => {
    for (const fault of [busy, createResponseFault(500)])
      expect(await listPauses([fault], { retries: 0 })).toEqual([]);
  });

  it('is tried on where the endpoint responded with an error, and is refused since then', async () => {
    const { tolerated } = await readToEnd([busy, ...Array(10).fill(refused)]);
    expect(tolerated).toHaveLength(4);
  });

  it('is tried fewer times with fewer retries', async () => {
    expect(await listPauses(Array(10).fill(refused), { retries: 1 })).toHaveLength(1);
  });

  it('returns the value of the first try that succeeds', async () => {
    const { tolerated, value } = await readToEnd([busy, refused]);
    expect(tolerated.map(({ fault }) => fault)).toEqual([busy, refused]);
    expect(value).toBe('a document');
  });

  it('throws its last failure once it is given up', async () => {
    const failed = createResponseFault(500);
    const { tolerated, error } = await readToEnd([busy, failed]);
    expect(tolerated).toHaveLength(1);
    expect(error).toMatchObject({
      name: 'ReadFailedError',
      message: 'GET http://cluster/: response',
      failure: { fault: failed, request, count: 2, maxCount: 2, pauseMs: 0 },
    });
  });

  it('throws a bug as it is, at once', async () => {
    const bug = new TypeError('boom');
    const { tolerated, error } = await readToEnd([bug]);
    expect(tolerated).toEqual([]);
    expect(error).toBe(bug);
  });
});

describe('the pause before a retry', () => {
  const failures = Array(10).fill(busy);

  it.each([
    { mode: 'single', pauses: [500, 1000, 2000, 4000, 8000, 10_000, 10_000] },
    { mode: 'watch', pauses: [500, 1000, 2000, 4000, 8000, 16_000, 30_000] },
  ] as const)('doubles up to the limit of mode $mode', async ({ mode, pauses }) => {
    expect(await listPauses(failures, { mode, retries: 7 })).toEqual(pauses);
  });

  it.each([
    { random: 0, pauses: [0, 0, 0, 0] },
    { random: 0.25, pauses: [125, 250, 500, 1000] },
  ])('is the share $random of that', async ({ random, pauses }) => {
    expect(await listPauses(failures, { random })).toEqual(pauses);
  });

  it('is as many times longer as there are reads that fail together, up to the limit', async () => {
    const failing = new Set<object>([{}, {}]);
    expect(await listPauses(failures, { failing })).toEqual([1500, 3000, 6000, 10_000]);
  });

  it('counts a read as failing from its first failure until it succeeds, fails or is abandoned', async () => {
    const failing = new Set<object>();
    const succeeding = start([busy], { failing });
    const failed = start([busy, busy], { failing, retries: 1 });
    const abandoned = start([busy, busy], { failing });
    const counts: number[] = [];
    for (const step of [
      () => succeeding.next(),
      () => failed.next(),
      () => abandoned.next(),
      () => succeeding.next(),
      () => failed.next().catch(() => {}),
      () => abandoned.return('nothing'),
    ]) {
      await step();
      counts.push(failing.size);
    }
    expect(counts).toEqual([1, 2, 3, 2, 1, 0]);
  });

  it.each([
    { retryAfter: '7', pauseMs: 7000 },
    { retryAfter: 'Tue, 24 Nov 2026 08:00:09 GMT', pauseMs: 9000 },
    { retryAfter: '3600', pauseMs: 60_000 },
    { retryAfter: 'Wed, 25 Nov 2026 08:00:00 GMT', pauseMs: 60_000 },
    { retryAfter: '0', pauseMs: 500 },
    { retryAfter: 'Tue, 24 Nov 2026 07:00:00 GMT', pauseMs: 500 },
    { retryAfter: 'soon', pauseMs: 500 },
    { retryAfter: '99999999999', pauseMs: 500 },
    { retryAfter: '', pauseMs: 500 },
  ])('is $pauseMs ms with Retry-After "$retryAfter"', async ({ retryAfter, pauseMs }) => {
    expect(await listPauses([createResponseFault(503, { retryAfter })])).toEqual([pauseMs]);
  });
});

describe('reading with retries', () => {
  it('sleeps after each failure', async () => {
    const time = createTestTime();
    const log: string[] = [];
    const host = {
      clock: {
        ...time.clock,
        sleep: async (milliseconds: number) => void log.push(`sleep ${milliseconds}`),
      },
      random: () => 1,
    };
    const options = { retries: 4, timeoutSeconds: 60 };
    const { signal } = new AbortController();
    const value = await readWithRetries(createRead([busy, refused]), options, signal, host, (failure) =>
      log.push(describeRetry(failure)),
    );
    expect(value).toBe('a document');
    expect(log).toEqual([
      'HTTP 503; attempt 2 of 5 in 0.5s',
      'sleep 500',
      'connection refused; attempt 3 of 5 in 1.0s',
      'sleep 1000',
    ]);
  });

  it('throws once the read is given up', async () => {
    const { clock } = createTestTime();
    const { signal } = new AbortController();
    const read = createRead([busy, busy]);
    const options = { retries: 1, timeoutSeconds: 60 };
    const result = readWithRetries(read, options, signal, { clock, random: () => 1 }, () => {});
    await expect(result).rejects.toBeInstanceOf(ReadFailedError);
  });
});

it.each([
  { failure: createFailure(), text: 'connection refused; attempt 2 of 4 in 0.5s' },
  {
    failure: createFailure({
      fault: createResponseFault(503, { error: { code: 'E_ABORT', message: undefined } }),
      count: 3,
      pauseMs: 12_345,
    }),
    text: 'HTTP 503 E_ABORT; attempt 4 of 4 in 12.3s',
  },
])('a retry is described as "$text"', ({ failure, text }) => {
  expect(describeRetry(failure)).toBe(text);
});
