/**
 * Builds executables, which need no Node.js, from `dist`: `npm run build:executables`, or with the names of targets for
 * some of them. Runs on Linux, and runs each target's Node.js to compile the code for it.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCodeCache, verifyCodeCache } from './code-cache.js';
import { writeBill, writeChecksums, writeNotices } from './documents.js';
import { bundleStart, createBlob, injectBlob } from './inject.js';
import { createMachine } from './machine.js';
import { downloadNode, nameExecutable, selectTargets } from './targets.js';

const folder = 'executables';

/**
 * Builds the executable of a target, and its documents beside it.
 * @param {string} target
 * @param {string} work an empty folder
 */
async function buildExecutable(target, work) {
  const machineFolder = join(work, 'machine');
  mkdirSync(machineFolder);
  const machine = await createMachine(target, machineFolder);
  try {
    const node = downloadNode(target, work);
    // Makes the blobs of all targets, because it runs natively.
    const own = target === ownTarget ? node : downloadNode(ownTarget, work);
    const notices = writeNotices(readFileSync(join(own.packageFolder, 'LICENSE'), 'utf8'));
    const codeCache = await createCodeCache(machine, node.program);

    /**
     * @param {string} start file that starts the program
     * @param {string} executable
     */
    const assemble = async (start, executable) => {
      const main = await bundleStart(start, work);
      const blob = createBlob({ node: own.program, main, codeCache, notices, work });
      injectBlob(node.program, blob, executable);
    };
    const verified = join(work, nameExecutable(target));
    await assemble('start-verified.cjs', verified);
    await verifyCodeCache(machine, verified);
    const executable = join(folder, nameExecutable(target));
    await assemble('start.cjs', executable);
    writeFileSync(join(folder, 'NOTICES.txt'), notices);
    writeFileSync(join(folder, `sfcompose-${target}.spdx.json`), writeBill(target));
    print(`${executable}  ${(statSync(executable).size / 1e6).toFixed(1)} MB`);
  } finally {
    await machine.close();
  }
}

const ownTarget = `linux-${process.arch}`;

/** @param {string} text */
function print(text) {
  process.stdout.write(`${text}\n`);
}

if (process.platform !== 'linux') throw new Error('Executables are built on Linux.');
const targets = selectTargets(process.argv.slice(2));
const work = mkdtempSync(join(tmpdir(), 'sfcompose-executables-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
for (const target of targets) {
  const targetFolder = join(work, target);
  mkdirSync(targetFolder);
  await buildExecutable(target, targetFolder);
}
writeChecksums(folder);
