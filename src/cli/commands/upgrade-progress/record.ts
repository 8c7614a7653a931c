/** Loads the recorder of a watch, before which sfcompose may be reinstalled, if a report is wanted. */
import type { WatchRecorder } from '../../../output/report/watch-recorder.ts';
import type { Host } from '../../../platform/host.ts';
import type { UpgradeProgressSettings } from './options.ts';

/** @returns `undefined` without `--report` */
export async function loadWatchRecorder(
  settings: UpgradeProgressSettings,
  host: Host,
): Promise<WatchRecorder | undefined> {
  const { report, connections } = settings;
  if (report === undefined) return undefined;
  const { createWatchRecorder } = await import('../../../output/report/watch-recorder.ts');
  return createWatchRecorder(report, connections, settings, host);
}
