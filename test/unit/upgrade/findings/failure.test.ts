/** Upgrades and creations that failed. */
import { describe, expect, it } from 'vitest';
import { neverUpgraded, shortForm } from '../../../support/documents.ts';
import { expectFirstFinding, explain, type FindingCase } from '../../../support/snapshots.ts';

describe('a failure', () => {
  it.each<FindingCase>([
    {
      name: 'a failure after the last domain',
      code: 'upgrade-failed',
      what: 'It failed after the domains were done',
      document: shortForm({ UpgradeState: 'Failed' }),
      known: { application: { UpgradeState: 'RollingForwardCompleted' } },
    },
    {
      name: 'a new version that could not be prepared',
      code: 'provisioning-failed',
      what: 'The new version could not be prepared',
      document: shortForm({ UpgradeState: 'Failed' }),
      known: {
        application: {
          TargetApplicationTypeVersion: 'v1',
          UpgradeState: 'RollingForwardCompleted',
          UpgradeDescription: { TargetApplicationTypeVersion: 'v1' },
        },
      },
    },
    {
      name: 'a failure in the middle',
      code: 'upgrade-failed',
      what: 'It failed in the middle of the domains (ProcessingFailure)',
      document: shortForm({ UpgradeState: 'Failed' }),
      known: { application: { UpgradeState: 'Failed', FailureReason: 'ProcessingFailure' } },
    },
    {
      name: 'a failure that nobody explains',
      code: 'upgrade-failed',
      what: 'It failed, and the cluster gives no reason',
      document: shortForm({ UpgradeState: 'Failed' }),
    },
    {
      name: 'a deployment that is being removed',
      code: 'removed',
      what: 'the deployment is being removed',
      document: shortForm({ UpgradeState: 'Failed' }),
      known: { status: { status: 'Deleting', details: '' } },
    },
    {
      name: 'a creation',
      code: 'creation-failed',
      what: 'The deployment could not be created',
      document: neverUpgraded(),
      known: { status: { status: 'Failed', details: 'no such image' } },
    },
  ])('$name: $code', expectFirstFinding);
  it('quotes what the deployment says of a failure, and tells what is usual', () => {
    const [cause] = explain(shortForm({ UpgradeState: 'Failed' }), {
      status: { status: 'Ready', details: 'no such image' },
    });
    expect(cause?.evidence[0]).toBe('The deployment says: no such image');
    expect(cause?.evidence).toContain('The last step was: Provisioning v2.');
    expect(cause?.evidence.join()).toContain('Usual causes: a compose file');
    expect(cause?.next).toContain('See what the deployment says: sfctl compose status --deployment-name web');
  });
});
