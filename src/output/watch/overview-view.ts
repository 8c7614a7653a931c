/** The live view of many deployments, in the order in which they were named. */
import type { WatchStatus } from '../../monitor/status.ts';
import { describeContact } from '../../monitor/status-wording.ts';
import { renderOverview } from '../overview/render.ts';
import type { LiveView } from './animation.ts';
import { formatFreshness } from './freshness.ts';
import { LiveRows } from './live-rows.ts';

/** Creates the view. @param cluster its name, or the names of several */
export function createOverviewView(statuses: () => readonly WatchStatus[], cluster: string): LiveView {
  const rows = new LiveRows();
  for (const status of statuses()) rows.add(status);
  let remark = describeContact(statuses());
  return {
    onEvent(event, status, now) {
      rows.update(event, status, now);
      remark = describeContact(statuses());
    },

    renderBody(style, maxLines, now) {
      const view = { cluster, remark, maxLines, hint: '', maxReasonLines: 2 };
      return renderOverview(rows.getRows(statuses(), now), style, view);
    },

    formatFooter(now, { glyphs }) {
      const end = `${glyphs.dot} Ctrl-C stops watching, not the upgrades`;
      const { readAt } = rows;
      if (readAt === undefined) return `Reading the upgrades on ${cluster} ${end}`;
      return `${formatFreshness(now, readAt, rows.nextReadAt)} ${end}`;
    },
  };
}
