/** Reads a compose file, and checks everything that can be checked without a cluster. */
import { createHash } from 'node:crypto';
import type { Document } from 'yaml';
import type { Host } from '../platform/host.ts';
import { Secret } from '../platform/secret.ts';
import { interpolate, listVariables } from './compose-variables.ts';
import { decodeText } from './decode-text.ts';
import { type FileHost, readNamedFile } from './input-file.ts';
import { invalidFile } from './invalid-file.ts';
import { readStdin } from './stdin.ts';

/** A service of a compose file. */
export interface ComposeService {
  readonly name: string;
  /** `undefined` if it is no text. */
  readonly image: string | undefined;
}

/** A compose file that was checked. */
export interface ComposeFile {
  /** The path as given; `-` for stdin. */
  readonly path: string;
  /** The text to send. The values of `environment` in it can be secrets. */
  readonly text: Secret;
  /** SHA-256 of the text in UTF-8, in hexadecimal. */
  readonly sha256: string;
  /** Values of the environment of all services, which no answer of the cluster may repeat on a screen. */
  readonly environment: readonly Secret[];
  /** In the order of the file. */
  readonly services: readonly ComposeService[];
  /**
   * Finds the line of a path that the cluster names, such as `services.web.image`, or of the nearest parent.
   * @returns the line, from 1; `undefined` if not even the first key exists
   */
  findLine(path: string): number | undefined;
}

/** Treatment of variables: refuse the file, replace them from the environment, or send them as they are. */
export type Interpolation = 'refuse' | 'replace' | 'keep';

/** The gateway takes bodies of 4 MiB, in which the text is escaped. */
const maxTextBytes = 3 * 2 ** 20;

/** Aliases in a document that may be resolved: more can make it grow without bounds. */
const maxAliasCount = 100;

/** Variables that an error names. */
const maxVariables = 5;

/** Shortest value of `environment` that is kept off the screen, in characters, and the number of such values. */
const minSecretLength = 6;
const maxSecrets = 500;

type ComposeHost = FileHost & Pick<Host, 'stdin' | 'env'>;

/**
 * Reads and checks a compose file.
 * @param path `-` for stdin
 * @throws ExpectedError `usage` for a file that cannot be read, `invalid` for its content, with the line
 */
export async function readComposeFile(
  path: string,
  interpolation: Interpolation,
  host: ComposeHost,
): Promise<ComposeFile> {
  const from = '--file';
  const bytes = path === '-' ? await readStdin(from, host) : await readNamedFile({ path, from }, host);
  const original = decodeText(bytes);
  if (original.includes('\ufffd'))
    throw invalidFile(path, undefined, 'is not text in UTF-8.', [{ what: 'Save the file as UTF-8.' }]);
  const { parse, findLine } = await createParser(path, original);
  const document = parse(original);
  const text =
    interpolation === 'keep'
      ? original
      : await applyVariables(document, original, interpolation, path, host.env);
  const final = text === original ? document : parse(text);
  if (Buffer.byteLength(text) > maxTextBytes)
    throw invalidFile(path, undefined, 'is larger than 3 MiB, which the gateway does not take.');
  const services = checkContent(final, path, findLine);
  return {
    path,
    text: new Secret(text),
    sha256: createHash('sha256').update(text).digest('hex'),
    environment: listEnvironment(final.toJS({ maxAliasCount })),
    services,
    findLine: (dotted) => findLine(document, dotted),
  };
}

/** Descriptions of the parser's errors. Its own messages can quote the file, which can contain secrets. */
const yamlErrors: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: 'has the same key twice in one mapping',
  TAB_AS_INDENT: 'is indented with a tab',
  BAD_INDENT: 'is indented wrongly',
  MULTIPLE_DOCS: 'contains a second document',
  BAD_ALIAS: 'has an alias without an anchor',
  BAD_DQ_ESCAPE: 'has a wrong escape in double quotes',
  MISSING_CHAR: 'lacks a character, such as a quote or a bracket',
};

