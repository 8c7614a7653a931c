/** The rows of a live overview, with clocks that tick between the reads. */
import type { WatchStatus } from '../../monitor/status.ts';
import { nameTarget, type Target } from '../../monitor/target.ts';
import type { WatchEvent } from '../../monitor/watch.ts';
import { extrapolate, type LiveClocks, updateClocks } from '../../upgrade/live-clocks.ts';
import { createStatusRow, type OverviewRow } from '../overview/row.ts';

/** A row, created only when its target has an event: a frame may have hundreds of rows. */
interface DrawnRow {
  readonly row: OverviewRow;
  readonly clocks: LiveClocks | undefined;
  /** When the next read comes, on the monotonic clock; `undefined` once there is none. */
  readonly nextReadAt: number | undefined;
}

/** Rows by the names of their targets. Times are on the monotonic clock. */
export class LiveRows {
  readonly #drawn = new Map<string, DrawnRow>();
  #readAt: number | undefined;

  /** When a row was read last; `undefined` before the first read. */
  get readAt(): number | undefined {
    return this.#readAt;
  }

  /** When the next read comes; `undefined` if there is none. */
  get nextReadAt(): number | undefined {
    const due = [...this.#drawn.values()].flatMap(({ nextReadAt }) => nextReadAt ?? []);
    return due.length === 0 ? undefined : Math.min(...due);
  }

  /** Adds the row of a target that was not read yet. */
  add(status: WatchStatus): void {
    const row = createStatusRow(status);
    this.#drawn.set(nameTarget(status), { row, clocks: undefined, nextReadAt: undefined });
  }

  /** @param status with the event taken in */
  update(event: WatchEvent, status: WatchStatus, now: number): void {
    const { reading } = status;
    const name = nameTarget(status);
    const before = this.#drawn.get(name);
    const isReading = event.type === 'reading';
    const clocks =
      isReading && reading?.snapshot
        ? updateClocks(before?.clocks, reading.snapshot.upgrade, now)
        : before?.clocks;
    const isOver = event.type === 'ended';
    const next = isReading ? event.nextReadInMs : undefined;
    this.#drawn.set(name, {
      row: createStatusRow(status),
      clocks: isOver ? undefined : clocks,
      nextReadAt: isOver ? undefined : next === undefined ? before?.nextReadAt : now + next,
    });
    if (isReading) this.#readAt = now;
  }

  delete(target: Target): void {
    this.#drawn.delete(nameTarget(target));
  }

  /** Returns the rows of these targets, with the clocks as they probably are by now. */
  getRows(targets: readonly Target[], now: number): readonly OverviewRow[] {
    return targets.flatMap((target) => {
      const drawn = this.#drawn.get(nameTarget(target));
      if (drawn === undefined) return [];
      const { row, clocks } = drawn;
      return clocks && row.elapsed !== undefined
        ? { ...row, elapsed: extrapolate(clocks, now).duration }
        : row;
    });
  }
}
