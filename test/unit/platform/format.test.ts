/** The formats of durations and of arguments. */
import { describe, expect, it } from 'vitest';
import { formatDuration, formatElapsed } from '../../../src/platform/format.ts';

describe('a duration', () => {
  it.each([
    [0, '0s', '0s'],
    [-5, '0s', '0s'],
    [250, '250ms', '0s'],
    [59_999, '59s', '59s'],
    [120_000, '2m', '2m 00s'],
    [241_000, '4m 1s', '4m 01s'],
    [599_000, '9m 59s', '9m 59s'],
    [753_000, '12m', '12m 33s'],
    [3_600_000, '1h', '1h 00m 00s'],
    [3_900_000, '1h 5m', '1h 05m 00s'],
    [7_200_000, '2h', '2h 00m 00s'],
    [183_600_000, '2d 3h', '2d 03h 00m 00s'],
    [Infinity, 'no limit', 'no limit'],
  ])('of %d ms is %s in prose, and %s on a clock', (ms, prose, clock) => {
    expect(formatDuration(ms)).toBe(prose);
    expect(formatElapsed(ms)).toBe(clock);
  });
});
