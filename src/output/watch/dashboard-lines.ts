/** Writes a line for each change of a dashboard, for logs. */
import type { Dashboard } from '../../monitor/dashboard.ts';
import { isOutdated, isUnderWay, type WatchStatus } from '../../monitor/status.ts';
import { describeAll, formatStatusLine } from '../../monitor/status-wording.ts';
import { nameTarget } from '../../monitor/target.ts';
import type { DashboardEvent } from '../../monitor/watch-lists.ts';
import { formatCount } from '../../platform/format.ts';
import type { Host } from '../../platform/host.ts';
import { summarize } from '../../upgrade/summary.ts';
import { renderPlainLine } from '../plain-line.ts';
import type { DashboardReporter } from './dashboard-reporter.ts';

/**
 * Creates the reporter. While nothing changes, one line sums up all upgrades at each heartbeat.
 * @param finish writes the final table
 */
export function createDashboardLines(
  dashboard: Dashboard,
  heartbeatMs: number,
  finish: () => void,
  { stdout, clock }: Host,
): DashboardReporter {
  let writtenAt = -Infinity;

  function write(text: string): void {
    stdout.write(renderPlainLine(text, new Date(clock.now())));
    writtenAt = clock.monotonic();
  }

  function onUpgradeEvent({ event }: DashboardEvent & { type: 'upgrade' }, status: WatchStatus): void {
    if (event.type === 'reading' && event.isMove && event.reading.snapshot)
      write(summarize(event.reading.snapshot, nameTarget(status)));
    if (event.type === 'ended' && isOutdated(status)) write(formatStatusLine(status));
  }

  function beat(): void {
    if (clock.monotonic() - writtenAt >= heartbeatMs) write(describeDashboard(dashboard));
  }

  return {
    onEvent(event, status) {
      if (event.type === 'upgrade' && status) onUpgradeEvent(event, status);
      const isBeat =
        event.type === 'upgrade' ? event.event.type === 'heartbeat' : isIdleList(event, dashboard);
      if (isBeat) beat();
    },
    close: finish,
  };
}

/** Upgrades under way have heartbeats of their own. */
function isIdleList(event: DashboardEvent, { statuses }: Dashboard): boolean {
  return event.type === 'list' && event.event.type === 'listed' && !statuses.some(isUnderWay);
}

function describeDashboard({ statuses, lists }: Dashboard): string {
  const underWay = statuses.filter(isUnderWay);
  const total = lists.reduce((sum, { count = 0 }) => sum + count, 0);
  return underWay.length > 0
    ? describeAll(underWay)
    : `Nothing is upgrading: ${formatCount(total, 'deployment')}`;
}
