/** `sfcompose upgrade <deployment>`: plans an upgrade, starts it, and follows it with `--watch`. */
import { explainEarlyInterrupt } from '../../../monitor/acting/explain-request.ts';
import { hasStarted, isSameState } from '../../../monitor/acting/settle.ts';
import { ExpectedError, usageError } from '../../../platform/errors.ts';
import type { Host } from '../../../platform/host.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { type Acting, openActing, resolveActing } from '../acting/context.ts';
import { request } from '../acting/request.ts';
import { createActingResult, runActing } from '../acting/result.ts';
import { finishUpgrade } from './finish.ts';
import { checkTimeout, resolveUpgrade, type UpgradeFlags, type UpgradeSettings } from './options.ts';
import { prepareUpgrade } from './prepare.ts';
import { buildPlanResult, printPlan } from './print-plan.ts';

/** Starts an upgrade. @throws ExpectedError for wrong options, or a file that is not valid */
export async function upgrade(deployment: string, flags: UpgradeFlags, host: Host): Promise<CommandResult> {
  // Waiting for the current upgrade takes the options of a watch, too.
  const isWatching = flags.watch || flags.waitForCurrent;
  if (flags.report !== undefined && !flags.watch) throw usageError('--report needs --watch.');
  const shared = await resolveActing(deployment, { ...flags, watch: isWatching }, host);
  const notices = checkTimeout(shared.connection.timeoutSeconds);
  const own = await resolveUpgrade(flags, host).catch((error) => {
    if (host.interrupt.aborted) throw new ExpectedError(explainEarlyInterrupt(host.interrupt.reason));
    // Unlike a wrong option, a file that is not valid is a result, which a build agent shows at its line.
    if (error instanceof ExpectedError && error.explanation.outcome === 'invalid') return error;
    throw error;
  });
  const hasPassword = !(own instanceof ExpectedError) && typeof own.registry === 'object';
  const acting = await openActing(shared, host, hasPassword ? [own.registry.password] : []);
  acting.remarks.push(...notices);
  return runActing(acting, async () => {
    if (own instanceof ExpectedError) throw own;
    return run(acting, own, flags);
  });
}

async function run(acting: Acting, own: UpgradeSettings, flags: UpgradeFlags): Promise<CommandResult> {
  const startedAt = acting.host.clock.monotonic();
  const { deployment, host } = acting;
  const { plan, before } = await prepareUpgrade(acting, own, flags);
  printPlan(plan, acting);
  if (flags.dryRun) return createActingResult(acting, buildPlanResult(plan, acting));
  const { file, policy, registry } = own;
  const accepted = await request(acting, {
    kind: 'upgrade',
    isRepeatable: false,
    isAccepted: (state) => hasStarted(state, before),
    isUnchanged: (state) => isSameState(state, before),
    send: (writer, signal) =>
      writer.startUpgrade({ deployment, composeFile: file, policy, registry }, signal),
    composeFile: file,
  });
  const { maxWaitMs } = acting.settings;
  const leftMs = Math.max(0, maxWaitMs - (host.clock.monotonic() - startedAt));
  return finishUpgrade({ acting, plan, before, accepted }, flags.watch ? leftMs : undefined);
}
