/** Records a watch as it goes, and writes its report at the end. */
import { emptyLog, extendLog, type WatchLog } from '../../monitor/report/watch-log.ts';
import { endStatus, type WatchStatus } from '../../monitor/status.ts';
import { nameTarget } from '../../monitor/target.ts';
import type { WatchEvent } from '../../monitor/watch.ts';
import { getErrorCode } from '../../platform/errors.ts';
import type { CloseReason, Host } from '../../platform/host.ts';
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
  const { clock, stdout, stderr } = host;
  const startedAt = new Date(clock.now());
  const logs = new Map<string, WatchLog>();
  const findLog = (status: WatchStatus) => logs.get(nameTarget(status));

  /** Ends the watch of an upgrade that has not ended, because the output was closed. */
  function explainClosing(status: WatchStatus): WatchStatus {
    const outcome: CloseReason = stdout.closeSignal.reason;
    const what = 'Stopped watching, because the output was closed.';
    return status.outcome === 'in-progress'
      ? endStatus(status, { outcome, code: getErrorCode(outcome), what })
      : status;
  }

  return {
    onEvent(event, status) {
      logs.set(nameTarget(status), extendLog(findLog(status) ?? emptyLog, event, new Date(clock.now())));
    },
    async write(statuses) {
      const endedAt = new Date(clock.now());
      const report = {
        statuses: stdout.closeSignal.aborted ? statuses.map(explainClosing) : statuses,
        findLog,
        clusters,
        options,
        startedAt,
        endedAt,
      };
      const warning = await writeWatchReport(path, report, host);
      if (warning) stderr.write(renderWarning(warning, host));
    },
  };
}
