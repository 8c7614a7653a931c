/** Prints what was read, in every format but JSON, which belongs to the result. */
import type { WatchStatus } from '../../../monitor/status.ts';
import { summarizeStatus } from '../../../monitor/status-wording.ts';
import { renderProgressRecord } from '../../../output/json/records.ts';
import { renderPlainLine } from '../../../output/plain-line.ts';
import { createStyle } from '../../../output/style.ts';
import { selectLimit } from '../../../output/table/layout.ts';
import { createStatusRow, renderStatuses } from '../../../output/table/many.ts';
import { renderTable } from '../../../output/table/upgrade.ts';
import type { Host } from '../../../platform/host.ts';
import type { UpgradeProgressSettings } from './options.ts';

/** Prints the statuses of a read. Of a single deployment that was not read there is only the error to report. */
export function printStatuses(
  statuses: readonly WatchStatus[],
  settings: UpgradeProgressSettings,
  host: Host,
): void {
  const time = new Date(host.clock.now());
  const { format } = settings;
  if (format === 'table') printTable(statuses, settings, true, host);
  for (const status of statuses) {
    const { deployment, reading } = status;
    if (format === 'ndjson' && reading) host.stdout.write(renderProgressRecord(deployment, reading, time));
    if (format === 'plain' && (statuses.length > 1 || reading?.snapshot))
      host.stdout.write(renderPlainLine(summarizeStatus(status), time));
  }
}

/**
 * Prints the table of one upgrade, or the overview of many.
 * @param withNextSteps whether the table of a success has next steps; those of an error follow with its explanation
 */
export function printTable(
  statuses: readonly WatchStatus[],
  { color, full }: UpgradeProgressSettings,
  withNextSteps: boolean,
  { stdout, env }: Host,
): void {
  const style = createStyle(color, stdout, env);
  const [only] = statuses;
  if (only && statuses.length === 1) {
    const snapshot = only.reading?.snapshot;
    const next = withNextSteps && only.explanation === undefined;
    if (snapshot) stdout.write(renderTable(snapshot, style, { full, next }));
  } else {
    stdout.write(renderStatuses(statuses.map(createStatusRow), style, selectLimit(full), false));
  }
}
