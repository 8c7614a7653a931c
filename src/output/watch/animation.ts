/** Redraws a live view in place, above a line with a spinner. */
import type { ColorChoice } from '../../config/settings.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import type { WatchEvent } from '../../monitor/watch.ts';
import type { Host } from '../../platform/host.ts';
import { assumePrintable, literal, type Printable, printable } from '../../platform/printable.ts';
import { createStyle, type Paint, paintNothing, type Style } from '../style.ts';
import { wrapText } from '../table/wrap.ts';
import { openScreen } from './screen.ts';

/** Time between frames. */
const frameMs = 250;

/** Limits on the lines of a warning and of the footer. */
const maxTextLines = 4;

/** A view of a watch. Times are on the monotonic clock. */
export interface LiveView {
  /** @param status of the deployment that the event is about, with the event taken in */
  onEvent(event: WatchEvent, status: WatchStatus, now: number): void;
  /** @returns empty text while there is nothing to show */
  renderBody(style: Style, maxLines: number, now: number): Printable;
  formatFooter(now: number, style: Style): string;
}

/** The parts of a view that are drawn, and a warning above the footer. */
interface Drawing extends Pick<LiveView, 'renderBody' | 'formatFooter'> {
  getWarning(now: number): string | undefined;
}

/**
 * Draws the view until stopped, with the terminal in raw mode.
 * @returns a function that erases the view and restores the terminal
 */
export async function animate(view: Drawing, color: ColorChoice, host: Host): Promise<() => void> {
  const { stdout, clock, env } = host;
  const screen = openScreen(stdout);
  const frameClock = clock.real ?? clock;
  const startedAt = frameClock.monotonic();
  let cancelFrame = () => {};

  function frame(): readonly Printable[] {
    const now = clock.monotonic();
    const style = fitStyle(createStyle(color, stdout, env), stdout.columns);
    // The cursor is on the last row.
    const rows = Math.max(0, (stdout.rows ?? 24) - 1);
    const { act, spinner } = style.glyphs;
    const drawn = Math.floor((frameClock.monotonic() - startedAt) / frameMs);
    const turn = spinner[drawn % spinner.length] ?? literal``;
    const warning = view.getWarning(now);
    const footer = [
      ...(warning ? renderText(act, style.act, warning, style.act, style) : []),
      ...renderText(turn, style.busy, view.formatFooter(now, style), paintNothing, style),
    ].slice(0, rows);
    const room = rows - footer.length;
    const body = room < 1 ? literal`` : view.renderBody(style, room, now);
    return body
      ? [...fitLines(body.trimEnd().split('\n').map(assumePrintable), room, style), ...footer]
      : footer;
  }

  function draw(): void {
    cancelFrame();
    screen.draw(frame());
    cancelFrame = frameClock.after(frameMs, draw);
  }

  function erase(): void {
    cancelFrame();
    stdout.stream.off('resize', draw);
    screen.clear();
  }

  function redraw(): void {
    screen.forget();
    stdout.stream.off('resize', draw);
    stdout.stream.on('resize', draw);
    draw();
  }

  const release = await host.holdTerminal({ erase, redraw });
  redraw();
  return () => {
    erase();
    release();
  };
}

/** Leaves the last column free: some terminals wrap a line that fills it. */
function fitStyle(style: Style, columns = 80): Style {
  return { ...style, width: Math.max(1, Math.min(style.width, columns - 1)) };
}

/** Renders a text that wraps at words, below a glyph at its left. */
function renderText(
  glyph: Printable,
  paintGlyph: Paint,
  text: string,
  paint: Paint,
  { width, glyphs }: Style,
): readonly Printable[] {
  // Each line again: where a text wraps, a command to a build agent could begin.
  const lines = wrapText(printable(text), Math.max(1, width - 2), maxTextLines, glyphs.ellipsis).map(
    printable,
  );
  return lines.map((line, row) => literal`${row === 0 ? paintGlyph(glyph) : literal` `} ${paint(line)}`);
}

function fitLines(lines: readonly Printable[], room: number, { glyphs, faint }: Style): readonly Printable[] {
  return lines.length <= room ? lines : [...lines.slice(0, room - 1), faint(glyphs.ellipsis)];
}
