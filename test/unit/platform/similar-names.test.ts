/** Existing names that are similar to a missing one. */
import { describe, expect, it } from 'vitest';
import { findSimilar } from '../../../src/platform/similar-names.ts';

interface SimilarCase {
  readonly wanted: string;
  readonly name: string;
  readonly isSimilar: boolean;
}

describe('similar names', () => {
  it.each<SimilarCase>([
    { wanted: 'web', name: 'web-1', isSimilar: true },
    { wanted: 'web', name: 'ewb', isSimilar: true },
    { wanted: 'web', name: 'wxy', isSimilar: false },
    { wanted: 'web', name: 'wb', isSimilar: true },
    { wanted: 'w', name: 'b', isSimilar: false },
    { wanted: 'shopfront-eu-west', name: 'shopfront-eu-north', isSimilar: false },
    { wanted: 'shopfront-eu-west', name: 'SHOPFRONT-EU-EAST', isSimilar: true },
    { wanted: 'shopfront', name: 'shopfront-dev', isSimilar: false },
    { wanted: 'storefront', name: 'sotrefornt', isSimilar: true },
    { wanted: 'ü', name: 'Ü', isSimilar: true },
    { wanted: '', name: 'web', isSimilar: false },
  ])('to $wanted include $name: $isSimilar', ({ wanted, name, isSimilar }) => {
    expect(findSimilar(wanted, [name])).toEqual(isSimilar ? [name] : []);
  });

  it('are sorted by similarity', () => {
    const names = ['backend-11', 'backend-2', 'Backend-1', 'backend', 'frontend-1'];
    expect(findSimilar('backend-1', names)).toEqual(['Backend-1', 'backend-11', 'backend-2', 'backend']);
  });

  it('are found quickly among thousands of long names', () => {
    const wanted = 'x'.repeat(99);
    const names = Array.from({ length: 10_000 }, (_, index) => 'x'.repeat(96) + index);
    const started = process.cpuUsage();
    expect(findSimilar(wanted, names)).toHaveLength(1000);
    // CPU time, because other processes may use the machine as well.
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
    expect(findSimilar('x'.repeat(101), ['X'.repeat(101), 'x'.repeat(100)])).toEqual(['X'.repeat(101)]);
  });
});
