/** The result of a command, with everything that is left to report at the end. */
import type { DeploymentResult, Explanation } from './errors.ts';
import type { Outcome } from './outcome.ts';

/** The result of a command. */
export interface CommandResult {
  readonly outcome: Outcome;
  /** Explains an outcome that is not a success. */
  readonly explanation?: Explanation | undefined;
  /** Whether the table format prints a screen on stdout, with the causes and next steps of a verdict. */
  readonly isOnScreen?: boolean;
  /** The JSON text for `-o json`; without it an error document is made of the explanation. */
  readonly document?: string | undefined;
  /** The last record for `-o ndjson`; without it one is made of the explanation. */
  readonly record?: ResultRecord;
  /** Warnings about a success, for stderr and the build agent. */
  readonly warnings?: readonly string[];
  /** Whether a success counts only once stdout was read: `--watch | head -1 && deploy` must not deploy. */
  readonly mustBeRead?: boolean;
  /** Tells the build agent. Gets the final result, which may differ from this one. */
  readonly annotate?: (result: CommandResult) => Promise<void>;
  /** The error behind an `internal` outcome. */
  readonly bug?: unknown;
}

/** The last record, apart from the outcome. */
export interface ResultRecord {
  readonly reason: string;
  readonly deployment: string | null;
  readonly targetVersion: string | null;
  /** Each deployment's result, if the command was about many. */
  readonly deployments?: readonly DeploymentResult[];
}
