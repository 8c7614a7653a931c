/** The cluster that a printed command is for. Pure. */

/** The parts of a printed command that name its cluster. */
export interface CommandTarget {
  /** Options for an sfcompose command, without those that the environment or sfctl already sets. */
  readonly options: readonly string[];
  /** The command that selects the cluster in sfctl; `undefined` if the endpoint came from sfctl. */
  readonly sfctlSelect: string | undefined;
}

/** Adds the connection options to an sfcompose command. */
export function addTarget(command: string, { options }: CommandTarget): string {
  return [command, ...options].join(' ');
}
