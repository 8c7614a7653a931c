/** What is worth a line of its own beside the picture: lost contact, standstill, a state that is not known. */
import { faultWords } from '../../cluster/faults/fault.ts';
import type { Picture } from '../../monitor/read.ts';
import type { Lost } from '../../monitor/retry.ts';
import type { FollowEvent } from '../../monitor/watch.ts';
import { durationText, timeText } from '../../platform/format.ts';
import { isKnownState } from '../../upgrade/state.ts';
import { usualCauses } from '../../upgrade/wording.ts';

export interface Notice {
  readonly text: string;
  /** A warning, and no mere news. */
  readonly isWarning: boolean;
}

/** @returns what makes notices of events; it says nothing twice */
export function noticeMaker(now: () => number): (event: FollowEvent) => Notice | undefined {
  const unknownStates = new Set<string>();
  let last: Picture | undefined;
  return (event) => {
    switch (event.type) {
      case 'picture': {
        last = event.picture;
        return newsOf(event.picture, event.isMove, unknownStates);
      }
      case 'lost':
        return event.failures === 1
          ? { text: lossOf(event, last !== undefined), isWarning: false }
          : undefined;
      case 'regained': {
        const what = last ? 'Contact regained' : 'The cluster answers';
        return { text: `${what} after ${durationText(event.lostFor)}.`, isWarning: false };
      }
      case 'stalled': {
        const since = timeText(new Date(now() - event.unmovedFor));
        const causes = last?.situation ? ` Usual cause here: ${usualCauses(last.situation.upgrade)}.` : '';
        return {
          text: `Nothing has changed for ${durationText(event.unmovedFor)}, since ${since}.${causes}`,
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
  return `${what}: ${faultWords(fault)}. Trying again.`;
}

/** Nobody reads more of them, and a watch of days is not to remember them. */
const mostUnknownStates = 20;

function newsOf({ situation, status }: Picture, isMove: boolean, told: Set<string>): Notice | undefined {
  if (!isMove) return undefined;
  if (situation === undefined) {
    return {
      text: `The cluster has no record of the upgrade, and says that the deployment is ${status?.status ?? 'gone'}: its first upgrade is being rolled back.`,
      isWarning: true,
    };
  }
  const { state } = situation.upgrade;
  if (isKnownState(state) || told.has(state) || told.size === mostUnknownStates) return undefined;
  told.add(state);
  return {
    text: `The state "${state}" is not known to this version of sfcompose; watching on.`,
    isWarning: true,
  };
}
