/** Findings about upgrades and creations that failed. */

import { describe, expect, it } from 'vitest';
import { formatStep } from '../../../../src/platform/next-step.ts';
import { createNeverUpgraded, createShortUpgrade } from '../../../support/documents.ts';
import { expectFirstFinding, explain, type FindingCase } from '../../../support/snapshots.ts';

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
