/** Defines expected errors. Any other error is a bug in sfcompose. */
import type { NextStep } from './next-step.ts';
import { getOutcomeWord, type Outcome } from './outcome.ts';

/** The content of an error report. Text from the cluster and other sources may be unsafe to print. */
export interface Explanation {
  readonly outcome: Outcome;
  /** Error code of the gateway, or of sfcompose (`SFCOMPOSE_E_…`). */
  readonly code: string;
  /** Headline: the event in one line. */
  readonly what: string;
  /** Error message of the gateway, if any. */
  readonly message?: string | undefined;
  /** Facts about the cause, one per line. */
  readonly evidence?: readonly string[];
  /** Facts about the server's certificate, one per line. */
  readonly certificate?: readonly string[];
  /** The meaning of the error, or its likely cause. */
  readonly meaning?: string;
  readonly next?: readonly NextStep[];
  /** The place in the user's file that is wrong, for annotations. Lines count from 1. */
  readonly location?: { readonly file: string; readonly line: number } | undefined;
  /** Status of the response, if any: `404 FABRIC_E_…`. */
  readonly status?: string;
  /** The failed request without secrets: `GET http://…`. */
  readonly request?: string;
  /** JSON text for `-o json`: the error document of the gateway, if any. */
  readonly document?: string;
}

/** The result of one of many deployments. */
export interface DeploymentResult {
  readonly deployment: string;
  /** Name of the cluster, if the command was about several. */
  readonly cluster?: string | undefined;
  readonly outcome: Outcome;
  /** State of the upgrade, or why the state is unknown, in one line. */
  readonly reason: string;
  readonly targetVersion: string | null;
}

/** An error that is reported with its explanation, without a stack trace. */
export class ExpectedError extends Error {
  readonly explanation: Explanation;

  constructor(explanation: Explanation) {
    super(explanation.what);
    this.name = 'ExpectedError';
    this.explanation = explanation;
  }
}

/** Returns sfcompose's own error code for an outcome: `SFCOMPOSE_E_ROLLED_BACK`. */
export function getErrorCode(outcome: Outcome): string {
  return `SFCOMPOSE_E_${getOutcomeWord(outcome).toUpperCase().replace('-', '_')}`;
}

/**
 * Creates the error for wrong options or configuration.
 * @param what one line that names the option, the value, and the allowed values
 */
export function usageError(what: string, next: readonly NextStep[] = []): ExpectedError {
  return new ExpectedError({ outcome: 'usage', code: 'SFCOMPOSE_E_USAGE', what, next });
}

/** Creates the error for an interrupt. @param reason of the aborted `Host.interrupt`: the name of the signal */
export function interruptedError(reason: unknown): ExpectedError {
  return new ExpectedError(explainInterrupt(reason));
}

/** Explains an interrupt. @param reason of the aborted `Host.interrupt`: the name of the signal */
export function explainInterrupt(reason: unknown): Explanation {
  return {
    outcome: getSignalOutcome(reason),
    code: 'SFCOMPOSE_E_INTERRUPTED',
    what: `Stopped by ${reason === 'SIGINT' ? 'Ctrl-C' : reason}.`,
  };
}

/** Returns the outcome of a process that a signal ended. @param reason name of the signal */
export function getSignalOutcome(reason: unknown): Outcome {
  if (reason === 'SIGTERM') return 'terminated';
  return reason === 'SIGHUP' ? 'hung-up' : 'interrupted';
}

/** Builds the error document for `-o json`, in the shape of the gateway's FabricError. */
export function createErrorDocument({ code, what }: Explanation): string {
  return JSON.stringify({ Error: { Code: code, Message: what } });
}
