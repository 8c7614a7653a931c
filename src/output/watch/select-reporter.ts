/** Which reporter shows a watch: by the format, and by whether stdout is a terminal that can be drawn on. */

import type { CiChoice, Format } from '../../config/settings.ts';
import type { UpgradeReading } from '../../monitor/read.ts';
import type { Host } from '../../platform/host.ts';
import { literal, printable } from '../../platform/printable.ts';
import { lineReporter } from './line-reporter.ts';
import { type LiveOptions, liveReporter } from './live-reporter.ts';
import { noticeMaker } from './notices.ts';
import { recordReporter } from './record-reporter.ts';
import type { Reporter } from './reporter.ts';

interface WatchView extends LiveOptions {
  readonly format: Format;
  readonly ci: CiChoice;
  readonly quiet: boolean;
  readonly verbose: boolean;
}

/** @param finish writes what the table's format leaves behind */
export async function reporterFor(
  view: WatchView,
  finish: (last: UpgradeReading | undefined) => void,
  host: Host,
): Promise<Reporter> {
  const { deployment, format, quiet } = view;
  if (format === 'table' && (await isLive(view, host))) return liveReporter(view, finish, host);
  const reporters: Record<Format, () => Reporter> = {
    table: () => lineReporter(host, finish),
    plain: () => lineReporter(host),
    ndjson: () => recordReporter(deployment, host),
    json: () => ({ tell() {}, close() {} }),
  };
  const reporter = reporters[format]();
  const noticeOf = noticeMaker(host.clock.now);
  return {
    tell(event) {
      reporter.tell(event);
      const notice = noticeOf(event);
      if (notice && !quiet) host.stderr.write(literal`sfcompose: ${printable(notice.text)}\n`);
    },
    close: reporter.close,
  };
}

/** Lines between the frames, as with `--verbose`, would tear the reading. */
export async function isLive(
  { ci, verbose }: Pick<WatchView, 'ci' | 'verbose'>,
  { stdout, env, detectCi }: Host,
): Promise<boolean> {
  if (!stdout.isTTY || !stdout.columns || env['TERM'] === 'dumb' || verbose) return false;
  return ci !== 'github' && ci !== 'azure' && (await detectCi()) === undefined;
}
