/** A few lines at the bottom of a terminal that are drawn again and again in the same place. */
import cliCursor from 'cli-cursor';
import type { Output } from '../../platform/host.ts';
import { joinLines, literal, type Printable } from '../../platform/printable.ts';
import { breakLine } from '../table/wrap.ts';

export interface Screen {
  /** Replaces what was drawn before. Lines must be fitted to the terminal already. */
  draw(lines: readonly Printable[]): void;
  /** Takes away what was drawn, and shows the cursor again. */
  clear(): void;
}

// Terminals that know these show a frame at once; the others ignore them.
const beginFrame = literal`\u001b[?2026h`;
const endFrame = literal`\u001b[?2026l`;
const eraseLine = literal`\u001b[2K`;
const eraseBelow = literal`\u001b[J`;

export function openScreen(output: Output): Screen {
  const stream = output.stream as NodeJS.WriteStream;
  let drawn: readonly Printable[] = [];
  let width = 0;
  // On every way out, a crash included, the cursor comes back: the library sees to it.
  cliCursor.hide(stream);

  /** Back to the first line of what was drawn. */
  function home(): Printable {
    const now = output.columns || width;
    // A terminal that became narrower has broken the lines that do not fit any more.
    const height = drawn.reduce((sum, line) => sum + (now < width ? breakLine(line, now).length : 1), 0);
    return height > 1 ? literal`\u001b[${height - 1}A\r` : literal`\r`;
  }

  return {
    draw(lines) {
      // A terminal that cannot keep up gets fewer frames.
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
