/** Causes and shares that a tree of unhealthy evaluations tells. */
import { describe, expect, it } from 'vitest';
import { parseEvaluations } from '../../../src/cluster/wire/health-evaluation.ts';
import { describeCause, describeEvaluation, findCauses } from '../../../src/upgrade/health-tree.ts';
import type { HealthEvaluation } from '../../../src/upgrade/model.ts';
import {
  createDomainEvaluation,
  createNodeEvaluation,
  rollingBackUpgrade,
  unhealthyEvent,
} from '../../support/documents.ts';
import { parseUpgrade } from '../../support/snapshots.ts';

const event = unhealthyEvent.HealthEvaluation.UnhealthyEvent;

const describeCauses = (...list: object[]) => findCauses(parseEvaluations(list)).map(describeCause);

describe('the causes in a health tree', () => {
  it('hold the event and the path to it', () => {
    const [cause] = findCauses(parseUpgrade(rollingBackUpgrade).unhealthyEvaluations);
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

  it('are merged when they say the same of several nodes', () => {
    const nodes = ['_node_1', '_node_2', '_node_3', '_node_4', '_node_5'];
    expect(
      describeCauses(
        createDomainEvaluation(
          nodes.map((node) => createNodeEvaluation(node, `The container on ${node} exited.`)),
        ),
      ),
    ).toEqual([
      [
        'The container on _node_1 exited.',
        'Reported by System.Hosting for CodePackageActivation:web:EntryPoint on _node_1, _node_2, _node_3 and 2 more, since 2026-11-24 07:10:01 UTC.',
      ],
    ]);
  });

  it('stay apart when their texts differ', () => {
    expect(
      describeCauses(
        createDomainEvaluation([
          createNodeEvaluation('_node_1', 'no memory'),
          createNodeEvaluation('_node_2', 'no disk'),
        ]),
      ),
    ).toHaveLength(2);
  });

  it('stay apart when only a number differs that is also the name of a node', () => {
    expect(
      describeCauses(
        createDomainEvaluation([
          createNodeEvaluation('1', 'exited with 1'),
          createNodeEvaluation('2', 'exited with 2'),
        ]),
      ),
    ).toHaveLength(2);
  });

  it('begin with the deepest', () => {
    const shallow = {
      HealthEvaluation: { ...unhealthyEvent.HealthEvaluation, UnhealthyEvent: { ...event, Property: 'Top' } },
    };
    const [first, second] = describeCauses(
      shallow,
      createDomainEvaluation([createNodeEvaluation('_node_1', 'deep')]),
    );
    expect(first?.[0]).toBe('deep.');
    expect(second?.[1]).toContain('Top');
  });

  it.each([
    [{ IsExpired: true }, 'on _node_1, expired, since'],
    [
      { HealthState: 'Warning' },
      'Reported as Warning by System.Hosting for CodePackageActivation:web:EntryPoint on _node_1, treated as an error.',
    ],
  ])('for an event with %j say "%s"', (members, text) => {
    expect(describeCauses(createNodeEvaluation('_node_1', 'text', members))[0]?.[1]).toContain(text);
  });

  it('without an event are the description of the entity', () => {
    const bare = {
      HealthEvaluation: { Kind: 'Partition', Description: 'It has lost its quorum.', PartitionId: 'p' },
    };
    expect(describeCauses(bare)).toEqual([['It has lost its quorum.']]);
  });
});

function parseEvaluation(evaluation: object): HealthEvaluation {
  const [tree] = parseEvaluations([evaluation]);
  if (tree === undefined) throw new Error('no evaluation');
  return tree;
}

describe('an evaluation', () => {
  const tree = parseEvaluation(createDomainEvaluation([createNodeEvaluation('_node_1', 'text')], 4));

  it('states the unhealthy share and the tolerated share', () => {
    expect(describeEvaluation(tree, false)).toBe(
      'Error UpgradeDomainDeployedApplications: upgrade domain UD1; 1 of 4 nodes unhealthy, 20% tolerated',
    );
  });

  it('adds the description when described in full', () => {
    expect(describeEvaluation(tree, true)).toMatch(/20% tolerated; Some are unhealthy$/);
  });

  it('states a lower bound when its children were trimmed', () => {
    const trimmed = parseEvaluation(createDomainEvaluation([createNodeEvaluation('_node_1', 'text')], 20));
    expect(describeEvaluation(trimmed, false)).toContain('at least 1 of 20 nodes unhealthy, 20% tolerated');
  });

  it('states no share when all its children were trimmed', () => {
    const trimmed = parseEvaluation(createDomainEvaluation([], 40));
    expect(describeEvaluation(trimmed, false)).toContain('40 nodes, 20% tolerated');
  });
});
