/** How a tree of unhealthy evaluations reads. */
import { describe, expect, it } from 'vitest';
import { readEvaluations } from '../../../src/cluster/wire/health-evaluation.ts';
import { describeCause, describeEvaluation, findCauses } from '../../../src/upgrade/health-tree.ts';
import { inDomain, onNode, rollingBack, unhealthyEvent } from '../../support/documents.ts';
import { parseUpgrade } from '../../support/snapshots.ts';

const event = unhealthyEvent.HealthEvaluation.UnhealthyEvent;

const words = (...list: object[]) => findCauses(readEvaluations(list)).map(describeCause);

describe('causes', () => {
  it('lead from the tree of evaluations to the deepest', () => {
    const [cause] = findCauses(parseUpgrade(rollingBack).unhealthyEvaluations);
    expect(cause?.evaluation.event).toMatchObject({
      source: 'System.Hosting',
      sequenceNumber: '133512345678901234',
    });
    expect([...(cause?.where ?? [])]).toEqual([
      ['upgrade domain', 'UD1'],
      ['application', 'fabric:/web'],
      ['node', '_node_1'],
    ]);
  });

  it('that say the same of many nodes are one, with their number', () => {
    const nodes = ['_node_1', '_node_2', '_node_3', '_node_4', '_node_5'];
    expect(words(inDomain(nodes.map((node) => onNode(node, `The container on ${node} exited.`))))).toEqual([
      'System.Hosting reported Error for CodePackageActivation:web:EntryPoint on node _node_1, since 2026-11-24T07:10:01Z: The container on _node_1 exited. (and on 4 more nodes: _node_2, _node_3, _node_4 and 1 more)',
    ]);
  });

  it('that differ stay apart', () => {
    expect(words(inDomain([onNode('_node_1', 'no memory'), onNode('_node_2', 'no disk')]))).toHaveLength(2);
  });

  it('that differ only in a number that is also the name of a node stay apart', () => {
    expect(words(inDomain([onNode('1', 'exited with 1'), onNode('2', 'exited with 2')]))).toHaveLength(2);
  });

  it('the deepest come first', () => {
    const shallow = {
      HealthEvaluation: { ...unhealthyEvent.HealthEvaluation, UnhealthyEvent: { ...event, Property: 'Top' } },
    };
    const [first, second] = words(shallow, inDomain([onNode('_node_1', 'deep')]));
    expect(first).toContain('deep');
    expect(second).toContain('Top');
  });

  it.each([
    [{ IsExpired: true }, 'it has stopped reporting'],
    [
      { HealthState: 'Warning' },
      'reported Warning for CodePackageActivation:web:EntryPoint on node _node_1, taken for an error',
    ],
  ])('with %j: %s', (members, says) => {
    expect(words(onNode('_node_1', 'text', members))[0]).toContain(says);
  });

  it('without an event are what the cluster says of the entity', () => {
    const bare = {
      HealthEvaluation: { Kind: 'Partition', Description: 'It has lost its quorum.', PartitionId: 'p' },
    };
    expect(words(bare)).toEqual(['It has lost its quorum.']);
  });
});

describe('one evaluation', () => {
  const [tree] = readEvaluations([inDomain([onNode('_node_1', 'text')], 4)]);
  if (tree === undefined) throw new Error('no tree');

  it('says how much is unhealthy against what is tolerated', () => {
    expect(describeEvaluation(tree, false)).toBe(
      'Error UpgradeDomainDeployedApplications: upgrade domain UD1; 1 of 4 nodes unhealthy (25%), 20% tolerated',
    );
  });

  it('in full has what the cluster says of it as well', () => {
    expect(describeEvaluation(tree, true)).toMatch(/20% tolerated; Some are unhealthy\.$/);
  });

  it('of a tree that was trimmed claims no share that would be tolerated', () => {
    const [trimmed] = readEvaluations([inDomain([onNode('_node_1', 'text')], 20)]);
    if (trimmed)
      expect(describeEvaluation(trimmed, false)).toContain('at least 1 of 20 nodes unhealthy, 20% tolerated');
  });

  it('of a list that was trimmed claims no share', () => {
    const [trimmed] = readEvaluations([inDomain([], 40)]);
    if (trimmed) expect(describeEvaluation(trimmed, false)).toContain('40 nodes, 20% tolerated');
  });
});
