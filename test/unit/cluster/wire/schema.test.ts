/** Parsing durations in every notation of the runtime. */
import { describe, expect, it } from 'vitest';
import { readDuration } from '../../../../src/cluster/wire/schema.ts';

describe('a duration', () => {
  it.each([
    ['PT0H0M0S', 0],
    ['PT0H2M0S', 120_000],
    ['PT0H4M0.6412S', 240_641.2],
    ['P1DT1H0M0S', 90_000_000],
    ['PT0H0M60S', 60_000],
    ['PT0H0M9.5e-05S', 0.095],
    ['PT00H02M05.5S', 125_500],
    ['P1Y2M3D', (365 + 60 + 3) * 86_400_000],
    ['-PT0H0M1S', -1000],
    ['1500', 1500],
    [1500, 1500],
    ['P10675199DT2H48M5.4775807S', Infinity],
    ['P10675199DT02H48M05.4775807S', Infinity],
    ['-P10675199DT2H48M5.4775808S', Number.NEGATIVE_INFINITY],
    ['', undefined],
    ['P', undefined],
    ['PT', undefined],
    ['soon', undefined],
  ])('of %j is %s in milliseconds', (text, expected) => {
    const duration = readDuration(text);
    if (expected !== undefined && Number.isFinite(expected)) expect(duration).toBeCloseTo(expected, 6);
    else expect(duration).toBe(expected);
  });
});
