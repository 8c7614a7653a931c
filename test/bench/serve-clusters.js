/**
 * Serves simulated clusters until killed: the file that exports `prepareRun`, their number, and the names of their
 * deployments are the arguments. Prints their addresses as a JSON array.
 */
import { createHost, createSystemClock, run } from './in-process.js';

const [, , , count = '1', ...names] = process.argv;
/** Simulated seconds per second: the last of ten upgrades ends after 20 s. */
const speed = '60';

/** @returns {Promise<string>} the address */
function serve() {
  return new Promise((resolve) => {
    const host = createHost(createSystemClock(), (text) => resolve(text.trim()));
    const deployments = names.flatMap((name) => ['--name', name]);
    void run(['simulate', '--port', '0', '--speed', speed, ...deployments], host);
  });
}

const urls = await Promise.all(Array.from({ length: Number(count) }, serve));
process.stdout.write(`${JSON.stringify(urls)}\n`);
