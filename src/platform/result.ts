/** Defines the result of a command. */
import type { DeploymentResult, Explanation } from './errors.ts';
import type { NextStep } from './next-step.ts';
import type { Outcome } from './outcome.ts';

/** The result of a command, with everything left to report at the end. */
export interface CommandResult {
  readonly outcome: Outcome;
  /** Explains an outcome that is not a success. */
  readonly explanation?: Explanation | undefined;
  /** Whether the table format prints a screen on stdout, with the causes and next steps of a verdict. */
  readonly isOnScreen?: boolean;
  /** Whether a build agent shows the explanation. */
  readonly isAnnotated?: boolean;
  /** JSON text for `-o json`. Defaults to an error document made from the explanation. */
  readonly document?: string | undefined;
  /** Last record for `-o ndjson`. Defaults to a record made from the explanation. */
  readonly record?: ResultRecord;
  /** Warnings about a success, for stderr and the build agent. */
  readonly warnings?: readonly Warning[];
  /** Whether success requires that stdout was read: `--watch | head -1 && deploy` must not deploy. */
  readonly mustBeRead?: boolean;
  /** Writes annotations for the build agent. Receives the final result, which may differ from this one. */
  readonly annotate?: (result: CommandResult) => Promise<void>;
  /** The error behind an `internal` outcome. */
  readonly bug?: unknown;
}

/** A warning about a success. */
export interface Warning {
  /** Sentences. */
  readonly what: string;
  readonly next: readonly NextStep[];
  /** Whether the screen of the table format tells it. */
  readonly isOnScreen: boolean;
}

/** The last record, apart from the outcome. */
export interface ResultRecord {
  readonly reason: string;
  readonly deployment: string | null;
  readonly targetVersion: string | null;
  /** Each deployment's result, if the command was about many. */
  readonly deployments?: readonly DeploymentResult[];
}
