/** A clock for many who wait at the same time, each for its own moment. */
import { type TestTime, timeline } from './run.ts';

/** What a request is given; whatever else is waited for has another time. */
const patience = 65_000;

/** It goes on to whatever is due first as soon as no request is under way and nobody does anything. */
export function sharedTime(): TestTime {
  const { sleeps, pass, set, now, monotonic, due, add: addDue } = timeline();
  let calls = 0;
  let requests = 0;
  let isGoing = false;

  function add(milliseconds: number, action: () => void): () => void {
    const callOff = addDue(milliseconds, action);
    calls++;
    return () => {
      calls++;
      callOff();
    };
  }

  function addRequest(action: () => void): () => void {
    let isOpen = true;
    const end = () => {
      if (isOpen) requests--;
      isOpen = false;
    };
    requests++;
    const callOff = add(patience, () => {
      end();
      action();
    });
    return () => {
      end();
      callOff();
    };
  }

  async function quiet(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) {
      const before = calls;
      await new Promise(setImmediate);
      if (before !== calls || requests > 0) turns = -1;
    }
  }

  async function goOn(): Promise<void> {
    if (isGoing) return;
    isGoing = true;
    for (;;) {
      await quiet();
      const next = Math.min(...due());
      if (!Number.isFinite(next)) break;
      pass(next - monotonic());
    }
    isGoing = false;
  }

  return {
    sleeps,
    pass,
    set,
    clock: {
      now,
      monotonic,
      async sleep(milliseconds, signal) {
        sleeps.push(milliseconds);
        if (signal?.aborted) return;
        await new Promise<void>((resolve) => {
          const over = () => {
            callOff();
            signal?.removeEventListener('abort', over);
            resolve();
          };
          const callOff = add(milliseconds, over);
          signal?.addEventListener('abort', over);
          void goOn();
        });
      },
      after: (milliseconds, action) =>
        milliseconds === patience ? addRequest(action) : add(milliseconds, action),
    },
  };
}
