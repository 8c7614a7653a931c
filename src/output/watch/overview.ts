/** Draws many watched upgrades in place on a terminal, those with problems first. */
import type { WatchStatus } from '../../monitor/status.ts';
import { describeAll } from '../../monitor/status-wording.ts';
import { formatDuration } from '../../platform/format.ts';
import type { Host } from '../../platform/host.ts';
import { extrapolate, type LiveClocks, updateClocks } from '../../upgrade/live-clocks.ts';
import { createStatusRow, renderStatuses } from '../table/many.ts';
import { formatElapsed } from '../table/overview.ts';
import type { OverviewRow } from '../table/overview-table.ts';
import { animate } from './animation.ts';
import { createNoticeMaker } from './notices.ts';
import type { Reporter, WatchView } from './reporter.ts';

/** A row, rendered only when its deployment has an event: a frame may have hundreds of rows. */
interface DrawnRow {
  readonly row: OverviewRow;
  readonly clocks: LiveClocks | undefined;
}

/** @param finish writes the final table */
export function createOverview(
  { color, endpoint }: Pick<WatchView, 'color' | 'endpoint'>,
  statuses: () => readonly WatchStatus[],
  finish: () => void,
  host: Host,
): Reporter {
  const { clock } = host;
  const makeNotice = createNoticeMaker(endpoint, true, clock.now);
  const startedAt = clock.monotonic();
  const drawn = new Map<string, DrawnRow>(
    statuses().map((status) => [status.deployment, { row: createStatusRow(status), clocks: undefined }]),
  );
  let summary = describeAll(statuses());
  let warning = { deployment: '', text: '' };

  const stop = animate(
    {
      renderBody(style, lines, now) {
        const rows = [...drawn.values()].map(({ row, clocks }) =>
          clocks ? { ...row, elapsed: formatElapsed(extrapolate(clocks, now).duration) } : row,
        );
        return renderStatuses(rows, style, { lines, hint: '' }, true);
      },
      getWarning: () => warning.text,
      formatFooter: (now) => `${summary} · watching for ${formatDuration(now - startedAt)}`,
    },
    color,
    host,
  );

  return {
    onEvent(event, status) {
      const { deployment, reading } = status;
      const notice = makeNotice(event, status);
      const before = drawn.get(deployment)?.clocks;
      const clocks =
        event.type === 'reading' && reading?.snapshot
          ? updateClocks(before, reading.snapshot.upgrade, clock.monotonic())
          : before;
      drawn.set(deployment, {
        row: createStatusRow(status),
        clocks: event.type === 'ended' ? undefined : clocks,
      });
      summary = describeAll(statuses());
      if (event.type === 'reading' && event.isMove && warning.deployment === deployment)
        warning = { deployment: '', text: '' };
      if (notice?.isWarning) warning = { deployment, text: notice.text };
    },
    close() {
      stop();
      finish();
    },
  };
}
