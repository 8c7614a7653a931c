/** Draws a live view again and again in the same place, above a line that always moves. */
import type { ColorChoice } from '../../config/settings.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import type { WatchEvent } from '../../monitor/watch.ts';
import type { Host } from '../../platform/host.ts';
import { assumePrintable, literal, type Printable, printable } from '../../platform/printable.ts';
import { createStyle, type Style } from '../style.ts';
import { cutText } from '../table/wrap.ts';
import { openScreen } from './screen.ts';

/** Time between frames. */
const frameMs = 250;

/** A view of a watch. Times are on the monotonic clock. */
export interface LiveView {
  /** @param status of the deployment that the event is about, with the event taken in */
  onEvent(event: WatchEvent, status: WatchStatus, now: number): void;
  /** @returns empty text while there is nothing to show */
  renderBody(style: Style, maxLines: number, now: number): Printable;
  formatFooter(now: number): string;
}

/** The parts of a view that are drawn, and a warning above the footer. */
interface Drawing extends Pick<LiveView, 'renderBody' | 'formatFooter'> {
  getWarning(): string | undefined;
}

/** Draws the view until the returned function is called, which erases it. */
export function animate(view: Drawing, color: ColorChoice, { stdout, clock, env }: Host): () => void {
  const screen = openScreen(stdout);
  const frameClock = clock.real ?? clock;
  const startedAt = frameClock.monotonic();
  let cancelFrame = () => {};

  function frame(): readonly Printable[] {
    const now = clock.monotonic();
    // Some terminals wrap a line that fills the last column.
    const style: Style = {
      ...createStyle(color, stdout, env),
      width: Math.max(1, (stdout.columns ?? 80) - 1),
    };
    const rows = Math.max(1, (stdout.rows ?? 24) - 1);
    const { spinner } = style.glyphs;
    const turn =
      spinner[Math.floor((frameClock.monotonic() - startedAt) / frameMs) % spinner.length] ?? literal``;
    const warning = view.getWarning();
    const footer = [
      ...(warning ? [style.bad(cutText(printable(warning), style.width))] : []),
      cutText(printable(`${turn} ${view.formatFooter(now)}`), style.width),
    ].slice(-rows);
    const room = rows - footer.length;
    const body = room < 1 ? literal`` : view.renderBody(style, room, now);
    return body
      ? [...fitLines(body.trimEnd().split('\n').map(assumePrintable), room, style), ...footer]
      : footer;
  }

  function draw(): void {
    screen.draw(frame());
    cancelFrame = frameClock.after(frameMs, draw);
  }
  draw();

  return () => {
    cancelFrame();
    screen.clear();
  };
}

function fitLines(lines: readonly Printable[], room: number, style: Style): readonly Printable[] {
  return lines.length <= room ? lines : [...lines.slice(0, room - 1), style.faint(literal`…`)];
}
