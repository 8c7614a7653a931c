/** `sfcompose cluster add <name>`: tries the connection to a cluster and stores its settings. */
import { addCluster } from '../../../config/cluster-document.ts';
import { type ClusterFile, changeClusterFile, readClusterFile } from '../../../config/cluster-file.ts';
import { resolveSelected } from '../../../config/connection.ts';
import type { ConnectionSettings } from '../../../config/connection-flags.ts';
import { suggestToken } from '../../../config/credential-facts.ts';
import { createStoredCluster, selectNewCluster } from '../../../config/new-cluster.ts';
import { parseSetting } from '../../../config/setting.ts';
import { clusterNameSetting } from '../../../config/settings.ts';
import { usageError } from '../../../platform/errors.ts';
import type { Host } from '../../../platform/host.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { type OutputFlags, resolveOutput } from '../../output-options.ts';
import { createTrace } from '../../trace.ts';
import { printReport, readReport } from '../connection.ts';
import { printChange } from './print-change.ts';

/** Options as typed, not checked yet. */
export interface AddFlags extends ConnectionSettings, OutputFlags {
  readonly verify?: boolean | undefined;
  readonly fromSfctl?: boolean | undefined;
  readonly force?: boolean | undefined;
}

/** Stores a cluster. @returns the result of `connection` if the cluster could not be reached; then nothing is stored */
export async function add(text: string, flags: AddFlags, host: Host): Promise<CommandResult> {
  const { verify: isTried = true, fromSfctl: isFromSfctl = false, force: isForced = false } = flags;
  const trace = createTrace(flags, host);
  const output = resolveOutput(flags, host.env);
  const name = parseSetting(clusterNameSetting, text, clusterNameSetting.flag);
  const reject = ({ clusters }: Pick<ClusterFile, 'clusters'>) => {
    if (clusters.has(name) && !isForced)
      throw usageError(`There is a stored cluster "${name}" already. Use --force to replace it.`);
  };
  reject(await readClusterFile(host));
  const selected = await selectNewCluster(flags, isFromSfctl, host);
  if (flags.tokenCommand) rejectToken(flags.tokenCommand);
  const entra = isTried ? undefined : selected.sfctl?.entra;
  const connection = await resolveSelected(entra ? { ...selected, sfctl: undefined } : selected, host, trace);
  // A file is checked in any case: its path may be a token by mistake.
  if (flags.tokenFile !== undefined) await connection.token?.get(host.interrupt);
  if (isTried) {
    const report = await readReport(connection, output, trace, host);
    if (report.error) {
      const failed = printReport(report, connection, output, host);
      const next = [...(report.error.next ?? []), untriedStep];
      return { ...failed, explanation: { ...report.error, ...failed.explanation, next } };
    }
  }
  const cluster = createStoredCluster(selected, connection, host);
  const changed = await changeClusterFile((document) => {
    reject(document);
    return addCluster(document, name, cluster);
  }, host);
  const use = changed.inUse === name ? '; it is now the cluster in use' : '';
  return {
    ...printChange(changed, name, `Stored ${name}, ${cluster.endpoint}${use}`, output, host),
    warnings:
      entra && !connection.token && !connection.certificate
        ? [
            {
              what: `${name} requires a Microsoft Entra ID token, which sfcompose does not take from sfctl.`,
              next: suggestToken(
                {
                  tenant: entra.authority?.split('/').at(-1) ?? '',
                  cluster: entra.cluster ?? '',
                },
                host.shells,
              ),
              isOnScreen: false,
            },
          ]
        : [],
  };
}

const untriedStep = { what: 'Nothing was stored. Add --no-verify to store the cluster without trying it.' };

/** Rejects a command that contains a JWT. */
function rejectToken(command: string): void {
  if (/\beyJ[\w-]{10}/.test(command))
    throw usageError('--token-command contains a token, and secrets are not stored.');
}
