/** Writes an ndjson record for each change. The result writes the last record, with the outcome. */
import { describeFault } from '../../cluster/faults/fault.ts';
import { nameTarget } from '../../monitor/target.ts';
import type { Host } from '../../platform/host.ts';
import { renderContactRecord, renderProgressRecord } from '../json/records.ts';
import type { Reporter } from './reporter.ts';

/** Creates the reporter of `-o ndjson`. */
export function createRecordReporter({ stdout, clock }: Host): Reporter {
  /** The last error of each target, by name. */
  const errors = new Map<string, string>();
  return {
    onEvent(event, target) {
      const name = nameTarget(target);
      const time = new Date(clock.now());
      if (event.type === 'reading' && event.isNews) {
        stdout.write(renderProgressRecord(target, event.reading, time));
      } else if (event.type === 'failure') {
        const error = describeFault(event.failure.fault);
        errors.set(name, error);
        if (event.failure.count === 1) stdout.write(renderContactRecord(target, 'lost', error, time));
      } else if (event.type === 'recovered') {
        stdout.write(renderContactRecord(target, 'regained', errors.get(name) ?? '', time));
      } else if (event.type === 'ended') {
        errors.delete(name);
      }
    },
    close() {},
  };
}
