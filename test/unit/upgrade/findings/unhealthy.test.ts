/** Ill health as the cause of a rollback or a stop. */

import { describe, expect, it } from 'vitest';
import {
  createShortUpgrade,
  nextDomain,
  rolledBackRecord,
  rolledBackUpgrade,
  rollingBackUpgrade,
  runningUpgrade,
  unhealthyEvent,
} from '../../../support/documents.ts';
import { expectFirstFinding, explain, type FindingCase } from '../../../support/snapshots.ts';

const noEvaluations = { ApplicationUnhealthyEvaluations: [] };

describe('the finding about unhealthy evaluations', () => {
  it.each<FindingCase>([
    {
      name: 'the document has unhealthy evaluations',
      code: 'unhealthy',
      what: 'v2 failed its health check in UD1',
      document: rolledBackUpgrade,
    },
    {
      name: 'only the record names the health check',
      code: 'unhealthy',
      what: /^v2 failed its health check$/,
      document: { ...rolledBackUpgrade, ...noEvaluations },
      known: { application: { ...rolledBackRecord, FailureReason: 'HealthCheck' } },
    },
    {
      name: 'the watch saw the rollout',
      code: 'unhealthy',
      what: 'v2 failed its health check in UD1',
      document: rolledBackUpgrade,
      known: { before: [createShortUpgrade(), runningUpgrade] },
    },
    {
      name: 'the last health check stopped the upgrade',
      code: 'unhealthy',
      what: 'v1 failed its health check in UD1',
      document: {
        ...rollingBackUpgrade,
        UpgradeState: 'RollingForwardInProgress',
        RollingUpgradeMode: 'UnmonitoredManual',
      },
    },
    {
      name: 'the upgrade is still rolling back',
      code: 'unhealthy',
      what: 'v2 failed its health check in UD1',
      document: rollingBackUpgrade,
    },
    {
      name: 'a health check stopped the upgrade',
      code: 'unhealthy',
      what: 'v2 failed its health check in UD1',
      document: {
        ...rollingBackUpgrade,
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        TargetApplicationTypeVersion: 'v2',
        CurrentUpgradeDomainProgress: nextDomain,
      },
    },
    {
      name: 'a health check fails so far',
      code: 'unhealthy',
      what: 'UD1 exceeds its health policy',
      document: {
        ...rollingBackUpgrade,
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'Monitored',
      },
    },
  ])('has the code $code when $name', expectFirstFinding);
  it('counts 2,000 causes below 250 levels quickly, and lists only some of 2,000 roots', () => {
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
    const [cause] = explain({ ...rolledBackUpgrade, ApplicationUnhealthyEvaluations: deep });
    expect(cause?.evidence).toContainEqual(expect.stringContaining('(2000 times)'));
    const wide = leaves.map((leaf) => wrap([leaf]));
    const [other] = explain({ ...rolledBackUpgrade, ApplicationUnhealthyEvaluations: wide });
    expect(other?.evidence.length).toBeLessThan(20);
  });
});
