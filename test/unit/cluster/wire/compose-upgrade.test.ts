/** Parsing the upgrade of a compose deployment. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseComposeUpgrade } from '../../../../src/cluster/wire/compose-upgrade.ts';
import { anyTree } from '../../../support/arbitraries.ts';
import { createShortUpgrade, createUpgrade, runningUpgrade } from '../../../support/documents.ts';

describe('the document of an upgrade', () => {
  it('is parsed in full', () => {
    expect(parseComposeUpgrade(runningUpgrade)).toMatchObject({
      deployment: 'web',
      application: 'fabric:/web',
      state: 'RollingForwardInProgress',
      kind: 'Rolling',
      mode: 'Monitored',
      replicaSetCheckTimeout: 900_000,
      monitoringPolicy: {
        failureAction: 'Rollback',
        upgradeTimeout: 7_200_000,
        upgradeDomainTimeout: Infinity,
      },
      targetVersion: 'v2',
      startedAt: undefined,
      failedAt: undefined,
      domainAtFailure: undefined,
      currentDomain: {
        name: 'UD1',
        nodes: [
          { name: '_node_1', phase: 'Upgrading', safetyChecks: [] },
          { name: '_node_4', safetyChecks: [{ kind: 'EnsureAvailability' }] },
        ],
      },
      others: [],
    });
  });

  it('is parsed with the numbers that old API versions have for enums', () => {
    const numbers = createUpgrade({
      UpgradeState: 8,
      UpgradeKind: 1,
      RollingUpgradeMode: 3,
      MonitoringPolicy: { FailureAction: 1 },
      UpgradeDuration: '1500',
      CurrentUpgradeDomainProgress: {
        DomainName: 'UD0',
        NodeUpgradeProgressList: [
          { NodeName: 'n', UpgradePhase: 1, PendingSafetyChecks: [{ SafetyCheck: { Kind: 8 } }] },
        ],
      },
      ApplicationUnhealthyEvaluations: [{ HealthEvaluation: { Kind: 21, AggregatedHealthState: 65535 } }],
    });
    expect(parseComposeUpgrade(numbers)).toMatchObject({
      state: 'RollingBackCompleted',
      kind: 'Rolling',
      mode: 'Monitored',
      monitoringPolicy: { failureAction: 'Rollback' },
      duration: 1500,
      currentDomain: {
        nodes: [{ phase: 'PreUpgradeSafetyCheck', safetyChecks: [{ kind: 'WaitForResourceAvailability' }] }],
      },
      unhealthyEvaluations: [{ kind: 'ApplicationTypeApplications', healthState: 'Unknown' }],
    });
  });

  it('is parsed in the shape that Microsoft documents', () => {
    const published = createUpgrade({
      FailureReason: 'UpgradeDomainTimeout',
      StartTimestampUtc: '2026-11-24T07:00:00.000Z',
      UpgradeReplicaSetCheckTimeoutInSeconds: 4294967295,
    });
    expect(parseComposeUpgrade(published)).toMatchObject({
      failureReason: 'UpgradeDomainTimeout',
      startedAt: new Date('2026-11-24T07:00:00Z'),
      replicaSetCheckTimeout: Infinity,
    });
  });

  it.each(Object.keys(createUpgrade()).filter((name) => name !== 'UpgradeState'))(
    'is parsed without %s, and with nonsense in that member',
    (name) => {
      const { [name]: _, ...without } = createUpgrade();
      for (const document of [
        without,
        createUpgrade({ [name]: null }),
        createUpgrade({ [name]: [{ x: {} }] }),
      ]) {
        expect(parseComposeUpgrade(document)?.state).toBe('RollingForwardInProgress');
      }
    },
  );

  it('keeps unknown states and members', () => {
    const upgrade = parseComposeUpgrade(
      createShortUpgrade({ UpgradeState: 'Dreaming', NewThing: 7, NewList: [1, 2] }),
    );
    expect(upgrade?.state).toBe('Dreaming');
    expect(upgrade?.others).toEqual([
      { name: 'NewThing', value: '7' },
      { name: 'NewList', value: 'a list of 2' },
    ]);
  });

  it.each([[[]], ['x'], [null], [{}], [{ DeploymentName: 'web', ComposeDeploymentStatus: 'Ready' }]])(
    'is not recognized in %j',
    (value) => {
      expect(parseComposeUpgrade(value)).toBeUndefined();
    },
  );

  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(anyTree, (value) => {
        parseComposeUpgrade(value);
      }),
    );
  });
});
