/** Time and memory of whole processes, against the least that there could be. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const peak = fileURLToPath(new URL('peak.cjs', import.meta.url));

/**
 * One after the other, each pair in the other order than the one before, so that whatever else the machine does meets
 * both alike.
 * @param floor, subject a command line each
 * @returns medians: of the times in milliseconds, and of the ratios of the pairs
 */
export async function timePairs(floor, subject, rounds, env) {
  // The first start may be the one that fills caches.
  await time(floor, env);
  await time(subject, env);
  const pairs = [];
  for (let round = 0; round < rounds; round++) {
    const isSwapped = round % 2 === 1;
    const first = await time(isSwapped ? subject : floor, env);
    const second = await time(isSwapped ? floor : subject, env);
    pairs.push(isSwapped ? [second, first] : [first, second]);
  }
  return {
    floor: median(pairs.map(([its]) => its)),
    time: median(pairs.map(([, its]) => its)),
    ratio: median(pairs.map(([floors, its]) => its / floors)),
    rounds,
  };
}

/** @returns medians of the largest sizes in memory, in MiB, of two programs of Node, and of the ratios of the pairs */
export async function sizePairs(floor, subject, rounds, env) {
  const pairs = [];
  for (let round = 0; round < rounds; round++) pairs.push([await size(floor, env), await size(subject, env)]);
  return {
    floor: median(pairs.map(([its]) => its)),
    size: median(pairs.map(([, its]) => its)),
    ratio: median(pairs.map(([floors, its]) => its / floors)),
    rounds,
  };
}

async function time([program, ...argv], env) {
  const started = performance.now();
  await run(program, argv, env);
  return performance.now() - started;
}

async function size([program, ...argv], env) {
  return Number(await run(program, ['--require', peak, ...argv], env)) / 1024;
}

/** @returns what it writes to file descriptor 3; stdout goes through a pipe, as to another program */
function run(program, argv, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, argv, { env, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
    let told = '';
    let stderr = '';
    child.stdout.resume();
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    child.stdio[3].on('data', (chunk) => {
      told += chunk;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(told);
      else reject(new Error(`${program} ${argv.join(' ')} ended with ${code}: ${stderr}`));
    });
  });
}

function median(values) {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
}
