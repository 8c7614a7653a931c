/** Creates notices of events that deserve a line of their own: lost contact, a stall, an unknown state. Pure. */
import { describeFault } from '../../cluster/faults/fault.ts';
import { defaultPort, describeOtherPort } from '../../config/endpoint.ts';
import type { WatchStatus } from '../../monitor/status.ts';
import { nameTarget } from '../../monitor/target.ts';
import type { ReadingEvent, WatchEvent } from '../../monitor/watch.ts';
import { formatDuration, formatTime } from '../../platform/format.ts';
import { isKnownState } from '../../upgrade/state.ts';
import { describeUsualCauses } from '../../upgrade/wording.ts';

/** A line about an event. */
export interface Notice {
  readonly text: string;
  /** Whether the notice is a warning, rather than news. */
  readonly isWarning: boolean;
  /** Formats the text of a notice that ticks. @param elapsedMs milliseconds since the event */
  readonly renew?: (elapsedMs: number) => string;
}

type NoticeMaker = (event: WatchEvent, status: WatchStatus) => Notice | undefined;

/**
 * Deployments of a cluster whose lost contact gets a notice at the same time: enough to see that the cluster is down. Of
 * each of several clusters, one is enough.
 */
const maxContactNotices = { oneCluster: 10, severalClusters: 1 };

/** Unknown states per deployment that get a notice, so that the memory of a long watch stays bounded. */
const maxUnknownStates = 20;

/**
 * Creates a function that returns the notice of an event, each only once.
 * @param isMany whether a notice names its deployment
 * @param now tells milliseconds since 1970
 */
export function createNoticeMaker(isMany: boolean, now: () => number): NoticeMaker {
  /** Endpoints of the targets whose lost contact got a notice, by name. */
  const lost = new Map<string, string>();
  const unknownStates = new Map<string, Set<string>>();

  function makeNotice(event: WatchEvent, status: WatchStatus): Notice | undefined {
    const { reading, endpoint } = status;
    const name = nameTarget(status);
    switch (event.type) {
      case 'reading':
        return event.isMove ? makeReadingNotice(event, name) : undefined;
      case 'failure': {
        const max = maxContactNotices[status.isAmongClusters ? 'severalClusters' : 'oneCluster'];
        const count = [...lost.values()].filter((one) => one === endpoint).length;
        if (event.failure.count > 1 || count >= max) return undefined;
        lost.set(name, endpoint);
        const what = reading ? 'Contact lost' : `No usable response from ${endpoint}`;
        const port = reading ? '' : describePort(endpoint);
        return news(`${what}: ${describeFault(event.failure.fault)}.${port} Retrying.`);
      }
      case 'recovered': {
        if (!lost.delete(name)) return undefined;
        const what = reading ? 'Contact regained' : `${endpoint} responded`;
        return news(`${what} after ${formatDuration(event.failedForMs)}.`);
      }
      case 'stalled': {
        const { unmovedForMs } = event;
        const since = formatTime(new Date(now() - unmovedForMs));
        const causes = reading?.snapshot
          ? ` Usual causes: ${describeUsualCauses(reading.snapshot.upgrade)}.`
          : '';
        const renew = (elapsedMs: number) =>
          `Nothing has changed for ${formatDuration(unmovedForMs + elapsedMs)}, since ${since}.${causes}`;
        return { ...warning(renew(0)), renew };
      }
      case 'ended':
        lost.delete(name);
        unknownStates.delete(name);
        return undefined;
      default:
        return undefined;
    }
  }

  function makeReadingNotice({ reading }: ReadingEvent, name: string): Notice | undefined {
    const { snapshot, status } = reading;
    if (snapshot === undefined)
      return warning(
        `The cluster has no record of the upgrade and reports the deployment as ${status?.status ?? 'gone'}: its first upgrade is being rolled back.`,
      );
    const { state } = snapshot.upgrade;
    const word = `${state ?? ''}`;
    const known = unknownStates.get(name) ?? new Set();
    if (isKnownState(state) || known.has(word) || known.size >= maxUnknownStates) return undefined;
    unknownStates.set(name, known.add(word));
    return warning(
      `Unknown upgrade state "${word}". Still watching; a newer version of sfcompose may know the state.`,
    );
  }

  return (event, status) => {
    const notice = makeNotice(event, status);
    return notice && isMany ? addName(notice, nameTarget(status)) : notice;
  };
}

/** Tells whose port it is, if it is not the HTTP gateway's. */
export function describePort(endpoint: string): string {
  const { port } = new URL(endpoint);
  const user = describeOtherPort(port);
  return user ? ` Port ${port} is for ${user}; the HTTP gateway is at ${defaultPort}.` : '';
}

function addName({ text, isWarning, renew }: Notice, name: string): Notice {
  const add = (text: string) => `${name}: ${text}`;
  return { text: add(text), isWarning, ...(renew && { renew: (elapsedMs) => add(renew(elapsedMs)) }) };
}

function news(text: string): Notice {
  return { text, isWarning: false };
}

function warning(text: string): Notice {
  return { text, isWarning: true };
}
