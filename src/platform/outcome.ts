/** Defines how a command can end, with exit codes. */

/** All outcomes in the order of exit codes, with descriptions for the help. Later versions may only add outcomes. */
export const outcomes = {
  completed: {
    exitCode: 0,
    when: 'the upgrade rolled forward (--watch, --exit-status), or the read succeeded',
  },
  internal: { exitCode: 1, when: 'a bug in sfcompose, or output that could not be written' },
  usage: {
    exitCode: 2,
    when: 'wrong options or configuration, or a --query that failed',
  },
  'rolled-back': { exitCode: 3, when: 'the upgrade rolled back (--watch, --exit-status)' },
  failed: { exitCode: 4, when: 'the upgrade, or the creation of the deployment, failed' },
  'not-found': { exitCode: 5, when: 'no such deployment, it disappeared, or it was never upgraded' },
  unreachable: { exitCode: 6, when: 'no usable response from the cluster' },
  unauthorized: { exitCode: 7, when: 'access denied, or the server certificate was rejected' },
  'in-progress': { exitCode: 8, when: 'the upgrade has not ended (--exit-status)' },
  superseded: {
    exitCode: 9,
    when: 'a different upgrade replaced the one being watched or expected',
  },
  invalid: {
    exitCode: 10,
    when: 'the compose file or the request is not valid (upgrade)',
  },
  conflict: {
    exitCode: 11,
    when: 'the state of the deployment does not allow it; nothing was started (upgrade, rollback, resume)',
  },
  unknown: {
    exitCode: 12,
    when: 'a request was sent, its answer was lost, and the cluster does not show whether it was accepted (upgrade, rollback, resume)',
  },
  'timed-out': { exitCode: 124, when: '--max-wait passed after an upgrade was seen' },
  'hung-up': { exitCode: 129, when: 'the terminal was closed (SIGHUP)' },
  interrupted: { exitCode: 130, when: 'interrupted (Ctrl-C, SIGINT)' },
  'reader-gone': {
    exitCode: 141,
    when: 'the reader of a watch closed the pipe before the verdict',
  },
  terminated: { exitCode: 143, when: 'terminated (SIGTERM)' },
} as const satisfies Record<string, OutcomeFacts>;

interface OutcomeFacts {
  readonly exitCode: number;
  readonly when: string;
}

/** The outcome of a command. */
export type Outcome = keyof typeof outcomes;

const interruptedOutcomes: readonly Outcome[] = ['interrupted', 'terminated', 'hung-up', 'reader-gone'];

/** Returns the word for scripts. All signals share the word `interrupted`, with different exit codes. */
export function getOutcomeWord(outcome: Outcome): string {
  return interruptedOutcomes.includes(outcome) ? 'interrupted' : outcome;
}

/** Returns the words for people: `rolled back`. */
export function describeOutcome(outcome: Outcome): string {
  return getOutcomeWord(outcome).replace('-', ' ');
}

/** Returns the exit code of an outcome. */
export function getExitCode(outcome: Outcome): number {
  return outcomes[outcome].exitCode;
}

/**
 * All outcomes from worst to best: interruptions, which leave all else open; faults of sfcompose or its use; requests
 * whose fate is unknown; failed upgrades, first those that need repair; requests that started nothing; deployments whose
 * state is unknown; upgrades that have not ended.
 */
const outcomesFromWorst: readonly Outcome[] = [
  ...interruptedOutcomes,
  'internal',
  'usage',
  'unknown',
  'failed',
  'rolled-back',
  'superseded',
  'invalid',
  'conflict',
  'not-found',
  'unauthorized',
  'unreachable',
  'timed-out',
  'in-progress',
  'completed',
];

/** Returns the rank of an outcome for sorting: 0 for the worst. */
export function getSeverityRank(outcome: Outcome): number {
  return outcomesFromWorst.indexOf(outcome);
}

/** Returns the worst of several outcomes, or `completed` for none. */
export function findWorstOutcome(all: readonly Outcome[]): Outcome {
  return outcomesFromWorst.find((outcome) => all.includes(outcome)) ?? 'completed';
}

/** Outcomes that are verdicts on an upgrade. */
export type Verdict = Extract<
  Outcome,
  'completed' | 'rolled-back' | 'failed' | 'not-found' | 'superseded' | 'in-progress'
>;
