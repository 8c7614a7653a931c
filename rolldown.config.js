/**
 * How `dist` is made. A tool that is typed by hand, and called in loops, spends most of its time on loading code, so:
 * - All of it goes into a few files, with the libraries: hundreds of small ones take long to find and to read.
 * - What a command does not need is in files of its own, wherever the source says `await import(…)`.
 * - They are CommonJS: Node takes some 5 ms for the first module of the other kind.
 * - Their names hold a hash of their content, so that the launcher can keep what V8 has compiled of them.
 * - They are not minified, as what a crash prints is to be read by people; compiled they cost the same.
 */
import { defineConfig } from 'rolldown';
import { libraries } from './build/libraries.js';
import { light } from './build/light.js';
import { manualPage } from './build/manual.js';
import { failOnWarnings } from './build/warnings.js';

/** @param parts of the names of files, in regular expressions, with `/` for what separates folders */
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
      '^\0unused:commander',
      'src/main\\.ts$',
      'src/platform/(?!secret)',
      'src/config/settings?\\.ts$',
      'src/cli/(?!open-gateway)[\\w-]+\\.ts$',
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
      '^\0unused:axios',
      'src/platform/secret\\.ts$',
      'src/config/(?!settings?\\.ts)',
      'src/cluster/(?!faults/)',
      'src/cluster/faults/fault\\.ts$',
      'src/cli/open-gateway\\.ts$',
      'src/cli/commands/upgrade-progress/(?:command|options|read)\\.ts$',
      'src/monitor/(?:explain-failure|read|related-reads|retry|status)\\.ts$',
      'src/upgrade/(?:history|model|snapshot|state|verdict)\\.ts$',
      'src/output/(?:color|spinner|ci/select-agent)\\.ts$',
    ),
  },
  {
    name: 'show',
    test: oneOf(
      '(?<!/ora)/node_modules/(?:ansi-regex|chalk|cli-table3|emoji-regex|fast-[\\w-]+|is-fullwidth-code-point|string-width|strip-ansi)/',
      '^\0unused:cli-table3',
      'src/upgrade/(?:findings/|(?:health-tree|domain-progress|summary|wording)\\.ts$)',
      'src/output/(?:style|plain-line|json/records|table/layout|table/upgrade)\\.ts$',
      'src/cli/commands/upgrade-progress/print\\.ts$',
    ),
  },
];

/** Tells the launcher which file to begin with. */
function beginning() {
  return {
    name: 'beginning',
    generateBundle(_, bundle) {
      const { fileName } = Object.values(bundle).find(({ isEntry }) => isEntry);
      this.emitFile({ type: 'asset', fileName: 'main', source: fileName });
    },
  };
}

/** Puts the few lines that every file needs of rolldown into each of them. */
function ownRuntime() {
  return {
    name: 'own-runtime',
    generateBundle(_, bundle) {
      const runtime = Object.values(bundle).find(({ name }) => name === 'rolldown-runtime');
      const inlined = `(() => {\nconst exports = {};\n${runtime.code}\nreturn exports;\n})()`;
      for (const chunk of Object.values(bundle))
        chunk.code = chunk.code?.replace(`require("./${runtime.fileName}")`, () => inlined);
      delete bundle[runtime.fileName];
    },
  };
}

export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  // The types of its options; at run time it is commander.
  resolve: { alias: { '@commander-js/extra-typings': 'commander' } },
  preserveEntrySignatures: 'allow-extension',
  transform: { target: 'node20.19' },
  plugins: [light(), ownRuntime(), beginning(), libraries(), manualPage()],
  output: {
    dir: 'dist',
    cleanDir: true,
    format: 'cjs',
    // Not even of dead code: that would write each chunk anew, after all that light.js has done.
    minify: false,
    entryFileNames: '[name]-[hash].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    codeSplitting: { groups, includeDependenciesRecursively: false },
  },
  ...failOnWarnings,
});
