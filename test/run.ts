/** The one harness: runs a whole command line in this process, against real sockets, with a clock of its own. */
import { Writable } from 'node:stream';
import type { Host, Output } from '../src/host.ts';
import { main } from '../src/main.ts';

export interface Run {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Every pause that was asked for, in milliseconds; deadlines included. */
  readonly sleeps: readonly number[];
}

export interface RunOptions {
  readonly env?: Host['env'];
  /** Makes stdout a terminal of that width. */
  readonly columns?: number;
  readonly random?: number;
  readonly interrupt?: AbortSignal;
  /** Decides when a pause ends; by default those shorter than a minute end at once and deadlines never. */
  readonly sleep?: Host['clock']['sleep'];
  /** Told of what is written to stdout. */
  readonly onOutput?: (text: string) => void;
  /** In place of a clock that stands still. */
  readonly monotonic?: Host['clock']['monotonic'];
}

export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const sleeps: number[] = [];
  const untilAborted = (signal?: AbortSignal) =>
    new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve(), { once: true }));
  const sleep = options.sleep ?? ((ms, signal) => (ms < 6000 ? Promise.resolve() : untilAborted(signal)));
  const host: Host = {
    stdout: collect(out, options.columns, options.onOutput),
    stderr: collect(err, undefined),
    env: options.env ?? {},
    clock: {
      now: () => Date.parse('2026-11-24T08:00:00Z'),
      monotonic: options.monotonic ?? (() => 0),
      sleep(ms, signal) {
        sleeps.push(ms);
        return sleep(ms, signal);
      },
    },
    interrupt: options.interrupt ?? new AbortController().signal,
    random: () => options.random ?? 0.5,
  };
  const exitCode = await main(argv, host);
  return { exitCode, stdout: out.join(''), stderr: err.join(''), sleeps };
}

function collect(into: string[], columns: number | undefined, told?: (text: string) => void): Output {
  return {
    isTTY: columns !== undefined,
    columns,
    stream: new Writable(),
    write(text) {
      into.push(text);
      told?.(text);
    },
  };
}
