import type { FollowEvent } from '../../monitor/watch.ts';

/** What shows the course of a watch, one for each way of showing it. */
export interface Reporter {
  tell(event: FollowEvent): void;
  /** Called once, however the watch ends: leaves behind what is to stay. */
  close(): void;
}
