/** Redraws lines in place on a terminal. */
import cliCursor from 'cli-cursor';
import type { Output } from '../../platform/host.ts';
import { joinLines, literal, type Printable } from '../../platform/printable.ts';
import { breakLine } from '../table/wrap.ts';

/** The lines drawn in place on a terminal. */
export interface Screen {
  /** Writes lines over the last frame. They must fit the width, and be fewer than the terminal has rows. */
  draw(lines: readonly Printable[]): void;
  /** Erases the last frame, and shows the cursor again. */
  clear(): void;
  /** Forgets the last frame, after other output was written below it. */
  forget(): void;
}

// Synchronized output: https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036. Other terminals ignore it.
const beginFrame = literal`\u001b[?2026h`;
const endFrame = literal`\u001b[?2026l`;
const eraseRest = literal`\u001b[K`;
const eraseLine = literal`\u001b[2K`;
// Never from the top left: tmux takes that for a request to clear the screen, and moves the frame into its history.
const eraseBelow = literal`\u001b[J`;

/**
 * Prepares to draw. Between frames the cursor, which is hidden, stands at the beginning of the line below the last one.
 * There it does no harm when something is echoed, and no terminal wraps its line: some wrap all lines but that of the
 * cursor when they become narrower.
 */
export function openScreen(output: Output): Screen {
  const stream = output.stream as NodeJS.WriteStream;
  let drawn: readonly Printable[] = [];
  let width = 0;
  let height = 0;
  /**
   * Lines of earlier frames that scrolled off when the terminal shrank. They come back when it grows. Of the last one
   * only a part may be off, which the terminal joins with the line that is drawn over its rest.
   */
  let above: readonly Printable[] = [];
  let part = literal``;

  /** Breaks a line as the terminal does that became narrower since the line was drawn. */
  function breakDrawn(line: Printable): readonly Printable[] {
    const columns = output.columns || width;
    return columns < width || above.length > 0 || part ? breakLine(line, columns) : [line];
  }

  /** Finds the rows of earlier frames on the screen, from the cursor up, and remembers those that scrolled off. */
  function measure(): number {
    if (width === output.columns && height === output.rows) return drawn.length;
    const [first = literal``, ...others] = drawn;
    const lines = [...above, literal`${part}${first}`, ...others].map(breakDrawn);
    const all = drawn.length > 0 ? lines.reduce((sum, rows) => sum + rows.length, 0) : 0;
    const visible = Math.min(all, (output.rows ?? Infinity) - 1);
    let left = all - visible;
    above = [];
    part = literal``;
    for (const rows of lines) {
      const off = rows.slice(0, Math.max(0, left)).reduce((text, row) => literal`${text}${row}`, literal``);
      if (left >= rows.length) above = [...above, off];
      else part = literal`${part}${off}`;
      left -= rows.length;
    }
    return visible;
  }

  function clear(): void {
    const rows = measure();
    const emptyLines = joinLines(Array.from({ length: rows + 1 }, () => eraseRest));
    if (rows > 0) output.write(literal`\r${up(rows)}${emptyLines}${eraseBelow}${up(rows)}`);
    forget();
    cliCursor.show(stream);
  }

  function forget(): void {
    drawn = [];
    above = [];
    part = literal``;
  }

  return {
    draw(lines) {
      // A slow terminal gets fewer frames.
      if (stream.writableNeedDrain) return;
      if (lines.length === 0) return clear();
      const isResized = width !== output.columns || height !== output.rows;
      if (!isResized && lines.join('\n') === drawn.join('\n')) return;
      // The library shows the cursor again however the process ends.
      if (drawn.length === 0) cliCursor.hide(stream);
      // Only an erased line is no longer taken for the rest of the one above, with which it would be joined again.
      const start = isResized ? eraseLine : literal``;
      const text = joinLines([...lines.map((line) => literal`${start}${line}${eraseRest}`), literal``]);
      output.write(literal`\r${beginFrame}${up(measure())}${text}${eraseBelow}${endFrame}`);
      drawn = lines;
      width = output.columns ?? 0;
      height = output.rows ?? 0;
    },
    clear,
    forget,
  };
}

function up(rows: number): Printable {
  return rows > 0 ? literal`\u001b[${rows}A` : literal``;
}
