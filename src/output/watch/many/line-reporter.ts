/** A line for every change of each, for logs, and one that sums up where nothing changes. */

import { lineOf, type Standing, stateOfAll } from '../../../monitor/many/status.ts';
import { isOutOfSight } from '../../../monitor/result.ts';
import type { Host } from '../../../platform/host.ts';
import { renderPlainLine } from '../../plain-line.ts';
import { lineReporter } from '../line-reporter.ts';
import { type OverallReporter, sideBySide } from './reporter.ts';

/**
 * @param heartbeat milliseconds after which the line that sums up is said again
 * @param finish writes what is to stand below the lines
 */
export function overallLines(
  heartbeat: number,
  standings: () => readonly Standing[],
  host: Host,
  finish: () => void = () => {},
): OverallReporter {
  const { clock, stdout } = host;
  const own = sideBySide(() => lineReporter(host));
  let saidAt = clock.monotonic();
  const say = (words: string) => stdout.write(renderPlainLine(words, new Date(clock.now())));
  return {
    tell(event, standing) {
      const now = clock.monotonic();
      const isSilent = event.type === 'heartbeat' && now - saidAt >= heartbeat;
      const isGone =
        event.type === 'over' && event.explanation !== undefined && isOutOfSight(event.explanation);
      if (isSilent) say(stateOfAll(standings()));
      else if (isGone) say(lineOf(standing));
      else if (event.type !== 'heartbeat') own.tell(event, standing);
      if (isSilent || isGone || (event.type === 'reading' && event.isMove)) saidAt = now;
    },
    close: finish,
  };
}
