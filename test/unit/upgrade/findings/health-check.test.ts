/** Findings about health checks: their phases, limits of zero, and upgrades without any. */
import { describe, expect, it } from 'vitest';
import { renderUpgradeScreen } from '../../../../src/output/upgrade-screen/screen.ts';
import { estimateTimeLeft } from '../../../../src/upgrade/findings/time-left.ts';
import { describeHeadline } from '../../../../src/upgrade/headline.ts';
import { summarize } from '../../../../src/upgrade/summary.ts';
import { describeMode } from '../../../../src/upgrade/wording.ts';
import {
  createDomainEvaluation,
  createPolicy,
  createUpgrade,
  type Members,
  nextDomain,
  rolledBackUpgrade,
  stuckDomain,
} from '../../../support/documents.ts';
import { buildSnapshot, explain, parseUpgrade } from '../../../support/snapshots.ts';
import { createPlainStyle } from '../../../support/style.ts';

const pending = { UpgradeState: 'RollingForwardPending', CurrentUpgradeDomainProgress: nextDomain };
const policy = createPolicy({ HealthCheckWaitDurationInMilliseconds: 'PT0H5M0S' });

interface PhaseCase {
  readonly members: Members;
  readonly headline: string;
  readonly line: string;
  readonly evidence: string;
}

describe('the phase of a health check', () => {
  const cases: readonly PhaseCase[] = [
    {
      members: { HealthCheckPhase: 'WaitDuration', HealthCheckElapsedTime: 'PT0H1M0S' },
      headline: 'waiting before the health check of UD0 (1 of 3)',
      line: 'checking health of UD0 (1 of 3), waiting before the check',
      evidence: 'Waiting before the check: 1m of 5m.',
    },
    {
      members: { HealthCheckPhase: 'StableDuration', HealthCheckPhaseDuration: 'PT0H0M30S' },
      headline: 'checking health of UD0 (1 of 3)',
      line: 'checking health of UD0 (1 of 3), must stay healthy',
      evidence: 'Healthy, and must stay so: 30s of 2m.',
    },
    {
      members: { HealthCheckPhase: 'Retry', HealthCheckElapsedTime: 240_000, HealthCheckRetryFlips: 3 },
      headline: 'UD0 (1 of 3) is unhealthy so far',
      line: 'unhealthy so far, retrying, changed 3 times between healthy and unhealthy',
      evidence:
        'Unhealthy, and retrying: 4m of 10m. Health has changed 3 times between healthy and unhealthy.',
    },
    {
      members: { HealthCheckPhase: 'Cooling' },
      headline: 'checking health of UD0 (1 of 3)',
      line: 'checking health of UD0 (1 of 3), phase Cooling',
      evidence: 'The check is in phase Cooling.',
    },
  ];
  const UpgradeDomains = [
    { Name: 'UD1', State: 'Pending' },
    { Name: 'UD2', State: 'Pending' },
    { Name: 'UD0', State: 'Completed' },
  ];

  it.each(cases)('is named: $line', ({ members, headline, line, evidence }) => {
    const snapshot = buildSnapshot(createUpgrade({ ...pending, ...policy }), {
      application: { UpgradeDomains, ...members },
    });
    expect(describeHeadline(snapshot, []).words).toBe(headline);
    expect(summarize(snapshot)).toContain(line);
    const finding = explain(createUpgrade({ ...pending, ...policy, ...members }), {
      application: { UpgradeDomains },
    }).find(({ code }) => code === 'health-check');
    expect(finding?.evidence.join(' ')).toContain(evidence);
  });

  it.each(['WaitDuration', 'StableDuration', 'Retry'])('%s decides whether there is an estimate', (phase) => {
    const domains = ['UD0', 'UD1'].map((Name) => ({ Name, State: 'Completed' }));
    const last = { Name: 'UD2', State: 'Pending' };
    const application = { UpgradeDomains: [last, ...domains], HealthCheckPhase: phase };
    const next = { CurrentUpgradeDomainProgress: { ...nextDomain, DomainName: 'UD2' } };
    const snapshot = buildSnapshot(createUpgrade({ ...pending, ...next }), { application });
    expect(estimateTimeLeft(snapshot) === undefined).toBe(phase === 'Retry');
  });
});

