/** The program's own code, for what is measured within a process: built as it is for users, but for where it begins. */
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import config from '../../rolldown.config.js';

/** @returns the file that exports `main` */
export async function buildMain(folder) {
  const { input: _, output, plugins, ...rest } = config;
  const needed = plugins.filter(({ name }) => name === 'light');
  const build = await rolldown({ ...rest, input: 'src/main.ts', plugins: needed });
  await build.write({ ...output, dir: folder, entryFileNames: '[name].cjs' });
  return join(folder, 'main.cjs');
}
