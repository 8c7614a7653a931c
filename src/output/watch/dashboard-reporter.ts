/** The interface of reporters that show a dashboard as it goes. */
import type { WatchStatus } from '../../monitor/status.ts';
import type { DashboardEvent } from '../../monitor/watch-lists.ts';

/** Shows a dashboard as it goes. */
export interface DashboardReporter {
  /** @param status of the upgrade that the event is about, with the event taken in */
  onEvent(event: DashboardEvent, status: WatchStatus | undefined): void;
  /** Writes the final output. Called once, however the dashboard ends. */
  close(): void;
}
