/** The format of durations. */
import { describe, expect, it } from 'vitest';
import { formatDuration } from '../../../src/platform/format.ts';

describe('a duration', () => {
  it.each([
    [0, '0s'],
    [-5, '0s'],
    [59_999, '59s'],
    [241_000, '4m 01s'],
    [3_600_000, '1h 00m 00s'],
    [183_600_000, '2d 03h 00m 00s'],
    [Infinity, 'no limit'],
  ])('of %d ms is formatted as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});
