/** One read for people, and for those who want it in records. */
import type { UpgradeReading } from '../../../monitor/read.ts';
import { renderProgressRecord } from '../../../output/json/records.ts';
import { renderPlainLine } from '../../../output/plain-line.ts';
import { createStyle } from '../../../output/style.ts';
import { renderTable } from '../../../output/table/upgrade.ts';
import type { Host } from '../../../platform/host.ts';
import { summarize } from '../../../upgrade/summary.ts';
import type { OwnSettings } from './options.ts';

/** @param next whether to show what can be done, which else is said below */
export function printReading(
  reading: UpgradeReading,
  settings: OwnSettings,
  next: boolean,
  host: Host,
): void {
  const { stdout, clock } = host;
  const { format, deployment } = settings;
  const time = new Date(clock.now());
  if (format === 'table') showTable(reading, settings, next, host);
  if (format === 'plain' && reading.snapshot)
    stdout.write(renderPlainLine(summarize(reading.snapshot), time));
  if (format === 'ndjson') stdout.write(renderProgressRecord(deployment, reading, time));
}

export function showTable(
  { snapshot }: UpgradeReading,
  { color, full }: OwnSettings,
  next: boolean,
  host: Host,
): void {
  if (snapshot === undefined) return;
  const style = createStyle(color, host.stdout, host.env);
  host.stdout.write(renderTable(snapshot, style, { full, next }));
}
