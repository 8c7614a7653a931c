/** What an operator can type next, with the names of this upgrade filled in. Checked against sfctl 11. */
import type { CommandTarget } from '../../platform/command-target.ts';
import { formatArgument, formatTime } from '../../platform/format.ts';
import type { Upgrade } from '../model.ts';

type DeploymentNames = Pick<Upgrade, 'deployment' | 'application'>;

/** `fabric:/a/b` is `a~b` in REST. */
function formatApplicationId({ application, deployment }: DeploymentNames): string {
  return formatArgument(application.replace(/^fabric:\//, '').replaceAll('/', '~') || deployment);
}

export function buildMoveNext(upgrade: DeploymentNames, domain: string): string {
  return `sfctl application upgrade-resume --application-id ${formatApplicationId(upgrade)} --upgrade-domain-name ${formatArgument(domain)}`;
}

export function buildRollback({ deployment }: DeploymentNames): string {
  return `sfctl compose upgrade-rollback --deployment-name ${formatArgument(deployment)}`;
}

/** Puts the command that selects the cluster in sfctl before other sfctl commands. */
export function prependSelect(
  next: readonly string[],
  commandTarget: CommandTarget | undefined,
): readonly string[] {
  const select = commandTarget?.sfctlSelect;
  if (select === undefined || !next.some((line) => line.includes(': sfctl '))) return next;
  return [`Select this cluster in sfctl: ${select}`, ...next];
}

export function buildRemove({ deployment }: DeploymentNames): string {
  return `sfctl compose remove --deployment-name ${formatArgument(deployment)}`;
}

export function buildCreate({ deployment }: DeploymentNames): string {
  return `sfctl compose create --deployment-name ${formatArgument(deployment)} --file-path <compose file>`;
}

export function buildStatus({ deployment }: Pick<Upgrade, 'deployment'>): string {
  return `sfctl compose status --deployment-name ${formatArgument(deployment)}`;
}

export function buildApplicationHealth(upgrade: DeploymentNames): string {
  return `sfctl application health --application-id ${formatApplicationId(upgrade)}`;
}

export function buildNodeHealth(upgrade: DeploymentNames, node: string): string {
  return `sfctl application deployed-health --application-id ${formatApplicationId(upgrade)} --node-name ${formatArgument(node)}`;
}

export function buildContainerLogs(
  upgrade: DeploymentNames,
  node: string,
  servicePackage: string,
  codePackage: string,
): string {
  return (
    `sfctl service get-container-logs --application-id ${formatApplicationId(upgrade)} --node-name ${formatArgument(node)}` +
    ` --service-manifest-name ${formatArgument(servicePackage)} --code-package-name ${formatArgument(codePackage)} --previous`
  );
}

export function buildPartitionHealth(partition: string): string {
  return `sfctl partition health --partition-id ${formatArgument(partition)}`;
}

export function buildReplicaList(partition: string): string {
  return `sfctl replica list --partition-id ${formatArgument(partition)}`;
}

export const nodeListCommand = 'sfctl node list';

export const clusterHealthCommand = 'sfctl cluster health';

/** The cluster keeps events only where its EventStore is on. */
export function buildEventList(upgrade: DeploymentNames, from: Date, to: Date): string {
  return (
    `sfctl events application-list --application-id ${formatApplicationId(upgrade)}` +
    ` --start-time-utc ${formatTime(from)} --end-time-utc ${formatTime(to)}`
  );
}
