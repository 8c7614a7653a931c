/** What is worth a line of its own beside the reading: lost contact, standstill, a state that is not known. */
import { describeFault } from '../../cluster/faults/fault.ts';
import type { UpgradeReading } from '../../monitor/read.ts';
import type { Lost } from '../../monitor/retry.ts';
import type { FollowEvent } from '../../monitor/watch.ts';
import { formatDuration, formatTime } from '../../platform/format.ts';
import { isKnownState } from '../../upgrade/state.ts';
import { describeUsualCauses } from '../../upgrade/wording.ts';

export interface Notice {
  readonly text: string;
  /** A warning, and no mere news. */
  readonly isWarning: boolean;
}

/** @returns what makes notices of events; it says nothing twice */
export function noticeMaker(now: () => number): (event: FollowEvent) => Notice | undefined {
  const unknownStates = new Set<string>();
  let last: UpgradeReading | undefined;
  return (event) => {
    switch (event.type) {
      case 'reading': {
        last = event.reading;
        return newsOf(event.reading, event.isMove, unknownStates);
      }
      case 'lost':
        return event.failures === 1
          ? { text: lossOf(event, last !== undefined), isWarning: false }
          : undefined;
      case 'regained': {
        const what = last ? 'Contact regained' : 'The cluster answers';
        return { text: `${what} after ${formatDuration(event.lostFor)}.`, isWarning: false };
      }
      case 'stalled': {
        const since = formatTime(new Date(now() - event.unmovedFor));
        const causes = last?.snapshot
          ? ` Usual cause here: ${describeUsualCauses(last.snapshot.upgrade)}.`
          : '';
        return {
          text: `Nothing has changed for ${formatDuration(event.unmovedFor)}, since ${since}.${causes}`,
          isWarning: true,
        };
      }
      default:
        return undefined;
    }
  };
}

/** Words a failed read: contact is lost only if there was contact. */
function lossOf({ endpoint, fault }: Lost, wasThere: boolean): string {
  const what = wasThere ? 'Contact lost' : `No usable response from ${endpoint}`;
  return `${what}: ${describeFault(fault)}. Trying again.`;
}

/** Nobody reads more of them, and a watch of days is not to remember them. */
const mostUnknownStates = 20;

function newsOf(
  { snapshot, status }: UpgradeReading,
  isMove: boolean,
  told: Set<string>,
): Notice | undefined {
  if (!isMove) return undefined;
  if (snapshot === undefined) {
    return {
      text: `The cluster has no record of the upgrade, and says that the deployment is ${status?.status ?? 'gone'}: its first upgrade is being rolled back.`,
      isWarning: true,
    };
  }
  const { state } = snapshot.upgrade;
  const word = `${state ?? ''}`;
  if (isKnownState(state) || told.has(word) || told.size === mostUnknownStates) return undefined;
  told.add(word);
  return {
    text: `The state "${word}" is not known to this version of sfcompose; watching on.`,
    isWarning: true,
  };
}
