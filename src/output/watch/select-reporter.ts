/** Selects the reporter of a watch by the format, and by whether stdout is a terminal that can be drawn on. */
import type { Format } from '../../config/settings.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import type { Host } from '../../platform/host.ts';
import { literal, printable } from '../../platform/printable.ts';
import { createLineReporter } from './line-reporter.ts';
import { createLiveReporter } from './live-reporter.ts';
import { createNoticeMaker } from './notices.ts';
import { createRecordReporter } from './record-reporter.ts';
import type { Reporter, WatchView } from './reporter.ts';

/**
 * @param statuses of all targets, in the order in which they were named
 * @param finish writes the final table, in the table format
 */
export async function selectReporter(
  view: WatchView,
  statuses: () => readonly WatchStatus[],
  finish: () => void,
  host: Host,
): Promise<Reporter> {
  const { format, quiet } = view;
  if (format === 'table' && (await isLive(view, host)))
    return createLiveReporter(view, statuses, finish, host);
  const reporters: Record<Format, () => Reporter> = {
    table: () => createLineReporter(view, statuses, finish, host),
    plain: () => createLineReporter(view, statuses, () => {}, host),
    ndjson: () => createRecordReporter(host),
    json: () => ({ onEvent() {}, close() {} }),
  };
  const reporter = reporters[format]();
  const makeNotice = createNoticeMaker(statuses().length > 1, host.clock.now);
  return {
    onEvent(event, status) {
      reporter.onEvent(event, status);
      const notice = makeNotice(event, status);
      if (notice && !quiet) host.stderr.write(literal`sfcompose: ${printable(notice.text)}\n`);
    },
    close: reporter.close,
  };
}

/** Reports whether stdout can be drawn on. Lines between frames, as from `--verbose`, would tear the view apart. */
export async function isLive({ ci, verbose }: WatchView, { stdout, env, detectCi }: Host): Promise<boolean> {
  if (!stdout.isTTY || !stdout.columns || env['TERM'] === 'dumb' || verbose) return false;
  return ci !== 'github' && ci !== 'azure' && (await detectCi()) === undefined;
}
