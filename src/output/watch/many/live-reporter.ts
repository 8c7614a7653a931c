/** The overview on a terminal, drawn in place, with those in trouble first. */

import type { ColorChoice } from '../../../config/settings.ts';
import type { Standing } from '../../../monitor/many/status.ts';
import { stateOfAll } from '../../../monitor/many/status.ts';
import { formatDuration } from '../../../platform/format.ts';
import type { Host } from '../../../platform/host.ts';
import { extrapolate, type LiveClocks, updateClocks } from '../../../upgrade/live-clocks.ts';
import { createStatusRow, renderStatuses } from '../../table/many.ts';
import { formatElapsed, type OverviewRow } from '../../table/overview.ts';
import { animate } from '../animation.ts';
import { overallNotices } from './notices.ts';
import type { OverallReporter } from './reporter.ts';

/** Made anew only when something happens to it: there may be hundreds in every frame. */
interface Drawn {
  readonly row: OverviewRow;
  readonly clocks: LiveClocks | undefined;
}

/**
 * @param standings how all of them stand, in the order in which they were named
 * @param finish writes what is to be left behind
 */
export function overviewReporter(
  color: ColorChoice,
  standings: () => readonly Standing[],
  finish: () => void,
  host: Host,
): OverallReporter {
  const { clock } = host;
  const noticeOf = overallNotices(clock.now);
  const started = clock.monotonic();
  const drawn = new Map<string, Drawn>(
    standings().map((standing) => [
      standing.deployment,
      { row: createStatusRow(standing), clocks: undefined },
    ]),
  );
  let words = stateOfAll(standings());
  let warned = { deployment: '', text: '' };

  const end = animate(
    {
      body(style, lines, now) {
        const rows = [...drawn.values()].map(({ row, clocks }) =>
          clocks ? { ...row, elapsed: formatElapsed(extrapolate(clocks, now).duration) } : row,
        );
        return renderStatuses(rows, style, { lines, hint: '' }, true);
      },
      warning: () => warned.text,
      footer: (now) => `${words} · watching for ${formatDuration(now - started)}`,
    },
    color,
    host,
  );

  return {
    tell(event, standing) {
      const { deployment, reading } = standing;
      const notice = noticeOf(event, deployment);
      const before = drawn.get(deployment)?.clocks;
      const isRead = event.type === 'reading' && reading?.snapshot !== undefined;
      const clocks = isRead ? updateClocks(before, reading.snapshot.upgrade, clock.monotonic()) : before;
      drawn.set(deployment, {
        row: createStatusRow(standing),
        clocks: event.type === 'over' ? undefined : clocks,
      });
      words = stateOfAll(standings());
      if (event.type === 'reading' && event.isMove && warned.deployment === deployment)
        warned = { deployment: '', text: '' };
      if (notice?.isWarning) warned = { deployment, text: notice.text };
    },
    close() {
      end();
      finish();
    },
  };
}
