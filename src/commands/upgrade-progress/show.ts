/** One read for people, and for those who want it in records. */
import type { Host } from '../../host.ts';
import type { Picture } from '../../picture.ts';
import { progressRecord } from '../../render/ndjson.ts';
import { plainLine } from '../../render/plain.ts';
import { styleOf } from '../../render/style.ts';
import { renderTable } from '../../render/table.ts';
import { summaryOf } from '../../summary.ts';
import type { OwnSettings } from '../options.ts';

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
