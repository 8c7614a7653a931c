/** The interface of reporters, which show a watch as it goes. */
import type { CiChoice, ColorChoice, Format } from '../../config/settings.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import type { WatchEvent } from '../../monitor/watch.ts';

/** Shows a watch as it goes. */
export interface Reporter {
  /** @param status of the deployment that the event is about, with the event taken in */
  onEvent(event: WatchEvent, status: WatchStatus): void;
  /** Writes the final output. Called once, however the watch ends. */
  close(): void;
}

/** Options that concern reporters. */
export interface WatchView {
  readonly format: Format;
  readonly color: ColorChoice;
  readonly ci: CiChoice;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Milliseconds. */
  readonly heartbeatMs: number;
  /** Name of the cluster, or names of several. */
  readonly clusterName: string;
}
