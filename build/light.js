/** Leaves out what would only cost time: parts of libraries that are never used here, and Node's modules until they are. */
import { isBuiltin } from 'node:module';

/**
 * What a library loads at once for features that sfcompose does not have, with what stands in for it. Of axios nothing
 * is used but a GET over http or https by Node's own client, without redirects, forms or proxies of its own.
 */
const unused = {
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
    // For colours of its own, which are never asked for.
    '@colors/colors/safe': 'export {};',
  },
  commander: {
    // For subcommands that are programs of their own.
    'node:child_process': 'export {};',
  },
};

/** What axios looks at for features that sfcompose does not have, or at once instead of when it is needed. */
const looks = [
  // Makes Node 20 load all of fetch: some 10 ms.
  ['lib/utils.js', "typeof G.FormData !== 'undefined' ? G.FormData : undefined", 'undefined'],
  // Node puts together a list of all its flags for that, about agents that are none of ours: some 1 ms.
  ['lib/adapters/http.js', '!process.allowedNodeEnvironmentFlags ||', 'true ||'],
  // What each of these makes Node load takes up to 1 ms: for unpacking, for measuring, and what is a browser's.
  ['lib/adapters/http.js', /(flush|finishFlush): (zlib\.constants\.\w+)/g, 'get $1() { return $2; }'],
  ['lib/adapters/http.js', 'utils.isFunction(zlib.createBrotliDecompress)', 'true'],
  ['lib/adapters/http.js', 'utils.isFunction(zlib.createZstdDecompress)', 'false'],
  ['lib/core/dispatchRequest.js', "typeof performance !== 'undefined'", 'false'],
  ['lib/platform/common/utils.js', "(typeof navigator === 'object' && navigator)", 'undefined'],
  ['lib/platform/node/index.js', "(typeof Blob !== 'undefined' && Blob)", 'undefined'],
];

const mark = '\0unused:';

export function light() {
  return {
    name: 'light',

    resolveId(id, importer) {
      const library = /node_modules\/([^/]+)\//.exec(importer?.replaceAll('\\', '/') ?? '')?.[1];
      if (unused[library]?.[id] !== undefined) return `${mark}${library}:${id}`;
      if (isBuiltin(id)) return { id: id.startsWith('node:') ? id : `node:${id}`, external: true };
      return undefined;
    },

    load(id) {
      if (!id.startsWith(mark)) return undefined;
      const [library, ...rest] = id.slice(mark.length).split(':');
      return unused[library][rest.join(':')];
    },

    transform(code, id) {
      const file = /node_modules\/axios\/(.+)/.exec(id.replaceAll('\\', '/'))?.[1];
      return looks
        .filter(([where]) => where === file)
        .reduce((changed, [, look, found]) => {
          const next = changed.replace(look, found);
          if (next === changed) throw new Error(`${id} does not say ${look} any more.`);
          return next;
        }, code);
    },

    renderChunk: (code) => inAscii(withLazyModules(code)),
  };
}

/** Each use of one of Node's modules requires it there and then: `crypto` alone takes 3 ms. */
function withLazyModules(code) {
  let lazy = code;
  for (const [statement, name, id] of code.matchAll(required)) {
    lazy = lazy
      .replace(statement, '')
      .replace(new RegExp(`\\b${name}(?:\\.default)?\\b`, 'g'), `(require("${id}"))`);
  }
  return lazy;
}

/** The statement that rolldown makes of an import, and the one after it that gives the module a default export. */
const required = /^let (node_\w+) = require\("(node:[\w/]+)"\);\n(?:\1 = .*__toESM\(\1, 1\);\n)?/gm;

/** Such a text is read byte by byte, without a look at what they stand for. */
function inAscii(code) {
  const escaped = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return code.replace(/[^\0-\x7f]/g, escaped);
}
