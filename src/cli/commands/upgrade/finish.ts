/** Ends the command after its upgrade was accepted: reads the version, and follows the upgrade or tells how to. */
import { suggestRollback, suggestWatch } from '../../../monitor/acting/conflict.ts';
import type { DeploymentState } from '../../../monitor/acting/deployment-state.ts';
import type { UpgradePlan } from '../../../monitor/acting/plan.ts';
import { findTarget, readTolerantly } from '../../../monitor/acting/settle.ts';
import { isNewerVersion } from '../../../monitor/acting/versions.ts';
import { explainInterrupt } from '../../../platform/errors.ts';
import type { CommandResult } from '../../../platform/result.ts';
import type { Acting } from '../acting/context.ts';
import { follow } from '../acting/follow.ts';
import { printAccepted } from '../acting/print-accepted.ts';
import type { AcceptedRequest } from '../acting/request.ts';
import { createActingResult } from '../acting/result.ts';

interface StartedUpgrade {
  readonly acting: Acting;
  readonly plan: UpgradePlan;
  readonly before: DeploymentState;
  readonly accepted: AcceptedRequest;
}

/** @param maxWaitMs milliseconds that are left for the watch; `undefined` without a watch */
export async function finishUpgrade(
  started: StartedUpgrade,
  maxWaitMs: number | undefined,
): Promise<CommandResult> {
  const { acting, plan, accepted } = started;
  const { deployment, host } = acting;
  const version = await readVersion(started);
  if (version !== undefined && plan.toVersion?.isExact && version !== plan.toVersion.version)
    acting.remarks.push(
      `The upgrade is to ${version}, not to ${plan.toVersion.version} as planned: somebody else has upgraded ${deployment} since the plan was made.`,
    );
  const expected = version ?? (plan.toVersion?.isExact ? plan.toVersion.version : undefined);
  const watchStep = suggestWatch(acting, expected);
  const to = version === undefined ? '' : ` to ${version}`;
  if (host.interrupt.aborted) {
    const explanation = explainInterrupt(host.interrupt.reason);
    const what = `${explanation.what} The upgrade of ${deployment}${to} was accepted and continues on the cluster.`;
    return createActingResult(acting, {
      outcome: explanation.outcome,
      explanation: { ...explanation, what, next: [watchStep, suggestRollback(acting)] },
      targetVersion: version,
    });
  }
  if (maxWaitMs !== undefined) return follow(acting, { expected, maxWaitMs, isReversible: true });
  return printAccepted(acting, {
    kind: 'upgrade',
    accepted,
    what: `Upgrade of ${deployment}${to} accepted`,
    fromVersion: plan.fromVersion,
    toVersion: version,
    fileSha256: plan.fileSha256,
    next: [watchStep],
  });
}

/** Pauses between the reads of the version, in milliseconds. */
const pausesMs = [0, 1000, 1000, 3000, 3000];

/** Reads the version that the cluster has chosen. @returns `undefined` if it does not show it */
async function readVersion({ acting, before, accepted }: StartedUpgrade): Promise<string | undefined> {
  const { createSource, deployment, host } = acting;
  const isNew = (state: DeploymentState | undefined) =>
    state !== undefined && isNewerVersion(findTarget(state), findTarget(before));
  if (accepted.state && isNew(accepted.state)) return findTarget(accepted.state);
  const source = createSource();
  for (const pauseMs of pausesMs) {
    await host.clock.sleep(pauseMs, host.interrupt);
    if (host.interrupt.aborted) return undefined;
    const state = await readTolerantly(source, deployment, host.interrupt).catch((error) => {
      if (host.interrupt.aborted) return undefined;
      throw error;
    });
    if (state && isNew(state)) return findTarget(state);
  }
  return undefined;
}
