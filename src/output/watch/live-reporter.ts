/** Draws a watch in place on a terminal: one deployment in detail, or an overview of many. */
import type { WatchStatus } from '../../monitor/status.ts';
import { nameTarget } from '../../monitor/target.ts';
import type { Host } from '../../platform/host.ts';
import { animate } from './animation.ts';
import { createDetailView } from './detail-view.ts';
import { createNoticeMaker, type Notice } from './notices.ts';
import { createOverviewView } from './overview-view.ts';
import type { Reporter, WatchView } from './reporter.ts';

/** The latest warning. */
interface Warning {
  /** Name of the target. */
  readonly name: string;
  readonly notice: Notice;
  /** On the monotonic clock. */
  readonly madeAt: number;
}

/** @param finish writes the final table */
export async function createLiveReporter(
  { color, clusterName }: Pick<WatchView, 'color' | 'clusterName'>,
  statuses: () => readonly WatchStatus[],
  finish: () => void,
  host: Host,
): Promise<Reporter> {
  const { clock } = host;
  const isMany = statuses().length > 1;
  const createView = isMany ? createOverviewView : createDetailView;
  const view = createView(statuses, clusterName, clock.monotonic());
  const makeNotice = createNoticeMaker(isMany, clock.now);
  let warning: Warning | undefined;

  /** Keeps the time in the text ticking between reads, except while contact is lost: then changes would go unseen. */
  function getWarning(now: number): string | undefined {
    if (warning === undefined) return undefined;
    const { name, notice, madeAt } = warning;
    if (notice.renew === undefined) return notice.text;
    const isLost = statuses().some((status) => nameTarget(status) === name && status.failure);
    return isLost ? undefined : notice.renew(now - madeAt);
  }

  const stop = await animate({ ...view, getWarning }, color, host);
  return {
    onEvent(event, status) {
      const name = nameTarget(status);
      const notice = makeNotice(event, status);
      const now = clock.monotonic();
      view.onEvent(event, status, now);
      const isPast = event.type === 'ended' || (event.type === 'reading' && event.isMove);
      if (isPast && warning?.name === name) warning = undefined;
      if (notice?.isWarning) warning = { name, notice, madeAt: now };
    },
    close() {
      stop();
      finish();
    },
  };
}
