/** Builds sfctl commands with the names of an upgrade filled in. Checked against sfctl 11. */
import type { CommandTarget } from '../../platform/command-target.ts';
import { formatArgument, formatTime } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import type { Upgrade } from '../model.ts';

type DeploymentNames = Pick<Upgrade, 'deployment' | 'application'>;

/** Formats the application's name as REST spells it: `fabric:/a/b` is `a~b`. */
function formatApplicationId({ application, deployment }: DeploymentNames): string {
  return formatArgument(application?.replace(/^fabric:\//, '').replaceAll('/', '~') || deployment);
}

/** Puts the command that selects the cluster in sfctl before next steps that use sfctl. */
export function prependSelect(
  next: readonly NextStep[],
  commandTarget: CommandTarget | undefined,
): readonly NextStep[] {
  const select = commandTarget?.sfctlSelect;
  if (select === undefined || !next.some(({ command }) => command?.startsWith('sfctl '))) return next;
  return [{ what: 'Select this cluster in sfctl', command: select }, ...next];
}

/** Builds the command that removes the deployment. */
export function buildRemove({ deployment }: DeploymentNames): string {
  return `sfctl compose remove --deployment-name ${formatArgument(deployment)}`;
}

/** Builds the command that creates the deployment. */
export function buildCreate({ deployment }: DeploymentNames): string {
  return `sfctl compose create --deployment-name ${formatArgument(deployment)} --file-path <compose file>`;
}

/** Builds the command that prints the status of the deployment. */
export function buildStatus({ deployment }: Pick<Upgrade, 'deployment'>): string {
  return `sfctl compose status --deployment-name ${formatArgument(deployment)}`;
}

/** Builds the command that prints the application's health. */
export function buildApplicationHealth(upgrade: DeploymentNames): string {
  return `sfctl application health --application-id ${formatApplicationId(upgrade)}`;
}

/** Builds the command that prints the application's health on a node. */
export function buildNodeHealth(upgrade: DeploymentNames, node: string): string {
  return `sfctl application deployed-health --application-id ${formatApplicationId(upgrade)} --node-name ${formatArgument(node)}`;
}

/** A container of a deployment. */
interface Container {
  readonly node: string;
  readonly servicePackage: string;
  readonly codePackage: string;
  /** Whether the container before the present one is meant, which has exited. */
  readonly isPrevious: boolean;
}

/** Builds the command that prints the log of a container. */
export function buildContainerLogs(
  upgrade: DeploymentNames,
  { node, servicePackage, codePackage, isPrevious }: Container,
): string {
  return (
    `sfctl service get-container-logs --application-id ${formatApplicationId(upgrade)} --node-name ${formatArgument(node)}` +
    ` --service-manifest-name ${formatArgument(servicePackage)} --code-package-name ${formatArgument(codePackage)}` +
    (isPrevious ? ' --previous' : '')
  );
}

/** Builds the command that prints the health of a partition. */
export function buildPartitionHealth(partition: string): string {
  return `sfctl partition health --partition-id ${formatArgument(partition)}`;
}

/** Builds the command that lists the replicas or instances of a partition. */
export function buildReplicaList(partition: string): string {
  return `sfctl replica list --partition-id ${formatArgument(partition)}`;
}

/** Builds the command that prints the health of a node of the cluster. */
export function buildClusterNodeHealth(node: string): string {
  return `sfctl node health --node-name ${formatArgument(node)}`;
}

/** Lists the nodes of the cluster. */
export const nodeListCommand = 'sfctl node list';

/** Builds the command that prints the capacity of a node, and the load on it, for each metric. */
export function buildNodeLoad(node: string): string {
  return `sfctl node load --node-name ${formatArgument(node)}`;
}

/** Prints the health of the system services, such as the cluster manager and the failover manager. */
export const systemHealthCommand = 'sfctl application health --application-id System';

/** Prints the health of the cluster. */
export const clusterHealthCommand = 'sfctl cluster health';

/** Builds the command that lists the application's events. The cluster needs an EventStore for it. */
export function buildEventList(upgrade: DeploymentNames, from: Date, to: Date): string {
  return (
    `sfctl events application-list --application-id ${formatApplicationId(upgrade)}` +
    ` --start-time-utc ${formatTime(from)} --end-time-utc ${formatTime(to)}`
  );
}
