/** A clock that runs faster than the machine's, for simulations. */
import type { Clock } from './host.ts';

/** Creates a clock that starts at the time of another one and runs faster. @param speed its seconds per real second */
export function createFastClock(real: Clock, speed: number): Clock {
  const startedAt = real.monotonic();
  const startTime = real.now();
  const measureElapsed = () => (real.monotonic() - startedAt) * speed;
  return {
    now: () => startTime + measureElapsed(),
    monotonic: measureElapsed,
    sleep: (milliseconds, signal) => real.sleep(milliseconds / speed, signal),
    after: (milliseconds, action) => real.after(milliseconds / speed, action),
    real,
  };
}
