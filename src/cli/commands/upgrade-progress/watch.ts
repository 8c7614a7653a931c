/** Watches the upgrade of each deployment until all have ended. */
import { loadEventParser } from '../../../cluster/gateway.ts';
import { createStatus, endStatus, updateStatus, type WatchStatus } from '../../../monitor/status.ts';
import { suggestNames } from '../../../monitor/suggest-names.ts';
import type { Target } from '../../../monitor/target.ts';
import { type WatchSetup, watchMany } from '../../../monitor/watch-many.ts';
import { createCiReporter } from '../../../output/watch/ci-reporter.ts';
import { selectReporter } from '../../../output/watch/select-reporter.ts';
import { type Explanation, getErrorCode } from '../../../platform/errors.ts';
import type { CloseReason, Host } from '../../../platform/host.ts';
import { literal } from '../../../platform/printable.ts';
import type { UpgradeContext } from './context.ts';
import { loadTablePrinter } from './print.ts';
import { loadWatchRecorder } from './record.ts';

/** Watches until all have ended. @returns why stdout was closed, if that was before */
export async function watchAll(context: UpgradeContext): Promise<readonly WatchStatus[] | CloseReason> {
  const { settings, targets, agent, host, judgeEnd = (ended) => ended } = context;
  await loadResultCode();
  const all = new Map<Target, WatchStatus>(targets.map((target) => [target, createStatus(target)]));
  const statuses = () => [...all.values()];
  const printTable = await loadTablePrinter(settings, host);
  const finish = () => printTable(statuses());
  const recorder = await loadWatchRecorder(settings, host);
  const reporter = await selectReporter(settings, statuses, finish, host);
  const onCiEvent = createCiReporter(agent, statuses, host.clock.now);
  try {
    for await (const { target, event: seen } of watchMany(createSetups(context), host)) {
      const event = seen.type === 'ended' ? judgeEnd(seen) : seen;
      const status = updateStatus(all.get(target) ?? createStatus(target), event);
      all.set(target, status);
      reporter.onEvent(event, status);
      onCiEvent(event, status);
      recorder?.onEvent(event, status);
      if (settings.failFast && event.type === 'ended' && event.explanation) break;
    }
    if (host.stdout.closeSignal.aborted && statuses().some(({ outcome }) => outcome === 'in-progress'))
      return host.stdout.closeSignal.reason;
    for (const [target, status] of all)
      if (status.outcome === 'in-progress' && status.explanation === undefined)
        all.set(target, endStatus(status, explainFailFast(status)));
    const suggested = await suggestNames(statuses(), targets, host.interrupt);
    for (const [index, target] of targets.entries())
      all.set(target, suggested[index] ?? createStatus(target));
  } finally {
    reporter.close();
    await recorder?.write(statuses());
    // A user who stopped the watch needs no bell.
    if (settings.bell && !host.interrupt.aborted) ringBell(host);
  }
  return statuses();
}

function createSetups({ settings, targets }: UpgradeContext): readonly WatchSetup[] {
  return targets.map((target) => {
    const { connection, createSource } = target;
    const options = { ...settings, connection, timeoutSeconds: connection.timeoutSeconds };
    return { target, source: createSource(), options };
  });
}

/** Rings the terminal bell on stderr, because stdout is for the result. */
function ringBell({ stdout, stderr }: Host): void {
  [stderr, stdout].find(({ isTTY }) => isTTY)?.write(literal`\u0007`);
}

/**
 * Loads the modules that the end of a watch may need: by then sfcompose may have been reinstalled, and the files of
 * this version may be gone.
 */
async function loadResultCode(): Promise<void> {
  await Promise.all([
    import('../../../cluster/faults/explain.ts'),
    loadEventParser(),
    import('../../../monitor/list-warnings.ts'),
    import('../../../monitor/past.ts'),
    import('../../../monitor/result.ts'),
    import('../../../output/error.ts'),
    import('../../../output/json/records.ts'),
  ]);
}

/** Explains why a watch was stopped by `--fail-fast`. */
function explainFailFast({ deployment }: WatchStatus): Explanation {
  return {
    outcome: 'in-progress',
    code: getErrorCode('in-progress'),
    what: `${deployment} had not ended when another ended badly.`,
  };
}
