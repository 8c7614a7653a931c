/** The clock of simulations. */
import { describe, expect, it } from 'vitest';
import { createFastClock } from '../../../src/platform/fast-clock.ts';
import { withTimeout } from '../../../src/platform/timeout.ts';
import { createTestTime } from '../../support/run.ts';

describe('createFastClock', () => {
  it('starts at the time of the other clock, and runs faster', () => {
    const time = createTestTime();
    time.pass(5000);
    const clock = createFastClock(time.clock, 60);
    expect(clock.now()).toBe(time.clock.now());
    const before = clock.monotonic();
    time.pass(1000);
    expect(clock.monotonic() - before).toBe(60_000);
    expect(new Date(clock.now()).toISOString()).toBe('2026-11-24T08:01:05.000Z');
  });

  it('pauses and calls back in its own time', async () => {
    const time = createTestTime();
    const clock = createFastClock(time.clock, 60);
    await clock.sleep(60_000);
    expect(time.sleeps).toEqual([1000]);
    const calls: number[] = [];
    clock.after(120_000, () => calls.push(clock.monotonic()));
    clock.after(120_000, () => calls.push(0))();
    time.pass(1999);
    expect(calls).toEqual([]);
    time.pass(1);
    expect(calls).toEqual([180_000]);
  });

  it('leaves time limits of requests real', async () => {
    const time = createTestTime();
    const clock = createFastClock(time.clock, 60);
    const aborted: boolean[] = [];
    await withTimeout(clock, 2000, new AbortController().signal, async (signal) => {
      time.pass(1999);
      aborted.push(signal.aborted);
      time.pass(1);
      aborted.push(signal.aborted);
    });
    expect(aborted).toEqual([false, true]);
  });
});
