/** How the simulated cluster judges the health of an upgrade domain. */
import { describe, expect, it } from 'vitest';
import { evaluateHealth, listCrashes } from '../../../src/simulator/health.ts';
import { writeJson } from '../../../src/simulator/runtime-json.ts';

/** Evaluates a domain, and returns the text of the tree, or nothing if the policy tolerates its health. */
function evaluate(unhealthy: number, total: number, percent: number | undefined): string {
  const nodes = Array.from({ length: unhealthy }, (_, index) => ({ node: `_node_${index}`, startsAfter: 0 }));
  const tree = evaluateHealth(
    {
      application: 'fabric:/web',
      service: 'web',
      domain: 'UD0',
      nodeCount: total,
      crashes: listCrashes(nodes, 1_800_000_000),
    },
    percent === undefined
      ? undefined
      : {
          considerWarningAsError: false,
          maxPercentUnhealthyDeployedApplications: percent,
          defaultServiceType: {
            maxPercentUnhealthyServices: 0,
            maxPercentUnhealthyPartitionsPerService: 0,
            maxPercentUnhealthyReplicasPerPartition: 0,
          },
          serviceTypes: new Map(),
        },
  );
  return tree ? `${writeJson(tree, { isLegacy: false })}` : '';
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
    [1, 5, undefined, true],
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
