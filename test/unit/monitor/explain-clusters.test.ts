/** Explanations of several clusters, some of which could not be read. */
import { describe, expect, it } from 'vitest';
import { explainClusters } from '../../../src/monitor/explain-clusters.ts';
import { createExplanation } from '../../support/statuses.ts';

const read = { cluster: 'eu', explanation: undefined };
const down = {
  cluster: 'us',
  explanation: createExplanation('unreachable', {
    what: 'Connection refused.',
    next: [{ what: 'Check it.' }],
  }),
};
const denied = {
  cluster: 'asia',
  explanation: createExplanation('unauthorized', { what: 'Access denied.', next: [{ what: 'Check it.' }] }),
};

describe('the failures of clusters', () => {
  it('are none if each was read', () => {
    expect(explainClusters([read, read])).toBeUndefined();
  });

  it('are the one of the only cluster', () => {
    expect(explainClusters([down])).toBe(down.explanation);
  });

  it('name the cluster if there are others', () => {
    expect(explainClusters([read, down])).toEqual({ ...down.explanation, what: 'us: Connection refused.' });
  });

  it('are listed, and the worst decides', () => {
    expect(explainClusters([read, down, denied])).toMatchObject({
      outcome: 'unauthorized',
      what: '2 of 3 clusters could not be read.',
      evidence: ['us: Connection refused.', 'asia: Access denied.'],
      next: [{ what: 'Check it.' }],
    });
  });

  it('are those of a signal, whatever else failed', () => {
    const stopped = { cluster: 'eu', explanation: createExplanation('terminated') };
    expect(explainClusters([down, stopped])).toBe(stopped.explanation);
  });
});
