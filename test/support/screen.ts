/** Emulates a terminal's screen. */
import { Terminal } from '@xterm/headless';

/** Size of a terminal. */
export interface ScreenSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * Draws output on a screen of that size.
 * @param joinsLines whether lines that did not fit are whole again, as when they are copied
 * @returns the lines of the screen up to the last one that is not empty
 */
export async function drawScreen(
  output: string,
  { columns, rows }: ScreenSize,
  joinsLines = false,
): Promise<string> {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  await new Promise<void>((resolve) => terminal.write(output, resolve));
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let row = 0; row < active.length; row++) {
    const line = active.getLine(row);
    const text = line?.translateToString() ?? '';
    if (joinsLines && line?.isWrapped) lines.push(`${lines.pop() ?? ''}${text}`);
    else lines.push(text);
  }
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}
