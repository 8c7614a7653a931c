/** Reports of the system components about the health of entities. */
import { toEnum } from '../enums.ts';
import { DateTime, Int64, type Members, TimeSpan, toFileTime } from '../runtime-json.ts';

/** The state of a report or of an entity. */
export type HealthState = 'Ok' | 'Warning' | 'Error';

/** A report that does not expire. Times are milliseconds since 1970. */
export interface HealthReport {
  readonly source: string;
  readonly property: string;
  readonly state: HealthState;
  readonly description: string;
  readonly at: number;
  /** When the property was last reported healthy, if it is not now. */
  readonly okAt?: number;
}

/** Creates a report that all is well. @param at milliseconds since 1970 */
export function createOkReport(
  source: string,
  property: string,
  description: string,
  at: number,
): HealthReport {
  return { source, property, state: 'Ok', description, at };
}

/** Time from a report to its arrival in the health store. */
const arrivalMs = 757;

/** Builds a `HealthEvent`. */
export function buildHealthEvent(report: HealthReport): Members {
  const { source, property, state, description, at, okAt } = report;
  const arrived = new DateTime(at + arrivalMs);
  return {
    SourceId: source,
    Property: property,
    HealthState: toEnum('healthState', state),
    TimeToLiveInMilliSeconds: new TimeSpan(Infinity),
    Description: description,
    SequenceNumber: new Int64(toFileTime(at)),
    RemoveWhenExpired: false,
    SourceUtcTimestamp: new DateTime(at),
    LastModifiedUtcTimestamp: arrived,
    IsExpired: false,
    LastOkTransitionAt: state === 'Ok' ? arrived : new DateTime(okAt),
    LastWarningTransitionAt: state === 'Warning' ? arrived : new DateTime(),
    LastErrorTransitionAt: state === 'Error' ? arrived : new DateTime(),
  };
}
