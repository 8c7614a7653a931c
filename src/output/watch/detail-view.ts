/** Draws one watched upgrade in place on a terminal, with clocks that tick between the reads. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import { formatDuration } from '../../platform/format.ts';
import type { Host } from '../../platform/host.ts';
import { literal } from '../../platform/printable.ts';
import { extrapolate, type LiveClocks, updateClocks } from '../../upgrade/live-clocks.ts';
import { renderTable } from '../table/upgrade.ts';
import { animate } from './animation.ts';
import { createNoticeMaker } from './notices.ts';
import type { Reporter, WatchView } from './reporter.ts';

/** @param finish writes the final table */
export function createDetailView(
  { color, endpoint }: Pick<WatchView, 'color' | 'endpoint'>,
  statuses: () => readonly WatchStatus[],
  finish: () => void,
  host: Host,
): Reporter {
  const { clock } = host;
  const makeNotice = createNoticeMaker(endpoint, false, clock.now);
  const startedAt = clock.monotonic();
  let clocks: LiveClocks | undefined;
  let readAt = startedAt;
  let warning = '';

  function formatFooter(now: number): string {
    const [status] = statuses();
    const { deployment = '', reading, failure } = status ?? {};
    const watching = `${deployment}, watching for ${formatDuration(now - startedAt)}`;
    if (failure) {
      const { fault, count, maxCount } = failure;
      const what = reading
        ? `Contact lost for ${formatDuration(now - readAt)}`
        : `No usable response from ${endpoint}`;
      return `${what}: ${describeFault(fault)}; ${count} of ${maxCount} tries failed · ${watching}`;
    }
    return reading
      ? `${watching}, read ${formatDuration(now - readAt)} ago`
      : `Reading the upgrade of ${watching}`;
  }

  const stop = animate(
    {
      renderBody(style, maxLines, now) {
        const snapshot = statuses()[0]?.reading?.snapshot;
        if (clocks === undefined || snapshot === undefined) return literal``;
        const current = { ...snapshot, upgrade: extrapolate(clocks, now) };
        return renderTable(current, style, { full: false, next: true, maxLines });
      },
      getWarning: () => warning,
      formatFooter,
    },
    color,
    host,
  );

  return {
    onEvent(event, status) {
      const notice = makeNotice(event, status);
      if (event.type === 'reading') {
        readAt = clock.monotonic();
        if (event.isMove) warning = '';
        const { snapshot } = event.reading;
        if (snapshot) clocks = updateClocks(clocks, snapshot.upgrade, readAt);
      }
      if (notice?.isWarning) warning = notice.text;
    },
    close() {
      stop();
      finish();
    },
  };
}
