/**
 * Builds `dist`. A tool that is typed by hand and called in loops spends most of its time loading code. Therefore:
 * - The program and its libraries are bundled into a few files: finding and reading hundreds of small files takes long.
 * - Each `await import(…)` in the source loads a file of its own, with code that not every command needs.
 * - The files are CommonJS, because the first ES module of a process costs about 5 ms.
 * - File names contain a hash of the content, so that the launcher can cache what V8 compiles.
 * - Nothing is minified: crash reports stay readable, and compiled code costs the same either way.
 */
import { describeLibraries } from './build/libraries.js';
import { lighten } from './build/light.js';
import { emitManPage } from './build/man-page.js';
import { failOnWarnings } from './build/warnings.js';

/** @import { Plugin, RolldownOptions } from 'rolldown' */

/** @param {string[]} parts of file names, as regular expressions with `/` between folders */
const oneOf = (...parts) =>
  new RegExp(
    parts
      .map((part) => `(?:${part})`)
      .join('|')
      .replaceAll('/', '[\\\\/]'),
  );

/** What belongs together is one file: each more takes some 0.3 ms to find and to read. */
const groups = [
  {
    name: 'main',
    test: oneOf(
      'node_modules/commander/',
      '^\0stub:commander',
      'src/main\\.ts$',
      'src/platform/(?!secret)',
      'src/config/settings?\\.ts$',
      'src/cli/(?:help|program|run|setting-option)\\.ts$',
      'src/cli/(?:commands/completion|commands/simulate-settings|completion/scripts)\\.ts$',
      'src/output/json/(?:document|query-stdout)\\.ts$',
      'src/simulator/(?:policy|scenarios)\\.ts$',
      'package\\.json$',
    ),
  },
  {
    name: 'read',
    test: oneOf(
      'node_modules/(?:axios|ci-info|string-argv|valibot)/',
      // What stands in for parts of axios.
      '^\0stub:axios',
      'src/platform/secret\\.ts$',
      'src/config/(?!settings?\\.ts)',
      'src/cluster/(?!faults/)',
      'src/cluster/faults/fault\\.ts$',
      'src/cli/(?:open-gateway|output-options)\\.ts$',
      'src/cli/commands/upgrade-progress/(?:command|options|single)\\.ts$',
      'src/monitor/(?:read|related-reads|retry)\\.ts$',
      'src/upgrade/(?:history|model|snapshot|state|verdict)\\.ts$',
      'src/output/(?:color|spinner|ci/select-agent)\\.ts$',
    ),
  },
  {
    name: 'show',
    test: oneOf(
      '(?<!/ora)/node_modules/(?:ansi-regex|chalk|cli-table3|emoji-regex|fast-[\\w-]+|is-fullwidth-code-point|string-width|strip-ansi)/',
      '^\0stub:cli-table3',
      'src/upgrade/(?:findings/|(?:health-tree|domain-progress|summary|wording)\\.ts$)',
      'src/output/(?:style|plain-line|json/records|table/layout|table/upgrade)\\.ts$',
      'src/cli/commands/upgrade-progress/print\\.ts$',
    ),
  },
];

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
 * Copies the few lines of rolldown's runtime, otherwise a file of its own, into each file that needs them.
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
  preserveEntrySignatures: 'allow-extension',
  transform: { target: 'node20.19' },
  plugins: [lighten(), inlineRuntime(), emitEntryName(), describeLibraries(), emitManPage()],
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'cjs',
    // Even removing dead code would rewrite each file after the plugins have changed it.
    minify: false,
    entryFileNames: '[name]-[hash].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: { groups, includeDependenciesRecursively: false },
  },
  ...failOnWarnings,
};

export default config;
