/** `sfcompose upgrade <deployment>`: plans an upgrade, starts it, and follows it with `--watch`. */

import { hasStarted, isSameState } from '../../../monitor/acting/settle.ts';
import type { Host } from '../../../platform/host.ts';
import type { CommandResult } from '../../../platform/result.ts';
import { type Acting, createActing } from '../acting/context.ts';
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
  let settings: UpgradeSettings | undefined;
  const acting = await createActing(deployment, { ...flags, watch: isWatching }, host, async () => {
    settings = await resolveUpgrade(flags, host);
    const { registry } = settings;
    return registry === undefined || registry === 'none' ? [] : [registry.password];
  });
  const warnings = [...checkTimeout(acting.settings.connection.timeoutSeconds)];
  const checked = settings ?? (await resolveUpgrade(flags, host));
  return runActing(acting, warnings, () => run(acting, checked, flags, warnings));
}

async function run(
  acting: Acting,
  settings: UpgradeSettings,
  flags: UpgradeFlags,
  warnings: string[],
): Promise<CommandResult> {
  const startedAt = acting.host.clock.monotonic();
  const { deployment, host } = acting;
  const { plan, before, doubts } = await prepareUpgrade(acting, settings, flags);
  warnings.push(...doubts);
  printPlan(plan, acting);
  if (flags.dryRun) return createActingResult(acting, buildPlanResult(plan, acting));
  const { file, policy, registry } = settings;
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
  return finishUpgrade({ acting, plan, before, accepted }, flags.watch ? leftMs : undefined, warnings);
}
