/** Why an upgrade was rolled back or stopped, where neither its health nor a time-out tells. */
import { describe, expect, it } from 'vitest';
import { collectFindings } from '../../../../src/upgrade/findings/collect.ts';
import { createSnapshot } from '../../../../src/upgrade/snapshot.ts';
import { midway, rolledBack, rolledBackRecord, shortForm } from '../../../support/documents.ts';
import { buildSnapshot, expectFirstFinding, type FindingCase } from '../../../support/snapshots.ts';

const noEvaluations = { ApplicationUnhealthyEvaluations: [] };

describe('why it was rolled back', () => {
  it.each<FindingCase>([
    {
      name: 'its health, where the record still names the version that it leaves',
      code: 'requested',
      what: 'because somebody asked for it',
      document: rolledBack,
      known: {
        before: [midway],
        application: {
          UpgradeState: 'RollingBackCompleted',
          UpgradeDescription: null,
          FailureReason: 'Interrupted',
        },
      },
    },
    {
      name: 'nobody knows, as the rollout was not seen, and all else may be of the upgrade before',
      code: 'rolled-back-before-rollout',
      what: 'as it seems because somebody asked for it while the new version was still being prepared',
      document: rolledBack,
      known: { before: [shortForm({ TargetApplicationTypeVersion: 'v3' })] },
    },
    {
      name: 'a person, as it is recorded, though something was unhealthy as well',
      code: 'requested',
      what: 'It was rolled back because somebody asked for it',
      document: rolledBack,
      known: { application: { ...rolledBackRecord, FailureReason: 'Interrupted' } },
    },
    {
      name: 'the cluster itself',
      code: 'processing-failure',
      what: 'the cluster could not carry it out',
      document: { ...rolledBack, ...noEvaluations },
      known: { application: { ...rolledBackRecord, FailureReason: 'ProcessingFailure' } },
    },
    {
      name: 'a reason of a newer runtime',
      code: 'cause-unknown',
      what: 'It was rolled back: SunSpots',
      document: { ...rolledBack, ...noEvaluations },
      known: { application: { ...rolledBackRecord, FailureReason: 'SunSpots' } },
    },
    {
      name: 'nobody knows',
      code: 'cause-unknown',
      what: 'It was rolled back, and the cause is not recorded',
      document: { ...rolledBack, ...noEvaluations },
    },
    {
      name: 'a person, before the application heard of it',
      code: 'rolled-back-before-rollout',
      what: 'while the new version was still being prepared',
      document: { ...rolledBack, ...noEvaluations },
      known: {
        application: {
          TargetApplicationTypeVersion: 'v1',
          UpgradeState: 'RollingForwardCompleted',
          UpgradeDescription: { TargetApplicationTypeVersion: 'v1' },
        },
      },
    },
    {
      name: 'a person, while the application tells of another rollback',
      code: 'rolled-back-before-rollout',
      what: 'while the new version was still being prepared',
      document: { ...rolledBack, ...noEvaluations },
      known: {
        before: [{ ...midway, TargetApplicationTypeVersion: 'v3' }],
        application: { ...rolledBackRecord, FailureReason: 'HealthCheck' },
      },
    },
  ])('$name: $code', expectFirstFinding);
  it('is said of whatever was said of it before, if a later read fails', () => {
    const first = buildSnapshot(rolledBack, {
      application: { ...rolledBackRecord, FailureReason: 'Interrupted' },
    });
    const nothing = { status: undefined, services: new Map(), application: undefined };
    const later = createSnapshot(first.upgrade, nothing, first);
    expect(collectFindings(later)[0]?.code).toBe('requested');
  });
});
