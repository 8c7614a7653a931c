/** Merges the events of generators and tasks that run at the same time. */

/** An event that waits to be consumed. */
interface QueuedEvent<T> {
  readonly event: T;
  /** Resumes the generator that has yielded the event. */
  readonly resume: () => void;
}

/**
 * Runs generators and tasks at the same time, and yields their events as they happen. Ends once all of them have ended.
 * Each continues only after its event was consumed.
 */
export class Merge<T> {
  readonly #stop = new AbortController();
  readonly #queue: QueuedEvent<T>[] = [];
  readonly #bugs: unknown[] = [];
  readonly #runs = new Set<Promise<void>>();
  #running = 0;
  #wake = () => {};

  /** Aborted once nobody consumes events any more. Generators must end then. */
  get stopSignal(): AbortSignal {
    return this.#stop.signal;
  }

  /** Starts a generator, also while events are consumed. */
  add(events: AsyncIterable<T>): void {
    this.run(async (emit) => {
      for await (const event of events) await emit(event);
    });
  }

  /** Starts a task, also while events are consumed. @param task waits until each event that it emits was consumed */
  run(task: (emit: (event: T) => Promise<void>) => Promise<void>): void {
    const run = this.#finish(task).finally(() => this.#runs.delete(run));
    this.#runs.add(run);
  }

  async #finish(task: Parameters<Merge<T>['run']>[0]): Promise<void> {
    this.#running++;
    try {
      await task(async (event) => {
        if (this.#stop.signal.aborted) return;
        await new Promise<void>((resume) => {
          this.#queue.push({ event, resume });
          this.#wake();
        });
      });
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
