/** Time-outs as the cause of a rollback or a stop. */
import { describe, expect, it } from 'vitest';
import {
  createPolicy,
  createUpgrade,
  noLimit,
  partition,
  rolledBackRecord,
  rolledBackUpgrade,
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
