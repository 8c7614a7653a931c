/** Causes of a rollback other than ill health and time-outs. */
import { describe, expect, it } from 'vitest';
import { parseApplicationUpgrade } from '../../../../src/cluster/wire/application-upgrade.ts';
import { collectFindings } from '../../../../src/upgrade/findings/collect.ts';
import { createSnapshot, type UpgradeSnapshot } from '../../../../src/upgrade/snapshot.ts';
import {
  createApplication,
  createShortUpgrade,
  type Members,
  rolledBackRecord,
  rolledBackUpgrade,
  runningUpgrade,
} from '../../../support/documents.ts';
import {
  buildSnapshot,
  expectFirstFinding,
  type FindingCase,
  parseUpgrade,
} from '../../../support/snapshots.ts';

/** Runtime 6.4 describes a rollback as an upgrade to the old version. */
const describesOld = { UpgradeDescription: { TargetApplicationTypeVersion: 'v1' } };

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
    {
      name: 'the record of an earlier rollback was read before',
      code: 'rolled-back-before-rollout',
      what: 'Rolled back on request, while the new version was being provisioned',
      document: { ...rolledBackUpgrade, ...noEvaluations },
      known: {
        before: [createShortUpgrade({ TargetApplicationTypeVersion: 'v3' })],
        application: { ...rolledBackRecord, ...describesOld, FailureReason: 'HealthCheck' },
      },
    },
    {
      name: "the application's record describes the rollback with the old version",
      code: 'requested',
      what: 'Rolled back on request',
      document: rolledBackUpgrade,
      known: {
        before: [runningUpgrade],
        application: { ...rolledBackRecord, ...describesOld, FailureReason: 'Interrupted' },
      },
    },
  ])('has the code $code when $name', expectFirstFinding);

  it('comes from a record that is newer than the one read before', () => {
    const read = (document: Members, record: Members, before?: UpgradeSnapshot) => {
      const application = parseApplicationUpgrade(createApplication({ ...rolledBackRecord, ...record }));
      return createSnapshot(
        parseUpgrade(document),
        { status: undefined, services: new Map(), application },
        before,
      );
    };
    const provisioning = read(createShortUpgrade({ TargetApplicationTypeVersion: 'v3' }), {
      ...describesOld,
      StartTimestampUtc: '2026-11-23T07:00:00.000Z',
    });
    const later = read(
      { ...rolledBackUpgrade, ...noEvaluations },
      { ...describesOld, FailureReason: 'Interrupted' },
      provisioning,
    );
    expect(collectFindings(later)[0]?.what).toBe('Rolled back on request');
  });

  it('is kept from the last record when a later read has none', () => {
    const first = buildSnapshot(rolledBackUpgrade, {
      application: { ...rolledBackRecord, FailureReason: 'Interrupted' },
    });
    const nothing = { status: undefined, services: new Map(), application: undefined };
    const later = createSnapshot(first.upgrade, nothing, first);
    expect(collectFindings(later)[0]?.code).toBe('requested');
  });
});
