/** Parses what events of all kinds have in common. */
import * as v from 'valibot';
import { identifier, isObject, time } from './schema.ts';

/** Id of an event that has none. */
const noId = '00000000-0000-0000-0000-000000000000';

/** Members of all events. An event without a time is invalid. */
export const eventMembers = {
  EventInstanceId: v.pipe(
    identifier,
    v.transform((id) => (id === noId ? undefined : id)),
  ),
  TimeStamp: v.pipe(time, v.date()),
};

/** Converts the members of all events. */
export function toBase(event: { readonly EventInstanceId: string | undefined; readonly TimeStamp: Date }) {
  return { id: event.EventInstanceId, at: event.TimeStamp };
}

/** Returns the kind in lower case, without `Event` at its end, which the names of the models have; empty for other JSON. */
export function readKind(element: unknown): string {
  const kind = isObject(element) ? element['Kind'] : undefined;
  return typeof kind === 'string' ? kind.toLowerCase().replace(/event$/, '') : '';
}

/** Largest number of events to keep. */
const maxEvents = 5000;

interface Timed {
  readonly at: Date;
}

/** Sorts events, oldest first. */
export function sortEvents<T extends Timed>(events: readonly T[]): readonly T[] {
  return events.toSorted((one, other) => one.at.getTime() - other.at.getTime());
}

/** Sorts events, oldest first, and drops the oldest of too many. */
export function takeNewest<T extends Timed>(events: readonly T[]): readonly T[] {
  return sortEvents(events).slice(-maxEvents);
}
