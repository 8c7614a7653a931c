/** Generates the man page from the program's commands and options. */
import { createRequire } from 'node:module';
import { rolldown } from 'rolldown';
import { failOnWarnings } from './warnings.js';

/** @import { Plugin } from 'rolldown' */

const entry = '\0man-page';
const code = `
import { renderManPage } from './src/cli/man-page.ts';
import { createProgram } from './src/cli/program.ts';
export const page = renderManPage(createProgram({}, () => {}));`;

/**
 * Emits the man page as `sfcompose.1`.
 * @returns {Plugin}
 */
export function emitManPage() {
  return {
    name: 'emit-man-page',
    async generateBundle() {
      const build = await rolldown({
        input: entry,
        platform: 'node',
        resolve: { alias: { '@commander-js/extra-typings': 'commander' } },
        plugins: [
          {
            name: 'entry',
            resolveId: (id) => (id === entry ? id : undefined),
            load: (id) => (id === entry ? code : undefined),
          },
        ],
        ...failOnWarnings,
      });
      const { output } = await build.generate({ format: 'cjs', codeSplitting: false });
      const module = { exports: { page: '' } };
      new Function('require', 'module', 'exports', output[0].code)(
        createRequire(import.meta.url),
        module,
        module.exports,
      );
      this.emitFile({ type: 'asset', fileName: 'sfcompose.1', source: module.exports.page });
    },
  };
}
