/** Why an upgrade was rolled back or stopped, where neither its health nor a time-out tells. */
import { describe, expect, it } from 'vitest';
import { collectFindings } from '../../../../src/upgrade/findings/collect.ts';
import { createSnapshot } from '../../../../src/upgrade/snapshot.ts';
import { type Members, midway, rolledBack, rolledBackRecord, shortForm } from '../../../support/documents.ts';
import { buildSnapshot, explain, type Known } from '../../../support/snapshots.ts';

const noEvaluations = { ApplicationUnhealthyEvaluations: [] };

describe('why it was rolled back', () => {
  it.each<[what: string, code: string, says: string | RegExp, document: Members, known?: Known]>([
    [
      'its health, where the record still names the version that it leaves',
      'requested',
      'because somebody asked for it',
      rolledBack,
      {
        before: [midway],
        application: {
          UpgradeState: 'RollingBackCompleted',
          UpgradeDescription: null,
          FailureReason: 'Interrupted',
        },
      },
    ],
    [
      'nobody knows, as the rollout was not seen, and all else may be of the upgrade before',
      'rolled-back-before-rollout',
      'as it seems because somebody asked for it while the new version was still being prepared',
      rolledBack,
      { before: [shortForm({ TargetApplicationTypeVersion: 'v3' })] },
    ],
    [
      'a person, as it is recorded, though something was unhealthy as well',
      'requested',
      'It was rolled back because somebody asked for it',
      rolledBack,
      { application: { ...rolledBackRecord, FailureReason: 'Interrupted' } },
    ],
    [
      'the cluster itself',
      'processing-failure',
      'the cluster could not carry it out',
      { ...rolledBack, ...noEvaluations },
      { application: { ...rolledBackRecord, FailureReason: 'ProcessingFailure' } },
    ],
    [
      'a reason of a newer runtime',
      'cause-unknown',
      'It was rolled back: SunSpots',
      { ...rolledBack, ...noEvaluations },
      { application: { ...rolledBackRecord, FailureReason: 'SunSpots' } },
    ],
    [
      'nobody knows',
      'cause-unknown',
      'It was rolled back, and the cause is not recorded',
      { ...rolledBack, ...noEvaluations },
    ],
    [
      'a person, before the application heard of it',
      'rolled-back-before-rollout',
      'while the new version was still being prepared',
      { ...rolledBack, ...noEvaluations },
      {
        application: {
          TargetApplicationTypeVersion: 'v1',
          UpgradeState: 'RollingForwardCompleted',
          UpgradeDescription: { TargetApplicationTypeVersion: 'v1' },
        },
      },
    ],
    [
      'a person, while the application tells of another rollback',
      'rolled-back-before-rollout',
      'while the new version was still being prepared',
      { ...rolledBack, ...noEvaluations },
      {
        before: [{ ...midway, TargetApplicationTypeVersion: 'v3' }],
        application: { ...rolledBackRecord, FailureReason: 'HealthCheck' },
      },
    ],
  ])('%s: %s', (_, code, says, document, known) => {
    const [first] = explain(document, known);
    expect(first?.code).toBe(code);
    if (typeof says === 'string') expect(first?.what).toContain(says);
    else expect(first?.what).toMatch(says);
  });
  it('is said of whatever was said of it before, if a later read fails', () => {
    const first = buildSnapshot(rolledBack, {
      application: { ...rolledBackRecord, FailureReason: 'Interrupted' },
    });
    const nothing = { status: undefined, services: new Map(), application: undefined };
    const later = createSnapshot(first.upgrade, nothing, first);
    expect(collectFindings(later)[0]?.code).toBe('requested');
  });
});
