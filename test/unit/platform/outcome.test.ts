/** The order of outcomes. */
import { describe, expect, it } from 'vitest';
import { findWorstOutcome, type Outcome, outcomes } from '../../../src/platform/outcome.ts';

describe('the worst of several outcomes', () => {
  const order: readonly Outcome[] = [
    'interrupted',
    'terminated',
    'hung-up',
    'reader-gone',
    'internal',
    'usage',
    'unknown',
    'failed',
    'rolled-back',
    'superseded',
    'invalid',
    'conflict',
    'not-found',
    'unauthorized',
    'unreachable',
    'timed-out',
    'in-progress',
    'completed',
  ];

  it('is defined for every outcome, and completed for none', () => {
    expect(order.toSorted()).toEqual(Object.keys(outcomes).toSorted());
    expect(findWorstOutcome([])).toBe('completed');
  });

  it.each(order.map((outcome, index) => [outcome, order.slice(index)] as const))(
    'is %s in %j',
    (outcome, others) => {
      expect(findWorstOutcome(others.toReversed())).toBe(outcome);
    },
  );
});
