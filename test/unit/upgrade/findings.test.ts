/** The explanation of an upgrade, over documents of every state, mode and failure. */
import { describe, expect, it } from 'vitest';
import { readApplicationUpgrade } from '../../../src/cluster/wire/application-upgrade.ts';
import { readComposeUpgrade } from '../../../src/cluster/wire/compose-upgrade.ts';
import { renderTable } from '../../../src/output/table/upgrade.ts';
import { collectFindings } from '../../../src/upgrade/findings/collect.ts';
import type { Finding } from '../../../src/upgrade/findings/finding.ts';
import { extendHistory } from '../../../src/upgrade/history.ts';
import type { DeploymentStatus } from '../../../src/upgrade/model.ts';
import { createSnapshot, type UpgradeSnapshot } from '../../../src/upgrade/snapshot.ts';
import { upgradeStates } from '../../../src/upgrade/state.ts';
import { summarize } from '../../../src/upgrade/summary.ts';
import {
  applicationForm,
  fullForm,
  type Members,
  midway,
  neverUpgraded,
  rollingBack,
  shortForm,
  unhealthyEvent,
} from '../../support/documents.ts';
import { plainStyle } from '../../support/style.ts';

interface Known {
  /** Members of the application's record. */
  readonly application?: Members;
  readonly status?: DeploymentStatus;
  readonly services?: ReadonlyMap<string, string>;
  /** Documents that were read before. */
  readonly before?: readonly Members[];
}

function upgradeOf(document: Members) {
  const upgrade = readComposeUpgrade(document);
  if (upgrade === undefined) throw new Error('no document');
  return upgrade;
}

function snapshot(document: Members, known: Known = {}): UpgradeSnapshot {
  const { application, status, services = new Map(), before = [] } = known;
  const record = application && readApplicationUpgrade(applicationForm(application));
  const beside = { status, services, application: record };
  const earlier = { status: undefined, services, application: record };
  let last: UpgradeSnapshot | undefined;
  for (const one of before) last = createSnapshot(upgradeOf(one), earlier, last);
  return createSnapshot(upgradeOf(document), beside, last);
}

function explain(document: Members, known: Known = {}): readonly Finding[] {
  return collectFindings(snapshot(document, known));
}

const partition = '5c1e0b7a-93d4-4f0e-8a26-1d7f6be2c940';
const waiting = (name: string, kind = 'EnsureAvailability') => ({
  NodeName: name,
  UpgradePhase: 'PreUpgradeSafetyCheck',
  PendingSafetyChecks: [{ SafetyCheck: { Kind: kind, PartitionId: partition } }],
});
const stuckDomain = { DomainName: 'UD1', NodeUpgradeProgressList: [waiting('_node_4')] };
const next = { DomainName: 'UD1', NodeUpgradeProgressList: [] };
const rolledBack = { ...rollingBack, UpgradeState: 'RollingBackCompleted' };
const back = { TargetApplicationTypeVersion: 'v1', UpgradeState: 'RollingBackCompleted' };
const noEvaluations = { ApplicationUnhealthyEvaluations: [] };
const policy = (members: Members) => ({
  MonitoringPolicy: { ...(fullForm()['MonitoringPolicy'] as Members), ...members },
});
const noLimit = 'P10675199DT2H48M5.4775807S';