async function createParser(path: string, original: string) {
  const { isCollection, isMap, isScalar, isSeq, LineCounter, parseDocument } = await import('yaml');

  function parse(text: string): Document.Parsed {
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { prettyErrors: false, lineCounter, logLevel: 'silent' });
    const [error] = document.errors;
    if (error) {
      const { line } = lineCounter.linePos(error.pos[0]);
      throw invalidFile(path, line, `${yamlErrors[error.code] ?? 'is not valid YAML'} (${error.code}).`);
    }
    try {
      document.toJS({ maxAliasCount });
    } catch {
      throw invalidFile(path, undefined, 'has too many aliases, or one that refers to itself.');
    }
    return document;
  }

  const lines = new LineCounter();
  parseDocument(original, { prettyErrors: false, lineCounter: lines, logLevel: 'silent' });

  function findLine(document: Document, dotted: string): number | undefined {
    let node: unknown = document.contents;
    let rest = dotted;
    let offset: number | undefined;
    while (rest !== '' && isCollection(node)) {
      if (isSeq(node)) {
        const [head, index = ''] = /^\.?\[?(\d{1,6})\]?\.?/.exec(rest) ?? [];
        node = head === undefined ? undefined : node.items[Number(index)];
        rest = rest.slice(head?.length);
        offset = (node as { range?: readonly number[] } | undefined)?.range?.[0] ?? offset;
        continue;
      }
      if (!isMap(node)) break;
      const pair = node.items.find(({ key }) => {
        const name = isScalar(key) ? String(key.value) : '';
        return name !== '' && rest.startsWith(name) && /^(?:$|[.[])/.test(rest.slice(name.length));
      });
      if (pair === undefined || !isScalar(pair.key)) break;
      offset = pair.key.range?.[0] ?? offset;
      rest = rest.slice(String(pair.key.value).length).replace(/^\./, '');
      node = pair.value;
    }
    return offset === undefined ? undefined : lines.linePos(offset).line;
  }
  return { parse, findLine };
}

async function applyVariables(
  document: Document.Parsed,
  text: string,
  interpolation: Exclude<Interpolation, 'keep'>,
  path: string,
  env: Host['env'],
): Promise<string> {
  if (interpolation === 'replace') return interpolate(document, text, path, env);
  const variables = await listVariables(document, text);
  const [first] = variables;
  if (first === undefined) return text;
  const shown = variables.slice(0, maxVariables).map(({ name, line }) => `${name} (line ${line})`);
  const left = variables.length - shown.length;
  throw invalidFile(
    path,
    first.line,
    `has variables: ${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''}. The cluster does not replace them.`,
    [
      { what: 'Replace them from the environment', command: '--interpolate' },
      { what: 'Or send the file as it is', command: '--no-interpolate' },
    ],
  );
}

/** Checks version and services. @throws ExpectedError `invalid` */
function checkContent(
  document: Document.Parsed,
  path: string,
  findLine: (document: Document, dotted: string) => number | undefined,
): readonly ComposeService[] {
  const content: unknown = document.toJS({ maxAliasCount });
  if (!isMapping(content)) throw invalidFile(path, undefined, 'is no compose file: it has no keys.');
  const { version, services } = content;
  if (version === undefined || version === null)
    throw invalidFile(path, undefined, 'has no version, which the cluster requires.', [
      { what: 'Add a line at the top of the file', command: "version: '3'" },
    ]);
  if (!/^[23](?:\.\d+)*$/.test(String(version)))
    throw invalidFile(
      path,
      findLine(document, 'version'),
      'has a version that the cluster does not take: use 2 or 3.',
    );
  if (!isMapping(services) || Object.keys(services).length === 0)
    throw invalidFile(path, findLine(document, 'services'), 'has no services.');
  return Object.entries(services).map(([name, service]) => {
    if (!isMapping(service))
      throw invalidFile(path, findLine(document, `services.${name}`), `has a service ${name} without keys.`);
    const { image } = service;
    return { name, image: typeof image === 'string' ? image : undefined };
  });
}

/** Lists the values of `environment`, in its two forms. Flags and short words occur elsewhere as well. */
function listEnvironment(content: { readonly services: Record<string, unknown> }): readonly Secret[] {
  const values = Object.values(content.services).flatMap((service) => {
    const environment: unknown = isMapping(service) ? service['environment'] : undefined;
    if (Array.isArray(environment)) return environment.map((item) => String(item).replace(/^[^=]*=?/, ''));
    return isMapping(environment) ? Object.values(environment).map(String) : [];
  });
  return [...new Set(values)]
    .filter((value) => value.length >= minSecretLength)
    .slice(0, maxSecrets)
    .map((value) => new Secret(value));
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
