/** Logs what a watch waited for, and when it had no contact with the cluster. Pure. */
import { describeFault } from '../../cluster/faults/fault.ts';
import { clip } from '../../platform/format.ts';
import { collectFindings } from '../../upgrade/findings/collect.ts';
import { type Finding, isAbout } from '../../upgrade/findings/finding.ts';
import type { UpgradeSnapshot } from '../../upgrade/snapshot.ts';
import type { WatchEvent } from '../watch.ts';

/** The log of one watch. */
export interface WatchLog {
  /** In the order in which they began. */
  readonly waits: readonly LoggedWait[];
  /** Number of waits that are left out: the shortest of very many. */
  readonly omitted: number;
  readonly endedAt: Date | undefined;
}

/** A wait as the watch saw it, as exact as its interval is. It may have occurred several times. */
export interface LoggedWait {
  /** A sentence without full stop. */
  readonly what: string;
  /** Its first beginning. */
  readonly from: Date;
  readonly count: number;
  /** Time of all occurrences that are over, in milliseconds. */
  readonly took: number;
  /** Beginning of an occurrence that lasts. */
  readonly openSince: Date | undefined;
}

/** The log before the first event. */
export const emptyLog: WatchLog = { waits: [], omitted: 0, endedAt: undefined };

/** Waits that a log keeps, so that the memory of a long watch stays bounded. */
const maxWaits = 200;

/** Longest text of a wait, in characters. */
const maxWaitLength = 300;

/** Adds an event to the log. @param at time of the event */
export function extendLog(log: WatchLog, event: WatchEvent, at: Date): WatchLog {
  switch (event.type) {
    case 'reading':
      return logWaits(log, listWaits(event.reading.snapshot), at);
    case 'failure': {
      // It is unknown whether the other waits go on.
      const open = log.waits.filter(isOpen).map(({ what }) => what);
      const isLogged = open.some((what) => what.startsWith(noContact));
      return isLogged
        ? log
        : logWaits(log, [...open, `${noContact}: ${describeFault(event.failure.fault)}`], at);
    }
    case 'ended':
      return { ...log, endedAt: at };
    default:
      return log;
  }
}

const noContact = 'No usable response from the cluster';

/** Lists what an upgrade waits for now, a health check that fails included. */
function listWaits(snapshot: UpgradeSnapshot | undefined): readonly string[] {
  const findings = snapshot ? collectFindings(snapshot) : [];
  return findings.filter(isWait).map(({ what }) => what);
}

function isWait(finding: Finding): boolean {
  return isAbout('wait', finding) || (finding.code === 'unhealthy' && finding.severity === 'warning');
}

/** Ends the waits that are over, and begins those that are new. */
function logWaits(log: WatchLog, present: readonly string[], at: Date): WatchLog {
  const current = new Set(present.map((what) => clip(what, maxWaitLength)));
  const known = new Set(log.waits.map(({ what }) => what));
  const begun = [...current].filter((what) => !known.has(what));
  const waits = [
    ...log.waits.map((wait) => (current.has(wait.what) ? begin(wait, at) : endWait(wait, at))),
    ...begun.map((what) => ({ what, from: at, count: 1, took: 0, openSince: at })),
  ];
  return limitWaits({ ...log, waits });
}

function isOpen({ openSince }: LoggedWait): boolean {
  return openSince !== undefined;
}

function begin(wait: LoggedWait, at: Date): LoggedWait {
  return isOpen(wait) ? wait : { ...wait, count: wait.count + 1, openSince: at };
}

function endWait(wait: LoggedWait, at: Date): LoggedWait {
  return isOpen(wait) ? { ...wait, took: measureLoggedWait(wait, at), openSince: undefined } : wait;
}

/** Measures all occurrences of a wait, in milliseconds. @param at end of one that lasts */
export function measureLoggedWait({ took, openSince }: LoggedWait, at: Date): number {
  return took + (openSince === undefined ? 0 : at.getTime() - openSince.getTime());
}

/** Leaves out the shortest waits that are over. */
function limitWaits(log: WatchLog): WatchLog {
  const { waits, omitted } = log;
  if (waits.length <= maxWaits) return log;
  const rank = (wait: LoggedWait) => (isOpen(wait) ? Infinity : wait.took);
  const shortest = waits.reduce((one, other) => (rank(other) < rank(one) ? other : one));
  return limitWaits({ ...log, waits: waits.filter((wait) => wait !== shortest), omitted: omitted + 1 });
}
