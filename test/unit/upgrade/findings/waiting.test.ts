/** Findings about what an upgrade waits for. */

import { describe, expect, it } from 'vitest';
import { formatStep } from '../../../../src/platform/next-step.ts';
import {
  createPolicy,
  createShortUpgrade,
  createUpgrade,
  createWaitingNode,
  type Members,
  nextDomain,
  noLimit,
  partition,
  rollingBackUpgrade,
  runningUpgrade,
  stuckDomain,
} from '../../../support/documents.ts';
import { explain } from '../../../support/snapshots.ts';

interface WaitCase {
  readonly name: string;
  readonly code: string;
  readonly severity: string;
  readonly what: string;
  readonly document: Members;
}

interface SinceCase {
  readonly name: string;
  readonly since: string;
  readonly document: Members;
  readonly before: readonly Members[];
}

interface EndCase {
  readonly name: string;
  readonly end: string;
  readonly members: Members;
}

describe('the finding about a wait', () => {
  it.each<WaitCase>([
    {
      name: 'provisioning the new version',
      code: 'provisioning',
      severity: 'info',
      what: 'The cluster is building v2 from the compose file',
      document: createShortUpgrade({ UpgradeState: 'ProvisioningTarget' }),
    },
    {
      name: 'removing the old version',
      code: 'unprovisioning',
      severity: 'info',
      what: 'The cluster is removing the old version',
      document: createUpgrade({ UpgradeState: 'UnprovisioningCurrent' }),
    },
    {
      name: 'approval',
      code: 'approval',
      severity: 'warning',
      what: 'Waiting for approval to continue with UD1',
      document: createUpgrade({
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: nextDomain,
      }),
    },
    {
      name: 'a health check',
      code: 'health-check',
      severity: 'info',
      what: 'The application must stay healthy for 2m',
      document: createUpgrade({
        UpgradeState: 'RollingForwardPending',
        CurrentUpgradeDomainProgress: nextDomain,
      }),
    },
    {
      name: 'a safety check',
      code: 'safety-check',
      severity: 'info',
      what: `_node_4 waits until another instance of partition ${partition} is up`,
      document: runningUpgrade,
    },
    {
      name: 'a safety check for 5 minutes',
      code: 'safety-check',
      severity: 'warning',
      what: '_node_4 waits until another instance of',
      document: { ...runningUpgrade, CurrentUpgradeDomainDuration: 'PT0H5M0S' },
    },
    {
      name: 'nodes for 10 minutes',
      code: 'slow-nodes',
      severity: 'warning',
      what: '_node_1 is not up with v2 yet',
      document: createUpgrade({
        CurrentUpgradeDomainDuration: 'PT0H10M0S',
        CurrentUpgradeDomainProgress: {
          DomainName: 'UD1',
          NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
        },
      }),
    },
  ])('for $name has the code $code and the severity $severity', ({ code, severity, what, document }) => {
    const [first] = explain(document);
    expect([first?.code, first?.severity]).toEqual([code, severity]);
    expect(first?.what).toContain(what);
  });

  it('for approval suggests to continue or to roll back', () => {
    const [approval] = explain(
      createUpgrade({
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: nextDomain,
      }),
    );
    expect(approval?.next.map(formatStep)).toEqual([
      'Continue: sfcompose resume web',
      'Roll back: sfcompose rollback web',
    ]);
  });

  it('for approval of a manual rollback suggests only to continue', () => {
    const findings = explain(
      createUpgrade({
        UpgradeState: 'RollingBackInProgress',
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: nextDomain,
      }),
    );
    const approval = findings.find(({ code }) => code === 'approval');
    expect(approval?.next).toHaveLength(1);
  });

  const seconds = (count: number) => `PT0H0M${count}S`;
  const at = (duration: number, domainDuration: number, members: Members = {}) =>
    createUpgrade({
      UpgradeDuration: seconds(duration),
      CurrentUpgradeDomainDuration: seconds(domainDuration),
      CurrentUpgradeDomainProgress: stuckDomain,
      ...members,
    });

  it.each<SinceCase>([
    {
      name: 'one reading',
      since: 'EnsureAvailability for up to 5m, at most',
      document: at(900, 300),
      before: [],
    },
    {
      name: 'a watch that saw the check begin',
      since: 'EnsureAvailability for 5m, at most',
      document: at(900, 300),
      before: [at(600, 0)],
    },
    {
      name: 'a watch that started later',
      since: 'EnsureAvailability for 3m to 5m, at most',
      document: at(900, 300),
      before: [at(720, 120)],
    },
    {
      name: 'a reading at the start of the domain',
      since: 'EnsureAvailability, at most',
      document: at(600, 0),
      before: [],
    },
  ])('for a safety check says $since after $name', ({ since, document, before }) => {
    const check = explain(document, { before }).find(({ code }) => code === 'safety-check');
    expect(check?.evidence[0]).toContain(since);
  });

  it.each<EndCase>([
    {
      name: "the check's own timeout",
      end: 'EnsureAvailability for up to 5m, at most 15m: the cluster stops waiting in 10m.',
      members: { UpgradeReplicaSetCheckTimeoutInSeconds: 900 },
    },
    {
      name: 'nothing',
      end: 'With one node, or one instance of the service, no other instance can be up, and the check cannot clear by itself.',
      members: {
        UpgradeReplicaSetCheckTimeoutInSeconds: 4294967295,
        ...createPolicy({ UpgradeTimeoutInMilliseconds: noLimit }),
      },
    },
    {
      name: "the domain's timeout",
      end: 'The time limit of the domain (6m) passes in 1m; then the upgrade rolls back.',
      members: createPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H6M0S' }),
    },
    {
      name: "the upgrade's timeout",
      end: 'The time limit of the upgrade (15m) passes at any moment; then the upgrade stops and waits for approval.',
      members: createPolicy({ UpgradeTimeoutInMilliseconds: 'PT0H15M0S', FailureAction: 'Manual' }),
    },
  ])('for a safety check names what ends it: $name', ({ end, members }) => {
    const check = explain(at(900, 300, members)).find(({ code }) => code === 'safety-check');
    expect(check?.evidence.at(-1)).toBe(end);
  });

  it('for a health check names the limits that may end it', () => {
    const limits = createPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H6M0S' });
    const [check] = explain(at(900, 300, { ...limits, UpgradeState: 'RollingForwardPending' }));
    expect(check?.evidence).toEqual([
      'If the application is still unhealthy after 10m, the upgrade rolls back.',
      'The time limit of the domain (6m) passes in 1m; then the upgrade rolls back.',
    ]);
  });

  it('for a safety check ignores the policy of an unmonitored upgrade', () => {
    const limits = createPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H1M0S' });
    const check = explain(at(900, 300, { ...limits, RollingUpgradeMode: 'UnmonitoredAuto' })).find(
      ({ code }) => code === 'safety-check',
    );
    expect(check?.evidence).toEqual([
      'EnsureAvailability for up to 5m, at most 15m: the cluster stops waiting in 10m.',
    ]);
  });

  it.each([
    ['EnsureAvailability', `sfctl replica list --partition-id ${partition}`],
    ['WaitForResourceAvailability', 'Make room, add nodes, or lower the resource limits'],
    ['WaitForResourceAvailability', 'sfctl node load --node-name _node_4'],
    ['WaitForPrimaryPlacement', 'sfctl node load --node-name _node_4'],
    ['WaitForInbuildReplica', `sfctl partition health --partition-id ${partition}`],
    ['EnsureSeedNodeQuorum', 'Find the seed nodes that are down: sfctl node list'],
  ])('for %s suggests "%s"', (kind, text) => {
    const domain = { DomainName: 'UD1', NodeUpgradeProgressList: [createWaitingNode('_node_4', kind)] };
    const [check] = explain(at(900, 300, { CurrentUpgradeDomainProgress: domain }));
    expect(check?.next.map(formatStep).join('\n')).toContain(text);
  });

  it('for a safety check of 40 nodes names three of them', () => {
    const nodes = Array.from({ length: 40 }, (_, index) => createWaitingNode(`_node_${index}`));
    const domain = { DomainName: 'UD1', NodeUpgradeProgressList: nodes };
    const checks = explain(at(900, 60, { CurrentUpgradeDomainProgress: domain })).filter(
      ({ code }) => code === 'safety-check',
    );
    expect(checks).toHaveLength(1);
    expect(checks[0]?.what).toMatch(/^_node_0, _node_1, _node_2 and 37 more wait until another instance/);
  });

  it('is one finding for 200,000 nodes that wait for one partition', () => {
    const nodes = Array.from({ length: 200_000 }, (_, index) => createWaitingNode(`_node_${index}`));
    const domain = { DomainName: 'UD1', NodeUpgradeProgressList: nodes };
    const checks = explain(createUpgrade({ CurrentUpgradeDomainProgress: domain }));
    expect(checks.filter(({ code }) => code === 'safety-check')).toHaveLength(1);
  });
});

describe('a stopped upgrade', () => {
  it('waits for approval of the next domain once it was continued', () => {
    const [first] = explain(
      {
        ...rollingBackUpgrade,
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        TargetApplicationTypeVersion: 'v2',
        CurrentUpgradeDomainProgress: { DomainName: 'UD3', NodeUpgradeProgressList: [] },
      },
      {
        application: {
          FailureReason: 'HealthCheck',
          UpgradeDomains: ['UD1', 'UD2', 'UD3'].map((Name) => ({ Name, State: 'Completed' })),
        },
      },
    );
    expect(first?.code).toBe('approval');
    expect(first?.what).toContain('Waiting for approval to continue with UD3');
  });
});
