/** The live view of one deployment, with clocks that tick between the reads. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import { formatElapsed } from '../../platform/format.ts';
import { literal } from '../../platform/printable.ts';
import { extrapolate, type LiveClocks, updateClocks } from '../../upgrade/live-clocks.ts';
import { renderTable } from '../table/upgrade.ts';
import type { LiveView } from './animation.ts';

/** @param startedAt when the watch began, on the monotonic clock */
export function createDetailView(
  statuses: () => readonly WatchStatus[],
  endpoint: string,
  startedAt: number,
): LiveView {
  let clocks: LiveClocks | undefined;
  let readAt = startedAt;
  return {
    onEvent(event, _, now) {
      if (event.type !== 'reading') return;
      readAt = now;
      const { snapshot } = event.reading;
      if (snapshot) clocks = updateClocks(clocks, snapshot.upgrade, now);
    },

    renderBody(style, maxLines, now) {
      const snapshot = statuses()[0]?.reading?.snapshot;
      if (clocks === undefined || snapshot === undefined) return literal``;
      const current = { ...snapshot, upgrade: extrapolate(clocks, now) };
      return renderTable(current, style, { full: false, next: true, maxLines });
    },

    formatFooter(now) {
      const [status] = statuses();
      const { deployment = '', reading, failure } = status ?? {};
      const watching = `${deployment}, watching for ${formatElapsed(now - startedAt)}`;
      if (failure) {
        const { fault, count, maxCount } = failure;
        const what = reading
          ? `Contact lost for ${formatElapsed(now - readAt)}`
          : `No usable response from ${endpoint}`;
        return `${what}: ${describeFault(fault)}; ${count} of ${maxCount} tries failed · ${watching}`;
      }
      return reading
        ? `${watching}, read ${formatElapsed(now - readAt)} ago`
        : `Reading the upgrade of ${watching}`;
    },
  };
}
