/** Prints the overview of many deployments. */
import type { WatchStatus } from '../../../monitor/status.ts';
import { createStyle } from '../../../output/style.ts';
import { selectLimit } from '../../../output/table/layout.ts';
import { createStatusRow, renderStatuses } from '../../../output/table/many.ts';
import type { Host } from '../../../platform/host.ts';
import type { UpgradeProgressSettings } from './options.ts';

/** Prints a row for each status. */
export function printOverview(
  statuses: readonly WatchStatus[],
  { color, full }: UpgradeProgressSettings,
  { stdout, env }: Host,
): void {
  const style = createStyle(color, stdout, env);
  stdout.write(renderStatuses(statuses.map(createStatusRow), style, selectLimit(full), false));
}
