/** The live view of many deployments, in the order in which they were named. */
import type { WatchStatus } from '../../monitor/status.ts';
import { describeContact } from '../../monitor/status-wording.ts';
import { nameTarget } from '../../monitor/target.ts';
import { extrapolate, type LiveClocks, updateClocks } from '../../upgrade/live-clocks.ts';
import { renderOverview } from '../overview/render.ts';
import { createStatusRow, type OverviewRow } from '../overview/row.ts';
import type { LiveView } from './animation.ts';
import { formatFreshness } from './freshness.ts';

/** A row, created only when its target has an event: a frame may have hundreds of rows. */
interface DrawnRow {
  readonly row: OverviewRow;
  readonly clocks: LiveClocks | undefined;
  /** When the next read comes, on the monotonic clock; `undefined` once there is none. */
  readonly nextReadAt: number | undefined;
}

/** Creates the view. @param cluster its name, or the names of several */
export function createOverviewView(statuses: () => readonly WatchStatus[], cluster: string): LiveView {
  const drawn = new Map<string, DrawnRow>(
    statuses().map((status) => [
      nameTarget(status),
      { row: createStatusRow(status), clocks: undefined, nextReadAt: undefined },
    ]),
  );
  let readAt: number | undefined;
  let remark = describeContact(statuses());
  return {
    onEvent(event, status, now) {
      const { reading } = status;
      const name = nameTarget(status);
      const before = drawn.get(name);
      const isReading = event.type === 'reading';
      const clocks =
        isReading && reading?.snapshot
          ? updateClocks(before?.clocks, reading.snapshot.upgrade, now)
          : before?.clocks;
      const isOver = event.type === 'ended';
      const next = isReading ? event.nextReadInMs : undefined;
      drawn.set(name, {
        row: createStatusRow(status),
        clocks: isOver ? undefined : clocks,
        nextReadAt: isOver ? undefined : next === undefined ? before?.nextReadAt : now + next,
      });
      if (isReading) readAt = now;
      remark = describeContact(statuses());
    },

    renderBody(style, maxLines, now) {
      const rows = [...drawn.values()].map(({ row, clocks }) =>
        clocks && row.elapsed !== undefined ? { ...row, elapsed: extrapolate(clocks, now).duration } : row,
      );
      return renderOverview(rows, style, { cluster, remark, maxLines, hint: '', maxReasonLines: 2 });
    },

    formatFooter(now, { glyphs }) {
      const end = `${glyphs.dot} Ctrl-C stops watching, not the upgrades`;
      if (readAt === undefined) return `Reading the upgrades on ${cluster} ${end}`;
      const due = [...drawn.values()].flatMap(({ nextReadAt }) => nextReadAt ?? []);
      const nextReadAt = due.length === 0 ? undefined : Math.min(...due);
      return `${formatFreshness(now, readAt, nextReadAt)} ${end}`;
    },
  };
}
