/** Creates notices about the lists of a dashboard: contact that is lost or regained, and clusters that are given up. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { ListEvent, ListSource } from '../../monitor/watch-list.ts';
import { formatDuration } from '../../platform/format.ts';
import { describePort, type Notice } from './notices.ts';

/** Creates a function that returns the notice of an event, each only once until it is over. */
export function createListNoticeMaker(): (event: ListEvent, source: ListSource) => Notice | undefined {
  const lost = new Set<ListSource>();
  const known = new Set<ListSource>();

  function describe(event: ListEvent, source: ListSource): string | undefined {
    const { endpoint, isAmongClusters } = source;
    switch (event.type) {
      case 'listed':
        known.add(source);
        return undefined;
      case 'failure': {
        if (lost.has(source)) return undefined;
        lost.add(source);
        const isKnown = known.has(source);
        const what = isKnown ? 'Contact lost' : `No usable response from ${endpoint}`;
        return `${what}: ${describeFault(event.failure.fault)}.${isKnown ? '' : describePort(endpoint)} Retrying.`;
      }
      case 'recovered': {
        lost.delete(source);
        const what = known.has(source) ? 'Contact regained' : `${endpoint} responded`;
        return `${what} after ${formatDuration(event.failedForMs)}.`;
      }
      case 'ended':
        // The end of the only cluster is the end of the command.
        return isAmongClusters ? event.explanation.what : undefined;
    }
  }

  return (event, source) => {
    const text = describe(event, source);
    if (text === undefined) return undefined;
    const prefix = source.isAmongClusters ? `${source.cluster}: ` : '';
    return { text: `${prefix}${text}`, isWarning: event.type === 'ended' };
  };
}
