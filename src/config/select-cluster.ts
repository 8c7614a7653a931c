/** Selects the cluster of a command: by endpoint, by the name of a stored cluster, or as sfctl has it. */
import { type ExpectedError, usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { findSimilar } from '../platform/similar-names.ts';
import type { StoredCluster } from './cluster-document.ts';
import { type ClusterFile, readClusterFile, rejectUnsafeFile } from './cluster-file.ts';
import type { ConnectionFlags } from './connection-flags.ts';
import { redactUrl } from './redact-url.ts';
import { parseSetting } from './setting.ts';
import {
  createFlagSource,
  createVariableSource,
  type SettingSource,
  type SettingSources,
} from './setting-source.ts';
import { clusterSetting, endpointSetting } from './settings.ts';
import { readSfctlCluster, type SfctlCluster } from './sfctl.ts';

/** A selected cluster. */
export interface SelectedCluster {
  /** The sources of its settings in order of precedence. */
  readonly sources: SettingSources;
  /** Name of the stored cluster. */
  readonly name: string | undefined;
  /** Whether the name was given on the command line. */
  readonly isNamedByFlag: boolean;
  /** Set if sfctl's cluster is used. */
  readonly sfctl: SfctlCluster | undefined;
  /** The sources whose settings must all have an effect; other settings may be meant for other clusters. */
  readonly strictSources: readonly SettingSource[];
}

/**
 * Selects the clusters that options and variables name.
 * @returns one for each name on the command line, in order; otherwise one
 * @throws a usage error for contradictions, an unknown name, or a broken file
 */
export async function selectClusters(
  flags: ConnectionFlags,
  host: Host,
): Promise<readonly [SelectedCluster, ...SelectedCluster[]]> {
  const { env } = host;
  const commandLine = createFlagSource(flags);
  const [first, ...others] = listNames(flags);
  if (first !== undefined && flags.endpoint !== undefined)
    throw usageError(
      `--cluster "${first}" and --endpoint "${redactUrl(flags.endpoint)}" contradict each other: use one of them.`,
    );
  if (first !== undefined) {
    const file = await readClusterFile(host);
    const select = (name: string) => selectByFlag(name, commandLine, file, host);
    return [await select(first), ...(await Promise.all(others.map(select)))];
  }
  const variables = createVariableSource(env);
  const own: SelectedCluster = {
    sources: [commandLine, variables],
    name: undefined,
    isNamedByFlag: false,
    sfctl: undefined,
    strictSources: [commandLine],
  };
  if (flags.endpoint !== undefined) return [own];
  const name = env[clusterSetting.variable ?? ''];
  if (variables.settings.endpoint !== undefined) {
    if (name)
      throw usageError(
        `${clusterSetting.variable} and ${endpointSetting.variable} contradict each other: set one of them.`,
      );
    return [own];
  }
  const file = await readClusterFile(host);
  const chosen = name ? parseSetting(clusterSetting, name, clusterSetting.variable ?? '') : file.inUse;
  if (chosen !== undefined) {
    const from = name ? `${clusterSetting.variable}` : `the cluster in use, in ${file.path}`;
    const stored = await createStoredSource(chosen, from, file, host);
    return [
      {
        ...own,
        sources: [commandLine, variables, stored],
        name: chosen,
        strictSources: [commandLine, stored],
      },
    ];
  }
  const sfctl = await readSfctlCluster(host);
  return [sfctl ? { ...own, sources: [commandLine, variables, sfctl.source], sfctl } : own];
}

/** Lists the names of the command line without duplicates. @throws a usage error for an invalid name */
export function listNames({ cluster = [] }: ConnectionFlags): readonly string[] {
  return [...new Set(cluster)].map((name) => parseSetting(clusterSetting, name, clusterSetting.flag));
}

/** The command line outranks the environment, whose settings may be meant for another cluster. */
async function selectByFlag(
  name: string,
  commandLine: SettingSource,
  file: ClusterFile,
  host: Host,
): Promise<SelectedCluster> {
  const stored = await createStoredSource(name, clusterSetting.flag, file, host);
  return {
    sources: [commandLine, stored, createSecretSource(stored, host)],
    name,
    isNamedByFlag: true,
    sfctl: undefined,
    strictSources: [commandLine, stored],
  };
}

/**
 * Creates the source for what the environment adds to a cluster that is named on the command line: the time limit; and
 * the token, unless the cluster has credentials of its own.
 */
export function createSecretSource({ settings }: SettingSource, { env }: Host): SettingSource {
  const { certFile, pfxFile, tokenFile, tokenCommand } = settings;
  const hasCredentials = [certFile, pfxFile, tokenFile, tokenCommand].some((value) => value !== undefined);
  return createVariableSource(env, hasCredentials ? ['timeout'] : ['timeout', 'token']);
}

/** @param from source of the name */
async function createStoredSource(
  name: string,
  from: string,
  file: ClusterFile,
  host: Host,
): Promise<SettingSource> {
  const settings = findCluster(name, from, file);
  if (settings.tokenCommand !== undefined && file.path) await rejectUnsafeFile(file.path, host);
  return { settings, describe: (member) => `${name}.${member} in ${file.path}` };
}

/** Finds a stored cluster. @param from source of the name @throws a usage error that suggests similar names */
export function findCluster(
  name: string,
  from: string,
  { clusters }: Pick<ClusterFile, 'clusters'>,
): StoredCluster {
  const found = clusters.get(name);
  if (found === undefined) throw unknownClusterError(name, from, [...clusters.keys()]);
  return found;
}

function unknownClusterError(name: string, from: string, names: readonly string[]): ExpectedError {
  const similar = findSimilar(name, names).slice(0, 3);
  const hint = similar.length > 0 ? ` Did you mean ${similar.join(', or ')}?` : '';
  return usageError(`There is no stored cluster "${name}" (${from}).${hint}`, [
    names.length > 0
      ? { what: 'List the stored clusters', command: 'sfcompose cluster list' }
      : { what: 'Store the cluster', command: `sfcompose cluster add ${name} -e <url>` },
  ]);
}
