/** Formats times of day in UTC. Pure. */

/** Formats a time to the second, with its date unless it is that of `now`. */
export function formatClockTime(time: Date, now: Date): string {
  if (Number.isNaN(time.getTime())) return 'at an unknown time';
  const [date = '', clock = ''] = time.toISOString().slice(0, 19).split('T');
  const isToday = !Number.isNaN(now.getTime()) && now.toISOString().startsWith(date);
  return isToday ? clock : `${date} ${clock}`;
}
