/** The errors that we expect. Anything else that is thrown is a bug of ours. */

import { formatDuration } from './format.ts';
import { getOutcomeWord, type Outcome } from './outcome.ts';

/** What an error tells the person who reads it. Texts from elsewhere are as they came. */
export interface Explanation {
  readonly outcome: Outcome;
  /** The gateway's code, or one of ours (`SFCOMPOSE_E_…`). */
  readonly code: string;
  /** One line, in an operator's words. */
  readonly what: string;
  /** The message of the gateway, as it came; `''` when there was none. */
  readonly message?: string;
  /** What is known of the cause, one thing each. */
  readonly evidence?: readonly string[];
  /** The server's certificate, one thing each. */
  readonly certificate?: readonly string[];
  readonly meaning?: string;
  /** What to do next, one thing each. */
  readonly next?: readonly string[];
  /** The status line of the answer, if there was one: `404 FABRIC_E_…`. */
  readonly status?: string;
  /** The request that failed, without secrets: `GET http://…`. */
  readonly request?: string;
  /** The JSON text that stands for this in `-o json`: the gateway's error document, or the last that was read. */
  readonly document?: string;
}

/** What became of one of several deployments. */
export interface DeploymentResult {
  readonly deployment: string;
  readonly outcome: Outcome;
  /** How it stands, in a line. */
  readonly reason: string;
  readonly targetVersion: string | null;
}

export class ExpectedError extends Error {
  readonly explanation: Explanation;

  constructor(explanation: Explanation) {
    super(explanation.what);
    this.name = 'ExpectedError';
    this.explanation = explanation;
  }
}

/** Our own code for an outcome, where no better one is known: `SFCOMPOSE_E_ROLLED_BACK`. */
export function getErrorCode(outcome: Outcome): string {
  return `SFCOMPOSE_E_${getOutcomeWord(outcome).toUpperCase().replace('-', '_')}`;
}

/** Wrong options or configuration. `what` is one line that names the option, the value, and what is allowed. */
export function usageError(what: string): ExpectedError {
  return new ExpectedError({ outcome: 'usage', code: 'SFCOMPOSE_E_USAGE', what });
}

/** @param reason what the interrupt signal was aborted with: the name of the signal */
export function interruptedError(reason: unknown): ExpectedError {
  return new ExpectedError({
    outcome: getSignalOutcome(reason),
    code: 'SFCOMPOSE_E_INTERRUPTED',
    what: `Stopped by ${reason === 'SIGINT' ? 'Ctrl-C' : reason}.`,
  });
}

/** @param maxWait milliseconds */
export function timedOutError(maxWait: number): ExpectedError {
  return new ExpectedError({
    outcome: 'timed-out',
    code: 'SFCOMPOSE_E_TIMED_OUT',
    what: `Gave up watching after ${formatDuration(maxWait)} (--max-wait).`,
  });
}

/** @param reason the name of the signal */
export function getSignalOutcome(reason: unknown): Outcome {
  if (reason === 'SIGTERM') return 'terminated';
  return reason === 'SIGHUP' ? 'hung-up' : 'interrupted';
}

/** Builds the error document for `-o json`, in the shape of the gateway's FabricError. */
export function createErrorDocument({ code, what }: Explanation): string {
  return JSON.stringify({ Error: { Code: code, Message: what } });
}
