/** A line for every change, for logs; for the table's format the table at the end. */
import type { UpgradeReading } from '../../monitor/read.ts';
import type { Host } from '../../platform/host.ts';
import { summarize } from '../../upgrade/summary.ts';
import { renderPlainLine } from '../plain-line.ts';
import type { Reporter } from './reporter.ts';

/** @param finish writes what is to stand below the lines */
export function lineReporter(
  host: Host,
  finish: (last: UpgradeReading | undefined) => void = () => {},
): Reporter {
  let last: UpgradeReading | undefined;
  let contact = '';
  const say = () => {
    if (last?.snapshot === undefined) return;
    host.stdout.write(renderPlainLine(summarize(last.snapshot) + contact, new Date(host.clock.now())));
  };
  return {
    tell(event) {
      if (event.type === 'reading') last = event.reading;
      if (event.type === 'lost') contact = '; contact lost since';
      if (event.type === 'regained') contact = '';
      if (event.type === 'heartbeat' || (event.type === 'reading' && event.isMove)) say();
    },
    close: () => finish(last),
  };
}
