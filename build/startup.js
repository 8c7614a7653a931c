/** Speeds up the start: omits unused parts of libraries, and loads built-in modules on first use. */
import { isBuiltin } from 'node:module';

/** @import { Plugin } from 'rolldown' */

/**
 * Replacements for imports that only unused features of each library need. sfcompose uses axios only for GET requests
 * through Node's own http and https client, without redirects, forms or axios's proxy support.
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
    // Colours of cli-table3 itself, which are always off.
    '@colors/colors/safe': 'export {};',
    // For text of any width: only placeholders of ASCII are drawn, see `src/output/table/draw-table.ts`.
    'string-width': 'module.exports = (text) => text.length;',
  },
  commander: {
    // Subcommands that are separate programs.
    'node:child_process': 'export {};',
  },
};

/**
 * The test for FormData in axios's lib/utils.js, for which Node 20 loads all of fetch. The replacement shortened a read
 * of an upgrade from 107 ms to 89 ms (minimum of 40 paired runs, Node 20.20, 2 x AMD EPYC). Other patches of axios saved
 * less than 1 ms each.
 */
const formDataTest = "typeof G.FormData !== 'undefined' ? G.FormData : undefined";

const stubPrefix = '\0stub:';

/**
 * Replaces the imports and the expression above, and makes imports of built-in modules lazy.
 * @returns {Plugin}
 */
export function optimizeStartup() {
  return {
    name: 'optimize-startup',

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
      if (!/node_modules[\\/]axios[\\/]lib[\\/]utils\.js$/.test(id)) return undefined;
      if (!code.includes(formDataTest)) throw new Error(`${id} does not contain ${formDataTest}.`);
      return code.replace(formDataTest, 'undefined');
    },

    renderChunk: (code) => escapeNonAscii(makeBuiltinsLazy(code)),
  };
}

/**
 * Loads each built-in module on first use instead of at the start: `crypto` alone takes 3 ms.
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
 * The statement that rolldown generates for an import, and the next statement, which adds a default export.
 */
const builtinImport = /^let (node_\w+) = require\("(node:[\w/]+)"\);\n(?:\1 = .*__toESM\(\1, 1\);\n)?/gm;

/**
 * Escapes all non-ASCII characters, so that the launcher can read the file as latin1, which is faster than UTF-8.
 * @param {string} code
 */
function escapeNonAscii(code) {
  return code.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
