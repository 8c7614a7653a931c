/** A few lines at the bottom of a terminal that are drawn again and again in the same place. */
import cliCursor from 'cli-cursor';
import wrapAnsi from 'wrap-ansi';
import type { Output } from './host.ts';

export interface Screen {
  /** Replaces what was drawn before. Lines must be fitted to the terminal already. */
  draw(lines: readonly string[]): void;
  /** Takes away what was drawn, and shows the cursor again. */
  clear(): void;
}

// Terminals that know these show a frame at once; the others ignore them.
const beginFrame = '\u001b[?2026h';
const endFrame = '\u001b[?2026l';
const eraseLine = '\u001b[2K';
const eraseBelow = '\u001b[J';

export function openScreen(output: Output): Screen {
  const stream = output.stream as NodeJS.WriteStream;
  let drawn: readonly string[] = [];
  let width = 0;
  // On every way out, a crash included, the cursor comes back: the library sees to it.
  cliCursor.hide(stream);

  /** Back to the first line of what was drawn. */
  function home(): string {
    const now = output.columns || width;
    // A terminal that became narrower has broken the lines that do not fit any more.
    const height = drawn.reduce((sum, line) => sum + (now < width ? brokenAt(line, now).length : 1), 0);
    return height > 1 ? `\u001b[${height - 1}A\r` : '\r';
  }

  return {
    draw(lines) {
      if (width === output.columns && lines.join('\n') === drawn.join('\n')) return;
      const text = lines.map((line) => eraseLine + line).join('\n');
      output.write(
        beginFrame + home() + (width === output.columns ? '' : eraseBelow) + text + eraseBelow + endFrame,
      );
      drawn = lines;
      width = output.columns ?? 0;
    },
    clear() {
      if (drawn.length > 0) output.write(home() + eraseBelow);
      drawn = [];
      cliCursor.show(stream);
    },
  };
}

/** @returns the rows that a terminal makes of a line that is too long for it */
export function brokenAt(line: string, width: number): readonly string[] {
  return wrapAnsi(line, width, { hard: true, wordWrap: false, trim: false }).split('\n');
}
