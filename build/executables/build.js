/**
 * Builds executables, which need no Node.js, from `dist`: `npm run build:executables`, or with the names of targets for
 * some of them. Runs on Linux, and runs each target's Node.js to compile the code for it.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCodeCache, verifyCodeCache } from './code-cache.js';
import { createBill, createChecksums, createNotices } from './documents.js';
import { bundleStart, createBlob, injectBlob } from './inject.js';
import { createMachine } from './machine.js';
import { downloadTargetNode, nameExecutable, selectTargets } from './targets.js';

/** @import { Machine } from './machine.js' */

const folder = 'executables';
const ownTarget = `linux-${process.arch}`;

if (process.platform !== 'linux') throw new Error('Executables are built on Linux.');
const targets = selectTargets(process.argv.slice(2));
const work = mkdtempSync(join(tmpdir(), 'sfcompose-executables-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));

/** @type {Map<string, Machine>} */
const machines = new Map();
try {
  // Before the first build, because a later target may not run here.
  for (const target of targets) {
    const place = join(work, `machine for ${target}`);
    mkdirSync(place);
    machines.set(target, await createMachine(target, place));
  }
  const ownNode = downloadTargetNode(ownTarget, work);
  const notices = createNotices(readFileSync(join(ownNode.packageFolder, 'LICENSE'), 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  writeFileSync(join(folder, 'NOTICES.txt'), notices);
  for (const [target, machine] of machines) {
    const node = target === ownTarget ? ownNode : downloadTargetNode(target, work);
    await buildExecutable(target, machine, node.program, ownNode.program, notices);
  }
  writeFileSync(join(folder, 'SHA256SUMS'), createChecksums(folder));
} finally {
  for (const machine of machines.values()) await machine.close();
}

/**
 * Builds the executable of a target, with its bill of materials.
 * @param {string} target
 * @param {Machine} machine
 * @param {string} node Node.js of the target
 * @param {string} ownNode Node.js for this machine
 * @param {string} notices
 */
async function buildExecutable(target, machine, node, ownNode, notices) {
  const codeCache = await createCodeCache(machine, node);
  /**
   * @param {string} start file that starts the program
   * @param {string} executable
   */
  const assemble = async (start, executable) => {
    const main = await bundleStart(start, work);
    injectBlob(node, createBlob({ node: ownNode, main, codeCache, notices, work }), executable);
  };
  const verified = join(work, nameExecutable(target));
  await assemble('start-verified.cjs', verified);
  await verifyCodeCache(machine, verified);
  const executable = join(folder, nameExecutable(target));
  await assemble('start.cjs', executable);
  writeFileSync(join(folder, `sfcompose-${target}.spdx.json`), createBill(target));
  process.stdout.write(`${executable}  ${(statSync(executable).size / 1e6).toFixed(0)} MB\n`);
}
