/** Emulates a terminal's screen. */
import { Terminal } from '@xterm/headless';

interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/** Draws output on a screen of that size. @returns the lines of the screen up to the last one that is not empty */
export async function drawScreen(output: string, { columns, rows }: ScreenSize): Promise<string> {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const { active } = terminal.buffer;
  const lines = Array.from({ length: active.length }, (_, row) =>
    (active.getLine(row)?.translateToString(true) ?? '').trimEnd(),
  );
  return lines.join('\n').trimEnd();
}
