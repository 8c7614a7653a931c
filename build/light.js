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

/** What a library looks at for features that sfcompose does not have, and what it would find. */
const looks = [
  {
    file: /axios[\\/]lib[\\/]utils\.js$/,
    // Makes Node 20 load all of fetch: some 10 ms.
    at: "typeof G.FormData !== 'undefined' ? G.FormData : undefined",
    finds: 'undefined',
  },
  {
    file: /axios[\\/]lib[\\/]adapters[\\/]http\.js$/,
    // Makes Node put together a list of all its flags: some 1 ms. Our own agents are none of those that they are about.
    at: '!process.allowedNodeEnvironmentFlags ||',
    finds: 'true ||',
  },
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
      let changed = code;
      for (const { file, at, finds } of looks) {
        if (!file.test(id)) continue;
        if (!code.includes(at)) throw new Error(`${id} does not say "${at}" any more.`);
        changed = changed.replace(at, finds);
      }
      return changed;
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
