/** The upgrade on a terminal, drawn in place, with clocks that tick between the reads. */
import { faultWords } from '../../cluster/faults/fault.ts';
import type { ColorChoice } from '../../config/settings.ts';
import type { Picture } from '../../monitor/read.ts';
import type { Lost } from '../../monitor/retry.ts';
import { durationText } from '../../platform/format.ts';
import type { Host } from '../../platform/host.ts';
import { shown } from '../../platform/printable.ts';
import { type Clocks, shownAt, tickOn } from '../../upgrade/live-clocks.ts';
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
  finish: (last: Picture | undefined) => void,
  host: Host,
): Reporter {
  const { clock } = host;
  const noticeOf = noticeMaker(clock.now);
  const started = clock.monotonic();
  let picture: Picture | undefined;
  let clocks: Clocks | undefined;
  let readAt = started;
  let lost: Lost | undefined;
  let warning = '';

  function footer(now: number): string {
    const watching = `${deployment}, watching for ${durationText(now - started)}`;
    if (lost) {
      const { failures, most } = lost;
      const what = picture
        ? `Contact lost for ${durationText(now - readAt)}`
        : `No usable response from ${lost.endpoint}`;
      return `${what}: ${faultWords(lost.fault)}; ${failures} of ${most} tries failed · ${watching}`;
    }
    return picture
      ? `${watching}, read ${durationText(now - readAt)} ago`
      : `Reading the upgrade of ${watching}`;
  }

  const end = animate(
    {
      body(style, most, now) {
        if (clocks === undefined || picture?.situation === undefined) return shown``;
        const situation = { ...picture.situation, upgrade: shownAt(clocks, now) };
        return renderTable(situation, style, { full: false, next: true, most });
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
      if (event.type === 'picture') {
        lost = undefined;
        readAt = clock.monotonic();
        picture = event.picture;
        if (event.isMove) warning = '';
        if (picture.situation) clocks = tickOn(clocks, picture.situation.upgrade, readAt);
      }
      if (notice?.isWarning) warning = notice.text;
    },
    close() {
      end();
      finish(picture);
    },
  };
}
