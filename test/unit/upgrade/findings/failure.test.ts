/** Findings about upgrades and creations that failed. */

import { describe, expect, it } from 'vitest';
import { formatStep } from '../../../../src/platform/next-step.ts';
import { collectFindings } from '../../../../src/upgrade/findings/collect.ts';
import { summarize } from '../../../../src/upgrade/summary.ts';
import {
  createNeverUpgraded,
  createShortUpgrade,
  createUpgrade,
  createWaitingNode,
  partition,
} from '../../../support/documents.ts';
import { buildSnapshot, expectFirstFinding, explain, type FindingCase } from '../../../support/snapshots.ts';

describe('the finding about a failure', () => {
  it.each<FindingCase>([
    {
      name: 'the upgrade failed after the last domain',
      code: 'upgrade-failed',
      what: 'The upgrade failed after all upgrade domains were done',
      document: createShortUpgrade({ UpgradeState: 'Failed' }),
      known: { application: { UpgradeState: 'RollingForwardCompleted' } },
    },
    {
      name: 'provisioning failed',
      code: 'provisioning-failed',
      what: 'v2 could not be provisioned',
      document: createShortUpgrade({ UpgradeState: 'Failed' }),
      known: {
        application: {
          TargetApplicationTypeVersion: 'v1',
          UpgradeState: 'RollingForwardCompleted',
          UpgradeDescription: { TargetApplicationTypeVersion: 'v1' },
        },
      },
    },
    {
      name: 'the upgrade failed in the middle of the domains',
      code: 'upgrade-failed',
      what: 'The upgrade failed before all upgrade domains were done (ProcessingFailure)',
      document: createShortUpgrade({ UpgradeState: 'Failed' }),
      known: { application: { UpgradeState: 'Failed', FailureReason: 'ProcessingFailure' } },
    },
    {
      name: 'the cluster gives no reason',
      code: 'upgrade-failed',
      what: 'The upgrade failed, and the cluster recorded no reason',
      document: createShortUpgrade({ UpgradeState: 'Failed' }),
    },
    {
      name: 'the deployment is being removed',
      code: 'removed',
      what: 'the deployment is being removed',
      document: createShortUpgrade({ UpgradeState: 'Failed' }),
      known: { status: { status: 'Deleting', details: '' } },
    },
    {
      name: 'the creation of the deployment failed',
      code: 'creation-failed',
      what: 'web could not be created',
      document: createNeverUpgraded(),
      known: { status: { status: 'Failed', details: 'no such image' } },
    },
  ])('has the code $code when $name', expectFirstFinding);
  it("quotes the deployment's status details, and lists the usual causes", () => {
    const [cause] = explain(createShortUpgrade({ UpgradeState: 'Failed' }), {
      status: { status: 'Ready', details: 'no such image' },
    });
    expect(cause?.evidence[0]).toBe('The deployment reports: no such image.');
    expect(cause?.evidence).toContain('Last step: Provisioning v2.');
    expect(cause?.evidence.join()).toContain('Usual causes: an unsupported setting');
    expect(cause?.next.map(formatStep)).toContain(
      'Show the status of the deployment: sfctl compose status --deployment-name web',
    );
  });
});

describe('a removal that ended an upgrade', () => {
  const document = createUpgrade({
    UpgradeState: 'Failed',
    CurrentUpgradeDomainProgress: { DomainName: '2', NodeUpgradeProgressList: [createWaitingNode('9')] },
  });
  const snapshot = buildSnapshot(document, {
    status: { status: 'Deleting', details: undefined },
    services: new Map([[partition, 'fabric:/web/cart']]),
  });

  it('may be held up by what held up the upgrade', () => {
    const [finding] = collectFindings(snapshot);
    expect(finding?.code).toBe('removed');
    expect(finding?.evidence.slice(0, 2)).toEqual([
      'Node 9 was waiting until another instance of fabric:/web/cart is up (EnsureAvailability).',
      'What held up the upgrade may hold up the removal as well.',
    ]);
    expect(finding?.next.map(({ command }) => command)).toEqual([
      'sfctl compose status --deployment-name web',
      `sfctl replica list --partition-id ${partition}`,
      `sfctl partition health --partition-id ${partition}`,
    ]);
  });

  it('is told in the past tense', () => {
    expect(summarize(snapshot)).toMatch(/1 node was waiting\. The upgrade failed .*Node 9 was waiting/);
  });
});
