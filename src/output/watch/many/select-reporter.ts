/** Which reporter shows several watches: by the same rules as for one. */

import type { CiChoice, ColorChoice, Format } from '../../../config/settings.ts';
import type { Standing } from '../../../monitor/many/status.ts';
import type { Host } from '../../../platform/host.ts';
import { literal, printable } from '../../../platform/printable.ts';
import { recordReporter } from '../record-reporter.ts';
import { isLive } from '../select-reporter.ts';
import { overallLines } from './line-reporter.ts';
import { overviewReporter } from './live-reporter.ts';
import { overallNotices } from './notices.ts';
import { type OverallReporter, sideBySide } from './reporter.ts';

interface OverallView {
  readonly format: Format;
  readonly color: ColorChoice;
  readonly ci: CiChoice;
  readonly quiet: boolean;
  readonly verbose: boolean;
  /** Milliseconds. */
  readonly heartbeat: number;
}

/**
 * @param standings how all of them stand, in the order in which they were named
 * @param finish writes what the table's format leaves behind
 */
export async function overallReporterFor(
  view: OverallView,
  standings: () => readonly Standing[],
  finish: () => void,
  host: Host,
): Promise<OverallReporter> {
  const { format, heartbeat, quiet } = view;
  if (format === 'table' && (await isLive(view, host)))
    return overviewReporter(view.color, standings, finish, host);
  const reporters: Record<Format, () => OverallReporter> = {
    table: () => overallLines(heartbeat, standings, host, finish),
    plain: () => overallLines(heartbeat, standings, host),
    ndjson: () => sideBySide((deployment) => recordReporter(deployment, host)),
    json: () => ({ tell() {}, close() {} }),
  };
  const reporter = reporters[format]();
  const noticeOf = overallNotices(host.clock.now);
  return {
    tell(event, standing) {
      reporter.tell(event, standing);
      const notice = noticeOf(event, standing.deployment);
      if (notice && !quiet) host.stderr.write(literal`sfcompose: ${printable(notice.text)}\n`);
    },
    close: reporter.close,
  };
}
