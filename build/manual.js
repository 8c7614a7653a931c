/** Writes the manual page, which the program's own command line is made into. */
import { createRequire } from 'node:module';
import { rolldown } from 'rolldown';
import { failOnWarnings } from './warnings.js';

const entry = '\0manual';
const code = `
import { renderManPage } from './src/cli/man-page.ts';
import { createProgram } from './src/cli/program.ts';
export const page = renderManPage(createProgram({}, () => {}));`;

export function manualPage() {
  return {
    name: 'manual',
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
      const module = { exports: {} };
      new Function('require', 'module', 'exports', output[0].code)(
        createRequire(import.meta.url),
        module,
        module.exports,
      );
      this.emitFile({ type: 'asset', fileName: 'sfcompose.1', source: module.exports.page });
    },
  };
}
