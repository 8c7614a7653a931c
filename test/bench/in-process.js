/**
 * Runs the program within this process. Scripts that import it take the file that exports `prepareRun` as their only
 * argument.
 */
import { createRequire } from 'node:module';
import { Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';

/** @import { Clock, Host, Output } from '../../src/platform/host.ts' */

/** @type {typeof import('../../src/cli/run.ts')} */
const { prepareRun } = createRequire(import.meta.url)(process.argv[2] ?? '');

/**
 * Runs a command line.
 * @param {readonly string[]} argv
 * @param {Host} host
 * @returns {Promise<number>} the exit code
 */
export function run(argv, host) {
  return prepareRun(argv, host).run();
}

/** Longest delay of a timer, which fires at once for a longer delay. */
const maxTimerMs = 2 ** 31 - 1;

/**
 * Creates the clock of this machine.
 * @returns {Clock}
 */
export function createSystemClock() {
  return {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    sleep: (milliseconds, signal) =>
      sleep(Math.min(milliseconds, maxTimerMs), undefined, signal && { signal }).catch(() => {}),
    after(milliseconds, action) {
      const timer = setTimeout(action, Math.min(milliseconds, maxTimerMs));
      return () => clearTimeout(timer);
    },
  };
}

/**
 * Creates a host without files and programs that discards all output.
 * @param {Clock} clock
 * @param {(text: string) => void} onWrite called for each write to stdout
 * @returns {Host}
 */
export function createHost(clock, onWrite = () => {}) {
  /** @type {Output} */
  const stderr = {
    isTTY: false,
    columns: undefined,
    rows: undefined,
    stream: new Writable(),
    closeSignal: new AbortController().signal,
    async waitForDrain() {},
    async waitForFlush() {},
    write() {},
  };
  const fail = async () => {
    throw new Error('The benchmark has no files and no programs.');
  };
  return {
    stdout: { ...stderr, write: onWrite },
    stderr,
    stdin: { isTTY: false, read: async () => Buffer.alloc(0) },
    prompt: async () => undefined,
    shells: ['posix'],
    env: {},
    clock,
    interrupt: new AbortController().signal,
    holdTerminal: async () => () => {},
    detectCi: async () => undefined,
    home: undefined,
    configFolder: undefined,
    resolvePath: (path) => path,
    lockFile: fail,
    findUnsafePath: fail,
    readFile: fail,
    listFiles: fail,
    run: fail,
    writeNew: fail,
    append: fail,
    replaceFile: fail,
    checkReplaceable: fail,
    random: () => 0.5,
    exitSoon() {},
  };
}
