/** Formats an estimate as a range: `6–12 min`. Pure. */
import { formatDuration } from '../../platform/format.ts';
import type { Style } from '../style.ts';

const minuteMs = 60_000;

/** Formats a range of times, in minutes where it can. */
export function formatRange(
  { low, high }: { readonly low: number; readonly high: number },
  { glyphs }: Pick<Style, 'glyphs'>,
): string {
  const isInMinutes = high >= 2 * minuteMs && high <= 120 * minuteMs;
  if (!isInMinutes)
    return low < 1000
      ? `up to ${formatDuration(high)}`
      : `${formatDuration(low)}${glyphs.dash}${formatDuration(high)}`;
  const [least, most] = [Math.floor(low / minuteMs), Math.ceil(high / minuteMs)];
  return least === 0 ? `up to ${most} min` : `${least}${glyphs.dash}${most} min`;
}
