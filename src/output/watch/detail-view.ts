/** The live view of one deployment, with clocks that tick between the reads. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import { formatElapsed } from '../../platform/format.ts';
import { literal } from '../../platform/printable.ts';
import { extrapolate, type LiveClocks, updateClocks } from '../../upgrade/live-clocks.ts';
import { renderUpgradeScreen } from '../upgrade-screen/screen.ts';
import type { LiveView } from './animation.ts';
import { formatFreshness } from './freshness.ts';

/**
 * Creates the view.
 * @param cluster its name
 * @param startedAt when the watch began, on the monotonic clock
 */
export function createDetailView(
  statuses: () => readonly WatchStatus[],
  cluster: string,
  startedAt: number,
): LiveView {
  let clocks: LiveClocks | undefined;
  let readAt = startedAt;
  let nextReadAt: number | undefined;
  return {
    onEvent(event, _, now) {
      if (event.type !== 'reading') return;
      readAt = now;
      nextReadAt = event.nextReadInMs === undefined ? undefined : now + event.nextReadInMs;
      const { snapshot } = event.reading;
      if (snapshot) clocks = updateClocks(clocks, snapshot.upgrade, now);
    },

    renderBody(style, maxLines, now) {
      const snapshot = statuses()[0]?.reading?.snapshot;
      if (clocks === undefined || snapshot === undefined) return literal``;
      const current = { ...snapshot, upgrade: extrapolate(clocks, now) };
      return renderUpgradeScreen(current, style, { cluster, full: false, maxLines });
    },

    formatFooter(now, { glyphs }) {
      const [status] = statuses();
      const { deployment = '', endpoint = '', reading, failure } = status ?? {};
      if (failure) {
        const { fault, count, maxCount } = failure;
        const what = reading
          ? `Contact lost for ${formatElapsed(now - readAt)}`
          : `No usable response from ${endpoint}`;
        return `${what}: ${describeFault(fault)} (${count} of ${maxCount} attempts failed)`;
      }
      if (!reading) return `Reading the upgrade of ${deployment} on ${cluster}`;
      const freshness = formatFreshness(now, readAt, nextReadAt ?? now);
      return `${freshness} ${glyphs.dot} Ctrl-C stops watching, not the upgrade`;
    },
  };
}
