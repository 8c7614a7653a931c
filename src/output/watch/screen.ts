/** Draws lines at the bottom of a terminal again and again in the same place. */
import cliCursor from 'cli-cursor';
import type { Output } from '../../platform/host.ts';
import { joinLines, literal, type Printable } from '../../platform/printable.ts';
import { breakLine } from '../table/wrap.ts';

/** The lines drawn at the bottom of a terminal. */
export interface Screen {
  /** Replaces the last frame. Lines must fit the width already. */
  draw(lines: readonly Printable[]): void;
  /** Erases the last frame, and shows the cursor again. */
  clear(): void;
}

// Synchronized output: https://gist.github.com/christianparpart/d8a62cc1ab659194337d73e399004036. Others ignore it.
const beginFrame = literal`\u001b[?2026h`;
const endFrame = literal`\u001b[?2026l`;
const eraseLine = literal`\u001b[2K`;
const eraseBelow = literal`\u001b[J`;

/** Hides the cursor, and prepares to draw. */
export function openScreen(output: Output): Screen {
  const stream = output.stream as NodeJS.WriteStream;
  let drawn: readonly Printable[] = [];
  let width = 0;
  // The library shows the cursor again however the process ends.
  cliCursor.hide(stream);

  /** Moves the cursor to the first line of the last frame. */
  function home(): Printable {
    const now = output.columns || width;
    // A terminal that became narrower has wrapped the lines that no longer fit.
    const height = drawn.reduce((sum, line) => sum + (now < width ? breakLine(line, now).length : 1), 0);
    return height > 1 ? literal`\u001b[${height - 1}A\r` : literal`\r`;
  }

  return {
    draw(lines) {
      // A slow terminal gets fewer frames.
      if (stream.writableNeedDrain) return;
      if (width === output.columns && lines.join('\n') === drawn.join('\n')) return;
      const resized = width === output.columns ? literal`` : eraseBelow;
      const text = joinLines(lines.map((line) => literal`${eraseLine}${line}`));
      output.write(literal`${beginFrame}${home()}${resized}${text}${eraseBelow}${endFrame}`);
      drawn = lines;
      width = output.columns ?? 0;
    },
    clear() {
      if (drawn.length > 0) output.write(literal`${home()}${eraseBelow}`);
      drawn = [];
      cliCursor.show(stream);
    },
  };
}
