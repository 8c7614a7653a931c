/** Watches the upgrade of each deployment until all have ended. */
import { loadEventParser } from '../../../cluster/gateway.ts';
import { createStatus, endStatus, updateStatus, type WatchStatus } from '../../../monitor/status.ts';
import { suggestNames } from '../../../monitor/suggest-names.ts';
import { watchMany } from '../../../monitor/watch-many.ts';
import { createCiReporter } from '../../../output/watch/ci-reporter.ts';
import { selectReporter } from '../../../output/watch/select-reporter.ts';
import { type Explanation, getErrorCode } from '../../../platform/errors.ts';
import type { CloseReason, Host } from '../../../platform/host.ts';
import { literal } from '../../../platform/printable.ts';
import type { UpgradeContext } from './context.ts';
import { loadTablePrinter } from './print.ts';

/** Watches until all have ended. @returns why stdout was closed, if that was before */
export async function watchAll(context: UpgradeContext): Promise<readonly WatchStatus[] | CloseReason> {
  const { settings, createSource, agent, host, judgeEnd = (ended) => ended } = context;
  await loadResultCode();
  const all = new Map(settings.deployments.map((deployment) => [deployment, createStatus(deployment)]));
  const statuses = () => [...all.values()];
  const printTable = await loadTablePrinter(settings, host);
  const finish = () => printTable(statuses());
  const reporter = await selectReporter(settings, statuses, finish, host);
  const onCiEvent = createCiReporter(agent, settings.endpoint, statuses, host.clock.now);
  try {
    const events = watchMany(settings.deployments, createSource, settings, host);
    for await (const { deployment, event: seen } of events) {
      const event = seen.type === 'ended' ? judgeEnd(seen) : seen;
      const status = updateStatus(all.get(deployment) ?? createStatus(deployment), event);
      all.set(deployment, status);
      reporter.onEvent(event, status);
      onCiEvent(event, status);
      if (settings.failFast && event.type === 'ended' && event.explanation) break;
    }
    if (host.stdout.closeSignal.aborted && statuses().some(({ outcome }) => outcome === 'in-progress'))
      return host.stdout.closeSignal.reason;
    for (const status of statuses())
      if (status.outcome === 'in-progress' && status.explanation === undefined)
        all.set(status.deployment, endStatus(status, explainFailFast(status)));
    const { relatedReads } = createSource();
    for (const status of await suggestNames(statuses(), relatedReads, host.interrupt))
      all.set(status.deployment, status);
  } finally {
    reporter.close();
    // A user who stopped the watch needs no bell.
    if (settings.bell && !host.interrupt.aborted) ringBell(host);
  }
  return statuses();
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
