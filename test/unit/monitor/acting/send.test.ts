/** Requests whose answers are lost, refused or late. */
import { describe, expect, it } from 'vitest';
import { createTransportFault, GatewayError } from '../../../../src/cluster/faults/fault.ts';
import type { WriteResult } from '../../../../src/cluster/gateway-writer.ts';
import { sendRequest } from '../../../../src/monitor/acting/send.ts';
import type { UpgradeSource } from '../../../../src/monitor/read.ts';
import { interruptedError } from '../../../../src/platform/errors.ts';
import type { Host } from '../../../../src/platform/host.ts';
import { createTestTime } from '../../../support/run.ts';

/** Result of a read: the accepted request, the state before, another state, or nothing. */
type Read = 'accepted' | 'before' | 'other' | 'failed';

interface Script {
  /** Results of the attempts, in turn. */
  readonly attempts: readonly WriteResult['kind'][];
  /** Results of the reads, in turn; the last one repeats. */
  readonly reads?: readonly Read[];
  readonly isRepeatable?: boolean;
  /** The attempt that is interrupted, from 1. */
  readonly interruptedAttempt?: number;
}

/** Statuses in which a deployment has no upgrade to read. */
const statuses = { accepted: 'Creating', before: 'Provisioning', other: 'Deleting', failed: undefined };

async function send({ attempts, reads = ['before'], isRepeatable = false, interruptedAttempt = 0 }: Script) {
  const interrupt = new AbortController();
  const { clock } = createTestTime();
  const steps: string[] = [];
  let attemptCount = 0;
  let readCount = 0;
  const createError = (cause: string) => new GatewayError(createTransportFault(cause), 'POST x');
  const gateway = {
    async readStatus() {
      const read = reads[Math.min(readCount++, reads.length - 1)] ?? 'failed';
      if (read === 'failed') throw createError('ECONNRESET');
      return { status: statuses[read], details: undefined };
    },
  };
  const { kind } = await sendRequest(
    {
      retries: 2,
      timeoutSeconds: 60,
      source: { gateway } as unknown as UpgradeSource,
      deployment: 'web',
      isRepeatable,
      isAccepted: ({ status }) => status.status === statuses.accepted,
      isUnchanged: ({ status }) => status.status === statuses.before,
      async send() {
        if (interrupt.signal.aborted) throw interruptedError('SIGINT');
        const result = attempts[attemptCount++] ?? 'unknown';
        if (attemptCount === interruptedAttempt) interrupt.abort('SIGINT');
        if (result === 'accepted') return { kind: result, requestId: '1' };
        const error = createError(result === 'not-sent' ? 'ECONNREFUSED' : 'ECONNRESET');
        return { kind: result, requestId: '1', error };
      },
      onStep: ({ state, fate }) => void steps.push(fate ?? state),
      onRetry() {},
    },
    { clock, interrupt: interrupt.signal, random: () => 0.5 } as unknown as Host,
  );
  return { kind, attemptCount, readCount, steps: steps.join(' '), seconds: clock.monotonic() / 1000 };
}

describe('a request', () => {
  it('whose answer comes needs no read', async () => {
    expect(await send({ attempts: ['accepted'] })).toMatchObject({ kind: 'accepted', readCount: 0 });
    expect(await send({ attempts: ['refused'] })).toMatchObject({ kind: 'failed', readCount: 0, seconds: 0 });
  });

  it('is sent again only while nothing was sent', async () => {
    expect(await send({ attempts: ['not-sent', 'not-sent', 'accepted'] })).toMatchObject({
      kind: 'accepted',
      attemptCount: 3,
      steps: 'sending sending sending accepted',
    });
    expect(await send({ attempts: ['not-sent', 'not-sent', 'not-sent', 'accepted'] })).toMatchObject({
      kind: 'failed',
      attemptCount: 3,
    });
    expect(await send({ attempts: ['unknown', 'accepted'] })).toMatchObject({ attemptCount: 1 });
  });

  it.each<[readonly Read[], object]>([
    [['accepted'], { kind: 'accepted', readCount: 1, seconds: 1 }],
    [['before', 'failed', 'accepted'], { kind: 'accepted', readCount: 3, seconds: 5 }],
    [['before'], { kind: 'not-accepted', seconds: 75 }],
    [['other'], { kind: 'unknown', seconds: 75 }],
    [['failed'], { kind: 'unknown', seconds: 84 }],
    [[...Array<Read>(27).fill('failed'), 'before'], { kind: 'not-accepted', seconds: 78 }],
  ])('whose answer is lost is settled by reads: %j', async (reads, expected) => {
    const { steps, ...settled } = await send({ attempts: ['unknown'], reads });
    expect(settled).toMatchObject({ ...expected, attemptCount: 1 });
    expect(steps).toBe(`sending unknown ${settled.kind}`);
  });

  it('that does no harm is repeated once', async () => {
    const isRepeatable = true;
    expect(await send({ attempts: ['unknown', 'accepted'], isRepeatable })).toMatchObject({
      kind: 'accepted',
      attemptCount: 2,
      readCount: 0,
    });
    expect(await send({ attempts: ['unknown', 'unknown', 'accepted'], isRepeatable })).toMatchObject({
      attemptCount: 2,
      seconds: 75,
    });
  });

  it.each<[Read, string]>([
    ['accepted', 'accepted'],
    ['before', 'failed'],
    ['failed', 'unknown'],
  ])('that is refused when repeated was accepted if a read shows it: %s', async (read, kind) => {
    const attempts = ['unknown', 'refused'] as const;
    expect(await send({ attempts, reads: [read], isRepeatable: true })).toMatchObject({ kind, readCount: 1 });
  });

  it.each<[Read, string]>([
    ['accepted', 'accepted'],
    ['before', 'unknown'],
    ['failed', 'unknown'],
  ])('that is interrupted is settled by one read: %s', async (read, kind) => {
    for (const isRepeatable of [true, false])
      expect(
        await send({ attempts: ['unknown'], reads: [read], isRepeatable, interruptedAttempt: 1 }),
      ).toMatchObject({ kind, attemptCount: 1, readCount: 1, seconds: 0 });
  });

  it('that is interrupted when repeated is settled by a read, because the first attempt may have been accepted', async () => {
    for (const second of ['not-sent', 'unknown'] as const)
      expect(
        await send({
          attempts: ['unknown', second],
          reads: ['accepted'],
          isRepeatable: true,
          interruptedAttempt: 2,
        }),
      ).toMatchObject({ kind: 'accepted', attemptCount: 2, readCount: 1 });
  });
});
