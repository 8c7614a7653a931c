/** Names the cluster in printed commands. Pure. */

/** The parts of a printed command that name its cluster. */
export interface CommandTarget {
  /** Options of an sfcompose command, without settings that the environment or sfctl already provides. */
  readonly options: readonly string[];
  /** The command that selects the cluster in sfctl; `undefined` if the endpoint came from sfctl. */
  readonly sfctlSelect: string | undefined;
}

/** Adds the connection options to an sfcompose command. */
export function addTarget(command: string, { options }: Pick<CommandTarget, 'options'>): string {
  return [command, ...options].join(' ');
}
