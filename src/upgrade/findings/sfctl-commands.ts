/** What an operator can type next, with the names of this upgrade filled in. Checked against sfctl 11. */
import type { Reach } from '../../platform/command-target.ts';
import { timeText, typed } from '../../platform/format.ts';
import type { Upgrade } from '../model.ts';

type Named = Pick<Upgrade, 'deployment' | 'application'>;

/** `fabric:/a/b` is `a~b` in REST. */
function applicationId({ application, deployment }: Named): string {
  return typed(application.replace(/^fabric:\//, '').replaceAll('/', '~') || deployment);
}

export function moveNext(upgrade: Named, domain: string): string {
  return `sfctl application upgrade-resume --application-id ${applicationId(upgrade)} --upgrade-domain-name ${typed(domain)}`;
}

export function rollBack({ deployment }: Named): string {
  return `sfctl compose upgrade-rollback --deployment-name ${typed(deployment)}`;
}

/** Puts the command that selects the cluster in sfctl before other sfctl commands. */
export function afterSelect(next: readonly string[], reach: Reach | undefined): readonly string[] {
  const select = reach?.sfctlSelect;
  if (select === undefined || !next.some((line) => line.includes(': sfctl '))) return next;
  return [`Select this cluster in sfctl: ${select}`, ...next];
}

export function removeDeployment({ deployment }: Named): string {
  return `sfctl compose remove --deployment-name ${typed(deployment)}`;
}

export function createDeployment({ deployment }: Named): string {
  return `sfctl compose create --deployment-name ${typed(deployment)} --file-path <compose file>`;
}

export function deploymentStatus({ deployment }: Pick<Upgrade, 'deployment'>): string {
  return `sfctl compose status --deployment-name ${typed(deployment)}`;
}

export function applicationHealth(upgrade: Named): string {
  return `sfctl application health --application-id ${applicationId(upgrade)}`;
}

export function nodeHealth(upgrade: Named, node: string): string {
  return `sfctl application deployed-health --application-id ${applicationId(upgrade)} --node-name ${typed(node)}`;
}

export function containerLogs(
  upgrade: Named,
  node: string,
  servicePackage: string,
  codePackage: string,
): string {
  return (
    `sfctl service get-container-logs --application-id ${applicationId(upgrade)} --node-name ${typed(node)}` +
    ` --service-manifest-name ${typed(servicePackage)} --code-package-name ${typed(codePackage)} --previous`
  );
}

export function partitionHealth(partition: string): string {
  return `sfctl partition health --partition-id ${typed(partition)}`;
}

export function instances(partition: string): string {
  return `sfctl replica list --partition-id ${typed(partition)}`;
}

export const nodes = 'sfctl node list';

export const clusterHealth = 'sfctl cluster health';

/** The cluster keeps events only where its EventStore is on. */
export function events(upgrade: Named, from: Date, to: Date): string {
  return (
    `sfctl events application-list --application-id ${applicationId(upgrade)}` +
    ` --start-time-utc ${timeText(from)} --end-time-utc ${timeText(to)}`
  );
}
