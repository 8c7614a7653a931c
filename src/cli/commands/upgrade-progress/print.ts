/** Prints statuses in every format except JSON, which the result contains. */
import type { WatchStatus } from '../../../monitor/status.ts';
import { summarizeStatus } from '../../../monitor/status-wording.ts';
import { renderProgressRecord } from '../../../output/json/records.ts';
import { renderPlainLine } from '../../../output/plain-line.ts';
import { createStyle } from '../../../output/style.ts';
import { renderUpgradeScreen } from '../../../output/upgrade-screen/screen.ts';
import { capitalize } from '../../../platform/format.ts';
import type { Host } from '../../../platform/host.ts';
import { getExitCode } from '../../../platform/outcome.ts';
import type { UpgradeProgressSettings } from './options.ts';

/** Prints statuses as a screen. */
export type TablePrinter = (statuses: readonly WatchStatus[]) => void;

/** Prints the statuses of a read. For a single deployment that could not be read, only the error is reported. */
export async function printStatuses(
  statuses: readonly WatchStatus[],
  settings: UpgradeProgressSettings,
  host: Host,
): Promise<void> {
  const time = new Date(host.clock.now());
  const { format } = settings;
  if (format === 'table') (await loadTablePrinter(settings, host))(statuses);
  for (const status of statuses) {
    const { reading } = status;
    if (format === 'ndjson' && reading) host.stdout.write(renderProgressRecord(status, reading, time));
    if (format === 'plain' && (statuses.length > 1 || reading?.snapshot))
      host.stdout.write(renderPlainLine(summarizeStatus(status), time));
  }
}

/** Loads the screen of one deployment or the overview of many, whichever is needed. */
export async function loadTablePrinter(settings: UpgradeProgressSettings, host: Host): Promise<TablePrinter> {
  if (settings.deployments.length === 1 && settings.connections.length === 1)
    return (statuses) => {
      for (const status of statuses) printScreen(status, settings, host);
    };
  const { printOverview } = await import('./print-overview.ts');
  return (statuses) => printOverview(statuses, settings, host);
}

function printScreen(
  status: WatchStatus,
  { color, full, clusterName }: UpgradeProgressSettings,
  { stdout, env, clock }: Host,
): void {
  const { reading, outcome } = status;
  const snapshot = reading?.snapshot;
  if (snapshot === undefined) return;
  const screen = renderUpgradeScreen(snapshot, createStyle(color, stdout, env), {
    cluster: clusterName,
    now: clock.now(),
    full,
    exitCode: getExitCode(outcome),
    remark: describeEnd(status),
  });
  stdout.write(screen);
}

/** Describes what the screen alone does not say of the end. A success has its remark as a warning. */
function describeEnd({ outcome, explanation, remark }: WatchStatus): string | undefined {
  if (outcome === 'superseded') return explanation?.what;
  return outcome === 'completed' || remark === undefined ? undefined : capitalize(remark);
}
