/** Time-outs as the cause of a rollback or a stop. */
import { describe, expect, it } from 'vitest';
import { formatStep } from '../../../../src/platform/next-step.ts';
import {
  createPolicy,
  createUpgrade,
  type Members,
  noLimit,
  partition,
  rolledBackRecord,
  rolledBackUpgrade,
  runningUpgrade,
  stuckDomain,
} from '../../../support/documents.ts';
import { expectFirstFinding, explain, type FindingCase } from '../../../support/snapshots.ts';

const noEvaluations = { ApplicationUnhealthyEvaluations: [] };

describe('the finding about a time-out', () => {
  it.each<FindingCase>([
    {
      name: "the record names the domain's time-out",
      code: 'domain-timeout',
      what: 'UD1 exceeded its time limit of 5m',
      document: {
        ...rolledBackUpgrade,
        ...noEvaluations,
        ...createPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S' }),
        UpgradeDomainProgressAtFailure: stuckDomain,
      },
      known: { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    },
    {
      name: "the record names the upgrade's time-out",
      code: 'upgrade-timeout',
      what: 'The upgrade exceeded its time limit of 2h in UD1',
      document: { ...rolledBackUpgrade, ...noEvaluations, UpgradeDomainProgressAtFailure: stuckDomain },
      known: { application: { ...rolledBackRecord, FailureReason: 'OverallUpgradeTimeout' } },
    },
    {
      name: 'only the upgrade has a limit',
      code: 'upgrade-timeout',
      what: 'The upgrade exceeded its time limit of 2h in UD1',
      document: { ...rolledBackUpgrade, ...noEvaluations, UpgradeDomainProgressAtFailure: stuckDomain },
    },
    {
      name: 'only the domains have a limit',
      code: 'domain-timeout',
      what: 'UD1 exceeded its time limit of 5m',
      document: {
        ...rolledBackUpgrade,
        ...createPolicy({
          UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S',
          UpgradeTimeoutInMilliseconds: noLimit,
        }),
        UpgradeDomainProgressAtFailure: stuckDomain,
      },
    },
    {
      name: 'time ran out in the health check of a domain',
      code: 'domain-timeout',
      what: 'UD1 exceeded its time limit during its health check',
      document: {
        ...rolledBackUpgrade,
        UpgradeDomainProgressAtFailure: { DomainName: 'UD2', NodeUpgradeProgressList: [] },
      },
      known: { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    },
    {
      name: 'time ran out between two domains',
      code: 'domain-timeout',
      what: 'The domain before UD2 exceeded its time limit',
      document: {
        ...rolledBackUpgrade,
        ...noEvaluations,
        UpgradeDomainProgressAtFailure: { DomainName: 'UD2', NodeUpgradeProgressList: [] },
      },
      known: { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    },
    {
      name: 'the domain is unknown',
      code: 'domain-timeout',
      what: 'An upgrade domain exceeded its time limit',
      document: { ...rolledBackUpgrade, ...noEvaluations },
      known: { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    },
    {
      name: 'both the domain and the upgrade have a limit',
      code: 'timeout',
      what: 'The upgrade exceeded a time limit in UD1: 5m for the domain, 2h for the upgrade',
      document: {
        ...rolledBackUpgrade,
        ...createPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S' }),
        UpgradeDomainProgressAtFailure: stuckDomain,
      },
    },
    {
      name: 'a time-out stopped the upgrade in the middle of a domain',
      code: 'upgrade-timeout',
      what: 'The upgrade exceeded its time limit of 2h in UD1',
      document: createUpgrade({
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: stuckDomain,
        UpgradeDomainProgressAtFailure: stuckDomain,
      }),
    },
  ])('has the code $code when $name', expectFirstFinding);
  it('describes the nodes at the time, with services by their names', () => {
    const [cause] = explain(
      { ...rolledBackUpgrade, ...noEvaluations, UpgradeDomainProgressAtFailure: stuckDomain },
      { services: new Map([[partition, 'fabric:/web/web']]) },
    );
    expect(cause?.where).toEqual([
      { kind: 'upgrade domain', name: 'UD1' },
      { kind: 'node', name: '_node_4' },
    ]);
    expect(cause?.evidence[0]).toBe(
      '_node_4 was waiting until another instance of fabric:/web/web is up (EnsureAvailability).',
    );
  });
});

const rolledBack = { ...rolledBackUpgrade, ...noEvaluations };
const limits = createPolicy({
  UpgradeTimeoutInMilliseconds: 'PT0H40M0S',
  UpgradeDomainTimeoutInMilliseconds: 'PT0H15M0S',
});

describe('the next steps after a time-out', () => {
  const stepsOf = (document: Members, application: Members) =>
    explain(document, { application })[0]?.next.map(formatStep) ?? [];
  const record = {
    ...rolledBackRecord,
    StartTimestampUtc: '2026-03-01T10:00:00.000Z',
    FailureTimestampUtc: '2026-03-01T10:41:00.000Z',
  };

  it('name both limits and the events of that time, and no cause that nobody has named', () => {
    const steps = stepsOf(
      { ...rolledBack, ...limits },
      { ...record, FailureReason: 'OverallUpgradeTimeout' },
    );
    expect(steps.at(-1)).toBe(
      'If the upgrade needs more time, raise --upgrade-timeout and --upgrade-domain-timeout.',
    );
    expect(steps[0]).toMatch(/^Show what happened: sfctl events .*10:00:00Z .*10:42:00Z$/);
    expect(steps.join()).toContain('Upgrade again: sfcompose upgrade web');
    expect(steps.join()).not.toContain('fixing');
  });

  it.each([
    ['the domain waited for a safety check', { UpgradeDomainProgressAtFailure: stuckDomain }, {}],
    ['the runtime says so', {}, { FailureClassification: 'PreUpgradeSafetyCheckTimeout' }],
  ])('name the limit of safety checks if %s', (_, document, classified) => {
    const steps = stepsOf(
      { ...rolledBack, ...limits, ...document },
      { ...record, FailureReason: 'UpgradeDomainTimeout', ...classified },
    );
    expect(steps.at(-1)).toContain('--replica-set-check <duration>');
  });
});

describe('a rollback without a recorded reason', () => {
  const explainRollback = (members: Members, before: readonly Members[] = []) =>
    explain({ ...rolledBack, ...limits, ...members }, { before })[0];

  it('is probably due to a time-out once the clock has passed the limit', () => {
    const finding = explainRollback({ UpgradeDuration: 'PT0H44M0S' });
    expect(finding).toMatchObject({
      code: 'timeout',
      what: 'Rolled back, probably because the upgrade exceeded its time limit of 40m',
    });
    expect(finding?.evidence.join()).toContain('took 44m, including the rollback. A request');
  });

  it('is probably due to the time of a domain that a watch has seen', () => {
    const before = {
      ...runningUpgrade,
      ...limits,
      UpgradeDuration: 'PT0H19M0S',
      CurrentUpgradeDomainDuration: 'PT0H16M0S',
    };
    const finding = explainRollback({ UpgradeDuration: 'PT0H20M0S' }, [before]);
    expect(finding?.what).toBe('Rolled back, probably because UD1 exceeded its time limit of 15m');
  });

  it.each<[string, Members]>([
    ['the clock is within the limit', { UpgradeDuration: 'PT0H30M0S' }],
    [
      'the failure action is Manual',
      { UpgradeDuration: 'PT1H0M0S', ...createPolicy({ FailureAction: 'Manual' }) },
    ],
  ])('stays unexplained if %s', (_, members) => {
    expect(explainRollback(members)?.code).toBe('cause-unknown');
  });
});

it.each([
  ['PreUpgradeSafetyCheckTimeout', 'not the new version'],
  ['PostUpgradeSafetyCheckTimeout', 'the likely cause is the new version'],
  ['QuorumOnTheMoon', 'The cluster classifies the failure as QuorumOnTheMoon.'],
])('the class %s of a failure is told first', (FailureClassification, text) => {
  const document = { ...rolledBack, UpgradeDomainProgressAtFailure: stuckDomain, FailureClassification };
  expect(explain(document)[0]?.evidence[0]).toContain(text);
});
