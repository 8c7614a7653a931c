/** The live view of many deployments, those with problems first. */
import type { WatchStatus } from '../../monitor/status.ts';
import { describeAll } from '../../monitor/status-wording.ts';
import { formatElapsed } from '../../platform/format.ts';
import { extrapolate, type LiveClocks, updateClocks } from '../../upgrade/live-clocks.ts';
import { createStatusRow, renderStatuses } from '../table/many.ts';
import { renderElapsed } from '../table/overview.ts';
import type { OverviewRow } from '../table/overview-table.ts';
import type { LiveView } from './animation.ts';

/** A row, rendered only when its deployment has an event: a frame may have hundreds of rows. */
interface DrawnRow {
  readonly row: OverviewRow;
  readonly clocks: LiveClocks | undefined;
}

/** @param startedAt when the watch began, on the monotonic clock */
export function createOverviewView(
  statuses: () => readonly WatchStatus[],
  _endpoint: string,
  startedAt: number,
): LiveView {
  const drawn = new Map<string, DrawnRow>(
    statuses().map((status) => [status.deployment, { row: createStatusRow(status), clocks: undefined }]),
  );
  let summary = describeAll(statuses());
  return {
    onEvent(event, status, now) {
      const { deployment, reading } = status;
      const before = drawn.get(deployment)?.clocks;
      const clocks =
        event.type === 'reading' && reading?.snapshot
          ? updateClocks(before, reading.snapshot.upgrade, now)
          : before;
      drawn.set(deployment, {
        row: createStatusRow(status),
        clocks: event.type === 'ended' ? undefined : clocks,
      });
      summary = describeAll(statuses());
    },

    renderBody(style, lines, now) {
      const rows = [...drawn.values()].map(({ row, clocks }) =>
        clocks ? { ...row, elapsed: renderElapsed(extrapolate(clocks, now).duration) } : row,
      );
      return renderStatuses(rows, style, { lines, hint: '' }, true);
    },

    formatFooter: (now) => `${summary} · watching for ${formatElapsed(now - startedAt)}`,
  };
}
