/** Prints the overview of many deployments. */
import { findSharedExplanation } from '../../../monitor/result.ts';
import type { WatchStatus } from '../../../monitor/status.ts';
import { renderOverview } from '../../../output/overview/render.ts';
import { createStatusRow } from '../../../output/overview/row.ts';
import { createStyle } from '../../../output/style.ts';
import type { Host } from '../../../platform/host.ts';
import { literal } from '../../../platform/printable.ts';
import type { UpgradeProgressSettings } from './options.ts';

/** Lines of an overview without `--full`, and with it. */
const maxLines = 200;
const maxFullLines = 20_000;

/** Prints a row for each status. */
export function printOverview(
  statuses: readonly WatchStatus[],
  { color, full, clusterName, formatReadCommand }: UpgradeProgressSettings,
  { stdout, env }: Host,
): void {
  // The error that follows explains the failure that they share.
  const isShared = findSharedExplanation(statuses)?.request !== undefined;
  const rows = statuses
    .map((status) => createStatusRow(status, formatReadCommand))
    .map((row) => (isShared ? { ...row, reason: literal`` } : row));
  const screen = renderOverview(rows, createStyle(color, stdout, env), {
    cluster: clusterName,
    maxLines: full ? maxFullLines : maxLines,
    hint: full ? '; -o json has all' : '; --full shows all',
    maxReasonLines: full ? Infinity : 8,
  });
  stdout.write(screen);
}
