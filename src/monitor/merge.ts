/** Merges the events of several generators that run at the same time. */

/** An event that waits to be consumed. */
interface QueuedEvent<T> {
  readonly event: T;
  /** Resumes the generator that has yielded the event. */
  readonly resume: () => void;
}

/**
 * Runs generators at the same time, and yields their events as they happen. Ends once all of them have ended. A generator
 * continues only after its event was consumed.
 */
export class Merge<T> {
  readonly #stop = new AbortController();
  readonly #queue: QueuedEvent<T>[] = [];
  readonly #bugs: unknown[] = [];
  readonly #runs: Promise<void>[] = [];
  #running = 0;
  #wake = () => {};

  /** Aborted once nobody consumes events any more. Generators must end then. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Starts a generator, also while events are consumed. */
  add(events: AsyncIterable<T>): void {
    this.#running++;
    this.#runs.push(this.#run(events));
  }

  async #run(events: AsyncIterable<T>): Promise<void> {
    try {
      for await (const event of events) {
        if (this.#stop.signal.aborted) continue;
        await new Promise<void>((resume) => {
          this.#queue.push({ event, resume });
          this.#wake();
        });
      }
    } catch (bug) {
      this.#bugs.push(bug);
    } finally {
      this.#running--;
      this.#wake();
    }
  }

  /**
   * Yields all events. A consumer that stops early ends all generators.
   * @throws what a generator has thrown
   */
  async *events(): AsyncGenerator<T, void> {
    try {
      while (this.#running > 0) {
        const [next] = this.#queue;
        if (this.#bugs.length > 0) throw this.#bugs[0];
        if (next) {
          yield next.event;
          this.#queue.shift();
          next.resume();
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
      if (this.#bugs.length > 0) throw this.#bugs[0];
    } finally {
      this.#stop.abort();
      for (const { resume } of this.#queue) resume();
      await Promise.all(this.#runs);
    }
  }
}
