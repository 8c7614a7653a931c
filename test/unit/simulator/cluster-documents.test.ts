/** Documents of the simulated cluster about its nodes. */
import { describe, expect, it } from 'vitest';
import { toWire } from '../../support/documents.ts';
import { parseErrorCode, startSimulatedCluster } from '../../support/simulated-cluster.ts';

const query = '?api-version=6.3&timeout=60';

describe('the nodes of the simulated cluster', () => {
  it('have their upgrade domains', async () => {
    const cluster = await startSimulatedCluster('happy', { domains: 2, nodes: 3 });
    const { text } = await cluster.send('GET', `/Nodes${query}&NodeStatusFilter=default`);
    const { ContinuationToken, Items } = JSON.parse(text);
    expect(ContinuationToken).toBe('');
    expect(
      Items.map(({ Name, UpgradeDomain }: Record<string, string>) => `${Name} ${UpgradeDomain}`),
    ).toEqual(['_node_0 UD0', '_node_1 UD1', '_node_2 UD0']);
    const down = await cluster.send('GET', `/Nodes${query}&NodeStatusFilter=down`);
    expect(JSON.parse(down.text).Items).toEqual([]);
  });

  it('have the members and the spelling of the runtime', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(90);
    expect((await cluster.send('GET', `/Nodes/_node_1${query}`)).text).toBe(
      toWire({
        Name: '_node_1',
        IpAddressOrFQDN: '10.0.0.5',
        Type: 'nt1',
        CodeVersion: '6.4.617.9590',
        ConfigVersion: '1',
        NodeStatus: 'Up',
        NodeUpTimeInSeconds: '90',
        HealthState: 'Ok',
        IsSeedNode: true,
        UpgradeDomain: 'UD1',
        FaultDomain: 'fd:/1',
        Id: { Id: 'e85325e42ae859a2b15cffa61111dc1a' },
        InstanceId: '134399772000000000',
        NodeDeactivationInfo: {
          NodeDeactivationIntent: 'Invalid',
          NodeDeactivationStatus: 'None',
          NodeDeactivationTask: [],
          PendingSafetyChecks: [],
        },
        IsStopped: false,
        NodeDownTimeInSeconds: '0',
        NodeUpAt: '2026-11-24T07:00:00.000Z',
        NodeDownAt: '0001-01-01T00:00:00.000Z',
      }),
    );
  });

  it('have room for containers', async () => {
    const cluster = await startSimulatedCluster('happy');
    const { text } = await cluster.send('GET', `/Nodes/_node_1/$/GetLoadInformation${query}`);
    expect(text).toContain(
      '{"Name":"servicefabric:\\/_CpuCores","NodeCapacity":"4","NodeLoad":"0","NodeRemainingCapacity":"4","IsCapacityViolation":false,' +
        '"NodeBufferedCapacity":"4","NodeRemainingBufferedCapacity":"4","CurrentNodeLoad":0,"NodeCapacityRemaining":4,"BufferedNodeCapacityRemaining":4}',
    );
  });

  it.each(['', '/$/GetHealth', '/$/GetLoadInformation'])(
    'are not found by another name: %s',
    async (tail) => {
      const cluster = await startSimulatedCluster('happy');
      const answer = await cluster.send('GET', `/Nodes/_node_9${tail}${query}`);
      expect([answer.status, parseErrorCode(answer)]).toEqual([404, 'FABRIC_E_NODE_NOT_FOUND']);
    },
  );
});
