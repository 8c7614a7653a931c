/** Time-outs as the cause of a rollback or a stop. */
import { describe, expect, it } from 'vitest';
import {
  fullForm,
  type Members,
  noLimit,
  partition,
  rolledBack,
  rolledBackRecord,
  stuckDomain,
  withPolicy,
} from '../../../support/documents.ts';
import { explain, type Known } from '../../../support/snapshots.ts';

const noEvaluations = { ApplicationUnhealthyEvaluations: [] };

describe('a time-out', () => {
  it.each<[what: string, code: string, says: string | RegExp, document: Members, known?: Known]>([
    [
      'the time of a domain, as it is recorded',
      'domain-timeout',
      'because upgrade domain UD1 ran out of time (5m 00s)',
      {
        ...rolledBack,
        ...noEvaluations,
        ...withPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S' }),
        UpgradeDomainProgressAtFailure: stuckDomain,
      },
      { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    ],
    [
      'the time of the upgrade, as it is recorded',
      'upgrade-timeout',
      'because the upgrade as a whole ran out of time (2h 00m 00s) in upgrade domain UD1',
      { ...rolledBack, ...noEvaluations, UpgradeDomainProgressAtFailure: stuckDomain },
      { application: { ...rolledBackRecord, FailureReason: 'OverallUpgradeTimeout' } },
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
        ...withPolicy({
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
      { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
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
      { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    ],
    [
      'the time of a domain, nobody knows which',
      'domain-timeout',
      'because its upgrade domain ran out of time',
      { ...rolledBack, ...noEvaluations },
      { application: { ...rolledBackRecord, FailureReason: 'UpgradeDomainTimeout' } },
    ],
    [
      'one of two times',
      'timeout',
      'time ran out in upgrade domain UD1, of the domain (5m 00s) or of the whole upgrade (2h 00m 00s)',
      {
        ...rolledBack,
        ...withPolicy({ UpgradeDomainTimeoutInMilliseconds: 'PT0H5M0S' }),
        UpgradeDomainProgressAtFailure: stuckDomain,
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
});
