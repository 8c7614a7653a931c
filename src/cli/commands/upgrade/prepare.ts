/** Prepares an upgrade: reads what runs, waits for the current upgrade if asked, and refuses what must not start. */
import {
  describeDeletion,
  explainDeletion,
  explainRefusedPlan,
  listDoubts,
} from '../../../monitor/acting/check-upgrade.ts';
import { explainBusyDeployment, explainConflict, nothingStarted } from '../../../monitor/acting/conflict.ts';
import type { DeploymentState } from '../../../monitor/acting/deployment-state.ts';
import { explainEarlyInterrupt } from '../../../monitor/acting/explain-request.ts';
import { createPlan, type UpgradePlan } from '../../../monitor/acting/plan.ts';
import { readRunningApplication } from '../../../monitor/acting/running-application.ts';
import { ExpectedError, getErrorCode } from '../../../platform/errors.ts';
import { formatDuration } from '../../../platform/format.ts';
import { literal, printable } from '../../../platform/printable.ts';
import type { Acting } from '../acting/context.ts';
import { follow } from '../acting/follow.ts';
import { addPromise, readBeforeRequest, readState } from '../acting/read.ts';
import type { UpgradeFlags, UpgradeSettings } from './options.ts';

/** An upgrade that may be requested. */
export interface PreparedUpgrade {
  readonly plan: UpgradePlan;
  /** The state before the request. */
  readonly before: DeploymentState;
}

/** Plans the upgrade, and adds doubts to the remarks. @throws ExpectedError that says that nothing was started */
export async function prepareUpgrade(
  acting: Acting,
  { file, policy, registry, expectedCurrent, expected }: UpgradeSettings,
  { waitForCurrent, yes = false, dryRun = false }: UpgradeFlags,
): Promise<PreparedUpgrade> {
  const before = waitForCurrent ? await waitUntilReady(acting) : await readState(acting);
  const busy = explainBusyDeployment(before, acting, acting.host.clock.now());
  if (busy) throw new ExpectedError(busy);
  const { gateway, readOptional, host, deployment } = acting;
  const application = before.reading?.snapshot?.upgrade.application ?? `fabric:/${deployment}`;
  const services = file.services.map(({ name }) => name);
  const text = literal`Reading the services of ${printable(deployment)}`;
  const running = await readBeforeRequest(acting, text, () =>
    readRunningApplication(gateway, application, services, readOptional, host.interrupt),
  );
  const plan = createPlan(before, running, file, policy);
  const decisions = { expectedCurrent, expected, registry, isDeletionAllowed: yes };
  const refusal = explainRefusedPlan(plan, running, decisions, acting);
  if (refusal) throw new ExpectedError(refusal);
  const deleted = plan.changes?.deleted ?? [];
  if (deleted.length > 0 && !yes && !dryRun && !(await confirmDeletion(deleted, acting)))
    throw new ExpectedError(explainDeletion(plan));
  acting.remarks.push(...listDoubts(plan, registry));
  return { plan, before };
}

/** Asks whether services may be deleted. Without a terminal the answer is no. */
async function confirmDeletion(deleted: readonly string[], { deployment, host }: Acting): Promise<boolean> {
  const question = literal`${printable(describeDeletion(deployment, deleted))}\nDelete? [y/N] `;
  const answer = await host.prompt(question, 'visible', host.interrupt).catch((error) => {
    if (!host.interrupt.aborted) throw error;
    throw new ExpectedError(explainEarlyInterrupt(host.interrupt.reason));
  });
  return /^y(?:es)?$/i.test(answer?.trim() ?? '');
}

/**
 * Watches the upgrade that is under way to its end, whatever that is.
 * @throws ExpectedError if the wait was stopped
 */
async function waitUntilReady(acting: Acting): Promise<DeploymentState> {
  const state = await readState(acting);
  if (state.status.status !== 'Upgrading') return state;
  const { deployment, host, settings } = acting;
  // A report is about the upgrade that is to be started.
  const unreported = { ...acting, settings: { ...settings, report: undefined } };
  const { outcome, explanation } = await follow(unreported, { expected: undefined });
  if (host.interrupt.aborted) throw new ExpectedError(explainEarlyInterrupt(host.interrupt.reason));
  if (outcome === 'timed-out')
    throw new ExpectedError(
      explainConflict(
        `The upgrade of ${deployment} that is under way did not end within ${formatDuration(settings.maxWaitMs)} (--max-wait).`,
        [],
        [],
      ),
    );
  if (outcome === 'reader-gone' || outcome === 'internal')
    throw new ExpectedError({
      outcome,
      code: getErrorCode(outcome),
      what: `The output can no longer be written. ${nothingStarted}`,
    });
  if (explanation?.request !== undefined) throw new ExpectedError(addPromise(explanation));
  return readState(acting);
}