it('a check that the runtime calls healthy is not failing, whatever evaluations are left', () => {
  const evaluations = { ApplicationUnhealthyEvaluations: [createDomainEvaluation([], 4)] };
  const findings = explain(createUpgrade({ ...pending, ...evaluations, HealthCheckPhase: 'StableDuration' }));
  expect(findings.map(({ code, severity }) => [code, severity])).toEqual([['health-check', 'info']]);
});

describe('durations of zero', () => {
  const zero = createPolicy({
    HealthCheckStableDurationInMilliseconds: 'PT0H0M0S',
    HealthCheckRetryTimeoutInMilliseconds: 'PT0H0M0S',
  });

  it('mean that one check decides', () => {
    const [finding] = explain(createUpgrade({ ...pending, ...zero }));
    expect(finding?.evidence).toEqual([
      'One successful check lets the upgrade continue.',
      'After one failed check, the upgrade rolls back.',
    ]);
  });

  it.each<[string, Members]>([
    ['rolling forward', {}],
    ['checking health', { ...pending, HealthCheckPhase: 'StableDuration', HealthCheckElapsedTime: 'PT0S' }],
    ['rolled back', { ...rolledBackUpgrade, UpgradeDomainProgressAtFailure: undefined }],
    ['rolled back by time', { ...rolledBackUpgrade, UpgradeDomainProgressAtFailure: stuckDomain }],
    ['waiting', { CurrentUpgradeDomainProgress: stuckDomain, UpgradeReplicaSetCheckTimeoutInSeconds: 0 }],
  ])('are nowhere printed as 0s: %s', (_, members) => {
    const all = createPolicy({
      HealthCheckStableDurationInMilliseconds: 'PT0H0M0S',
      HealthCheckRetryTimeoutInMilliseconds: 'PT0H0M0S',
      UpgradeTimeoutInMilliseconds: 'PT0H0M0S',
      UpgradeDomainTimeoutInMilliseconds: 'PT0H0M0S',
    });
    const snapshot = buildSnapshot(createUpgrade({ ...members, ...all }), { application: {} });
    const screen = renderUpgradeScreen(snapshot, createPlainStyle(80), { cluster: 'c', full: false });
    // The command that upgrades again keeps the settings, as `PT0S`.
    expect(screen.replaceAll(/--[a-z-]+ 0s/g, '')).not.toMatch(/\b0s/);
  });

  it('are not printed as limits', () => {
    expect(describeMode(parseUpgrade(createUpgrade(zero)))).toBe('rolls back if unhealthy');
  });
});

it('a monitored upgrade without a policy claims nothing about failures', () => {
  const document = createUpgrade({ ...pending, MonitoringPolicy: undefined });
  const [finding] = explain(document);
  expect(finding).toMatchObject({ what: 'The application must be healthy', evidence: [] });
  expect(describeMode(parseUpgrade(document))).toBe('checks health after each domain');
});

describe('an upgrade that completed', () => {
  const find = (members: Members, before: readonly Members[] = []) =>
    explain(createUpgrade({ UpgradeState: 'RollingForwardCompleted', ...members }), { before }).find(
      ({ code }) => code === 'health-unchecked',
    );

  it('without monitoring says that its health was not checked', () => {
    const finding = find({ RollingUpgradeMode: 'UnmonitoredAuto' });
    expect(finding?.what).toBe('Health was not checked (UnmonitoredAuto)');
    expect(finding?.next.map(({ what, command }) => command ?? what)).toEqual([
      'sfctl application health --application-id web',
      'To have health checked, use --mode monitored in the next upgrade.',
    ]);
  });

  it('by hand after a failed health check says nothing', () => {
    expect(find({ RollingUpgradeMode: 'UnmonitoredManual' }, [createUpgrade()])).toBeUndefined();
  });

  it.each(['Monitored', 'UnmonitoredDeferred', undefined])('in the mode %s says nothing', (mode) => {
    expect(find({ RollingUpgradeMode: mode })).toBeUndefined();
  });
});
