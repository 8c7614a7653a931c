/** One read for people, and for those who want it in records. */
import type { Picture } from '../../../monitor/read.ts';
import { progressRecord } from '../../../output/json/records.ts';
import { plainLine } from '../../../output/plain-line.ts';
import { styleOf } from '../../../output/style.ts';
import { renderTable } from '../../../output/table/upgrade.ts';
import type { Host } from '../../../platform/host.ts';
import { summaryOf } from '../../../upgrade/summary.ts';
import type { OwnSettings } from './options.ts';

/** @param next whether to show what can be done, which else is said below */
export function showPicture(picture: Picture, settings: OwnSettings, next: boolean, host: Host): void {
  const { stdout, clock } = host;
  const { format, deployment } = settings;
  const time = new Date(clock.now());
  if (format === 'table') showTable(picture, settings, next, host);
  if (format === 'plain' && picture.situation) stdout.write(plainLine(summaryOf(picture.situation), time));
  if (format === 'ndjson') stdout.write(progressRecord(deployment, picture, time));
}

export function showTable(
  { situation }: Picture,
  { color, full }: OwnSettings,
  next: boolean,
  host: Host,
): void {
  if (situation === undefined) return;
  const style = styleOf(color, host.stdout, host.env);
  host.stdout.write(renderTable(situation, style, { full, next }));
}
