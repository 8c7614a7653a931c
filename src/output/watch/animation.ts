/** A live view: a body that is drawn again and again in the same place, and below it a line that always moves. */

import type { ColorChoice } from '../../config/settings.ts';
import type { Host } from '../../platform/host.ts';
import { assumePrintable, literal, type Printable, printable } from '../../platform/printable.ts';
import { createStyle, type Style } from '../style.ts';
import { cutText } from '../table/wrap.ts';
import { openScreen } from './screen.ts';

/** Four frames a second. */
const frameMs = 250;

export interface LiveView {
  /** At most so many lines; `''` while there is nothing to show. @param now by the monotonic clock */
  body(style: Style, room: number, now: number): Printable;
  /** `''` for none. */
  warning(): string;
  footer(now: number): string;
}

/** @returns what ends it, and takes away what was drawn */
export function animate(view: LiveView, color: ColorChoice, { stdout, clock, env }: Host): () => void {
  const screen = openScreen(stdout);
  const started = clock.monotonic();
  let callOff = () => {};

  function frame(): readonly Printable[] {
    const now = clock.monotonic();
    // A full last column would make some terminals break the line.
    const style: Style = {
      ...createStyle(color, stdout, env),
      width: Math.max(1, (stdout.columns ?? 80) - 1),
    };
    const rows = Math.max(1, (stdout.rows ?? 24) - 1);
    const turn = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'.charAt(Math.floor((now - started) / frameMs) % 10);
    const warning = printable(view.warning());
    const footer = [
      ...(warning ? [style.bad(cutText(warning, style.width))] : []),
      cutText(printable(`${turn} ${view.footer(now)}`), style.width),
    ].slice(-rows);
    const room = rows - footer.length;
    const body = room < 1 ? literal`` : view.body(style, room, now);
    return body
      ? [...fitLines(body.trimEnd().split('\n').map(assumePrintable), room, style), ...footer]
      : footer;
  }

  function draw(): void {
    screen.draw(frame());
    callOff = clock.after(frameMs, draw);
  }
  draw();

  return () => {
    callOff();
    screen.clear();
  };
}

function fitLines(lines: readonly Printable[], room: number, style: Style): readonly Printable[] {
  return lines.length <= room ? lines : [...lines.slice(0, room - 1), style.faint(literal`…`)];
}
