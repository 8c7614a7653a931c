/** Reads and checks a compose file, and replaces its variables. */
import { createHash } from 'node:crypto';
import { ExpectedError, getErrorCode } from '../platform/errors.ts';
import { formatCount } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import type { NextStep } from '../platform/next-step.ts';
import { Secret } from '../platform/secret.ts';
import type { ComposeDocument, ScalarValue } from './compose-document.ts';
import { decodeText } from './decode-text.ts';
import { acceptStdin, type FileHost, readNamedFile } from './input-file.ts';
import { explainVariableIn } from './undefined-variable.ts';
import { listVariables, replaceVariables, VariableError } from './variables.ts';

/** A service of a compose file. */
export interface ComposeService {
  readonly name: string;
  /** `undefined` if the service names no image. */
  readonly image: string | undefined;
}

/** A checked compose file. */
export interface ComposeFile {
  /** The path as given; `-` for stdin. */
  readonly path: string;
  /** The text to send: without byte order mark, interpolated if asked. Values of `environment` are secrets. */
  readonly text: Secret;
  /** SHA-256 of the text to send in UTF-8, in lower-case hex. */
  readonly sha256: string;
  /** Values of `environment` of all services, which no answer of the cluster may repeat. */
  readonly environment: readonly Secret[];
  /** In the order of the file. */
  readonly services: readonly ComposeService[];
  /**
   * Finds the line, from 1, of a path that the cluster names in an error, such as `services.web.image`: the line of the
   * nearest parent that exists. Lines are those of the file as it was read.
   */
  findLine(path: string): number | undefined;
}

/**
 * Treatment of variables: refuse the file, replace them from the environment as docker compose does, or keep them as they
 * are.
 */
export type Interpolation = 'refuse' | 'replace' | 'keep';

/** The parts of the host that are needed to read a compose file. */
export type ComposeFileHost = FileHost & Pick<Host, 'stdin' | 'env'>;

/** Largest text that is sent. The gateway takes a body of at most 4 MiB, in which the text is escaped. */
const maxTextBytes = 3 * 2 ** 20;

/** Most lines that an error lists. */
const maxListed = 5;

/**
 * Reads a compose file.
 * @param path `-` for stdin
 * @throws a usage error for a file that cannot be read; an `invalid` ExpectedError for its content, with the line where
 * it is known
 */
export async function readComposeFile(
  path: string,
  interpolation: Interpolation,
  host: ComposeFileHost,
): Promise<ComposeFile> {
  const tooLarge = invalidFile(
    path,
    undefined,
    'the file has more than 3 MiB, which the cluster does not take',
  );
  const bytes = await readNamedFile({ path, from: '--file' }, acceptStdin(host), host.interrupt, tooLarge);
  const original = decodeText(bytes);
  checkText(path, original);
  const { parseComposeDocument, YamlError } = await import('./compose-document.ts');
  let document: ComposeDocument;
  try {
    document = parseComposeDocument(original);
  } catch (error) {
    if (error instanceof YamlError) throw invalidFile(path, error.line, error.message);
    throw error;
  }
  checkStructure(path, document);
  if (interpolation === 'refuse') rejectVariables(path, document.values);
  const replaced = replaceValues(path, interpolation === 'replace' ? document.values : [], host.env);
  const findText = (value: ScalarValue | undefined) => value && (replaced.get(value) ?? value.text);
  if (interpolation !== 'keep') rejectPipelineVariables(path, document, findText);
  const text = writeValues(original, replaced);
  if (Buffer.byteLength(text) > maxTextBytes) throw tooLarge;
  return {
    path,
    text: new Secret(text),
    sha256: createHash('sha256').update(text).digest('hex'),
    services: listServices(document).map(({ name, image }) => ({ name, image: findText(image) })),
    environment: listEnvironment(document, findText),
    findLine: (place) => document.findLine(place),
  };
}

/** Creates the error for the content of a file. @param problem a sentence without a full stop */
function invalidFile(
  path: string,
  line: number | undefined,
  problem: string,
  more: { readonly evidence?: readonly string[]; readonly next?: readonly NextStep[] } = {},
): ExpectedError {
  const name = path === '-' ? 'stdin' : path;
  return new ExpectedError({
    outcome: 'invalid',
    code: getErrorCode('invalid'),
    what: `${name}${line === undefined ? '' : `:${line}`}: ${problem}.`,
    location: line === undefined || path === '-' ? undefined : { file: path, line },
    ...more,
  });
}

