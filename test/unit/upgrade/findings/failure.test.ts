/** Upgrades and creations that failed. */
import { describe, expect, it } from 'vitest';
import { type Members, neverUpgraded, shortForm } from '../../../support/documents.ts';
import { explain, type Known } from '../../../support/snapshots.ts';

describe('a failure', () => {
  it.each<[what: string, code: string, says: string | RegExp, document: Members, known?: Known]>([
    [
      'a failure after the last domain',
      'upgrade-failed',
      'It failed after the domains were done',
      shortForm({ UpgradeState: 'Failed' }),
      { application: { UpgradeState: 'RollingForwardCompleted' } },
    ],
    [
      'a new version that could not be prepared',
      'provisioning-failed',
      'The new version could not be prepared',
      shortForm({ UpgradeState: 'Failed' }),
      {
        application: {
          TargetApplicationTypeVersion: 'v1',
          UpgradeState: 'RollingForwardCompleted',
          UpgradeDescription: { TargetApplicationTypeVersion: 'v1' },
        },
      },
    ],
    [
      'a failure in the middle',
      'upgrade-failed',
      'It failed in the middle of the domains (ProcessingFailure)',
      shortForm({ UpgradeState: 'Failed' }),
      { application: { UpgradeState: 'Failed', FailureReason: 'ProcessingFailure' } },
    ],
    [
      'a failure that nobody explains',
      'upgrade-failed',
      'It failed, and the cluster gives no reason',
      shortForm({ UpgradeState: 'Failed' }),
    ],
    [
      'a deployment that is being removed',
      'removed',
      'the deployment is being removed',
      shortForm({ UpgradeState: 'Failed' }),
      { status: { status: 'Deleting', details: '' } },
    ],
    [
      'a creation',
      'creation-failed',
      'The deployment could not be created',
      neverUpgraded(),
      { status: { status: 'Failed', details: 'no such image' } },
    ],
  ])('%s: %s', (_, code, says, document, known) => {
    const [first] = explain(document, known);
    expect(first?.code).toBe(code);
    if (typeof says === 'string') expect(first?.what).toContain(says);
    else expect(first?.what).toMatch(says);
  });
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
