/** Draws lines on a terminal again and again in the same place. */
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
  /** Forgets the last frame, after others have written below it. */
  forget(): void;
}

// Synchronized output: https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036. Others ignore it.
const beginFrame = literal`\u001b[?2026h`;
const endFrame = literal`\u001b[?2026l`;
const eraseRest = literal`\u001b[K`;
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

  /** Counts the rows of the last frame: a terminal that became narrower has wrapped lines that no longer fit. */
  function countRows(): number {
    const now = output.columns || width;
    const rows = drawn.reduce((sum, line) => sum + (now < width ? breakLine(line, now).length : 1), 0);
    return Math.min(rows, (output.rows ?? Infinity) - 1);
  }

  function clear(): void {
    const rows = countRows();
    const emptyLines = joinLines(Array.from({ length: rows + 1 }, () => eraseRest));
    if (rows > 0) output.write(literal`\r${up(rows)}${emptyLines}${eraseBelow}${up(rows)}`);
    drawn = [];
    cliCursor.show(stream);
  }

  return {
    draw(lines) {
      // A slow terminal gets fewer frames.
      if (stream.writableNeedDrain) return;
      if (lines.length === 0) return clear();
      if (width === output.columns && lines.join('\n') === drawn.join('\n')) return;
      // The library shows the cursor again however the process ends.
      if (drawn.length === 0) cliCursor.hide(stream);
      const text = joinLines([...lines.map((line) => literal`${line}${eraseRest}`), literal``]);
      output.write(literal`\r${beginFrame}${up(countRows())}${text}${eraseBelow}${endFrame}`);
      drawn = lines;
      width = output.columns ?? 0;
    },
    clear,
    forget() {
      drawn = [];
    },
  };
}

function up(rows: number): Printable {
  return rows > 0 ? literal`\u001b[${rows}A` : literal``;
}
