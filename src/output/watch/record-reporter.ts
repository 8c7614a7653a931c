/** A record for every change, for scripts. The last record, the outcome, is written by whoever knows it. */
import { faultWords } from '../../cluster/faults/fault.ts';
import type { Host } from '../../platform/host.ts';
import { contactRecord, progressRecord } from '../json/records.ts';
import type { Reporter } from './reporter.ts';

export function recordReporter(deployment: string, host: Host): Reporter {
  let error = '';
  return {
    tell(event) {
      const time = new Date(host.clock.now());
      if (event.type === 'picture' && event.isNews) {
        host.stdout.write(progressRecord(deployment, event.picture, time));
      } else if (event.type === 'lost') {
        error = faultWords(event.fault);
        if (event.failures === 1) host.stdout.write(contactRecord(deployment, 'lost', error, time));
      } else if (event.type === 'regained') {
        host.stdout.write(contactRecord(deployment, 'regained', error, time));
      }
    },
    close() {},
  };
}
