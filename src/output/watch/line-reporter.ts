/** A line for every change, for logs; for the table's format the table at the end. */
import type { Picture } from '../../monitor/read.ts';
import type { Host } from '../../platform/host.ts';
import { summaryOf } from '../../upgrade/summary.ts';
import { plainLine } from '../plain-line.ts';
import type { Reporter } from './reporter.ts';

/** @param finish writes what is to stand below the lines */
export function lineReporter(host: Host, finish: (last: Picture | undefined) => void = () => {}): Reporter {
  let last: Picture | undefined;
  let contact = '';
  const say = () => {
    if (last?.situation === undefined) return;
    host.stdout.write(plainLine(summaryOf(last.situation) + contact, new Date(host.clock.now())));
  };
  return {
    tell(event) {
      if (event.type === 'picture') last = event.picture;
      if (event.type === 'lost') contact = '; contact lost since';
      if (event.type === 'regained') contact = '';
      if (event.type === 'heartbeat' || (event.type === 'picture' && event.isMove)) say();
    },
    close: () => finish(last),
  };
}
