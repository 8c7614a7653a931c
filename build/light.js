/** Shortens the start: leaves out unused parts of libraries, and loads built-in modules where they are used. */
import { isBuiltin } from 'node:module';

/** @import { Plugin } from 'rolldown' */

/**
 * Imports of each library that serve only features that sfcompose does not use, and the code that replaces
 * them. axios sends only GET requests over http and https through Node's own client, without redirects, forms
 * or its own proxy support.
 * @type {Record<string, Record<string, string>>}
 */
const stubs = {
  axios: {
    http2: 'export default {};',
    'follow-redirects': 'export default {};',
    'form-data': 'export default class {}',
    'https-proxy-agent': 'export default class {}',
    'proxy-from-env': 'export function getProxyForUrl() {}',
    './fetch.js': 'export function getFetch() {}',
    './xhr.js': 'export default false;',
  },
  'cli-table3': {
    // For colours by cli-table3 itself, which are always off.
    '@colors/colors/safe': 'export {};',
  },
  commander: {
    // For subcommands that are separate programs.
    'node:child_process': 'export {};',
  },
};

/**
 * Expressions in axios that make Node load something that sfcompose does not need, or not yet: the file, the
 * expression, and its replacement.
 * @type {[file: string, expression: string | RegExp, replacement: string][]}
 */
const patches = [
  // Node 20 loads all of fetch for it, which takes about 10 ms.
  ['lib/utils.js', "typeof G.FormData !== 'undefined' ? G.FormData : undefined", 'undefined'],
  // Node builds a list of all its flags for it, which takes about 1 ms. Only Node's own proxy support needs it.
  ['lib/adapters/http.js', '!process.allowedNodeEnvironmentFlags ||', 'true ||'],
  // Each takes up to 1 ms: modules for decompression, for measuring, and for the interfaces of browsers.
  ['lib/adapters/http.js', /(flush|finishFlush): (zlib\.constants\.\w+)/g, 'get $1() { return $2; }'],
  ['lib/adapters/http.js', 'utils.isFunction(zlib.createBrotliDecompress)', 'true'],
  ['lib/adapters/http.js', 'utils.isFunction(zlib.createZstdDecompress)', 'false'],
  ['lib/core/dispatchRequest.js', "typeof performance !== 'undefined'", 'false'],
  ['lib/platform/common/utils.js', "(typeof navigator === 'object' && navigator)", 'undefined'],
  ['lib/platform/node/index.js', "(typeof Blob !== 'undefined' && Blob)", 'undefined'],
];

const stubPrefix = '\0stub:';

/**
 * Replaces the imports and expressions above, and makes imports of built-in modules lazy.
 * @returns {Plugin}
 */
export function lighten() {
  return {
    name: 'lighten',

    resolveId(id, importer) {
      const library = /node_modules\/([^/]+)\//.exec(importer?.replaceAll('\\', '/') ?? '')?.[1];
      if (library !== undefined && stubs[library]?.[id] !== undefined) return `${stubPrefix}${library}:${id}`;
      if (isBuiltin(id)) return { id: id.startsWith('node:') ? id : `node:${id}`, external: true };
      return undefined;
    },

    load(id) {
      if (!id.startsWith(stubPrefix)) return undefined;
      const [library = '', ...rest] = id.slice(stubPrefix.length).split(':');
      return stubs[library]?.[rest.join(':')];
    },

    transform(code, id) {
      const file = /node_modules\/axios\/(.+)/.exec(id.replaceAll('\\', '/'))?.[1];
      return patches
        .filter(([patchedFile]) => patchedFile === file)
        .reduce((changed, [, expression, replacement]) => {
          const next = changed.replace(expression, replacement);
          if (next === changed) throw new Error(`${id} does not contain ${expression}.`);
          return next;
        }, code);
    },

    renderChunk: (code) => escapeNonAscii(makeBuiltinsLazy(code)),
  };
}

/**
 * Requires each built-in module where it is used, rather than at the start: `crypto` alone takes 3 ms.
 * @param {string} code
 */
function makeBuiltinsLazy(code) {
  let lazy = code;
  for (const [statement, name, id] of code.matchAll(builtinImport)) {
    lazy = lazy
      .replace(statement, '')
      .replace(new RegExp(`\\b${name}(?:\\.default)?\\b`, 'g'), `(require("${id}"))`);
  }
  return lazy;
}

/**
 * The statement into which rolldown turns an import, and the next one, which gives the module a default
 * export.
 */
const builtinImport = /^let (node_\w+) = require\("(node:[\w/]+)"\);\n(?:\1 = .*__toESM\(\1, 1\);\n)?/gm;

/**
 * Escapes all but ASCII, so that the launcher can read the file as latin1, without decoding UTF-8.
 * @param {string} code
 */
function escapeNonAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
