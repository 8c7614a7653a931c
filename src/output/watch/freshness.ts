/** Formats how fresh a live view is. Pure. */
import { formatElapsed } from '../../platform/format.ts';

/** Formats `read 2s ago, next in 8s`. Times are on the monotonic clock. @param nextReadAt past while a read is under way */
export function formatFreshness(now: number, readAt: number, nextReadAt: number | undefined): string {
  const read = `read ${formatElapsed(now - readAt)} ago`;
  if (nextReadAt === undefined) return read;
  const left = Math.ceil((nextReadAt - now) / 1000);
  return `${read}, ${left > 0 ? `next in ${formatElapsed(1000 * left)}` : 'reading'}`;
}
