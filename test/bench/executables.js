/**
 * Compares the time to start of the executable for this machine with that of the package on the same version of Node.js.
 * Prints tables for docs/executables.md. Run with `npm run bench:executables`, after `npm run build:executables`.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadTargetNode, nameExecutable, nodeVersion } from '../../build/executables/targets.js';
import { measurePairs, measureTime } from './processes.js';

const rounds = 31;

const home = mkdtempSync(join(tmpdir(), 'sfcompose-bench-'));
process.on('exit', () => rmSync(home, { recursive: true, force: true }));
const env = { HOME: home, XDG_CACHE_HOME: home };

const target = `linux-${process.arch}`;
const executable = join('executables', nameExecutable(target));
const { program: node } = downloadTargetNode(target, home);

const server = spawn(process.execPath, ['test/bench/serve.js'], { stdio: ['ignore', 'pipe', 'inherit'] });
process.on('exit', () => server.kill());
const [line] = await once(server.stdout.setEncoding('utf8'), 'data');
const read = ['upgrade-progress', 'web', '-e', line.trim()];

// Reads first, because the other two do not fill the launcher's cache.
const commands = [
  { name: 'one read, `-o json`', argv: [...read, '-o', 'json'] },
  { name: 'one read, table', argv: read },
  { name: '`--version`', argv: ['--version'] },
  { name: '`--help`', argv: ['--help'] },
];

print(`Node.js ${nodeVersion}, ${availableParallelism()} × ${cpus()[0]?.model.trim()}, ${target}\n`);
printRow('command', 'package', 'executable', 'ratio');
printRow('---', '--:', '--:', '--:');
for (const { name, argv } of commands) {
  const { floor, subject, ratio } = await measurePairs(
    measureTime,
    [node, 'bin/sfcompose.js', ...argv],
    [executable, ...argv],
    rounds,
    env,
  );
  printRow(name, `${floor.toFixed(1)} ms`, `${subject.toFixed(1)} ms`, ratio.toFixed(2));
}

print('');
printRow('file', 'size');
printRow('---', '--:');
for (const file of readdirSync('executables').filter((name) => /^sfcompose-[\w-]+(?:\.exe)?$/.test(name)))
  printRow(`\`${file}\``, `${(statSync(join('executables', file)).size / 1e6).toFixed(0)} MB`);
process.exit();

/** @param {string[]} cells */
function printRow(...cells) {
  print(`| ${cells.join(' | ')} |`);
}

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}
