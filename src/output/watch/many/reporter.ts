/** What shows the course of several watches, one for each way of showing it. */

import type { Standing } from '../../../monitor/many/status.ts';
import type { OwnEvent } from '../../../monitor/many/watch.ts';
import type { Reporter } from '../reporter.ts';

export interface OverallReporter {
  /** @param standing of the one that it happens to, with what happens taken into it */
  tell(event: OwnEvent, standing: Standing): void;
  /** Called once, however it ends: leaves behind what is to stay. */
  close(): void;
}

/** One for each deployment, made when it is first needed. */
export function eachOwn<T>(make: (deployment: string) => T): (deployment: string) => T {
  const made = new Map<string, T>();
  return (deployment) => {
    const own = made.get(deployment) ?? make(deployment);
    made.set(deployment, own);
    return own;
  };
}

/** Shows each as if it were the only one. */
export function sideBySide(make: (deployment: string) => Reporter): OverallReporter {
  const reporterOf = eachOwn(make);
  return {
    tell(event, { deployment }) {
      if (event.type !== 'over') reporterOf(deployment).tell(event);
    },
    close() {},
  };
}
