/** A live view on the screen of a terminal in this process, on a clock of its own. */
import { Writable } from 'node:stream';
import { Terminal } from '@xterm/headless';
import { animate, type LiveView } from '../../src/output/watch/animation.ts';
import type { Host, Output, TerminalPicture } from '../../src/platform/host.ts';
import { createTestTime } from './run.ts';

interface Size {
  readonly columns: number;
  readonly rows: number;
}

type Drawing = Pick<LiveView, 'renderBody' | 'formatFooter'> & { readonly warning?: string };

/** A terminal on which a view is drawn. */
export interface LiveTerminal {
  /** Everything that was written. */
  readonly written: () => string;
  /** Lines on the screen, without empty ones at the end. */
  readonly screen: () => readonly string[];
  /** Lines that have scrolled off the screen. */
  readonly scrollback: () => readonly string[];
  /** Writes text as another program would. */
  print(text: string): Promise<void>;
  /** Lets time pass, in which frames are drawn. */
  pass(milliseconds: number): Promise<void>;
  resize(size: Size): Promise<void>;
  /** What the host does before a suspension, and afterwards. */
  suspend(): Promise<void>;
  resume(): Promise<void>;
  stop(): Promise<void>;
}

/** Draws a view below some text. */
export async function drawLive(view: Drawing, size: Size, before = ''): Promise<LiveTerminal> {
  const terminal = new Terminal({
    cols: size.columns,
    rows: size.rows,
    allowProposedApi: true,
    convertEol: true,
    scrollback: 1000,
  });
  const time = createTestTime();
  let written = '';
  let picture: TerminalPicture | undefined;
  const write = (text: string) => {
    written += text;
    terminal.write(text);
    return true;
  };
  const stream = Object.assign(new Writable(), { isTTY: true, write });
  const stdout = {
    isTTY: true,
    stream,
    write,
    get columns() {
      return terminal.cols;
    },
    get rows() {
      return terminal.rows;
    },
  } as unknown as Output;
  const host = {
    stdout,
    clock: time.clock,
    env: {},
    holdTerminal: async (held: TerminalPicture) => {
      picture = held;
      return () => {};
    },
  } as unknown as Host;
  const settle = () => new Promise<void>((resolve) => terminal.write('', resolve));
  terminal.write(before);
  const stop = await animate({ ...view, getWarning: () => view.warning }, 'never', host);
  await settle();

  function readLines(from: number, to: number): readonly string[] {
    const { active } = terminal.buffer;
    const lines = Array.from({ length: to - from }, (_, row) =>
      (active.getLine(from + row)?.translateToString(true) ?? '').trimEnd(),
    );
    return lines.slice(0, lines.findLastIndex(Boolean) + 1);
  }

  return {
    written: () => written,
    screen: () => readLines(terminal.buffer.active.baseY, terminal.buffer.active.length),
    scrollback: () => readLines(0, terminal.buffer.active.baseY),
    async print(text) {
      terminal.write(text);
      await settle();
    },
    async pass(milliseconds) {
      time.pass(milliseconds);
      await settle();
    },
    async resize({ columns, rows }) {
      terminal.resize(columns, rows);
      stream.emit('resize');
      await settle();
    },
    async suspend() {
      picture?.erase();
      await settle();
    },
    async resume() {
      picture?.redraw();
      await settle();
    },
    async stop() {
      stop();
      await settle();
    },
  };
}
