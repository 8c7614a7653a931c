/** Builds the program for measurements within one process: as for users, except for the entry point. */
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { optimizeStartup } from '../../build/startup.js';
import config from '../../rolldown.config.js';

/**
 * @param {string} folder
 * @returns the CommonJS file, which exports `prepareRun` of src/cli/run.ts
 */
export async function buildRun(folder) {
  const { output, ...input } = config;
  const build = await rolldown({ ...input, input: 'src/cli/run.ts', plugins: [optimizeStartup()] });
  await build.write({ ...output, dir: folder, entryFileNames: '[name].cjs' });
  await build.close();
  return join(folder, 'run.cjs');
}
