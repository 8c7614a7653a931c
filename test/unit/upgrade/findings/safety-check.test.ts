/** Findings about many safety checks, and about waits that do not end by themselves. */
import { describe, expect, it } from 'vitest';
import { formatStep } from '../../../../src/platform/next-step.ts';
import { collectFindings, collectNextSteps } from '../../../../src/upgrade/findings/collect.ts';
import type { Finding } from '../../../../src/upgrade/findings/finding.ts';
import { summarize } from '../../../../src/upgrade/summary.ts';
import { createUpgrade, createWaitingNode, type Members, partition } from '../../../support/documents.ts';
import { buildSnapshot } from '../../../support/snapshots.ts';

interface Checks {
  readonly node: string;
  readonly kind: string;
  readonly partitions: readonly string[];
  readonly phase?: string;
}

/** Creates an upgrade whose nodes have waited for 20 minutes in domain `3`. */
function createWait(checks: readonly Checks[], members: Members = {}) {
  return createUpgrade({
    UpgradeDuration: 'PT1H0M0S',
    CurrentUpgradeDomainDuration: 'PT0H20M0S',
    UpgradeReplicaSetCheckTimeoutInSeconds: 4294967295,
    CurrentUpgradeDomainProgress: {
      DomainName: '3',
      NodeUpgradeProgressList: checks.map(({ node, kind, partitions, phase = 'PreUpgradeSafetyCheck' }) => ({
        NodeName: node,
        UpgradePhase: phase,
        PendingSafetyChecks: partitions.map((PartitionId) => ({
          SafetyCheck: { Kind: kind, PartitionId },
        })),
      })),
    },
    ...members,
  });
}

function findChecks(document: Members, services: ReadonlyMap<string, string> = new Map()) {
  const findings = collectFindings(buildSnapshot(document, { services }));
  return findings.filter(({ code }) => code === 'safety-check');
}

function listCommands(findings: readonly Finding[]): readonly string[] {
  return collectNextSteps(findings).flatMap(({ command }) => command ?? []);
}

describe('many safety checks of one node', () => {
  const document = createWait([
    { node: '5', kind: 'WaitForReconfiguration', partitions: ['a', 'b', 'b', 'c'], phase: 'Upgrading' },
  ]);

  it('are counted in one sentence that names the node once', () => {
    const [finding, ...others] = findChecks(document);
    expect(others).toEqual([]);
    expect(finding?.what).toBe(
      'Node 5 waits for 4 safety checks, the first until the reconfiguration of partition a has finished',
    );
    expect(finding?.evidence).toContain('The others are for partition b, partition c.');
  });

  it('lead to two partitions, and to one rollback, which comes last', () => {
    expect(listCommands(findChecks(document))).toEqual([
      'sfctl partition health --partition-id a',
      'sfctl partition health --partition-id b',
      'sfcompose rollback web',
    ]);
  });

  it('do not make the node slow as well', () => {
    expect(collectFindings(buildSnapshot(document)).map(({ code }) => code)).not.toContain('slow-nodes');
  });
});

it('partitions of one service are one wait', () => {
  const services = new Map([
    ['a', 'fabric:/web/cart'],
    ['b', 'fabric:/web/cart'],
  ]);
  const document = createWait([
    { node: 'vm-1', kind: 'EnsureAvailability', partitions: ['a'] },
    { node: 'vm-2', kind: 'EnsureAvailability', partitions: ['b'] },
  ]);
  const [finding, ...others] = findChecks(document, services);
  expect(others).toEqual([]);
  expect(finding?.what).toBe('vm-1, vm-2 wait until another instance of fabric:/web/cart is up');
});

it('nodes that wait for different services are told apart', () => {
  const services = new Map([
    ['a', 'fabric:/web/cart'],
    ['b', 'fabric:/web/mail'],
  ]);
  const document = createWait([
    { node: 'vm-1', kind: 'EnsureAvailability', partitions: ['a'] },
    { node: 'vm-2', kind: 'EnsureAvailability', partitions: ['b'] },
  ]);
  const findings = findChecks(document, services);
  expect(findings.map(({ what }) => what)).toEqual([
    'vm-1 waits until another instance of fabric:/web/cart is up',
    'vm-2 waits until another instance of fabric:/web/mail is up',
  ]);
  const sentences = findings.flatMap(({ evidence }) => evidence);
  expect(sentences.filter((sentence) => sentence.includes('no time limit'))).toHaveLength(1);
});

it('60 nodes with 10 checks each stay short', () => {
  const document = createWait(
    Array.from({ length: 60 }, (_, node) => ({
      node: `vm-${node}`,
      kind: 'EnsureAvailability',
      partitions: Array.from({ length: 10 }, (_, index) => `p-${node}-${index}`),
    })),
  );
  const [finding, ...others] = findChecks(document);
  expect(others).toEqual([]);
  expect(finding?.what).toBe(
    'vm-0, vm-1, vm-2 and 57 more wait for 600 safety checks, the first until another instance of partition p-0-0 is up',
  );
  expect(JSON.stringify(finding).length).toBeLessThan(3000);
  expect(summarize(buildSnapshot(document)).length).toBeLessThan(300);
});

describe('a wait for another instance', () => {
  const wait = [{ node: 'vm-1', kind: 'EnsureAvailability', partitions: [partition] }];

  function explainWait(members: Members, domains: readonly string[]) {
    const UpgradeDomains = domains.map((Name, index) => ({
      Name,
      State: index === 0 ? 'InProgress' : 'Pending',
    }));
    const snapshot = buildSnapshot(createWait(wait, members), { application: { UpgradeDomains } });
    const [finding] = collectFindings(snapshot).filter(({ code }) => code === 'safety-check');
    return [...(finding?.evidence ?? []), ...(finding?.next ?? []).map(formatStep)].join('\n');
  }

  it('never ends in a cluster of one node, which a rollback does not change', () => {
    const text = explainWait({}, ['3']);
    expect(text).toContain('The cluster has one node, so no other instance can be up');
    expect(text).toContain('Add a second node or a second instance');
    expect(text).toContain('--replica-set-check <duration> in the next upgrade');
    expect(text).toContain('Roll back, which waits for the same safety check: sfcompose');
  });

  it('may never end where there are more nodes', () => {
    expect(explainWait({}, ['3', '4'])).toContain('With one instance of the service, no other');
  });

  it('ends at its limit, whose rest is told', () => {
    const text = explainWait({ UpgradeReplicaSetCheckTimeoutInSeconds: 1800 }, ['3']);
    expect(text).toContain('at most 30m: the cluster stops waiting in 10m.');
    expect(text).not.toContain('cannot clear by itself');
    expect(text).not.toContain('--replica-set-check');
  });

  it.each([
    [0, 'with a limit of zero: the cluster stops waiting at once'],
    [60, 'at most 1m: the cluster stops waiting at any moment'],
  ])('with a limit of %d seconds says "%s"', (seconds, text) => {
    expect(explainWait({ UpgradeReplicaSetCheckTimeoutInSeconds: seconds }, ['3'])).toContain(text);
  });
});

it('a node that waits is named so that its command can be typed', () => {
  const node = createWaitingNode('App Node 2', 'WaitForResourceAvailability');
  const document = createWait([], {
    CurrentUpgradeDomainProgress: { DomainName: '3', NodeUpgradeProgressList: [node] },
  });
  expect(listCommands(findChecks(document))).toContain('sfctl node load --node-name "App Node 2"');
});
