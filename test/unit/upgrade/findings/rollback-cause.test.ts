/** Causes of a rollback other than ill health and time-outs. */
import { describe, expect, it } from 'vitest';
import { collectFindings } from '../../../../src/upgrade/findings/collect.ts';
import { createSnapshot } from '../../../../src/upgrade/snapshot.ts';
import {
  createShortUpgrade,
  rolledBackRecord,
  rolledBackUpgrade,
  runningUpgrade,
} from '../../../support/documents.ts';
import { buildSnapshot, expectFirstFinding, type FindingCase } from '../../../support/snapshots.ts';

const noEvaluations = { ApplicationUnhealthyEvaluations: [] };

describe('the cause of a rollback', () => {
  it.each<FindingCase>([
    {
      name: "the application's record still names the version that the rollback leaves",
      code: 'requested',
      what: 'Rolled back on request',
      document: rolledBackUpgrade,
      known: {
        before: [runningUpgrade],
        application: {
          UpgradeState: 'RollingBackCompleted',
          UpgradeDescription: null,
          FailureReason: 'Interrupted',
        },
      },
    },
    {
      name: 'the rollout was not seen, and other members may belong to the previous upgrade',
      code: 'rolled-back-before-rollout',
      what: 'Rolled back, probably on request, while the new version was being provisioned',
      document: rolledBackUpgrade,
      known: { before: [createShortUpgrade({ TargetApplicationTypeVersion: 'v3' })] },
    },
    {
      name: 'an operator asked for the rollback, although something was unhealthy as well',
      code: 'requested',
      what: 'Rolled back on request',
      document: rolledBackUpgrade,
      known: { application: { ...rolledBackRecord, FailureReason: 'Interrupted' } },
    },
    {
      name: 'the cluster could not process the upgrade',
      code: 'processing-failure',
      what: 'The cluster could not carry out the upgrade',
      document: { ...rolledBackUpgrade, ...noEvaluations },
      known: { application: { ...rolledBackRecord, FailureReason: 'ProcessingFailure' } },
    },
    {
      name: 'a newer runtime has a reason of its own',
      code: 'cause-unknown',
      what: 'Rolled back for the reason SunSpots',
      document: { ...rolledBackUpgrade, ...noEvaluations },
      known: { application: { ...rolledBackRecord, FailureReason: 'SunSpots' } },
    },
    {
      name: 'no cause is recorded',
      code: 'cause-unknown',
      what: 'Rolled back; the cluster recorded no reason',
      document: { ...rolledBackUpgrade, ...noEvaluations },
    },
    {
      name: 'an operator asked for the rollback before the rollout',
      code: 'rolled-back-before-rollout',
      what: 'while the new version was being provisioned',
      document: { ...rolledBackUpgrade, ...noEvaluations },
      known: {
        application: {
          TargetApplicationTypeVersion: 'v1',
          UpgradeState: 'RollingForwardCompleted',
          UpgradeDescription: { TargetApplicationTypeVersion: 'v1' },
        },
      },
    },
    {
      name: "an operator asked for the rollback, and the application's record is of an earlier one",
      code: 'rolled-back-before-rollout',
      what: 'while the new version was being provisioned',
      document: { ...rolledBackUpgrade, ...noEvaluations },
      known: {
        before: [{ ...runningUpgrade, TargetApplicationTypeVersion: 'v3' }],
        application: { ...rolledBackRecord, FailureReason: 'HealthCheck' },
      },
    },
  ])('has the code $code when $name', expectFirstFinding);
  it('is kept from the last record when a later read has none', () => {
    const first = buildSnapshot(rolledBackUpgrade, {
      application: { ...rolledBackRecord, FailureReason: 'Interrupted' },
    });
    const nothing = { status: undefined, services: new Map(), application: undefined };
    const later = createSnapshot(first.upgrade, nothing, first);
    expect(collectFindings(later)[0]?.code).toBe('requested');
  });
});
