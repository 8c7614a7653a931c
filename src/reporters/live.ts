/** The upgrade on a terminal, drawn in place, with clocks that tick between the reads. */
import type { Host } from '../host.ts';
import type { Lost } from '../patient-read.ts';
import type { Picture } from '../picture.ts';
import { type Style, styleOf } from '../render/style.ts';
import { renderTable } from '../render/table.ts';
import { brokenAt, openScreen } from '../screen.ts';
import type { ColorChoice } from '../settings.ts';
import { durationText, type Printable, printable, shown, stillPrintable } from '../text.ts';
import { type Clocks, shownAt, tickOn } from './clocks.ts';
import { faultWords, noticeMaker } from './notices.ts';
import type { Reporter } from './reporter.ts';

/** Four frames a second. */
const frameTime = 250;

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
  const { stdout, clock } = host;
  const screen = openScreen(stdout);
  const noticeOf = noticeMaker(clock.now);
  const started = clock.monotonic();
  let picture: Picture | undefined;
  let clocks: Clocks | undefined;
  let readAt = started;
  let lost: Lost | undefined;
  let warning = shown``;
  let callOff = () => {};

  function frame(): readonly Printable[] {
    const now = clock.monotonic();
    // A full last column would make some terminals break the line.
    const style: Style = {
      ...styleOf(color, stdout, host.env),
      width: Math.max(1, (stdout.columns ?? 80) - 1),
    };
    const rows = Math.max(1, (stdout.rows ?? 24) - 1);
    const turn = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'.charAt(Math.floor((now - started) / frameTime) % 10);
    const footer = [
      ...(warning ? [style.bad(cut(warning, style.width))] : []),
      cut(printable(`${turn} ${footerWords(now)}`), style.width),
    ].slice(-rows);
    const room = rows - footer.length;
    if (clocks === undefined || picture?.situation === undefined || room < 1) return footer;
    const situation = { ...picture.situation, upgrade: shownAt(clocks, now) };
    const table = renderTable(situation, style, { full: false, next: true, most: room });
    return [...fitted(table.trimEnd().split('\n').map(stillPrintable), room, style), ...footer];
  }

  function footerWords(now: number): string {
    const watching = `${deployment}, watching for ${durationText(now - started)}`;
    if (lost) {
      const { failures, most } = lost;
      const since = picture ? ` for ${durationText(now - readAt)}` : '';
      return `Contact lost${since}: ${faultWords(lost)}; ${failures} of ${most} tries failed · ${watching}`;
    }
    return picture
      ? `${watching}, read ${durationText(now - readAt)} ago`
      : `Reading the upgrade of ${watching}`;
  }

  function draw(): void {
    screen.draw(frame());
    callOff = clock.after(frameTime, draw);
  }
  draw();

  return {
    tell(event) {
      const notice = noticeOf(event);
      if (event.type === 'lost') lost = event;
      if (event.type === 'picture') {
        lost = undefined;
        readAt = clock.monotonic();
        picture = event.picture;
        if (event.isMove) warning = shown``;
        if (picture.situation) clocks = tickOn(clocks, picture.situation.upgrade, readAt);
      }
      if (notice?.isWarning) warning = printable(notice.text);
    },
    close() {
      callOff();
      screen.clear();
      finish(picture);
    },
  };
}

function cut(text: Printable, width: number): Printable {
  // Drawn with each frame: however long the text, no more of it is looked at than could ever fit.
  const start = stillPrintable(text.slice(0, 4 * width));
  const [whole = shown``, ...more] = brokenAt(start, width);
  return more.length === 0 ? whole : shown`${brokenAt(start, width - 1)[0] ?? whole}…`;
}

function fitted(lines: readonly Printable[], room: number, style: Style): readonly Printable[] {
  return lines.length <= room ? lines : [...lines.slice(0, room - 1), style.faint(shown`…`)];
}
