/** Builds sfcompose commands about an upgrade, for the cluster in use. Pure. */
import { addTarget } from '../../platform/command-target.ts';
import { formatArgument } from '../../platform/format.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';

/** Builds a command with the deployment's name. @param options follow the name, before those of the connection */
export function buildCommand(
  command: string,
  { upgrade, commandTarget }: Pick<UpgradeSnapshot, 'upgrade' | 'commandTarget'>,
  options: readonly string[] = [],
): string {
  const own = [`sfcompose ${command} ${formatArgument(upgrade.deployment)}`, ...options].join(' ');
  return commandTarget ? addTarget(own, commandTarget) : own;
}
