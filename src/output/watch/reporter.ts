/** Shows the course of a watch; there is one reporter for each way of showing it. */
import type { WatchStatus } from '../../monitor/status.ts';
import type { WatchEvent } from '../../monitor/watch.ts';

export interface Reporter {
  /** @param status of the deployment that the event is about, with the event taken in */
  onEvent(event: WatchEvent, status: WatchStatus): void;
  /** Writes what stays after the watch. Called once, however the watch ends. */
  close(): void;
}
