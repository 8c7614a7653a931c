/** Prints deployments in every format except JSON, which the result contains. */
import { formatEndpoint } from '../../../config/endpoint.ts';
import type { ListedDeployment } from '../../../monitor/list.ts';
import { nameDeployment } from '../../../monitor/target.ts';
import { renderDeploymentLine, renderDeploymentTable } from '../../../output/deployment-list.ts';
import { renderDeploymentRecord } from '../../../output/json/records.ts';
import { createStyle } from '../../../output/style.ts';
import type { Host } from '../../../platform/host.ts';
import { literal, printable } from '../../../platform/printable.ts';
import { nameClusters, type OpenCluster } from '../../open-clusters.ts';
import type { OutputSettings } from '../../output-options.ts';

/** Prints a row, line or record for each deployment. */
export function printList(
  all: readonly ListedDeployment[],
  clusters: readonly OpenCluster[],
  { format, color, quiet }: OutputSettings,
  { stdout, stderr, clock, env }: Host,
): void {
  const time = new Date(clock.now());
  const connections = clusters.map(({ connection }) => connection);
  if (format === 'table' && all.length > 0)
    stdout.write(renderDeploymentTable(all, nameClusters(connections), createStyle(color, stdout, env)));
  for (const listed of all) {
    if (format === 'plain') stdout.write(renderDeploymentLine(listed, time));
    if (format === 'ndjson') stdout.write(renderDeploymentRecord(listed, time));
  }
  if (quiet) return;
  if (all.length === 0) {
    const endpoints = connections.map(({ endpoint }) => formatEndpoint(endpoint));
    stderr.write(
      literal`sfcompose: There are no compose deployments on ${printable(endpoints.join(', '))}.\n`,
    );
  }
  // Tables and lines already show problems.
  if (format === 'table' || format === 'plain') return;
  for (const { cluster, deployment, problem } of all) {
    if (problem === undefined) continue;
    const name = nameDeployment(deployment.name, cluster);
    const what = printable(`The upgrade of "${name}" could not be read: ${problem}`);
    stderr.write(literal`sfcompose: ${what}\n`);
  }
}
