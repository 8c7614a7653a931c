/** A clock for many who wait at the same time, each for its own moment. */
import type { TestTime } from './run.ts';
import { testStart } from './run.ts';

/** What a request is given; whatever else is waited for has another time. */
const patience = 65_000;

interface Due {
  readonly at: number;
  readonly isRequest: boolean;
  readonly action: () => void;
}

/** It goes on to whatever is due first as soon as no request is under way and nobody does anything. */
export function sharedTime(): TestTime {
  let now = 0;
  let ahead = 0;
  let due: readonly Due[] = [];
  let calls = 0;
  let isGoing = false;
  const sleeps: number[] = [];

  function add(milliseconds: number, action: () => void, isRequest: boolean): () => void {
    calls++;
    const one = { at: now + milliseconds, action, isRequest };
    due = [...due, one];
    return () => {
      calls++;
      due = due.filter((other) => other !== one);
    };
  }

  function pass(milliseconds: number): void {
    const until = now + milliseconds;
    for (;;) {
      const next = due.filter(({ at }) => at <= until).sort((one, other) => one.at - other.at)[0];
      if (next === undefined) break;
      due = due.filter((one) => one !== next);
      now = Math.max(now, next.at);
      next.action();
    }
    now = Math.max(now, until);
  }

  async function quiet(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) {
      const before = calls;
      await new Promise(setImmediate);
      if (before !== calls || due.some(({ isRequest }) => isRequest)) turns = -1;
    }
  }

  async function goOn(): Promise<void> {
    if (isGoing) return;
    isGoing = true;
    for (;;) {
      await quiet();
      const next = Math.min(...due.map(({ at }) => at));
      if (!Number.isFinite(next)) break;
      pass(next - now);
    }
    isGoing = false;
  }

  return {
    sleeps,
    pass,
    set(milliseconds) {
      ahead = milliseconds - now;
    },
    clock: {
      now: () => testStart + ahead + now,
      monotonic: () => now,
      async sleep(milliseconds, signal) {
        sleeps.push(milliseconds);
        if (signal?.aborted) return;
        await new Promise<void>((resolve) => {
          const over = () => {
            callOff();
            signal?.removeEventListener('abort', over);
            resolve();
          };
          const callOff = add(milliseconds, over, false);
          signal?.addEventListener('abort', over);
          void goOn();
        });
      },
      after: (milliseconds, action) => add(milliseconds, action, milliseconds === patience),
    },
  };
}
