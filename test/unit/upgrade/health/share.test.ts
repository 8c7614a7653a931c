/** Counts of unhealthy entities, and the tolerance of the policy. */
import { describe, expect, it } from 'vitest';
import { parseEvaluations } from '../../../../src/cluster/wire/health-evaluation.ts';
import { describeShare } from '../../../../src/upgrade/health/share.ts';
import { unhealthyEvent } from '../../../support/documents.ts';

interface Example {
  readonly listed: number;
  readonly total?: number;
  readonly percent?: number;
  readonly description?: string;
  readonly share: string;
}

describe('the share of unhealthy nodes', () => {
  it.each<Example>([
    {
      listed: 2,
      total: 7,
      percent: 30,
      description: '57% (4/7) of it',
      share: '4 of 7 nodes unhealthy, 3 tolerated (30%)',
    },
    {
      listed: 2,
      total: 7,
      percent: 30,
      description: 'Zu viele.',
      share: 'at least 2 of 7 nodes unhealthy, 3 tolerated (30%)',
    },
    {
      listed: 2,
      total: 7,
      percent: 30,
      description: '(4/8) of others',
      share: 'at least 2 of 7 nodes unhealthy, 3 tolerated (30%)',
    },
    {
      listed: 2,
      total: 7,
      percent: 30,
      description: '(9/7) is wrong',
      share: 'at least 2 of 7 nodes unhealthy, 3 tolerated (30%)',
    },
    { listed: 3, total: 3, percent: 0, share: '3 of 3 nodes unhealthy, none tolerated' },
    { listed: 1, total: 1, percent: 1, share: '1 of 1 node unhealthy, 1 tolerated (1%)' },
    { listed: 0, total: 40, percent: 20, share: '40 nodes, 8 tolerated (20%)' },
    { listed: 3, total: 2, percent: 20, share: '2 nodes, 1 tolerated (20%)' },
    { listed: 2, total: 5, share: 'at least 2 of 5 nodes unhealthy' },
    { listed: 2, percent: 20, share: '20% tolerated' },
    { listed: 2, share: '' },
  ])('is "$share" for $listed listed of $total', ({ listed, total, percent, description, share }) => {
    const [evaluation] = parseEvaluations([
      {
        HealthEvaluation: {
          Kind: 'DeployedApplications',
          Description: description,
          TotalCount: total,
          MaxPercentUnhealthyDeployedApplications: percent,
          UnhealthyEvaluations: Array.from({ length: listed }, () => unhealthyEvent),
        },
      },
    ]);
    expect(evaluation && describeShare(evaluation)).toBe(share);
  });
});
