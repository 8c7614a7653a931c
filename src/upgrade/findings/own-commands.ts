/** Builds sfcompose commands about a deployment, for the cluster in use. Pure. */
import { addTarget, type CommandTarget } from '../../platform/command-target.ts';
import { formatArgument } from '../../platform/format.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';

/** The deployment and the cluster of printed commands. */
export interface CommandContext {
  readonly deployment: string;
  /** `undefined` for the cluster that is used by default. */
  readonly commandTarget: CommandTarget | undefined;
}

/** Takes what commands about the deployment need from a snapshot. */
export function getCommandContext(snapshot: UpgradeSnapshot): CommandContext {
  return { deployment: snapshot.upgrade.deployment, commandTarget: snapshot.commandTarget };
}

/** Builds a command with the deployment's name. @param options follow the name, before those of the connection */
export function buildCommand(
  command: string,
  { deployment, commandTarget }: CommandContext,
  options: readonly string[] = [],
): string {
  const own = [`sfcompose ${command} ${formatArgument(deployment, commandTarget?.shells)}`, ...options].join(
    ' ',
  );
  return commandTarget ? addTarget(own, commandTarget) : own;
}