describe('why it went wrong', () => {
  it.each<[what: string, code: string, says: string | RegExp, document: Members, known?: Known]>([
    ['its health, by the tree', 'unhealthy', 'failed in upgrade domain UD1', rolledBack],
    [
      'its health, as it is recorded, where no tree is left',
      'unhealthy',
      /because its health check failed$/,
      { ...rolledBack, ...noEvaluations },
      { application: { ...back, FailureReason: 'HealthCheck' } },
    ],
    [
      'the time of a domain, as it is recorded',
      'domain-timeout',
      'because upgrade domain UD1 ran out of time (5m 00s)',
      {
        ...rolledBack,
        ...noEvaluations,
        ...policy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S' }),
        UpgradeDomainProgressAtFailure: stuckDomain,
      },
      { application: { ...back, FailureReason: 'UpgradeDomainTimeout' } },
    ],
    [
      'the time of the upgrade, as it is recorded',
      'upgrade-timeout',
      'because the upgrade as a whole ran out of time (2h 00m 00s) in upgrade domain UD1',
      { ...rolledBack, ...noEvaluations, UpgradeDomainProgressAtFailure: stuckDomain },
      { application: { ...back, FailureReason: 'OverallUpgradeTimeout' } },
    ],
    [
      'the time of the upgrade, since the domains have no limit',
      'upgrade-timeout',
      'the upgrade as a whole ran out of time',
      { ...rolledBack, ...noEvaluations, UpgradeDomainProgressAtFailure: stuckDomain },
    ],
    [
      'the time of a domain, since the upgrade has no limit',
      'domain-timeout',
      'upgrade domain UD1 ran out of time (5m 00s)',
      {
        ...rolledBack,
        ...policy({
          UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S',
          UpgradeTimeoutInMilliseconds: noLimit,
        }),
        UpgradeDomainProgressAtFailure: stuckDomain,
      },
    ],
    [
      'the time of a domain, in its health check',
      'domain-timeout',
      'because upgrade domain UD1, in its health check, ran out of time',
      {
        ...rolledBack,
        UpgradeDomainProgressAtFailure: { DomainName: 'UD2', NodeUpgradeProgressList: [] },
      },
      { application: { ...back, FailureReason: 'UpgradeDomainTimeout' } },
    ],
    [
      'the time of a domain, between two of them',
      'domain-timeout',
      'because the domain before upgrade domain UD2 ran out of time',
      {
        ...rolledBack,
        ...noEvaluations,
        UpgradeDomainProgressAtFailure: { DomainName: 'UD2', NodeUpgradeProgressList: [] },
      },
      { application: { ...back, FailureReason: 'UpgradeDomainTimeout' } },
    ],
    [
      'the time of a domain, nobody knows which',
      'domain-timeout',
      'because its upgrade domain ran out of time',
      { ...rolledBack, ...noEvaluations },
      { application: { ...back, FailureReason: 'UpgradeDomainTimeout' } },
    ],
    [
      'its health, where the record still names the version that it leaves',
      'requested',
      'because somebody asked for it',
      rolledBack,
      {
        before: [midway],
        application: {
          UpgradeState: 'RollingBackCompleted',
          UpgradeDescription: null,
          FailureReason: 'Interrupted',
        },
      },
    ],
    [
      'nobody knows, as the rollout was not seen, and all else may be of the upgrade before',
      'rolled-back-before-rollout',
      'as it seems because somebody asked for it while the new version was still being prepared',
      rolledBack,
      { before: [shortForm({ TargetApplicationTypeVersion: 'v3' })] },
    ],
    [
      'its health, as its rollout was seen',
      'unhealthy',
      'because its health check failed',
      rolledBack,
      { before: [shortForm(), midway] },
    ],
    [
      'a failure after the last domain',
      'upgrade-failed',
      'It failed after the domains were done',
      shortForm({ UpgradeState: 'Failed' }),
      { application: { UpgradeState: 'RollingForwardCompleted' } },
    ],
    [
      'a stop by the last health check',
      'unhealthy',
      'It was stopped because its health check failed',
      { ...rollingBack, UpgradeState: 'RollingForwardInProgress', RollingUpgradeMode: 'UnmonitoredManual' },
    ],
    [
      'a stop that somebody has let go on since',
      'person',
      'A person must let it go on to upgrade domain UD3',
      {
        ...rollingBack,
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
    ],
    [
      'one of two times',
      'timeout',
      'time ran out in upgrade domain UD1, of the domain (5m 00s) or of the whole upgrade (2h 00m 00s)',
      {
        ...rolledBack,
        ...policy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S' }),
        UpgradeDomainProgressAtFailure: stuckDomain,
      },
    ],
    [
      'a person, as it is recorded, though something was unhealthy as well',
      'requested',
      'It was rolled back because somebody asked for it',
      rolledBack,
      { application: { ...back, FailureReason: 'Interrupted' } },
    ],
    [
      'the cluster itself',
      'processing-failure',
      'the cluster could not carry it out',
      { ...rolledBack, ...noEvaluations },
      { application: { ...back, FailureReason: 'ProcessingFailure' } },
    ],
    [
      'a reason of a newer runtime',
      'cause-unknown',
      'It was rolled back: SunSpots',
      { ...rolledBack, ...noEvaluations },
      { application: { ...back, FailureReason: 'SunSpots' } },
    ],
    [
      'nobody knows',
      'cause-unknown',
      'It was rolled back, and the cause is not recorded',
      { ...rolledBack, ...noEvaluations },
    ],
    [
      'a person, before the application heard of it',
      'rolled-back-before-rollout',
      'while the new version was still being prepared',
      { ...rolledBack, ...noEvaluations },
      {
        application: {
          TargetApplicationTypeVersion: 'v1',
          UpgradeState: 'RollingForwardCompleted',
          UpgradeDescription: { TargetApplicationTypeVersion: 'v1' },
        },
      },
    ],
    [
      'a person, while the application tells of another rollback',
      'rolled-back-before-rollout',
      'while the new version was still being prepared',
      { ...rolledBack, ...noEvaluations },
      {
        before: [{ ...midway, TargetApplicationTypeVersion: 'v3' }],
        application: { ...back, FailureReason: 'HealthCheck' },
      },
    ],
    ['on the way back', 'unhealthy', 'It is rolled back because its health check failed', rollingBack],
    [
      'a stop by a failed health check',
      'unhealthy',
      'It was stopped because its health check failed in upgrade domain UD1',
      {
        ...rollingBack,
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        TargetApplicationTypeVersion: 'v2',
        CurrentUpgradeDomainProgress: next,
      },
    ],
    [
      'a stop in the middle of a domain',
      'upgrade-timeout',
      'It was stopped because the upgrade as a whole ran out of time',
      fullForm({
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: stuckDomain,
        UpgradeDomainProgressAtFailure: stuckDomain,
      }),
    ],
    [
      'a check that fails so far',
      'unhealthy',
      'More is unhealthy in upgrade domain UD1 than its policy tolerates',
      { ...rollingBack, UpgradeState: 'RollingForwardPending', RollingUpgradeMode: 'Monitored' },
    ],
    [
      'a new version that could not be prepared',
      'provisioning-failed',
      'The new version could not be prepared',
      shortForm({ UpgradeState: 'Failed' }),
      {
        application: {
          TargetApplicationTypeVersion: 'v1',
          UpgradeState: 'RollingForwardCompleted',
          UpgradeDescription: { TargetApplicationTypeVersion: 'v1' },
        },
      },
    ],
    [
      'a failure in the middle',
      'upgrade-failed',
      'It failed in the middle of the domains (ProcessingFailure)',
      shortForm({ UpgradeState: 'Failed' }),
      { application: { UpgradeState: 'Failed', FailureReason: 'ProcessingFailure' } },
    ],
    [
      'a failure that nobody explains',
      'upgrade-failed',
      'It failed, and the cluster gives no reason',
      shortForm({ UpgradeState: 'Failed' }),
    ],
    [
      'a deployment that is being removed',
      'removed',
      'the deployment is being removed',
      shortForm({ UpgradeState: 'Failed' }),
      { status: { status: 'Deleting', details: '' } },
    ],
    [
      'a creation',
      'creation-failed',
      'The deployment could not be created',
      neverUpgraded(),
      { status: { status: 'Failed', details: 'no such image' } },
    ],
  ])('%s: %s', (_, code, says, document, known) => {
    const [first] = explain(document, known);
    expect(first?.code).toBe(code);
    if (typeof says === 'string') expect(first?.what).toContain(says);
    else expect(first?.what).toMatch(says);
  });

  it('shows what was going on when time ran out, with the service by its name', () => {
    const [cause] = explain(
      { ...rolledBack, ...noEvaluations, UpgradeDomainProgressAtFailure: stuckDomain },
      { services: new Map([[partition, 'fabric:/web/web']]) },
    );
    expect(cause?.where).toEqual([
      { kind: 'upgrade domain', name: 'UD1' },
      { kind: 'node', name: '_node_4' },
    ]);
    expect(cause?.evidence[0]).toBe(
      'node _node_4 was waiting to be upgraded: another instance of fabric:/web/web must be up first (EnsureAvailability)',
    );
  });

  it('quotes what the deployment says of a failure, and tells what is usual', () => {
    const [cause] = explain(shortForm({ UpgradeState: 'Failed' }), {
      status: { status: 'Ready', details: 'no such image' },
    });
    expect(cause?.evidence[0]).toBe('The deployment says: no such image');
    expect(cause?.evidence).toContain('The last step was: Provisioning v2.');
    expect(cause?.evidence.join()).toContain('Usual causes: a compose file');
    expect(cause?.next).toContain('See what the deployment says: sfctl compose status --deployment-name web');
  });

  it('asks for the events of just that time', () => {
    const [cause] = explain(rolledBack, {
      application: {
        ...back,
        FailureReason: 'Interrupted',
        FailureTimestampUtc: '2026-11-24T07:10:00.000Z',
      },
    });
    expect(cause?.evidence).toContain('That was at 2026-11-24T07:10:00Z.');
    expect(cause?.next[0]).toBe(
      'See what happened: sfctl events application-list --application-id web --start-time-utc 2026-11-24T07:00:00Z --end-time-utc 2026-11-24T07:11:00Z',
    );
  });

  it('asks for the logs of the container that reported', () => {
    const inPackage = {
      HealthEvaluation: {
        Kind: 'DeployedServicePackage',
        ServiceManifestName: 'webPkg',
        NodeName: '_node_1',
        UnhealthyEvaluations: [unhealthyEvent],
      },
    };
    const [cause] = explain({ ...rolledBack, ApplicationUnhealthyEvaluations: [inPackage] });
    expect(cause?.next[0]).toBe(
      'See what it logged: sfctl service get-container-logs --application-id web --node-name _node_1 --service-manifest-name webPkg --code-package-name web --previous',
    );
  });

  it('leaves a name out of a command that a shell could misread', () => {
    const [cause] = explain({
      ...rolledBack,
      DeploymentName: 'a b',
      ApplicationName: 'fabric:/a b; rm -rf ~',
    });
    expect(cause?.next.join()).not.toContain('rm');
    expect(cause?.next.join()).toContain('--application-id <name>');
  });

  it('is said of whatever was said of it before, if a later read fails', () => {
    const first = snapshot(rolledBack, { application: { ...back, FailureReason: 'Interrupted' } });
    const nothing = { status: undefined, services: new Map(), application: undefined };
    const later = createSnapshot(first.upgrade, nothing, first);
    expect(collectFindings(later)[0]?.code).toBe('requested');
  });
});

describe('what it waits for', () => {
  it.each<[what: string, code: string, severity: string, says: string, document: Members]>([
    [
      'the new version',
      'provisioning',
      'info',
      'The new version must be built',
      shortForm({ UpgradeState: 'ProvisioningTarget' }),
    ],
    [
      'the removal of the old one',
      'unprovisioning',
      'info',
      'it is too late for a rollback',
      fullForm({ UpgradeState: 'UnprovisioningCurrent' }),
    ],
    [
      'a person',
      'person',
      'warning',
      'A person must let it go on to upgrade domain UD1',
      fullForm({
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: next,
      }),
    ],
    [
      'its health',
      'health-check',
      'info',
      'Its health must stay good for 2m 00s',
      fullForm({ UpgradeState: 'RollingForwardPending', CurrentUpgradeDomainProgress: next }),
    ],
    [
      'a safety check',
      'safety-check',
      'info',
      `Another instance of partition ${partition} must be up`,
      midway,
    ],
    [
      'a safety check, for long',
      'safety-check',
      'warning',
      'Another instance',
      { ...midway, CurrentUpgradeDomainDuration: 'PT0H5M0S' },
    ],
    [
      'nodes, for long',
      'slow-nodes',
      'warning',
      '1 node must come up with the new version',
      fullForm({
        CurrentUpgradeDomainDuration: 'PT0H10M0S',
        CurrentUpgradeDomainProgress: {
          DomainName: 'UD1',
          NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
        },
      }),
    ],
  ])('%s: %s, %s', (_, code, severity, says, document) => {
    const [first] = explain(document);
    expect([first?.code, first?.severity]).toEqual([code, severity]);
    expect(first?.what).toContain(says);
  });

  it('a person can let it go on, or roll it back', () => {
    const [person] = explain(
      fullForm({
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: next,
      }),
    );
    expect(person?.next).toEqual([
      'To let it go on: sfctl application upgrade-resume --application-id web --upgrade-domain-name UD1',
      'To roll it back: sfctl compose upgrade-rollback --deployment-name web',
    ]);
  });

  it('a person who takes it back by hand can only go on', () => {
    const findings = explain(
      fullForm({
        UpgradeState: 'RollingBackInProgress',
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: next,
      }),
    );
    const person = findings.find(({ code }) => code === 'person');
    expect(person?.next).toHaveLength(1);
  });

  const seconds = (count: number) => `PT0H0M${count}S`;
  const at = (duration: number, domainDuration: number, members: Members = {}) =>
    fullForm({
      UpgradeDuration: seconds(duration),
      CurrentUpgradeDomainDuration: seconds(domainDuration),
      CurrentUpgradeDomainProgress: stuckDomain,
      ...members,
    });

  it.each<[what: string, since: string, document: Members, before: Members[]]>([
    ['one read', 'for up to 5m 00s', at(900, 300), []],
    ['a watch that saw it begin', 'for 5m 00s', at(900, 300), [at(600, 0)]],
    ['a watch that came later', 'for 3m 00s to 5m 00s', at(900, 300), [at(720, 120)]],
    ['the first moment', 'Node _node_4 waits for that.', at(600, 0), []],
  ])('since when, as of %s: %s', (_, since, document, before) => {
    const check = explain(document, { before }).find(({ code }) => code === 'safety-check');
    expect(check?.evidence[0]).toContain(since);
  });

  it.each<[what: string, ends: string, members: Members]>([
    [
      'the check',
      'The cluster goes on without it after 15m 00s: in 10m 00s at the earliest.',
      { UpgradeReplicaSetCheckTimeoutInSeconds: 900 },
    ],
    [
      'nothing',
      'The cluster waits without limit until that is so.',
      {
        UpgradeReplicaSetCheckTimeoutInSeconds: 4294967295,
        ...policy({ UpgradeTimeoutInMilliseconds: noLimit }),
      },
    ],
    [
      "the domain's time",
      "If that is not so before, the domain's own time runs out in 1m 00s: then it rolls back.",
      policy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H6M0S' }),
    ],
    [
      "the upgrade's time",
      "If that is not so before, the upgrade's own time runs out at any moment: then it stops and waits for a person.",
      policy({ UpgradeTimeoutInMilliseconds: 'PT0H15M0S', FailureAction: 'Manual' }),
    ],
  ])('what ends it: %s', (_, ends, members) => {
    const check = explain(at(900, 300, members)).find(({ code }) => code === 'safety-check');
    expect(check?.evidence[1]).toBe(ends);
  });

  it('a health check ends with what runs out first', () => {
    const limits = policy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H6M0S' });
    const [check] = explain(at(900, 300, { ...limits, UpgradeState: 'RollingForwardPending' }));
    expect(check?.evidence).toEqual([
      'If it stays bad for 10m 00s, it rolls back.',
      "The domain's own time runs out in 1m 00s: then it rolls back.",
    ]);
  });

  it('nothing of the policy runs out where it is not monitored', () => {
    const limits = policy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H1M0S' });
    const check = explain(at(900, 300, { ...limits, RollingUpgradeMode: 'UnmonitoredAuto' })).find(
      ({ code }) => code === 'safety-check',
    );
    expect(check?.evidence[1]).toContain('The cluster goes on without it after 15m 00s');
  });

  it.each([
    ['EnsureAvailability', `sfctl replica list --partition-id ${partition}`],
    ['WaitForResourceAvailability', 'Make room, add nodes, or ask for less'],
    ['WaitForPrimaryPlacement', 'sfctl node list'],
    ['WaitForInbuildReplica', `sfctl partition health --partition-id ${partition}`],
    ['EnsureSeedNodeQuorum', 'See which seed nodes are down: sfctl node list'],
  ])('what can be done about %s', (kind, says) => {
    const domain = { DomainName: 'UD1', NodeUpgradeProgressList: [waiting('_node_4', kind)] };
    const [check] = explain(at(900, 300, { CurrentUpgradeDomainProgress: domain }));
    expect(check?.next.join('\n')).toContain(says);
  });

  it('says a check once for all nodes that wait for it, and not more than a few', () => {
    const nodes = Array.from({ length: 40 }, (_, index) => waiting(`_node_${index}`));
    const domain = { DomainName: 'UD1', NodeUpgradeProgressList: nodes };
    const checks = explain(at(900, 60, { CurrentUpgradeDomainProgress: domain })).filter(
      ({ code }) => code === 'safety-check',
    );
    expect(checks).toHaveLength(1);
    expect(checks[0]?.evidence[0]).toContain('Nodes _node_0, _node_1, _node_2 and 37 more wait for that');
  });
});

describe('how long still', () => {
  const seconds = (count: number) => `PT0H0M${count}S`;
  const domains = (...states: string[]) => ({
    UpgradeDomains: states.map((State, index) => ({ Name: `UD${index}`, State })),
  });
  const working = (name: string) => ({
    CurrentUpgradeDomainProgress: {
      DomainName: name,
      NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
    },
  });
  const at = (duration: number, domainDuration: number, domain: string, members: Members = {}) =>
    fullForm({
      UpgradeDuration: seconds(duration),
      CurrentUpgradeDomainDuration: seconds(domainDuration),
      ...working(domain),
      ...members,
    });
  const second = { application: domains('Completed', 'InProgress', 'Pending') };
  const estimate = (findings: readonly Finding[]) =>
    findings.find(({ code }) => code === 'estimate')?.evidence[0];

  it.each<[what: string, says: string | undefined, document: Members, known: Known]>([
    ['in the first domain', undefined, at(60, 60, 'UD0'), { application: domains('InProgress', 'Pending') }],
    // The domain before took 240 s: 180 to 300 s each, 120 s of them gone, and a step of the reading.
    ['from one domain before', '4m 00s to 9m 00s more', at(360, 120, 'UD1'), second],
    [
      'from two domains seen, of 240 and 300 s',
      '3m 00s to 5m 00s more',
      at(600, 60, 'UD2'),
      {
        application: domains('Completed', 'Completed', 'InProgress'),
        before: [at(0, 0, 'UD0'), at(240, 0, 'UD1'), at(540, 0, 'UD2')],
      },
    ],
    [
      'not shorter than the policy allows',
      '1m 00s to 2m 00s more',
      at(120, 60, 'UD1'),
      { application: domains('Completed', 'InProgress') },
    ],
    ['not where the domain takes much longer than those before', undefined, at(900, 660, 'UD1'), second],
    ['not without the domains', undefined, at(360, 120, 'UD1'), {}],
    [
      'not where a person decides',
      undefined,
      at(360, 120, 'UD1', { RollingUpgradeMode: 'UnmonitoredManual' }),
      second,
    ],
    [
      'not where it is unhealthy',
      undefined,
      at(360, 120, 'UD1', { ApplicationUnhealthyEvaluations: [unhealthyEvent] }),
      second,
    ],
  ])('%s: %s', (_, says, document, known) => {
    const found = estimate(explain(document, known));
    if (says === undefined) expect(found).toBeUndefined();
    else expect(found).toContain(`${says} until all upgrade domains are done; an estimate from`);
  });

  it.each([
    ['PT0H20M0S', undefined],
    ['PT0H13M0S', 'may'],
    ['PT0H8M0S', 'will'],
  ])('with an upgrade timeout of %s its own time %s run out', (limit, word) => {
    const document = at(360, 120, 'UD1', policy({ UpgradeTimeoutInMilliseconds: limit }));
    const ahead = explain(document, second).find(({ code }) => code === 'timeout-ahead');
    if (word === undefined) expect(ahead).toBeUndefined();
    else expect(ahead?.what).toContain(`Its own time ${word} run out`);
  });
});

describe('odd documents', () => {
  const strange = ['__proto__', 'constructor', 'toString', '\u0000'];
  const endless = 'P10675199DT2H48M5.4775807S';
  it.each(strange)('the word "%s" is a word like any other', (word) => {
    const tree = {
      HealthEvaluation: {
        Kind: word,
        AggregatedHealthState: word,
        TotalCount: 5,
        UnhealthyEvaluations: [
          {
            HealthEvaluation: {
              ...unhealthyEvent.HealthEvaluation,
              UnhealthyEvent: { ...unhealthyEvent.HealthEvaluation.UnhealthyEvent, HealthState: word },
            },
          },
        ],
      },
    };
    const domain = {
      DomainName: word,
      NodeUpgradeProgressList: [{ ...waiting(word, word), UpgradePhase: word }],
    };
    for (const UpgradeState of [...Object.keys(upgradeStates), word]) {
      const document = fullForm({
        UpgradeState,
        RollingUpgradeMode: word,
        CurrentUpgradeDomainProgress: domain,
        ApplicationUnhealthyEvaluations: [tree],
      });
      const domains = [{ Name: word, State: word }];
      const one = snapshot(document, { application: { UpgradeDomains: domains, UpgradeState: word } });
      expect(renderTable(one, plainStyle(80), { full: true, next: true })).not.toMatch(
        /undefined|NaN|native code/,
      );
      expect(summarize(one)).not.toMatch(/undefined|NaN|native code/);
    }
  });

  it('a clock without end is none', () => {
    const document = { ...midway, UpgradeDuration: endless, CurrentUpgradeDomainDuration: endless };
    const findings = explain(document, { before: [midway], application: {} });
    expect(JSON.stringify(findings)).not.toMatch(/undefined|NaN|null/);
  });

  it('200,000 nodes that wait for one partition are one finding', () => {
    const nodes = Array.from({ length: 200_000 }, (_, index) => waiting(`_node_${index}`));
    const domain = { DomainName: 'UD1', NodeUpgradeProgressList: nodes };
    const checks = explain(fullForm({ CurrentUpgradeDomainProgress: domain }));
    expect(checks.filter(({ code }) => code === 'safety-check')).toHaveLength(1);
  });

  it('2,000 causes at the end of 250 levels are found in no time, and 2,000 roots are not all told', () => {
    const leaves = Array.from({ length: 2_000 }, () => unhealthyEvent);
    const wrap = (children: object[]) => ({
      HealthEvaluation: {
        Kind: 'X',
        NodeName: '_node_1',
        MaxPercentUnhealthyNodes: 1,
        UnhealthyEvaluations: children,
      },
    });
    let deep: object[] = leaves;
    for (let level = 0; level < 250; level++) deep = [wrap(deep)];
    const [cause] = explain({ ...rolledBack, ApplicationUnhealthyEvaluations: deep });
    expect(cause?.evidence[0]).toContain('(2000 times)');
    const wide = leaves.map((leaf) => wrap([leaf]));
    const [other] = explain({ ...rolledBack, ApplicationUnhealthyEvaluations: wide });
    expect(other?.evidence.length).toBeLessThan(20);
  });

  it('of 20 safety checks a few are told, and the line counts them all', () => {
    const nodes = Array.from({ length: 20 }, (_, index) => ({
      NodeName: `_node_${index}`,
      UpgradePhase: 'PreUpgradeSafetyCheck',
      PendingSafetyChecks: [{ SafetyCheck: { Kind: 'EnsureAvailability', PartitionId: `p${index}` } }],
    }));
    const one = snapshot(
      fullForm({ CurrentUpgradeDomainProgress: { DomainName: 'UD1', NodeUpgradeProgressList: nodes } }),
    );
    const checks = collectFindings(one).filter(({ code }) => code === 'safety-check');
    expect(checks).toHaveLength(5);
    expect(checks[4]?.evidence.at(-1)).toBe('… 15 more safety checks');
    expect(summarize(one)).toContain('(and 19 more)');
  });
});

describe('every document', () => {
  const states = [...Object.keys(upgradeStates), 'NotInvented', ''];
  const modes = ['Monitored', 'UnmonitoredAuto', 'UnmonitoredManual', 'UnmonitoredDeferred', ''];
  it.each(states)('in state "%s" is explained in every mode, the worst first', (state) => {
    const ranks = { error: 0, warning: 1, info: 2 };
    for (const mode of modes) {
      for (const document of [midway, rollingBack, fullForm(), shortForm(), neverUpgraded()]) {
        const findings = explain({ ...document, UpgradeState: state, RollingUpgradeMode: mode });
        const found = findings.map(({ severity }) => ranks[severity]);
        expect(found).toEqual([...found].sort());
        for (const { what, evidence, next } of findings)
          for (const line of [what, ...evidence, ...next]) expect(line).not.toMatch(/undefined|NaN|^$/);
      }
    }
  });

  it('of an unknown state says so', () => {
    expect(explain({ ...midway, UpgradeState: 'NotInvented' })[0]?.code).toBe('unknown-state');
  });

  it('of a success says nothing', () => {
    expect(explain(fullForm({ UpgradeState: 'RollingForwardCompleted' }))).toEqual([]);
  });

  it('of a deployment that was never upgraded says how to', () => {
    const [note] = explain(neverUpgraded(), { status: { status: 'Ready', details: '' } });
    expect(note?.what).toBe('It was never upgraded');
    expect(note?.next).toEqual([
      'Start an upgrade: sfctl compose upgrade --deployment-name web --file-path <compose file> --upgrade-mode Monitored --failure-action Rollback',
    ]);
  });
});

describe('the history', () => {
  it('does not grow without end, whatever the domains are called', () => {
    let history = snapshot(midway).history;
    for (let index = 0; index < 2000; index++) {
      const document = fullForm({
        UpgradeDuration: `PT0H0M${10 * index}S`,
        CurrentUpgradeDomainDuration: 'PT0H0M0S',
        CurrentUpgradeDomainProgress: {
          DomainName: `X${index}`,
          NodeUpgradeProgressList: [waiting('_node_1')],
        },
      });
      history = extendHistory(history, upgradeOf(document), []);
    }
    expect(history.finished).toHaveLength(500);
    expect(history.checks.size).toBe(1);
  });
});
