/** Builds sfctl commands with the names of an upgrade filled in. Checked against sfctl 11. */
import type { CommandTarget } from '../../platform/command-target.ts';
import { formatArgument, formatTime } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import type { Shells } from '../../platform/shell-quoting.ts';
import type { Upgrade } from '../model.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import type { CommandContext } from './own-commands.ts';

/** The upgrade of printed commands, and the shells that may read them. */
interface CommandSubject extends Pick<UpgradeSnapshot, 'commandTarget'> {
  readonly upgrade: Pick<Upgrade, 'deployment' | 'application'>;
}

/** Formats the application's name as REST spells it: `fabric:/a/b` is `a~b`. */
function formatApplicationId({ upgrade, commandTarget }: CommandSubject): string {
  const { application, deployment } = upgrade;
  const id = application?.replace(/^fabric:\//, '').replaceAll('/', '~') || deployment;
  return formatArgument(id, commandTarget?.shells);
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
export function buildRemove({ deployment, commandTarget }: CommandContext): string {
  return `sfctl compose remove --deployment-name ${formatArgument(deployment, commandTarget?.shells)}`;
}

/** Builds the command that creates the deployment. */
export function buildCreate({ deployment, commandTarget }: CommandContext): string {
  return `sfctl compose create --deployment-name ${formatArgument(deployment, commandTarget?.shells)} --file-path <compose file>`;
}

/** Builds the command that prints the status of the deployment. */
export function buildStatus({ deployment, commandTarget }: CommandContext): string {
  return `sfctl compose status --deployment-name ${formatArgument(deployment, commandTarget?.shells)}`;
}

/** Builds the command that prints the application's health. */
export function buildApplicationHealth(subject: CommandSubject): string {
  return `sfctl application health --application-id ${formatApplicationId(subject)}`;
}

/** Builds the command that prints the application's health on a node. */
export function buildNodeHealth(subject: CommandSubject, node: string): string {
  return `sfctl application deployed-health --application-id ${formatApplicationId(subject)} --node-name ${formatArgument(node, subject.commandTarget?.shells)}`;
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
  subject: CommandSubject,
  { node, servicePackage, codePackage, isPrevious }: Container,
): string {
  const { shells } = subject.commandTarget ?? {};
  return (
    `sfctl service get-container-logs --application-id ${formatApplicationId(subject)} --node-name ${formatArgument(node, shells)}` +
    ` --service-manifest-name ${formatArgument(servicePackage, shells)} --code-package-name ${formatArgument(codePackage, shells)}` +
    (isPrevious ? ' --previous' : '')
  );
}

/** Builds the command that prints the health of a partition. */
export function buildPartitionHealth(partition: string, shells: Shells | undefined): string {
  return `sfctl partition health --partition-id ${formatArgument(partition, shells)}`;
}

/** Builds the command that lists the replicas or instances of a partition. */
export function buildReplicaList(partition: string, shells: Shells | undefined): string {
  return `sfctl replica list --partition-id ${formatArgument(partition, shells)}`;
}

/** Builds the command that prints the health of a node of the cluster. */
export function buildClusterNodeHealth(node: string, shells: Shells | undefined): string {
  return `sfctl node health --node-name ${formatArgument(node, shells)}`;
}

/** Lists the nodes of the cluster. */
export const nodeListCommand = 'sfctl node list';

/** Builds the command that prints the capacity of a node, and the load on it, for each metric. */
export function buildNodeLoad(node: string, shells: Shells | undefined): string {
  return `sfctl node load --node-name ${formatArgument(node, shells)}`;
}

/** Prints the health of the system services, such as the cluster manager and the failover manager. */
export const systemHealthCommand = 'sfctl application health --application-id System';

/** Prints the health of the cluster. */
export const clusterHealthCommand = 'sfctl cluster health';

/** Builds the command that lists the application's events. The cluster needs an EventStore for it. */
export function buildEventList(subject: CommandSubject, from: Date, to: Date): string {
  return (
    `sfctl events application-list --application-id ${formatApplicationId(subject)}` +
    ` --start-time-utc ${formatTime(from)} --end-time-utc ${formatTime(to)}`
  );
}
