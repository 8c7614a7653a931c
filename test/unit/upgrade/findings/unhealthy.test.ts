/** Ill health as the cause of a rollback or a stop. */
import { describe, expect, it } from 'vitest';
import {
  midway,
  nextDomain,
  rolledBack,
  rolledBackRecord,
  rollingBack,
  shortForm,
  unhealthyEvent,
} from '../../../support/documents.ts';
import { expectFirstFinding, explain, type FindingCase } from '../../../support/snapshots.ts';

const noEvaluations = { ApplicationUnhealthyEvaluations: [] };

describe('ill health', () => {
  it.each<FindingCase>([
    {
      name: 'its health, by the tree',
      code: 'unhealthy',
      what: 'failed in upgrade domain UD1',
      document: rolledBack,
    },
    {
      name: 'its health, as it is recorded, where no tree is left',
      code: 'unhealthy',
      what: /because its health check failed$/,
      document: { ...rolledBack, ...noEvaluations },
      known: { application: { ...rolledBackRecord, FailureReason: 'HealthCheck' } },
    },
    {
      name: 'its health, as its rollout was seen',
      code: 'unhealthy',
      what: 'because its health check failed',
      document: rolledBack,
      known: { before: [shortForm(), midway] },
    },
    {
      name: 'a stop by the last health check',
      code: 'unhealthy',
      what: 'It was stopped because its health check failed',
      document: {
        ...rollingBack,
        UpgradeState: 'RollingForwardInProgress',
        RollingUpgradeMode: 'UnmonitoredManual',
      },
    },
    {
      name: 'on the way back',
      code: 'unhealthy',
      what: 'It is rolled back because its health check failed',
      document: rollingBack,
    },
    {
      name: 'a stop by a failed health check',
      code: 'unhealthy',
      what: 'It was stopped because its health check failed in upgrade domain UD1',
      document: {
        ...rollingBack,
        UpgradeState: 'RollingForwardPending',
        RollingUpgradeMode: 'UnmonitoredManual',
        TargetApplicationTypeVersion: 'v2',
        CurrentUpgradeDomainProgress: nextDomain,
      },
    },
    {
      name: 'a check that fails so far',
      code: 'unhealthy',
      what: 'More is unhealthy in upgrade domain UD1 than its policy tolerates',
      document: { ...rollingBack, UpgradeState: 'RollingForwardPending', RollingUpgradeMode: 'Monitored' },
    },
  ])('$name: $code', expectFirstFinding);
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
});
