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
    // For text of any width: only placeholders of ASCII are drawn, see `src/output/table/draw-table.ts`.
    'string-width': 'module.exports = (text) => text.length;',
  },
  commander: {
    // For subcommands that are separate programs.
    'node:child_process': 'export {};',
  },
};

/**
 * The test for FormData in axios's lib/utils.js. Node 20 loads all of fetch for it: without the replacement a read of
 * an upgrade took 107 ms instead of 89 (minimum of 40 paired runs, Node 20.20, 2 x AMD EPYC). Other patches of axios
 * saved less than 1 ms each.
 */
const formDataTest = "typeof G.FormData !== 'undefined' ? G.FormData : undefined";

const stubPrefix = '\0stub:';

/**
 * Replaces the imports and the expression above, and makes imports of built-in modules lazy.
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
      if (!/node_modules[\\/]axios[\\/]lib[\\/]utils\.js$/.test(id)) return undefined;
      if (!code.includes(formDataTest)) throw new Error(`${id} does not contain ${formDataTest}.`);
      return code.replace(formDataTest, 'undefined');
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
