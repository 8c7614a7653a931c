/** Records a watch as it goes, and writes its report at the end. */
import { emptyLog, extendLog, type WatchLog } from '../../monitor/report/watch-log.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import { nameTarget } from '../../monitor/target.ts';
import type { WatchEvent } from '../../monitor/watch.ts';
import type { Host } from '../../platform/host.ts';
import { renderWarning } from '../error.ts';
import type { ReportedCluster, ReportOptions } from './watch-report.ts';
import { writeWatchReport } from './write-report.ts';

/** Records a watch for its report. */
export interface WatchRecorder {
  /** @param status of the deployment that the event is about, with the event taken in */
  onEvent(event: WatchEvent, status: WatchStatus): void;
  /** Writes the report. A failure gets a warning only: the verdict does not depend on the file. */
  write(statuses: readonly WatchStatus[]): Promise<void>;
}

/** @param path of the report, checked already */
export function createWatchRecorder(
  path: string,
  clusters: readonly ReportedCluster[],
  options: ReportOptions,
  host: Host,
): WatchRecorder {
  const { clock, stderr } = host;
  const startedAt = new Date(clock.now());
  const logs = new Map<string, WatchLog>();
  const findLog = (status: WatchStatus) => logs.get(nameTarget(status));
  return {
    onEvent(event, status) {
      logs.set(nameTarget(status), extendLog(findLog(status) ?? emptyLog, event, new Date(clock.now())));
    },
    async write(statuses) {
      const endedAt = new Date(clock.now());
      const report = { statuses, findLog, clusters, options, startedAt, endedAt };
      const warning = await writeWatchReport(path, report, host);
      if (warning) stderr.write(renderWarning(warning, host));
    },
  };
}
