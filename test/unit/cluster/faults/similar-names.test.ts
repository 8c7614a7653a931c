/** Names that may have been meant by one that is not there. */
import { describe, expect, it } from 'vitest';
import { findSimilar } from '../../../../src/cluster/faults/similar-names.ts';

interface SimilarCase {
  readonly wanted: string;
  readonly name: string;
  readonly isSimilar: boolean;
}

describe('names that may have been meant', () => {
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
  ])('for $wanted: $name is $isSimilar', ({ wanted, name, isSimilar }) => {
    expect(findSimilar(wanted, [name])).toEqual(isSimilar ? [name] : []);
  });

  it('come with the likeliest first', () => {
    const names = ['backend-11', 'backend-2', 'Backend-1', 'backend', 'frontend-1'];
    expect(findSimilar('backend-1', names)).toEqual(['Backend-1', 'backend-11', 'backend-2', 'backend']);
  });

  it('are found in no time among many that are long', () => {
    const wanted = 'x'.repeat(99);
    const names = Array.from({ length: 10_000 }, (_, index) => 'x'.repeat(96) + index);
    const started = process.cpuUsage();
    expect(findSimilar(wanted, names)).toHaveLength(1000);
    // Not the time on a clock: others may use the machine as well.
    expect(process.cpuUsage(started).user).toBeLessThan(5_000_000);
    expect(findSimilar('x'.repeat(101), ['X'.repeat(101), 'x'.repeat(100)])).toEqual(['X'.repeat(101)]);
  });
});
