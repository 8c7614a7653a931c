/** A record for every change, for scripts. The last record, the outcome, is written by whoever knows it. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { Host } from '../../platform/host.ts';
import { renderContactRecord, renderProgressRecord } from '../json/records.ts';
import type { Reporter } from './reporter.ts';

export function recordReporter(deployment: string, host: Host): Reporter {
  let error = '';
  return {
    tell(event) {
      const time = new Date(host.clock.now());
      if (event.type === 'reading' && event.isNews) {
        host.stdout.write(renderProgressRecord(deployment, event.reading, time));
      } else if (event.type === 'lost') {
        error = describeFault(event.fault);
        if (event.failures === 1) host.stdout.write(renderContactRecord(deployment, 'lost', error, time));
      } else if (event.type === 'regained') {
        host.stdout.write(renderContactRecord(deployment, 'regained', error, time));
      }
    },
    close() {},
  };
}
