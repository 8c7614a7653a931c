/** Writes an ndjson record for each change. The result writes the last record, with the outcome. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { Host } from '../../platform/host.ts';
import { renderContactRecord, renderProgressRecord } from '../json/records.ts';
import type { Reporter } from './reporter.ts';

/** Creates the reporter of `-o ndjson`. */
export function createRecordReporter({ stdout, clock }: Host): Reporter {
  /** The last error of each deployment. */
  const errors = new Map<string, string>();
  return {
    onEvent(event, { deployment }) {
      const time = new Date(clock.now());
      if (event.type === 'reading' && event.isNews) {
        stdout.write(renderProgressRecord(deployment, event.reading, time));
      } else if (event.type === 'failure') {
        const error = describeFault(event.failure.fault);
        errors.set(deployment, error);
        if (event.failure.count === 1) stdout.write(renderContactRecord(deployment, 'lost', error, time));
      } else if (event.type === 'recovered') {
        stdout.write(renderContactRecord(deployment, 'regained', errors.get(deployment) ?? '', time));
      }
    },
    close() {},
  };
}
