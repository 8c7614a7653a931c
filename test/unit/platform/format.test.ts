/** The formats of durations, times, and arguments of commands. */
import { describe, expect, it } from 'vitest';
import { endSentence, formatDuration, formatElapsed, formatProseTime } from '../../../src/platform/format.ts';

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

it('a time in prose is in UTC, to the second', () => {
  expect(formatProseTime(new Date('2026-11-24T07:05:18.900Z'))).toBe('2026-11-24 07:05:18 UTC');
  expect(formatProseTime(new Date(Number.NaN))).toBe('an unknown time');
});

it.each([
  ['no image', 'no image.'],
  ['no image. ', 'no image.'],
  ['really?', 'really?'],
])('%j ends as a sentence', (text, sentence) => {
  expect(endSentence(text)).toBe(sentence);
});
