/** Ill health as the cause of a rollback or a stop. */
import { describe, expect, it } from 'vitest';
import {
  type Members,
  midway,
  nextDomain,
  rolledBack,
  rolledBackRecord,
  rollingBack,
  shortForm,
  unhealthyEvent,
} from '../../../support/documents.ts';
import { explain, type Known } from '../../../support/snapshots.ts';

const noEvaluations = { ApplicationUnhealthyEvaluations: [] };

describe('ill health', () => {
  it.each<[what: string, code: string, says: string | RegExp, document: Members, known?: Known]>([
    ['its health, by the tree', 'unhealthy', 'failed in upgrade domain UD1', rolledBack],
    [
      'its health, as it is recorded, where no tree is left',
      'unhealthy',
      /because its health check failed$/,
      { ...rolledBack, ...noEvaluations },
      { application: { ...rolledBackRecord, FailureReason: 'HealthCheck' } },
    ],
    [
      'its health, as its rollout was seen',
      'unhealthy',
      'because its health check failed',
      rolledBack,
      { before: [shortForm(), midway] },
    ],
    [
      'a stop by the last health check',
      'unhealthy',
      'It was stopped because its health check failed',
      { ...rollingBack, UpgradeState: 'RollingForwardInProgress', RollingUpgradeMode: 'UnmonitoredManual' },
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
        CurrentUpgradeDomainProgress: nextDomain,
      },
    ],
    [
      'a check that fails so far',
      'unhealthy',
      'More is unhealthy in upgrade domain UD1 than its policy tolerates',
      { ...rollingBack, UpgradeState: 'RollingForwardPending', RollingUpgradeMode: 'Monitored' },
    ],
  ])('%s: %s', (_, code, says, document, known) => {
    const [first] = explain(document, known);
    expect(first?.code).toBe(code);
    if (typeof says === 'string') expect(first?.what).toContain(says);
    else expect(first?.what).toMatch(says);
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
