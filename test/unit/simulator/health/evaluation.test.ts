/** Health checks of the simulated cluster, domain by domain. */
import { describe, expect, it } from 'vitest';
import { createEntity } from '../../../../src/simulator/health/entities.ts';
import { evaluateEntity, evaluateGroup } from '../../../../src/simulator/health/evaluation.ts';
import type { HealthReport, HealthState } from '../../../../src/simulator/health/reports.ts';
import { writeJson } from '../../../../src/simulator/runtime-json.ts';

function createReport(state: HealthState, property = 'State'): HealthReport {
  return { source: 'System.FM', property, state, description: '', at: Date.parse('2027-01-15T08:00:00Z') };
}

/** Creates the parts of an application on nodes, of which the first ones are unhealthy. */
function createDeployedApplications(unhealthy: number, total: number) {
  return Array.from({ length: total }, (_, index) =>
    createEntity('DeployedApplication', { node: `_node_${index}` }, [
      createReport(index < unhealthy ? 'Error' : 'Ok'),
    ]),
  );
}

/** Evaluates a domain, and returns the text of the tree, or nothing if the policy tolerates its health. */
function evaluate(unhealthy: number, total: number, tolerated: number): string {
  const { state, causes } = evaluateGroup(
    'DeployedApplication',
    createDeployedApplications(unhealthy, total),
    { tolerated, domain: 'UD0' },
  );
  return state === 'Error' ? `${writeJson(causes, { isLegacy: false })}` : '';
}

describe('the health of a simulated upgrade domain', () => {
  it.each([
    // A percentage is rounded up to whole nodes.
    [1, 2, 20, false],
    [2, 2, 20, true],
    [1, 10, 1, false],
    [2, 10, 1, true],
    [3, 10, 21, false],
    [3, 10, 20, true],
    [7, 100, 7, false],
    [8, 100, 7, true],
    [1, 1, 0, true],
    [0, 1, 0, false],
    [2, 2, 100, false],
    [1, 5, 0, true],
  ])(
    'with %i of %i nodes unhealthy and %s%% tolerated fails its check: %s',
    (unhealthy, total, percent, fails) => {
      expect(evaluate(unhealthy, total, percent) !== '').toBe(fails);
    },
  );

  it('is explained with the true figures', () => {
    const text = evaluate(3, 7, 10);
    expect(text).toContain('42% (3\\/7)');
    expect(text).toContain('"MaxPercentUnhealthyDeployedApplications":10,"TotalCount":7');
    expect(text.match(/"Kind":"DeployedApplication"/g)).toHaveLength(3);
  });
});

describe('the health of a simulated entity', () => {
  it('is that of its worst report or child, and the first of the worst is the cause', () => {
    const replicas = (['Ok', 'Warning', 'Warning'] as const).map((state, index) =>
      createEntity('Replica', { replica: String(index) }, [createReport(state)]),
    );
    const evaluatePartition = (...reports: readonly HealthReport[]) => {
      const { state, causes } = evaluateEntity(createEntity('Partition', {}, reports, replicas));
      return [state, JSON.parse(String(writeJson(causes, { isLegacy: false })))[0].HealthEvaluation];
    };
    expect(evaluatePartition(createReport('Ok'))).toEqual([
      'Warning',
      expect.objectContaining({
        Kind: 'Replicas',
        Description: '66% (2/3) of the replicas are unhealthy; 0% is tolerated.',
        MaxPercentUnhealthyReplicasPerPartition: 0,
        TotalCount: 3,
      }),
    ]);
    expect(evaluatePartition(createReport('Warning', 'Placement'), createReport('Error', 'Quorum'))).toEqual([
      'Error',
      expect.objectContaining({
        Kind: 'Event',
        UnhealthyEvent: expect.objectContaining({ Property: 'Quorum' }),
      }),
    ]);
    // A child that is no worse does not replace the cause.
    expect(evaluatePartition(createReport('Warning', 'Placement'))).toEqual([
      'Warning',
      expect.objectContaining({ Kind: 'Event' }),
    ]);
  });

  it('is only a warning if the policy tolerates the errors of its children', () => {
    const tolerated = evaluateGroup('DeployedApplication', createDeployedApplications(1, 4), {
      tolerated: 25,
    });
    expect(tolerated.state).toBe('Warning');
  });
});
