/** Explains requests that the state of the deployment, or of its upgrade, does not allow. Pure. */
import { type Explanation, getErrorCode } from '../../platform/errors.ts';
import { endSentence, formatArgument, formatDuration, formatProseTime } from '../../platform/format.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { excerpt } from '../../platform/report-text.ts';
import { buildCommand, type CommandContext } from '../../upgrade/findings/own-commands.ts';
import { buildCreate, prependSelect } from '../../upgrade/findings/sfctl-commands.ts';
import type { DeploymentStatus } from '../../upgrade/model.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import { isRollback } from '../../upgrade/state.ts';
import { describeDeployment, describeState } from '../../upgrade/wording.ts';
import type { DeploymentState } from './deployment-state.ts';

/** The sentence that ends every explanation of a request that certainly had no effect. */
export const nothingStarted = 'Nothing was started.';

/** Explains a conflict. @param what one or more sentences */
export function explainConflict(
  what: string,
  evidence: readonly string[],
  next: readonly NextStep[],
): Explanation {
  const outcome = 'conflict';
  return { outcome, code: getErrorCode(outcome), what: `${what} ${nothingStarted}`, evidence, next };
}

/** Suggests to watch the upgrade under way. @param expected its version, if known */
export function suggestWatch(context: CommandContext, expected?: string): NextStep {
  const options =
    expected === undefined
      ? []
      : [`--expect-version ${formatArgument(expected, context.commandTarget?.shells)}`];
  return { what: 'Watch the upgrade', command: buildCommand('watch', context, options) };
}

/** Suggests to roll the upgrade back. */
export function suggestRollback(context: CommandContext): NextStep {
  return { what: 'Roll back', command: buildCommand('rollback', context) };
}

/**
 * Explains why no upgrade can start now.
 * @param now milliseconds since 1970
 * @returns `undefined` if one can
 */
export function explainBusyDeployment(
  { status, reading }: DeploymentState,
  context: CommandContext,
  now: number,
): Explanation | undefined {
  if (status.status === 'Ready') return undefined;
  if (status.status !== 'Upgrading') return explainStatus(status, context);
  const snapshot = reading?.snapshot;
  return explainConflict(describeOtherUpgrade(snapshot, context), listFacts(snapshot, now), [
    suggestWatch(context),
    { what: 'To start yours when it has ended, add --wait-for-current' },
  ]);
}

function describeOtherUpgrade(snapshot: UpgradeSnapshot | undefined, { deployment }: CommandContext): string {
  const version = snapshot?.upgrade.targetVersion;
  if (snapshot && isRollback(snapshot.upgrade))
    return `A rollback of ${deployment}${version ? ` to ${version}` : ''} is under way.`;
  return `Another upgrade of ${deployment}${version ? ` to ${version}` : ''} is under way.`;
}

function listFacts(snapshot: UpgradeSnapshot | undefined, now: number): readonly string[] {
  if (snapshot === undefined) return [];
  const startedAt = snapshot.upgrade.startedAt ?? snapshot.application?.startedAt;
  const since = startedAt
    ? [`It began at ${formatProseTime(startedAt)}, ${formatDuration(now - startedAt.getTime())} ago.`]
    : [];
  return [...since, `State: ${describeState(snapshot)}.`];
}

/** Explains a status in which no upgrade exists that could be waited for or acted on. */
export function explainStatus(status: DeploymentStatus, context: CommandContext): Explanation {
  const { deployment } = context;
  const evidence = status.details ? [`The deployment reports: ${endSentence(excerpt(status.details))}`] : [];
  switch (status.status) {
    case 'Failed':
      return explainConflict(
        `The creation of ${deployment} failed, so there is nothing to upgrade.`,
        evidence,
        prependSelect(
          [
            {
              what: 'Create the deployment again with a corrected file: the cluster replaces the failed one',
              command: buildCreate(context),
            },
          ],
          context.commandTarget,
        ),
      );
    case 'Ready':
      return explainConflict(`No upgrade of ${deployment} is under way.`, evidence, []);
    default:
      return explainConflict(`${deployment} is ${describeDeployment(status)}.`, evidence, [
        { what: 'Try again when the deployment is ready', command: buildCommand('status', context) },
      ]);
  }
}
