/** The upgrade on a terminal, drawn in place, with clocks that tick between the reads. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { ColorChoice } from '../../config/settings.ts';
import type { UpgradeReading } from '../../monitor/read.ts';
import type { Lost } from '../../monitor/retry.ts';
import { formatDuration } from '../../platform/format.ts';
import type { Host } from '../../platform/host.ts';
import { literal } from '../../platform/printable.ts';
import { extrapolate, type LiveClocks, updateClocks } from '../../upgrade/live-clocks.ts';
import { renderTable } from '../table/upgrade.ts';
import { animate } from './animation.ts';
import { noticeMaker } from './notices.ts';
import type { Reporter } from './reporter.ts';

export interface LiveOptions {
  readonly deployment: string;
  readonly color: ColorChoice;
}

/** @param finish writes what is to be left behind */
export function liveReporter(
  { deployment, color }: LiveOptions,
  finish: (last: UpgradeReading | undefined) => void,
  host: Host,
): Reporter {
  const { clock } = host;
  const noticeOf = noticeMaker(clock.now);
  const started = clock.monotonic();
  let reading: UpgradeReading | undefined;
  let clocks: LiveClocks | undefined;
  let readAt = started;
  let lost: Lost | undefined;
  let warning = '';

  function footer(now: number): string {
    const watching = `${deployment}, watching for ${formatDuration(now - started)}`;
    if (lost) {
      const { failures, most } = lost;
      const what = reading
        ? `Contact lost for ${formatDuration(now - readAt)}`
        : `No usable response from ${lost.endpoint}`;
      return `${what}: ${describeFault(lost.fault)}; ${failures} of ${most} tries failed · ${watching}`;
    }
    return reading
      ? `${watching}, read ${formatDuration(now - readAt)} ago`
      : `Reading the upgrade of ${watching}`;
  }

  const end = animate(
    {
      body(style, most, now) {
        if (clocks === undefined || reading?.snapshot === undefined) return literal``;
        const snapshot = { ...reading.snapshot, upgrade: extrapolate(clocks, now) };
        return renderTable(snapshot, style, { full: false, next: true, maxLines: most });
      },
      warning: () => warning,
      footer,
    },
    color,
    host,
  );

  return {
    tell(event) {
      const notice = noticeOf(event);
      if (event.type === 'lost') lost = event;
      if (event.type === 'reading') {
        lost = undefined;
        readAt = clock.monotonic();
        reading = event.reading;
        if (event.isMove) warning = '';
        if (reading.snapshot) clocks = updateClocks(clocks, reading.snapshot.upgrade, readAt);
      }
      if (notice?.isWarning) warning = notice.text;
    },
    close() {
      end();
      finish(reading);
    },
  };
}
