/** The document of the configuration file: stored clusters by name, and the one in use. Pure. */
import type { ConnectionSettings } from './connection-flags.ts';
import { clusterNameSetting } from './settings.ts';

/** The version of the document that this program reads and writes. */
const version = 1;

/** A parsed document. */
export interface ClusterDocument {
  /** Name of the cluster in use, which may not be stored. */
  readonly inUse: string | undefined;
  readonly clusters: ReadonlyMap<string, StoredCluster>;
  /** All members, with those that this version does not know. */
  readonly members: JsonObject;
}

/** A stored cluster. */
export interface StoredCluster extends ConnectionSettings {
  readonly endpoint: string;
}

type JsonObject = Readonly<Record<string, unknown>>;

/** A document that is broken. The message completes the sentence `The configuration "…" …`. */
export class ClusterDocumentError extends Error {}

/** A document without clusters. */
export const emptyDocument: ClusterDocument = { inUse: undefined, clusters: new Map(), members: { version } };

/** The members of a stored cluster, in the order in which they are written. */
const settingTypes: Readonly<Record<keyof ConnectionSettings, 'text' | 'flag'>> = {
  endpoint: 'text',
  certFile: 'text',
  keyFile: 'text',
  pfxFile: 'text',
  passphraseFile: 'text',
  caFile: 'text',
  serverThumbprint: 'text',
  insecure: 'flag',
  tokenFile: 'text',
  tokenCommand: 'text',
  timeout: 'text',
};

/** Parses a document. @throws ClusterDocumentError that names the member which is wrong */
export function parseClusterDocument(text: string): ClusterDocument {
  const members = toObject(parseJson(text), 'the document');
  if (members['version'] !== version) throw new ClusterDocumentError(describeVersion(members['version']));
  const inUse = members['cluster'];
  if (inUse !== undefined && typeof inUse !== 'string')
    throw new ClusterDocumentError('is invalid: cluster must be the name of a cluster.');
  const clusters = Object.entries(toObject(members['clusters'] ?? {}, 'clusters'));
  return {
    inUse,
    clusters: new Map(clusters.map(([name, value]) => [name, parseCluster(name, value)])),
    members,
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // Node's message quotes the text.
    const [, position] = / position (\d+)/.exec((error as Error).message) ?? [];
    const line = text.slice(0, Number(position)).split('\n').length;
    throw new ClusterDocumentError(`is not valid JSON${position ? ` (line ${line})` : ''}.`);
  }
}

function describeVersion(found: unknown): string {
  if (typeof found === 'number' && found > version)
    return `has version ${found}, which this version of sfcompose does not know. Use a newer sfcompose.`;
  return `is invalid: version must be ${version}.`;
}

function toObject(value: unknown, name: string): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw new ClusterDocumentError(`is invalid: ${name} must be an object.`);
}

function parseCluster(name: string, value: unknown): StoredCluster {
  if (clusterNameSetting.parse(name) === undefined)
    throw new ClusterDocumentError(
      `is invalid: "${name}" is no name of a cluster. Use ${clusterNameSetting.allowed}.`,
    );
  const members = toObject(value, name);
  const settings = Object.entries(settingTypes).flatMap(([member, type]) => {
    const setting = members[member];
    if (setting === undefined) return [];
    if (type === 'text' && typeof setting === 'string') return [[member, setting]];
    // Seconds are often written as a number by hand.
    if (member === 'timeout' && typeof setting === 'number') return [[member, String(setting)]];
    if (type === 'flag' && typeof setting === 'boolean') return [[member, setting]];
    const allowed = type === 'text' ? 'a text' : 'true or false';
    throw new ClusterDocumentError(`is invalid: ${name}.${member} must be ${allowed}.`);
  });
  const parsed: ConnectionSettings = Object.fromEntries(settings);
  if (!parsed.endpoint) throw new ClusterDocumentError(`is invalid: ${name}.endpoint is missing.`);
  return { ...parsed, endpoint: parsed.endpoint };
}

/** Formats a document for its file. */
export function formatClusterDocument({ members }: ClusterDocument): string {
  return `${JSON.stringify(members, null, 2)}\n`;
}

/** Adds a cluster, or replaces the settings of one. The first one is the cluster in use. */
export function addCluster(document: ClusterDocument, name: string, cluster: StoredCluster): ClusterDocument {
  const { members, clusters } = document;
  const stored = getMember(members, 'clusters') ?? {};
  const old = Object.entries(getMember(stored, name) ?? {});
  const unknown = old.filter(([member]) => !Object.hasOwn(settingTypes, member));
  const known = Object.keys(settingTypes).flatMap((member) => {
    const value = cluster[member as keyof ConnectionSettings];
    return value === undefined ? [] : [[member, value]];
  });
  return replaceMembers(document, {
    ...(clusters.size === 0 && { cluster: name }),
    clusters: withMember(stored, name, Object.fromEntries([...known, ...unknown])),
  });
}

/** Removes a cluster. If it was in use, none is afterwards. */
export function removeCluster(document: ClusterDocument, name: string): ClusterDocument {
  const { members, inUse } = document;
  return replaceMembers(document, {
    ...(inUse === name && { cluster: undefined }),
    clusters: withMember(getMember(members, 'clusters') ?? {}, name, undefined),
  });
}

/** Chooses the cluster in use. @param name `undefined` for none */
export function useCluster(document: ClusterDocument, name: string | undefined): ClusterDocument {
  return replaceMembers(document, { cluster: name });
}

/** @param changes members to replace; `undefined` removes one */
function replaceMembers({ members }: ClusterDocument, changes: JsonObject): ClusterDocument {
  const changed = Object.entries(changes).reduce(
    (all, [name, value]) => withMember(all, name, value),
    members,
  );
  return parseClusterDocument(JSON.stringify(changed));
}

function getMember(object: JsonObject, name: string): JsonObject | undefined {
  return Object.hasOwn(object, name) ? (object[name] as JsonObject) : undefined;
}

/** Replaces a member in its place. Any name is possible, `__proto__` too. */
function withMember(object: JsonObject, name: string, value: unknown): JsonObject {
  const members = new Map(Object.entries(object));
  if (value === undefined) members.delete(name);
  else members.set(name, value);
  return Object.fromEntries(members);
}
