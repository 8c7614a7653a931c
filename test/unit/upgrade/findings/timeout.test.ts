/** Time-outs as the cause of a rollback or a stop. */
import { describe, expect, it } from 'vitest';
import {
  fullForm,
  noLimit,
  partition,
  rolledBack,
  rolledBackRecord,
  stuckDomain,
  withPolicy,
} from '../../../support/documents.ts';
import { expectFirstFinding, explain, type FindingCase } from '../../../support/snapshots.ts';

const noEvaluations = { ApplicationUnhealthyEvaluations: [] };

describe('a time-out', () => {
  it.each<FindingCase>([
    {
      name: 'the time of a domain, as it is recorded',
      code: 'domain-timeout',
      what: 'because upgrade domain UD1 ran out of time (5m 00s)',
      document: {
        ...rolledBack,
        ...noEvaluations,
        ...withPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S' }),
        UpgradeDomainProgressAtFailure: stuckDomain,
      },
      known: { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    },
    {
      name: 'the time of the upgrade, as it is recorded',
      code: 'upgrade-timeout',
      what: 'because the upgrade as a whole ran out of time (2h 00m 00s) in upgrade domain UD1',
      document: { ...rolledBack, ...noEvaluations, UpgradeDomainProgressAtFailure: stuckDomain },
      known: { application: { ...rolledBackRecord, FailureReason: 'OverallUpgradeTimeout' } },
    },
    {
      name: 'the time of the upgrade, since the domains have no limit',
      code: 'upgrade-timeout',
      what: 'the upgrade as a whole ran out of time',
      document: { ...rolledBack, ...noEvaluations, UpgradeDomainProgressAtFailure: stuckDomain },
    },
    {
      name: 'the time of a domain, since the upgrade has no limit',
      code: 'domain-timeout',
      what: 'upgrade domain UD1 ran out of time (5m 00s)',
      document: {
        ...rolledBack,
        ...withPolicy({
          UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S',
          UpgradeTimeoutInMilliseconds: noLimit,
        }),
        UpgradeDomainProgressAtFailure: stuckDomain,
      },
    },
    {
      name: 'the time of a domain, in its health check',
      code: 'domain-timeout',
      what: 'because upgrade domain UD1, in its health check, ran out of time',
      document: {
        ...rolledBack,
        UpgradeDomainProgressAtFailure: { DomainName: 'UD2', NodeUpgradeProgressList: [] },
      },
      known: { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    },
    {
      name: 'the time of a domain, between two of them',
      code: 'domain-timeout',
      what: 'because the domain before upgrade domain UD2 ran out of time',
      document: {
        ...rolledBack,
        ...noEvaluations,
        UpgradeDomainProgressAtFailure: { DomainName: 'UD2', NodeUpgradeProgressList: [] },
      },
      known: { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    },
    {
      name: 'the time of a domain, nobody knows which',
      code: 'domain-timeout',
      what: 'because its upgrade domain ran out of time',
      document: { ...rolledBack, ...noEvaluations },
      known: { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    },
    {
      name: 'one of two times',
      code: 'timeout',
      what: 'time ran out in upgrade domain UD1, of the domain (5m 00s) or of the whole upgrade (2h 00m 00s)',
      document: {
        ...rolledBack,
        ...withPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S' }),
        UpgradeDomainProgressAtFailure: stuckDomain,
      },
    },
    {
      name: 'a stop in the middle of a domain',
      code: 'upgrade-timeout',
      what: 'It was stopped because the upgrade as a whole ran out of time',
      document: fullForm({
        RollingUpgradeMode: 'UnmonitoredManual',
        CurrentUpgradeDomainProgress: stuckDomain,
        UpgradeDomainProgressAtFailure: stuckDomain,
      }),
    },
  ])('$name: $code', expectFirstFinding);
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
});
