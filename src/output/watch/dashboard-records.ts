/** Writes an ndjson record for each change of a dashboard. The result writes the last record, with the outcome. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { ListSource } from '../../monitor/watch-list.ts';
import type { Host } from '../../platform/host.ts';
import { renderContactRecord, renderEndedRecord } from '../json/records.ts';
import type { DashboardReporter } from './dashboard-reporter.ts';
import { createRecordReporter } from './record-reporter.ts';

/** Creates the reporter of `-o ndjson`. */
export function createDashboardRecords(host: Host): DashboardReporter {
  const { stdout, clock } = host;
  const upgrades = createRecordReporter(host);
  /** The last errors of lists without contact. */
  const errors = new Map<ListSource, string>();
  return {
    onEvent(one, status) {
      const time = new Date(clock.now());
      if (one.type === 'upgrade' && status) {
        upgrades.onEvent(one.event, status);
        if (one.event.type === 'ended') stdout.write(renderEndedRecord(status, time));
      }
      if (one.type !== 'list') return;
      const { source, event } = one;
      const target = { ...source, deployment: null };
      const last = errors.get(source);
      if (event.type === 'failure') {
        const error = describeFault(event.failure.fault);
        errors.set(source, error);
        if (last === undefined) stdout.write(renderContactRecord(target, 'lost', error, time));
      } else if (event.type === 'recovered') {
        errors.delete(source);
        stdout.write(renderContactRecord(target, 'regained', last ?? '', time));
      }
    },
    close() {},
  };
}
