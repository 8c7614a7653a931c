/** Prepares a cluster to be stored: from options, and from sfctl's configuration. */
import { usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import type { StoredCluster } from './cluster-document.ts';
import type { Connection } from './connection.ts';
import type { ConnectionSettings } from './connection-flags.ts';
import { formatEndpoint } from './endpoint.ts';
import { createSecretSource, type SelectedCluster } from './select-cluster.ts';
import { createFlagSource, type SettingSource } from './setting-source.ts';
import { readSfctlCluster, selectStep } from './sfctl.ts';

/** Settings that come from one source together. */
const groups: readonly (readonly (keyof ConnectionSettings)[])[] = [
  ['certFile', 'keyFile', 'pfxFile', 'passphraseFile'],
  ['caFile', 'serverThumbprint', 'insecure'],
  ['tokenFile', 'tokenCommand'],
];

const paths = ['certFile', 'keyFile', 'pfxFile', 'passphraseFile', 'caFile', 'tokenFile'] as const;

/**
 * Selects the cluster that options describe. The environment adds secrets only, as for `--cluster`: its other settings
 * would not be there when the cluster is used.
 * @param isFromSfctl whether sfctl's configuration stands in for options
 * @throws a usage error if there is no endpoint
 */
export async function selectNewCluster(
  flags: ConnectionSettings,
  isFromSfctl: boolean,
  host: Host,
): Promise<SelectedCluster> {
  const commandLine = createFlagSource(flags);
  if (isFromSfctl && flags.endpoint !== undefined)
    throw usageError('--from-sfctl and --endpoint contradict each other: use one of them.');
  const sfctl = isFromSfctl ? await readSfctlCluster(host) : undefined;
  if (isFromSfctl && sfctl === undefined) throw usageError('sfctl has selected no cluster.', [selectStep]);
  if (sfctl === undefined && flags.endpoint === undefined)
    throw usageError('Missing --endpoint: only options are stored, not variables or defaults.');
  const own = sfctl ? [commandLine, sfctl.source] : [commandLine];
  const secrets = createSecretSource({ ...commandLine, settings: mergeSettings(own) }, host);
  return {
    sources: [commandLine, ...own.slice(1), secrets],
    name: undefined,
    isNamedByFlag: false,
    sfctl,
    strictSources: [commandLine],
  };
}

/** Merges sources as {@link resolveSelected} does: related settings come from the first source with one of them. */
function mergeSettings(sources: readonly SettingSource[]): ConnectionSettings {
  const names = [...groups, ['endpoint'], ['timeout']] as readonly (readonly (keyof ConnectionSettings)[])[];
  return Object.fromEntries(
    names.flatMap((group) => {
      const source = sources.find(({ settings }) => group.some((name) => settings[name]));
      return source ? group.map((name) => [name, source.settings[name]]) : [];
    }),
  );
}

/** Creates what is stored of a cluster: its checked settings, without secrets, with absolute paths. */
export function createStoredCluster(
  { sources: [commandLine], sfctl }: SelectedCluster,
  { endpoint, trust }: Connection,
  host: Host,
): StoredCluster {
  const settings = mergeSettings(sfctl ? [commandLine, sfctl.source] : [commandLine]);
  const absolute = paths.flatMap((name) => {
    const path = settings[name];
    return path === undefined ? [] : [[name, host.resolvePath(path)]];
  });
  return {
    ...settings,
    ...Object.fromEntries(absolute),
    insecure: settings.insecure || undefined,
    endpoint: formatEndpoint(endpoint),
    ...(trust.by === 'thumbprint' && { serverThumbprint: trust.thumbprint }),
  };
}
