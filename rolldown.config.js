/**
 * Builds `dist`, optimized for a short start, because a command spends most of its time loading code:
 * - The program and its libraries are bundled into a few files, because reading hundreds of small files is slow.
 * - Each `await import(…)` in the source loads a separate file, with code that not every command needs.
 * - The files are CommonJS, because the first ES module of a process costs about 5 ms.
 * - File names contain a hash of the content, so that the launcher can cache what V8 compiles.
 * - Nothing is minified: crash reports stay readable, and compiled code costs the same either way.
 */
import { realpathSync } from 'node:fs';
import { describeLibraries } from './build/libraries.js';
import { emitManPage } from './build/man-page.js';
import { optimizeStartup } from './build/startup.js';
import { failOnWarnings } from './build/warnings.js';

/** @import { Plugin, RolldownOptions } from 'rolldown' */

/**
 * Each group becomes one file, with the named sources and all their static imports that no earlier group contains.
 * Without groups, rolldown splits a read into 18 files, and a read with a table into 26, which takes 2 to 5 ms longer.
 */
const groups = [
  // Needed by every command.
  { name: 'main', test: isOneOf('src/main.ts') },
  // Needed to read one upgrade, in every format.
  {
    name: 'read',
    test: isOneOf(
      'src/cli/commands/upgrade-progress/command.ts',
      'src/cli/commands/upgrade-progress/read.ts',
      // Imported dynamically, to detect a build agent.
      'node_modules/ci-info/index.js',
    ),
  },
  // Needed to print an upgrade in every format but JSON.
  { name: 'show', test: isOneOf('src/cli/commands/upgrade-progress/print.ts') },
];

/**
 * @param {string[]} sources
 * @returns {(id: string) => boolean} a predicate for module ids
 * @throws if a source does not exist
 */
function isOneOf(...sources) {
  const ids = sources.map((source) => realpathSync(source));
  return (id) => ids.includes(id);
}

/**
 * Writes the name of the entry file to `dist/main`, where the launcher looks for it.
 * @returns {Plugin}
 */
function emitEntryName() {
  return {
    name: 'emit-entry-name',
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type === 'chunk' && file.isEntry)
          this.emitFile({ type: 'asset', fileName: 'main', source: file.fileName });
      }
    },
  };
}

/**
 * Copies the few lines of rolldown's runtime, otherwise a separate file, into each file that needs them.
 * @returns {Plugin}
 */
function inlineRuntime() {
  return {
    name: 'inline-runtime',
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((file) => file.type === 'chunk');
      const runtime = chunks.find(({ name }) => name === 'rolldown-runtime');
      if (runtime === undefined) return;
      const inlined = `(() => {\nconst exports = {};\n${runtime.code}\nreturn exports;\n})()`;
      for (const chunk of chunks)
        chunk.code = chunk.code.replace(`require("./${runtime.fileName}")`, () => inlined);
      delete bundle[runtime.fileName];
    },
  };
}

/** @satisfies {RolldownOptions} */
const config = {
  input: 'src/main.ts',
  platform: 'node',
  // Differs from commander only in types: https://github.com/commander-js/extra-typings
  resolve: { alias: { '@commander-js/extra-typings': 'commander' } },
  preserveEntrySignatures: 'allow-extension',
  transform: { target: 'node20.19' },
  plugins: [optimizeStartup(), inlineRuntime(), emitEntryName(), describeLibraries(), emitManPage()],
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'cjs',
    // Not even dead code is removed, because that would rewrite each file after the plugins have changed it.
    minify: false,
    entryFileNames: '[name]-[hash].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: { groups },
  },
  ...failOnWarnings,
};

export default config;
