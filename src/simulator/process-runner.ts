/** Runs the process that a deployment is in, on the simulated clock. */

/** A generator that yields the seconds until its next step. */
export type Process<Result = void> = Generator<number, Result, void>;

/** Runs one process at a time. Its steps are a little late, as on a real cluster. */
export class ProcessRunner {
  #now: number;
  #process: Process | undefined;
  #wakeAt = 0;
  #steps = 0;

  /** @param now seconds since 1970 */
  constructor(now: number) {
    this.#now = now;
  }

  /** The time of the current step, in seconds since 1970. */
  get now(): number {
    return this.#now;
  }

  /** Replaces the current process, and takes the first step at once. */
  start(process: Process): void {
    this.#process = process;
    this.#wakeAt = this.#now;
    this.advanceTo(this.#now);
  }

  /** Takes all steps that are due at a time. Requests to the process then happen at that time. */
  advanceTo(now: number): void {
    while (this.#process !== undefined && this.#wakeAt <= now) {
      this.#now = this.#wakeAt;
      const step = this.#process.next();
      if (step.done) this.#process = undefined;
      else this.#wakeAt += step.value + this.#nextLatency();
    }
    this.#now = now;
  }

  /** Returns the delay of a step in seconds. It varies, but is the same in every run. */
  #nextLatency(): number {
    this.#steps += 1;
    return ((this.#steps * 137) % 271) / 1000 + 0.0123;
  }
}
