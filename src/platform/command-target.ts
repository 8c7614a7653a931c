/** Names the cluster in printed commands. Pure. */
import type { Shells } from './shell-quoting.ts';

/** The cluster that printed commands are for, and the shells that may read them. */
export interface CommandTarget {
  /** Options of an sfcompose command, without settings that the environment or sfctl already provides. */
  readonly options: readonly string[];
  /** The command that selects the cluster in sfctl; `undefined` if the endpoint came from sfctl. */
  readonly sfctlSelect: string | undefined;
  /** The shells that may be in use, which arguments are quoted for. */
  readonly shells: Shells;
}

/** Adds the connection options to an sfcompose command. */
export function addTarget(command: string, { options }: Pick<CommandTarget, 'options'>): string {
  return [command, ...options].join(' ');
}
