/** The overview on a terminal, drawn in place, with those in trouble first. */

import type { ColorChoice } from '../../../config/settings.ts';
import type { Standing } from '../../../monitor/many/status.ts';
import { stateOfAll } from '../../../monitor/many/status.ts';
import { durationText } from '../../../platform/format.ts';
import type { Host } from '../../../platform/host.ts';
import { type Clocks, shownAt, tickOn } from '../../../upgrade/live-clocks.ts';
import { renderStandings, standingRow } from '../../table/many.ts';
import { elapsedWords, type OverviewRow } from '../../table/overview.ts';
import { animate } from '../animation.ts';
import { overallNotices } from './notices.ts';
import type { OverallReporter } from './reporter.ts';

/** Made anew only when something happens to it: there may be hundreds in every frame. */
interface Drawn {
  readonly row: OverviewRow;
  readonly clocks: Clocks | undefined;
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
    standings().map((standing) => [standing.deployment, { row: standingRow(standing), clocks: undefined }]),
  );
  let words = stateOfAll(standings());
  let warned = { deployment: '', text: '' };

  const end = animate(
    {
      body(style, lines, now) {
        const rows = [...drawn.values()].map(({ row, clocks }) =>
          clocks ? { ...row, elapsed: elapsedWords(shownAt(clocks, now).duration) } : row,
        );
        return renderStandings(rows, style, { lines, hint: '' }, true);
      },
      warning: () => warned.text,
      footer: (now) => `${words} · watching for ${durationText(now - started)}`,
    },
    color,
    host,
  );

  return {
    tell(event, standing) {
      const { deployment, picture } = standing;
      const notice = noticeOf(event, deployment);
      const before = drawn.get(deployment)?.clocks;
      const isRead = event.type === 'picture' && picture?.situation !== undefined;
      const clocks = isRead ? tickOn(before, picture.situation.upgrade, clock.monotonic()) : before;
      drawn.set(deployment, {
        row: standingRow(standing),
        clocks: event.type === 'over' ? undefined : clocks,
      });
      words = stateOfAll(standings());
      if (event.type === 'picture' && event.isMove && warned.deployment === deployment)
        warned = { deployment: '', text: '' };
      if (notice?.isWarning) warned = { deployment, text: notice.text };
    },
    close() {
      end();
      finish();
    },
  };
}
