/** Causes that a tree of unhealthy evaluations tells. */
import { describe, expect, it } from 'vitest';
import { parseEvaluations } from '../../../../src/cluster/wire/health-evaluation.ts';
import { inlineLimits, screenLimits } from '../../../../src/platform/report-text.ts';
import { findCauses } from '../../../../src/upgrade/health/causes.ts';
import { describeCause, describeCauseInline } from '../../../../src/upgrade/health/describe-cause.ts';
import { describeEvaluation } from '../../../../src/upgrade/health/describe-evaluation.ts';
import {
  createDomainEvaluation,
  createNodeEvaluation,
  createPackageEvaluation,
  createServiceEvaluation,
  rollingBackUpgrade,
  unhealthyEvent,
} from '../../../support/documents.ts';
import { parseUpgrade } from '../../../support/snapshots.ts';

const event = unhealthyEvent.HealthEvaluation.UnhealthyEvent;
const none = new Map<string, string>();

const describeAll = (...list: object[]) =>
  findCauses(parseEvaluations(list)).map((cause) => describeCause(cause, none, undefined, screenLimits));

const describeAllInline = (list: readonly object[], services = none, startedAt?: Date) =>
  findCauses(parseEvaluations(list)).map((cause) =>
    describeCauseInline(cause, services, startedAt, inlineLimits),
  );

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

  it('are one when they say the same of several nodes, which are all named', () => {
    const nodes = Array.from({ length: 12 }, (_, index) => `_node_${index}`);
    expect(
      describeAll(
        createDomainEvaluation(
          nodes.map((node) => createNodeEvaluation(node, `The container on ${node} has no disk.`)),
        ),
      ),
    ).toEqual([
      [
        `On ${nodes.slice(0, 10).join(', ')} and 2 more: The container on _node_0 has no disk.`,
        'Reported by System.Hosting for CodePackageActivation:web:EntryPoint, since 2026-11-24 07:10:01 UTC.',
      ],
    ]);
  });

  it('are one when only instance ids, container names and times differ', () => {
    const report = (node: string, digit: string) =>
      createPackageEvaluation(node, 'api', {
        Property: `CodePackageActivation:api.Code:EntryPoint:13386000000000${digit}000`,
        Description: `Container sf-${digit}-c0ffee0${digit}-1234-4abc-8def-0123456789ab_x of Compose_3 did not start at 2026-11-24 07:10:0${digit}.`,
        LastErrorTransitionAt: `2026-11-24T07:1${digit}:00.000Z`,
      });
    const tree = createDomainEvaluation([report('_node_1', '2'), report('_node_4', '1')]);
    expect(describeAll(tree)).toEqual([
      [
        'fabric:/web/api on _node_1, _node_4: Container … of Compose_3 did not start at ….',
        'Reported by System.Hosting for CodePackageActivation:api.Code:EntryPoint, since 2026-11-24 07:11:00 UTC.',
      ],
    ]);
    expect(describeAllInline([tree])).toEqual([
      'fabric:/web/api on _node_1, _node_4: Container … of Compose_3 did not start at ….',
    ]);
  });

  it.each([
    { name: 'their texts differ', texts: ['no memory', 'no disk'], nodes: ['_node_1', '_node_2'] },
    { name: 'their exit codes differ', texts: ['exit code 3', 'exit code 4'], nodes: ['_node_1', '_node_2'] },
    {
      name: 'only a number differs that is also the name of a node',
      texts: ['exited with 1', 'exited with 2'],
      nodes: ['1', '2'],
    },
  ])('stay apart when $name', ({ texts, nodes }) => {
    const [one = '', other = ''] = texts;
    const [first = '', second = ''] = nodes;
    expect(
      describeAll(
        createDomainEvaluation([createNodeEvaluation(first, one), createNodeEvaluation(second, other)]),
      ),
    ).toHaveLength(2);
  });

  it('stay apart when only their services differ, and name these', () => {
    const silent = { Description: '' };
    expect(
      describeAllInline([
        createServiceEvaluation('fabric:/web/shop', silent),
        createServiceEvaluation('fabric:/web/cart', silent),
        createPackageEvaluation('_node_1', 'api', silent),
        createPackageEvaluation('_node_1', 'db', silent),
      ]),
    ).toEqual([
      expect.stringMatching(/^fabric:\/web\/shop: Reported as Error by System\.Hosting for .*EntryPoint\.$/),
      expect.stringMatching(/^fabric:\/web\/cart: Reported as Error by System\.Hosting/),
      expect.stringMatching(/^fabric:\/web\/api on _node_1: Reported as Error by System\.Hosting/),
      expect.stringMatching(/^fabric:\/web\/db on _node_1: Reported as Error by System\.Hosting/),
    ]);
  });

  it.each([
    { text: 'fabric:/web/shop is closed on _node_1.', told: 'fabric:/web/shop is closed on _node_1.' },
    {
      text: 'fabric:/web/shop2 is closed.',
      told: 'fabric:/web/shop on _node_1: fabric:/web/shop2 is closed.',
    },
    { text: '_node_10 is full.', told: 'fabric:/web/shop on _node_1: _node_10 is full.' },
  ])('do not repeat the names in "$text"', ({ text, told }) => {
    expect(describeAllInline([createPackageEvaluation('_node_1', 'shop', { Description: text })])).toEqual([
      told,
    ]);
  });

  it('name a node whose number stands in the text by chance', () => {
    expect(describeAllInline([createNodeEvaluation('1', 'It failed with 1.')])).toEqual([
      'On node 1: It failed with 1.',
    ]);
  });

  it('name the service of a partition that only a related read knows', () => {
    const partition = {
      HealthEvaluation: { Kind: 'Partition', PartitionId: 'p1', UnhealthyEvaluations: [unhealthyEvent] },
    };
    expect(describeAllInline([partition], new Map([['p1', 'fabric:/web/db']]))[0]).toMatch(
      /^fabric:\/web\/db: The container/,
    );
  });

  it('begin with the deepest error, and end with warnings', () => {
    const shallow = {
      HealthEvaluation: { ...unhealthyEvent.HealthEvaluation, UnhealthyEvent: { ...event, Property: 'Top' } },
    };
    const warning = createNodeEvaluation('_node_2', 'warns');
    const [leaf] = warning.HealthEvaluation.UnhealthyEvaluations;
    if (leaf) leaf.HealthEvaluation.AggregatedHealthState = 'Warning';
    const [first, second, third] = describeAll(
      createDomainEvaluation([warning, createNodeEvaluation('_node_1', 'deep')]),
      shallow,
    );
    expect(first?.[0]).toBe('On _node_1: deep.');
    expect(second?.at(-1)).toContain('Top');
    expect(third?.[0]).toBe('On _node_2: warns.');
  });

  it.each([
    [{ IsExpired: true }, ', expired, since'],
    [
      { HealthState: 'Warning' },
      'Reported as Warning by System.Hosting for CodePackageActivation:web:EntryPoint, treated as an error.',
    ],
  ])('for an event with %j say "%s"', (members, text) => {
    expect(describeAll(createNodeEvaluation('_node_1', 'text', members))[0]?.[1]).toContain(text);
  });

  it('without an event are the description of the entity', () => {
    const bare = {
      HealthEvaluation: { Kind: 'Partition', Description: 'It has lost its quorum.', PartitionId: 'p' },
    };
    expect(describeAll(bare)).toEqual([['It has lost its quorum.']]);
  });

  it('say that they are older than the upgrade', () => {
    const tree = createNodeEvaluation('_node_1', 'old');
    const times = ['2026-11-24T07:10:00Z', '2026-11-24T07:11:30Z'].map((time) => new Date(time));
    expect(times.map((startedAt) => describeAllInline([tree], none, startedAt)[0])).toEqual([
      'On _node_1: old.',
      'On _node_1: old. This is older than the upgrade.',
    ]);
  });
});

describe('an evaluation in full', () => {
  it('has its entity, its share and its description', () => {
    const [tree] = parseEvaluations([createDomainEvaluation([createNodeEvaluation('_node_1', 'text')], 4)]);
    expect(tree && describeEvaluation(tree)).toBe(
      'Error UpgradeDomainDeployedApplications: upgrade domain UD1; at least 1 of 4 nodes unhealthy, 1 tolerated (20%); Some are unhealthy',
    );
  });
});
