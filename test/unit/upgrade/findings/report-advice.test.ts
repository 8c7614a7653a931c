/** Advice by kind of health report. */
import { describe, expect, it } from 'vitest';
import { formatStep } from '../../../../src/platform/next-step.ts';
import {
  createPackageEvaluation,
  createServiceEvaluation,
  nextDomain,
  partition,
  rolledBackUpgrade,
  rollingBackUpgrade,
} from '../../../support/documents.ts';
import { explain } from '../../../support/snapshots.ts';

const checking = {
  ...rollingBackUpgrade,
  UpgradeState: 'RollingForwardPending',
  RollingUpgradeMode: 'Monitored',
  TargetApplicationTypeVersion: 'v2',
  CurrentUpgradeDomainProgress: nextDomain,
};

const logs =
  'Read its log on _node_1: sfctl service get-container-logs --application-id web --node-name _node_1 --service-manifest-name apiPkg --code-package-name api.Code';
const onNode = (node: string) =>
  `Show the health of the application on ${node}: sfctl application deployed-health --application-id web --node-name ${node}`;
const ofPartition = `Show the health of the partition of fabric:/web/api: sfctl partition health --partition-id ${partition}`;

interface Example {
  readonly name: string;
  readonly evaluation: object;
  /** Part of the evidence. */
  readonly hint?: RegExp;
  readonly next: readonly string[];
}

const onPackage = (members: object) => createPackageEvaluation('_node_1', 'api', members);
const onService = (members: object) => createServiceEvaluation('fabric:/web/api', members);

describe('advice on a report', () => {
  it.each<Example>([
    {
      name: 'of an image that cannot be downloaded',
      evaluation: onPackage({ Property: 'Download:1.0:1.0', Description: 'Not found.' }),
      hint: /name and tag of the image.*--registry-user.*the upgrade continues/s,
      next: [onNode('_node_1')],
    },
    {
      name: 'of an image that cannot be pulled, under another property',
      evaluation: onPackage({ Description: 'Failed to pull image registry/bakery:7.' }),
      hint: /registry credentials/,
      next: [onNode('_node_1')],
    },
    {
      name: 'of an image for another OS',
      evaluation: onPackage({
        Description: 'no matching manifest for windows/amd64 in the manifest list entries',
      }),
      hint: /built for their OS/,
      next: [onNode('_node_1')],
    },
    {
      name: 'of a failing HEALTHCHECK',
      evaluation: onPackage({ Property: 'DockerHealthCheckStatus:api.Code:EntryPoint:133860000000001000' }),
      hint: /container runs, but the HEALTHCHECK/,
      next: [logs, onNode('_node_1')],
    },
    {
      name: 'of a container that exited',
      evaluation: onPackage({ Property: 'CodePackageActivation:api.Code:EntryPoint:133860000000001000' }),
      hint: /Exit code 137/,
      next: [`${logs} --previous`, onNode('_node_1')],
    },
    {
      name: 'of a container that did not register in time',
      evaluation: onPackage({ Property: 'ServiceTypeRegistration:apiType' }),
      hint: /did not come up in time/,
      next: [logs, onNode('_node_1')],
    },
    {
      name: 'of a placement that failed',
      evaluation: onService({
        SourceId: 'System.PLB',
        Property: 'ServiceReplicaUnplacedHealth_Secondary',
        Description:
          'Nodes Eliminated By Constraints:\nFaultDomain:fd:/4 NodeName:_oven 4 NodeType:Oven UpgradeDomain:4',
      }),
      next: [
        'Show the capacity of _oven 4 and its load: sfctl node load --node-name "_oven 4"',
        'List the other nodes, to see which are up: sfctl node list',
        'Make room, add nodes, or lower the resource limits and placement constraints of the service.',
        ofPartition,
      ],
    },
    {
      name: 'of the failover manager about instances',
      evaluation: onService({
        SourceId: 'System.FM',
        Property: 'State',
        Description:
          'Partition is below target replica or instance count.\nfabric:/web/api 3 1 x\n\tN/S InBuild _node_4 133860000000001000\n\tN/S Ready _node_1 133860000000001001\n\tN/S Down _node_5 133860000000001002',
      }),
      hint: /This is a symptom: look for its cause on _node_4, _node_5\./,
      next: [onNode('_node_4'), onNode('_node_5'), ofPartition],
    },
    {
      name: 'of the failover manager about instances that are missing',
      evaluation: onService({
        SourceId: 'System.FM',
        Property: 'State',
        Description: 'Partition is below target replica or instance count.',
      }),
      hint: /This is a symptom: instances are missing\./,
      next: [`Find the instances: sfctl replica list --partition-id ${partition}`, ofPartition],
    },
    {
      name: 'of the failover manager about a node that is down',
      evaluation: onPackage({
        SourceId: 'System.FM',
        Property: 'State',
        Description:
          'Seed nodes that are down:\nNodeName(NodeId): _node_3(16c24c92) down at: 2026-11-24 07:02:36.942',
      }),
      hint: /look for its cause on _node_3\./,
      next: ['Show the health of _node_3: sfctl node health --node-name _node_3', onNode('_node_1')],
    },
    {
      name: 'of a replica that does not open',
      evaluation: onService({
        SourceId: 'System.RA',
        Property: 'ReplicaOpenStatus',
        Description:
          'Replica had multiple failures during open on _node_2. API call: IStatelessServiceInstance.Open()',
      }),
      hint: /code of the service fails/,
      next: [onNode('_node_2'), ofPartition],
    },
    {
      name: 'of a watchdog',
      evaluation: onService({ SourceId: 'Bakery.Watchdog', Property: 'Temperature' }),
      next: [ofPartition],
    },
  ])('$name', ({ evaluation, hint, next }) => {
    const [cause] = explain({ ...checking, ApplicationUnhealthyEvaluations: [evaluation] });
    if (hint) expect(cause?.evidence.join('\n')).toMatch(hint);
    expect(cause?.next.map(formatStep)).toEqual(next);
  });

  it('of a rollback that has ended looks at the past, not at the present health', () => {
    const evaluation = onPackage({ Property: 'CodePackageActivation:api.Code:EntryPoint:1' });
    const [cause] = explain({ ...rolledBackUpgrade, ApplicationUnhealthyEvaluations: [evaluation] });
    expect(cause?.next.map(formatStep)).toEqual([
      `${logs} --previous`,
      'Show what happened: sfctl events application-list --application-id web --start-time-utc 2026-11-24T07:00:01Z --end-time-utc 2026-11-24T07:20:01Z',
      expect.stringMatching(/^After fixing the cause, upgrade again: /),
      'If the new version needs more time, raise --health-check-retry (now 10m).',
    ]);
  });

  it('is given once for causes of the same kind', () => {
    const evaluations = ['api', 'db'].map((service) =>
      createPackageEvaluation('_node_1', service, { Property: 'Download:1.0', Description: service }),
    );
    const [cause] = explain({ ...checking, ApplicationUnhealthyEvaluations: evaluations });
    expect(cause?.evidence.filter((sentence) => sentence.includes('name and tag'))).toHaveLength(1);
    expect(cause?.causes).toEqual([
      expect.stringMatching(/^fabric:\/web\/api on _node_1: /),
      expect.stringMatching(/^fabric:\/web\/db on _node_1: /),
    ]);
  });
});
