/** A live view: a body that is drawn again and again in the same place, and below it a line that always moves. */

import type { ColorChoice } from '../../config/settings.ts';
import type { Host } from '../../platform/host.ts';
import { type Printable, printable, shown, stillPrintable } from '../../platform/printable.ts';
import { type Style, styleOf } from '../style.ts';
import { cutTo } from '../table/layout.ts';
import { openScreen } from './screen.ts';

/** Four frames a second. */
const frameTime = 250;

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
    const style: Style = { ...styleOf(color, stdout, env), width: Math.max(1, (stdout.columns ?? 80) - 1) };
    const rows = Math.max(1, (stdout.rows ?? 24) - 1);
    const turn = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏'.charAt(Math.floor((now - started) / frameTime) % 10);
    const warning = printable(view.warning());
    const footer = [
      ...(warning ? [style.bad(cutTo(warning, style.width))] : []),
      cutTo(printable(`${turn} ${view.footer(now)}`), style.width),
    ].slice(-rows);
    const room = rows - footer.length;
    const body = room < 1 ? shown`` : view.body(style, room, now);
    return body
      ? [...fitted(body.trimEnd().split('\n').map(stillPrintable), room, style), ...footer]
      : footer;
  }

  function draw(): void {
    screen.draw(frame());
    callOff = clock.after(frameTime, draw);
  }
  draw();

  return () => {
    callOff();
    screen.clear();
  };
}

function fitted(lines: readonly Printable[], room: number, style: Style): readonly Printable[] {
  return lines.length <= room ? lines : [...lines.slice(0, room - 1), style.faint(shown`…`)];
}
