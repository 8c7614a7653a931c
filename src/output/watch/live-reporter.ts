/** Draws a watch in place on a terminal: one deployment in detail, or an overview of many. */
import type { WatchStatus } from '../../monitor/status.ts';
import type { Host } from '../../platform/host.ts';
import { animate } from './animation.ts';
import { createDetailView } from './detail-view.ts';
import { createNoticeMaker } from './notices.ts';
import { createOverviewView } from './overview-view.ts';
import type { Reporter, WatchView } from './reporter.ts';

/** @param finish writes the final table */
export function createLiveReporter(
  { color, endpoint }: Pick<WatchView, 'color' | 'endpoint'>,
  statuses: () => readonly WatchStatus[],
  finish: () => void,
  host: Host,
): Reporter {
  const { clock } = host;
  const isMany = statuses().length > 1;
  const createView = isMany ? createOverviewView : createDetailView;
  const view = createView(statuses, endpoint, clock.monotonic());
  const makeNotice = createNoticeMaker(endpoint, isMany, clock.now);
  let warning: { readonly deployment: string; readonly text: string } | undefined;
  const stop = animate({ ...view, getWarning: () => warning?.text }, color, host);
  return {
    onEvent(event, status) {
      const { deployment } = status;
      const notice = makeNotice(event, status);
      view.onEvent(event, status, clock.monotonic());
      if (event.type === 'reading' && event.isMove && warning?.deployment === deployment) warning = undefined;
      if (notice?.isWarning) warning = { deployment, text: notice.text };
    },
    close() {
      stop();
      finish();
    },
  };
}
