/** The ways a command can end, and their exit codes. */

/** All outcomes, in the order of their exit codes, with the text for `--help`. Later versions only add some. */
export const outcomes = {
  completed: {
    exitCode: 0,
    when: 'the upgrade rolled forward (--watch, --exit-status), or the read was answered',
  },
  internal: { exitCode: 1, when: 'a bug in sfcompose, or its output could not be written' },
  usage: {
    exitCode: 2,
    when: 'wrong options or configuration, before anything is sent; or a --query that does not fit',
  },
  'rolled-back': { exitCode: 3, when: 'the upgrade rolled back (--watch, --exit-status)' },
  failed: { exitCode: 4, when: 'the upgrade, or the creation of the deployment, failed' },
  'not-found': { exitCode: 5, when: 'no such deployment, it disappeared, or it was never upgraded' },
  unreachable: { exitCode: 6, when: 'no answer from the cluster that can be used' },
  unauthorized: { exitCode: 7, when: 'the cluster refused us, or we refused its certificate' },
  'in-progress': { exitCode: 8, when: 'the upgrade has not ended (--exit-status)' },
  superseded: {
    exitCode: 9,
    when: 'another upgrade than the one that was expected or followed took its place',
  },
  'timed-out': { exitCode: 124, when: '--max-wait passed; the upgrade goes on' },
  'hung-up': { exitCode: 129, when: 'the terminal was closed (SIGHUP)' },
  interrupted: { exitCode: 130, when: 'interrupted by Ctrl-C' },
  'reader-gone': {
    exitCode: 141,
    when: 'the reader of a watch closed the pipe before there was a verdict',
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

/** Returns the word for scripts. All signals are `interrupted`; only their exit codes differ. */
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
 * From worst to best: interruptions, which leave everything else open; faults of sfcompose or its use; upgrades that
 * went wrong, those that need repair first; deployments whose state is unknown; and upgrades that have not ended.
 */
const outcomesFromWorst: readonly Outcome[] = [
  ...interruptedOutcomes,
  'internal',
  'usage',
  'failed',
  'rolled-back',
  'superseded',
  'not-found',
  'unauthorized',
  'unreachable',
  'timed-out',
  'in-progress',
  'completed',
];

/** Returns a rank for sorting, 0 for the worst outcome. */
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
