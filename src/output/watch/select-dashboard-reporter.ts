/** Selects the reporter of a dashboard by the format, and by whether stdout is a terminal that can be drawn on. */
import type { Dashboard } from '../../monitor/dashboard.ts';
import type { Host } from '../../platform/host.ts';
import { literal, printable } from '../../platform/printable.ts';
import { animate } from './animation.ts';
import { createDashboardLines } from './dashboard-lines.ts';
import { createListNoticeMaker } from './dashboard-notices.ts';
import { createDashboardRecords } from './dashboard-records.ts';
import type { DashboardReporter } from './dashboard-reporter.ts';
import { DashboardView } from './dashboard-view.ts';
import { createNoticeMaker } from './notices.ts';
import type { WatchView } from './reporter.ts';
import { isLive } from './select-reporter.ts';

/** @param finish writes the final table, in the table format */
export async function selectDashboardReporter(
  dashboard: Dashboard,
  view: WatchView,
  finish: () => void,
  host: Host,
): Promise<DashboardReporter> {
  const { format, quiet, heartbeatMs } = view;
  if (format === 'table' && (await isLive(view, host))) return drawDashboard(dashboard, view, finish, host);
  const reporter =
    format === 'ndjson'
      ? createDashboardRecords(host)
      : createDashboardLines(dashboard, heartbeatMs, format === 'table' ? finish : () => {}, host);
  const makeNotice = createNoticeMaker(true, host.clock.now);
  const makeListNotice = createListNoticeMaker();
  return {
    onEvent(event, status) {
      reporter.onEvent(event, status);
      const notice =
        event.type === 'list'
          ? makeListNotice(event.event, event.source)
          : event.type === 'upgrade' && status && makeNotice(event.event, status);
      if (notice && !quiet) host.stderr.write(literal`sfcompose: ${printable(notice.text)}\n`);
    },
    close: reporter.close,
  };
}

async function drawDashboard(
  dashboard: Dashboard,
  { color, clusterName }: WatchView,
  finish: () => void,
  host: Host,
): Promise<DashboardReporter> {
  const view = new DashboardView(dashboard, clusterName, host.clock);
  const stop = await animate(view, color, host);
  return {
    onEvent: (event, status) => view.onEvent(event, status, host.clock.monotonic()),
    close() {
      stop();
      finish();
    },
  };
}
