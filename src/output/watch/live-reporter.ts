/** Draws a watch in place on a terminal: one deployment in detail, or an overview of many. */
import type { WatchStatus } from '../../monitor/status.ts';
import type { Host } from '../../platform/host.ts';
import { animate } from './animation.ts';
import { createDetailView } from './detail-view.ts';
import { LatestWarning } from './latest-warning.ts';
import { createOverviewView } from './overview-view.ts';
import type { Reporter, WatchView } from './reporter.ts';

/** @param finish writes the final table */
export async function createLiveReporter(
  { color, clusterName }: Pick<WatchView, 'color' | 'clusterName'>,
  statuses: () => readonly WatchStatus[],
  finish: () => void,
  host: Host,
): Promise<Reporter> {
  const { clock } = host;
  const isMany = statuses().length > 1;
  const createView = isMany ? createOverviewView : createDetailView;
  const view = createView(statuses, clusterName, clock.monotonic());
  const warning = new LatestWarning(isMany, statuses, clock);
  const stop = await animate({ ...view, getWarning: (now) => warning.getText(now) }, color, host);
  return {
    onEvent(event, status) {
      warning.onEvent(event, status);
      view.onEvent(event, status, clock.monotonic());
    },
    close() {
      stop();
      finish();
    },
  };
}
