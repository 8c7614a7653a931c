/** Writes a line for each change, for logs. */
import { isOutdated, type WatchStatus } from '../../monitor/status.ts';
import { describeAll, formatStatusLine } from '../../monitor/status-wording.ts';
import { nameTarget } from '../../monitor/target.ts';
import type { Host } from '../../platform/host.ts';
import { summarize } from '../../upgrade/summary.ts';
import { renderPlainLine } from '../plain-line.ts';
import type { Reporter, WatchView } from './reporter.ts';

/**
 * Repeats the line of a single deployment at each heartbeat. For many, one line summarizes all of them once no line was
 * written for a heartbeat interval, and a line reports each deployment that is gone.
 * @param finish writes the final table
 */
export function createLineReporter(
  { heartbeatMs }: Pick<WatchView, 'heartbeatMs'>,
  statuses: () => readonly WatchStatus[],
  finish: () => void,
  { stdout, clock }: Host,
): Reporter {
  const isMany = statuses().length > 1;
  let writtenAt = clock.monotonic();
  const write = (text: string) => stdout.write(renderPlainLine(text, new Date(clock.now())));
  const writeUpgrade = (status: WatchStatus) => {
    const { reading, failure } = status;
    if (reading?.snapshot)
      write(summarize(reading.snapshot, nameTarget(status)) + (failure ? '; contact lost since' : ''));
  };
  return {
    onEvent(event, status) {
      const now = clock.monotonic();
      if (event.type === 'reading' && event.isMove) {
        writeUpgrade(status);
        writtenAt = now;
      } else if (event.type === 'heartbeat' && !isMany) {
        writeUpgrade(status);
      } else if (event.type === 'heartbeat' && now - writtenAt >= heartbeatMs) {
        write(describeAll(statuses()));
        writtenAt = now;
      } else if (event.type === 'ended' && isMany && isOutdated(status)) {
        write(formatStatusLine(status));
        writtenAt = now;
      }
    },
    close: finish,
  };
}
