/** Measures whole processes, each against a floor: the minimum for the same task. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/**
 * A program and its arguments.
 * @typedef {readonly [program: string, ...args: string[]]} Command
 */

/**
 * Measures two commands in pairs, in alternating order, so that other load on the machine affects both alike.
 * @param {(command: Command, env: NodeJS.ProcessEnv) => Promise<number>} measure
 * @param {Command} floor
 * @param {Command} subject
 * @param {number} rounds
 * @param {NodeJS.ProcessEnv} env
 * @returns medians of both commands and of each pair's ratio
 */
export async function measurePairs(measure, floor, subject, rounds, env) {
  // The first run may fill caches.
  await measure(floor, env);
  await measure(subject, env);
  const pairs = [];
  for (let round = 0; round < rounds; round++) {
    const isSwapped = round % 2 === 1;
    const first = await measure(isSwapped ? subject : floor, env);
    const second = await measure(isSwapped ? floor : subject, env);
    pairs.push(isSwapped ? { floor: second, subject: first } : { floor: first, subject: second });
  }
  return {
    floor: median(pairs.map((pair) => pair.floor)),
    subject: median(pairs.map((pair) => pair.subject)),
    ratio: median(pairs.map((pair) => pair.subject / pair.floor)),
    rounds,
  };
}

/**
 * Measures the time of a whole process, in milliseconds.
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} env
 */
export async function measureTime(command, env) {
  const started = performance.now();
  await run(command, env);
  return performance.now() - started;
}

const reportPeak = fileURLToPath(new URL('report-peak.cjs', import.meta.url));

/**
 * Measures the peak memory of a Node program, in MiB.
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} env
 */
export async function measurePeak([node, ...args], env) {
  return Number(await run([node, '--require', reportPeak, ...args], env)) / 1024;
}

/**
 * Runs a command, with stdout into a pipe as to another program.
 * @param {Command} command
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} what it writes to file descriptor 3
 */
function run([program, ...args], env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    let report = '';
    let stderr = '';
    child.stdout?.resume();
    child.stderr?.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdio[3]?.on('data', (chunk) => {
      report += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(report);
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${stderr}`));
    });
  });
}

/** @param {number[]} values at least one */
function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
