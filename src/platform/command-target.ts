/** How commands that are printed name the cluster that they are for. Pure. */

export interface CommandTarget {
  /** Options for an sfcompose command. Settings from the environment or sfctl apply without them. */
  readonly options: readonly string[];
  /** Command that selects the cluster in sfctl; `undefined` if the endpoint came from sfctl. */
  readonly sfctlSelect: string | undefined;
}

/** Adds the connection options to an sfcompose command. */
export function addTarget(command: string, { options }: CommandTarget): string {
  return [command, ...options].join(' ');
}
