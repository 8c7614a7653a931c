/** How commands that are printed name the cluster that they are for. Pure. */

export interface Reach {
  /** Options for an sfcompose command. Settings from the environment or sfctl apply without them. */
  readonly options: readonly string[];
  /** Command that selects the cluster in sfctl; `undefined` if the endpoint came from sfctl. */
  readonly sfctlSelect: string | undefined;
}

/** Adds the connection options to an sfcompose command. */
export function reaching(command: string, { options }: Reach): string {
  return [command, ...options].join(' ');
}
