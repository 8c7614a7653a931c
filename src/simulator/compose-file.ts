/** Reads compose files, with the checks that the image builder makes before a request is accepted. */
import { parseAllDocuments } from 'yaml';
import { FabricError } from './errors.ts';

/** A service of a compose file. */
export interface ComposeService {
  readonly name: string;
  readonly image: string;
  /** Names and values, in the order of the file. */
  readonly environment: readonly (readonly [name: string, value: string])[];
  /** Number of instances, as in the file. */
  readonly replicas: string;
}

/** A node of the file. The image builder knows no scalars but strings. */
type Node = string | readonly Node[] | ReadonlyMap<Node, Node>;

type Mapping = ReadonlyMap<Node, Node>;

/**
 * Reads the services of a compose file.
 * @throws `FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR`, mostly with a dotted path, a dash and a sentence;
 *   `FABRIC_E_IMAGEBUILDER_UNEXPECTED_ERROR` where the image builder itself fails
 */
export function parseComposeFile(text: string): readonly ComposeService[] {
  const root = readMapping(parseYaml(text), '', 'Root');
  const version = root.get('version') ?? '';
  if (root.has('version') && !/^[23]/.test(toText(version)))
    throw refuse(`Version "${toText(version)}" of compose files is not supported.`);
  const services = readMapping(root.get('services') ?? new Map(), '', 'services');
  const parsed = [...services].map(([name, service]) => {
    const path = `services.${toText(name)}`;
    return parseService(toText(name), readMapping(service, 'services', toText(name)), path);
  });
  if (version === '') throw refuse("The key 'version' is missing.");
  if (parsed.length === 0) throw refuse("The key 'services' is missing or empty.");
  for (const { name, image } of parsed)
    if (image === '') throw refuse(`The key 'image' is missing or empty for service ${name}.`);
  return parsed;
}

/** Parses the first document. @throws for text that cannot be parsed, or is empty */
function parseYaml(text: string): Node {
  const documents = parseAllDocuments(text, { schema: 'failsafe', resolveKnownTags: false });
  const [first] = documents;
  if (first === undefined) throw new FabricError('FABRIC_E_IMAGEBUILDER_UNEXPECTED_ERROR');
  if (documents.some(({ errors }) => errors.length > 0)) throw refuse('The YAML cannot be parsed.');
  try {
    return first.toJS({ mapAsMap: true }) ?? '';
  } catch {
    // An alias without an anchor, or too many of them.
    throw refuse('The YAML cannot be parsed.');
  }
}

function parseService(name: string, service: Mapping, path: string): ComposeService {
  for (const key of ['image', 'entrypoint', 'command', 'isolation'])
    if (service.has(key)) readScalar(service.get(key), path, key);
  const isolation = service.get('isolation');
  if (isolation !== undefined && !['default', 'process', 'hyperv'].includes(toText(isolation)))
    throw refuseAt(path, `isolation cannot be ${toText(isolation)}.`);
  for (const port of readSequence(service.get('ports') ?? [], path, 'ports'))
    checkPort(readScalar(port, `${path}.ports`, ''), `${path}.ports`);
  readSequence(service.get('volumes') ?? [], path, 'volumes');
  return {
    name,
    image: toText(service.get('image') ?? ''),
    environment: parseEnvironment(service.get('environment') ?? [], path),
    replicas: parseReplicas(
      readMapping(service.get('deploy') ?? new Map(), path, 'deploy'),
      `${path}.deploy`,
    ),
  };
}

/** Accepts `80`, `8080:80` and either with a protocol, without ranges and addresses. */
function checkPort(port: string, path: string): void {
  if (!/^(?:\d+:)?\d+(?:\/\w*)?$/.test(port)) throw refuseAt(path, `Port ${port} cannot be parsed.`);
}

function parseEnvironment(node: Node, path: string): ComposeService['environment'] {
  if (node instanceof Map) return [...node].map(([name, value]) => [toText(name), toText(value)] as const);
  if (typeof node === 'string') throw refuseAt(path, 'environment must be a sequence or a mapping.');
  const variables = readSequence(node, path, 'environment').map((item) => {
    const [, name, value] = /^=*([^=]+)=+(.+)$/s.exec(toText(item)) ?? [];
    if (name === undefined || value === undefined)
      throw refuseAt(`${path}.environment`, `${toText(item)} has no value.`);
    return [name, value] as const;
  });
  // The image builder does not expect a variable twice.
  if (new Set(variables.map(([name]) => name)).size < variables.length)
    throw new FabricError('FABRIC_E_IMAGEBUILDER_UNEXPECTED_ERROR');
  return variables;
}

function parseReplicas(deploy: Mapping, path: string): string {
  const mode = deploy.get('mode');
  if (mode !== undefined && mode !== 'replicated')
    throw refuseAt(path, `mode ${toText(mode)} is not supported.`);
  const replicas = readScalar(deploy.get('replicas') ?? '1', path, 'replicas');
  if (!/^[+-]?\d{1,9}$/.test(replicas.trim())) throw refuseAt(path, `replicas cannot be ${replicas}.`);
  return replicas.trim();
}

function readMapping(node: Node, path: string, key: string): Mapping {
  if (node instanceof Map) return node;
  throw refuseAt(path, `${key} must be a mapping.`);
}

function readSequence(node: Node, path: string, key: string): readonly Node[] {
  if (Array.isArray(node)) return node;
  throw refuseAt(path, `${key} must be a sequence.`);
}

function readScalar(node: Node | undefined, path: string, key: string): string {
  if (typeof node === 'string') return node;
  throw refuseAt(path, `${key} must be a scalar.`);
}

/** Returns the text of a scalar; the image builder writes collections in a form of its own. */
function toText(node: Node): string {
  return typeof node === 'string' ? node : '[ ... ]';
}

function refuseAt(path: string, sentence: string): FabricError {
  return refuse(`${path} - ${sentence}`);
}

function refuse(message: string): FabricError {
  return new FabricError('FABRIC_E_IMAGEBUILDER_VALIDATION_ERROR', message);
}
