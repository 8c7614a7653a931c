/** `sfcompose cluster list`: lists the stored clusters. */
import { readClusterFile } from '../../../config/cluster-file.ts';
import { clusterSetting, endpointSetting } from '../../../config/settings.ts';
import {
  listClusterFacts,
  renderClusterJson,
  renderClusterLine,
  renderClustersJson,
  renderClusterTable,
} from '../../../output/clusters.ts';
import { renderClusterRecord } from '../../../output/json/records.ts';
import { createStyle } from '../../../output/style.ts';
import { formatCount } from '../../../platform/format.ts';
import type { Host } from '../../../platform/host.ts';
import { literal, printable } from '../../../platform/printable.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { type OutputFlags, resolveOutput } from '../../output-options.ts';

/** Prints the stored clusters. */
export async function listClusters(flags: OutputFlags, host: Host): Promise<CommandResult> {
  const { stdout, stderr, clock, env } = host;
  const { format, color, quiet } = resolveOutput(flags, env);
  const all = listClusterFacts(await readClusterFile(host));
  const time = new Date(clock.now());
  if (format === 'table' && all.length > 0)
    stdout.write(renderClusterTable(all, createStyle(color, stdout, env)));
  for (const facts of all) {
    if (format === 'plain') stdout.write(renderClusterLine(facts, time));
    if (format === 'ndjson') stdout.write(renderClusterRecord(renderClusterJson(facts), time));
  }
  const note =
    all.length === 0
      ? noClusters
      : describeOverride(
          all.some(({ inUse }) => inUse),
          env,
        );
  if (note && !quiet) stderr.write(literal`sfcompose: ${printable(note)}\n`);
  return {
    outcome: 'completed',
    document: renderClustersJson(all),
    record: { reason: formatCount(all.length, 'cluster'), deployment: null, targetVersion: null },
  };
}

const noClusters = 'There are no stored clusters. To store one: sfcompose cluster add <name> -e <url>';

/** Names the variable that takes precedence over the cluster in use. */
function describeOverride(isOneInUse: boolean, env: Host['env']): string | undefined {
  const variable = [clusterSetting.variable, endpointSetting.variable].find((name) => name && env[name]);
  return variable && isOneInUse
    ? `${variable} is set, and takes precedence over the cluster in use.`
    : undefined;
}