/** Rejects text that is not UTF-8 or UTF-16, and control characters, which YAML does not allow. */
function checkText(path: string, text: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are looked for
  const at = text.search(/[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ufffd\p{Cs}]/u);
  if (at < 0) return;
  const line = text.slice(0, at).split('\n').length;
  throw invalidFile(path, line, 'the file has a character that is not text. Save the file as UTF-8');
}

function checkStructure(path: string, document: ComposeDocument): void {
  const keys = document.listKeys([]);
  if (keys === undefined)
    throw invalidFile(path, undefined, 'the file is no compose file: it has no services');
  const version = document.findValue(['version']);
  // The cluster takes versions of the format that begin with 2 or 3.
  if (!version || !/^[23]/.test(version.text))
    throw invalidFile(
      path,
      version?.line ?? document.findLine('version'),
      'the version of the compose format must begin with 2 or 3, as in version: "3"',
    );
  if (!document.listKeys(['services'])?.length)
    throw invalidFile(path, document.findLine('services'), 'the file has no services');
}

/** Shortest value of `environment` that is a secret, in characters: shorter ones occur everywhere. */
const minSecretLength = 6;

/** Values that are looked for in an answer, which takes time for each. */
const maxSecrets = 200;

/** Lists the values in both forms of `environment`: `NAME: value` and `- NAME=value`. */
function listEnvironment(
  document: ComposeDocument,
  findText: (value: ScalarValue) => string | undefined,
): readonly Secret[] {
  const values = listServices(document).flatMap(({ name }) => {
    const path = ['services', name, 'environment'];
    const isList = document.listKeys(path) === undefined;
    return document
      .listValues(path)
      .map((value) => findText(value) ?? '')
      .map((text) => (isList ? text.replace(/^[^=]*=/, '') : text));
  });
  return [...new Set(values)]
    .filter((text) => text.length >= minSecretLength)
    .slice(0, maxSecrets)
    .map((text) => new Secret(text));
}

function listServices(document: ComposeDocument) {
  return (document.listKeys(['services']) ?? []).map((name) => ({
    name,
    image: document.findValue(['services', name, 'image']),
  }));
}

function rejectVariables(path: string, values: readonly ScalarValue[]): void {
  const found = values.flatMap(({ text, line }) => listVariables(text).map((name) => ({ name, line })));
  const [first] = found;
  if (first === undefined) return;
  const left = found.length - maxListed;
  const verb = found.length === 1 ? 'is' : 'are';
  throw invalidFile(path, first.line, `${formatCount(found.length, 'variable')} ${verb} not replaced`, {
    evidence: [
      ...found.slice(0, maxListed).map(({ name, line }) => `line ${line}: ${name}`),
      ...(left > 0 ? [`and ${left} more`] : []),
    ],
    next: [
      { what: 'Use --interpolate to replace variables from the environment, as docker compose does.' },
      { what: 'Use --no-interpolate to send the file as it is.' },
    ],
  });
}

function replaceValues(
  path: string,
  values: readonly ScalarValue[],
  env: Host['env'],
): ReadonlyMap<ScalarValue, string> {
  const replaced = new Map<ScalarValue, string>();
  for (const value of values) {
    if (!value.text.includes('$')) continue;
    try {
      replaced.set(value, replaceVariables(value.text, env));
    } catch (error) {
      if (!(error instanceof VariableError)) throw error;
      throw invalidFile(path, value.line, error.message);
    }
  }
  return replaced;
}

/** Rejects images with a variable of a pipeline, in which no image has a dollar. */
function rejectPipelineVariables(
  path: string,
  document: ComposeDocument,
  findText: (value: ScalarValue | undefined) => string | undefined,
): void {
  for (const { name, image } of listServices(document)) {
    const hint = explainVariableIn(findText(image) ?? '');
    if (hint)
      throw invalidFile(
        path,
        image?.line,
        `the image of ${name} has a variable that was not replaced. ${hint.replace(/\.$/, '')}`,
      );
  }
}

/**
 * Writes values into the text, each as one line in double quotes, which YAML reads alike wherever a value may stand. All
 * else, comments included, stays.
 */
function writeValues(text: string, replaced: ReadonlyMap<ScalarValue, string>): string {
  let at = 0;
  let written = '';
  for (const [{ range, text: before }, value] of replaced) {
    if (value === before) continue;
    const [start, end] = range;
    // Block scalars include the line break after them.
    const ending = /\r?\n$/.exec(text.slice(start, end))?.[0] ?? '';
    written += text.slice(at, start) + quoteYaml(value) + ending;
    at = end;
  }
  return written + text.slice(at);
}

function quoteYaml(text: string): string {
  return JSON.stringify(text).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
