/** A clock for concurrent tasks that each wait for a moment of their own. */
import { createTimeline, type TestTime } from './run.ts';

/** Milliseconds after which a request times out. No other wait has this length, so that it identifies requests. */
const requestTimeoutMs = 65_000;

/** Creates a clock that advances to the next pending action whenever no request is open and every task waits. */
export function createSharedTime(): TestTime {
  const { sleeps, pass, set, now, monotonic, due, add: addDue } = createTimeline();
  let calls = 0;
  let requests = 0;
  let isAdvancing = false;

  function add(milliseconds: number, action: () => void): () => void {
    const cancel = addDue(milliseconds, action);
    calls++;
    return () => {
      calls++;
      cancel();
    };
  }

  function addRequest(action: () => void): () => void {
    let isOpen = true;
    const end = () => {
      if (isOpen) requests--;
      isOpen = false;
    };
    requests++;
    const cancel = add(requestTimeoutMs, () => {
      end();
      action();
    });
    return () => {
      end();
      cancel();
    };
  }

  async function waitUntilQuiet(): Promise<void> {
    for (let turns = 0; turns < 3; turns++) {
      const before = calls;
      await new Promise(setImmediate);
      if (before !== calls || requests > 0) turns = -1;
    }
  }

  async function advance(): Promise<void> {
    if (isAdvancing) return;
    isAdvancing = true;
    for (;;) {
      await waitUntilQuiet();
      const next = Math.min(...due());
      if (!Number.isFinite(next)) break;
      pass(next - monotonic());
    }
    isAdvancing = false;
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
          const finish = () => {
            cancel();
            signal?.removeEventListener('abort', finish);
            resolve();
          };
          const cancel = add(milliseconds, finish);
          signal?.addEventListener('abort', finish);
          void advance();
        });
      },
      after: (milliseconds, action) =>
        milliseconds === requestTimeoutMs ? addRequest(action) : add(milliseconds, action),
    },
  };
}
