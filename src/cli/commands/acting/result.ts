/** Builds the results of commands that act. */
import { noAgent } from '../../../output/ci/select-agent.ts';
import { ExpectedError, type Explanation } from '../../../platform/errors.ts';
import { getExitCode, type Outcome } from '../../../platform/outcome.ts';
import type { CommandResult, Warning } from '../../../platform/result.ts';
import type { Acting } from './context.ts';

/** The end of a command without a watch. */
export interface ActingEnd {
  readonly outcome: Outcome;
  readonly explanation?: Explanation | undefined;
  /** One line about a success. */
  readonly reason?: string;
  readonly targetVersion?: string | undefined;
  /** JSON text for `-o json`. */
  readonly document?: string;
}

/** Runs a command, turns an expected error into its result, and adds all remarks. Closes the gateway. */
export async function runActing(
  acting: Acting,
  run: (acting: Acting) => Promise<CommandResult>,
): Promise<CommandResult> {
  const result = await run(acting)
    .catch((error) => {
      if (!(error instanceof ExpectedError)) throw error;
      const { explanation } = error;
      return createActingResult(acting, { outcome: explanation.outcome, explanation });
    })
    .finally(() => acting.gateway.close());
  const own = acting.remarks.map((what): Warning => ({ what, next: [], isOnScreen: false }));
  return { ...result, warnings: [...own, ...(result.warnings ?? []), ...acting.gateway.warnings] };
}

/** Builds the result of a command without a watch, with everything for a build agent. */
export function createActingResult(
  { deployment, agent }: Acting,
  { outcome, explanation, reason = deployment, targetVersion, document }: ActingEnd,
): CommandResult {
  const build = {
    outcome,
    exitCode: getExitCode(outcome),
    deployment,
    targetVersion,
    reason,
    share: undefined,
    snapshot: undefined,
    deployments: [],
  };
  return {
    outcome,
    explanation,
    document,
    record: { reason: explanation?.what ?? reason, deployment, targetVersion: targetVersion ?? null },
    isAnnotated: agent !== noAgent,
    annotate: (final) =>
      agent.end(
        { ...build, outcome: final.outcome, exitCode: getExitCode(final.outcome) },
        final.explanation,
      ),
  };
}
