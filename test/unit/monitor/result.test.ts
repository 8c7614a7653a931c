/** The result of a read or watch: its outcome, explanation and record, and what a build agent shows of it. */

import { describe, expect, it } from 'vitest';
import { createResult, type ResultOptions, type UpgradeResult } from '../../../src/monitor/result.ts';
import { createStatus, endStatus, type WatchStatus } from '../../../src/monitor/status.ts';
import { formatStep } from '../../../src/platform/next-step.ts';
import { completedUpgrade, createUpgrade, rolledBackUpgrade } from '../../support/documents.ts';
import { createExplanation, createReadStatus, createTarget } from '../../support/statuses.ts';

const baseOptions: ResultOptions = {
  watch: false,
  exitStatus: false,
  expected: undefined,
  formatWatchCommand: (targets) => `watch ${targets.map(({ deployment }) => deployment).join(' ')}`,
  formatReadCommand: ({ deployment }) => `read ${deployment}`,
};

const runningUpgrade = createUpgrade({
  CurrentUpgradeDomainProgress: {
    DomainName: 'UD1',
    NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading', PendingSafetyChecks: [] }],
  },
});

const createRunning = (name: string) => createReadStatus(name, runningUpgrade);
const createCompleted = (name: string) => createReadStatus(name, completedUpgrade);
const createRolledBack = (name: string) => createReadStatus(name, rolledBackUpgrade);

const request = 'GET http://cluster/';
const remark = 'the upgrade had ended before this watch began';
const rolledBack = createExplanation('rolled-back', {
  what: 'rolled back',
  evidence: ['Why.'],
  next: [{ what: 'Go.' }],
});
const timedOut = createExplanation('timed-out', { what: 'Gave up.' });
const interrupted = createExplanation('terminated', { what: 'Stopped by SIGTERM.' });
const unreachable = createExplanation('unreachable', {
  what: 'No answer.',
  next: [{ what: 'Check it.' }],
  request,
});

interface ResultCase {
  readonly name: string;
  readonly statuses: readonly WatchStatus[];
  readonly options?: Partial<ResultOptions>;
  readonly outcome: UpgradeResult['outcome'];
  /** Members of the explanation. */
  readonly what?: string;
  readonly evidence?: readonly string[];
  readonly next?: readonly string[];
  readonly record: Partial<UpgradeResult['record']>;
  readonly build: Partial<UpgradeResult['build']>;
}

function expectResult({ statuses, options, outcome, what, evidence, next, record, build }: ResultCase): void {
  const result = createResult(statuses, { ...baseOptions, ...options });
  const { explanation } = result;
  expect({
    outcome: result.outcome,
    what: explanation?.what,
    evidence: explanation?.evidence,
    next: explanation?.next?.map(formatStep),
  }).toEqual({ outcome, what, evidence, next });
  expect(explanation?.outcome ?? 'completed').toBe(outcome);
  expect(result.record).toMatchObject(record);
  expect(result.build).toMatchObject(build);
}

const watch = { watch: true };
const exitStatus = { exitStatus: true };

describe('the result for one', () => {
  it.each<ResultCase>([
    {
      name: 'read while it rolls forward',
      statuses: [endStatus(createRunning('web'), undefined)],
      outcome: 'completed',
      record: {
        reason: 'web: rolling forward, UD1',
        deployment: 'web',
        targetVersion: 'v2',
      },
      build: {
        outcome: 'in-progress',
        exitCode: 0,
        deployment: 'web',
        targetVersion: 'v2',
        reason: 'web: rolling forward, UD1',
        share: 0.05,
      },
    },
    {
      name: 'read after it was rolled back',
      statuses: [endStatus(createRolledBack('web'), undefined)],
      outcome: 'completed',
      record: { reason: 'web: rolled back', targetVersion: 'v1' },
      build: { outcome: 'rolled-back', exitCode: 0, reason: 'web: rolled back' },
    },
    {
      name: 'read with another version than the expected one',
      statuses: [endStatus(createCompleted('web'), undefined)],
      options: { expected: 'v3' },
      outcome: 'completed',
      record: { reason: 'web: upgraded' },
      build: { outcome: 'superseded', exitCode: 0 },
    },
    {
      name: 'read with --exit-status after it was rolled back',
      statuses: [endStatus(createRolledBack('web'), rolledBack)],
      options: exitStatus,
      outcome: 'rolled-back',
      what: 'rolled back',
      evidence: ['Why.'],
      next: ['Go.'],
      record: { reason: 'rolled back', targetVersion: 'v1' },
      build: { outcome: 'rolled-back', exitCode: 3, reason: 'web: rolled back' },
    },
    {
      name: 'that was upgraded before the watch',
      statuses: [endStatus(createCompleted('web'), undefined, remark)],
      options: watch,
      outcome: 'completed',
      record: { reason: `web: upgraded; ${remark}`, targetVersion: 'v2' },
      build: { outcome: 'completed', exitCode: 0, reason: `web: upgraded; ${remark}`, share: 1 },
    },
    {
      name: 'that was rolled back before the watch',
      statuses: [endStatus(createRolledBack('web'), rolledBack, remark)],
      options: watch,
      outcome: 'rolled-back',
      what: 'rolled back',
      evidence: ['The upgrade had ended before this watch began.', 'Why.'],
      next: ['Go.'],
      record: { reason: 'rolled back' },
      build: { outcome: 'rolled-back', exitCode: 3, reason: 'web: rolled back' },
    },
    {
      name: 'whose watch took too long',
      statuses: [endStatus(createRunning('web'), timedOut)],
      options: watch,
      outcome: 'timed-out',
      what: 'Gave up. The upgrade continues on the cluster.',
      evidence: [],
      next: ['Keep watching: watch web'],
      record: { reason: 'Gave up. The upgrade continues on the cluster.' },
      build: { outcome: 'timed-out', exitCode: 124, reason: 'web: rolling forward, UD1' },
    },
    {
      name: 'whose watch waited in vain for another upgrade',
      statuses: [endStatus(createCompleted('web'), timedOut)],
      options: { ...watch, expected: 'v3' },
      outcome: 'timed-out',
      what: 'Gave up.',
      evidence: [],
      next: ['Keep watching: watch web'],
      record: { reason: 'Gave up.' },
      build: { outcome: 'timed-out', exitCode: 124, reason: 'web: upgraded' },
    },
    {
      name: 'whose watch was interrupted',
      statuses: [endStatus(createRunning('web'), interrupted)],
      options: watch,
      outcome: 'terminated',
      what: 'Stopped by SIGTERM. The upgrade continues on the cluster.',
      evidence: [],
      next: ['Keep watching: watch web'],
      record: {},
      build: { outcome: 'terminated', exitCode: 143 },
    },
    {
      name: 'whose first read was interrupted',
      statuses: [endStatus(createStatus(createTarget('web')), interrupted)],
      outcome: 'terminated',
      what: 'Stopped by SIGTERM.',
      record: { reason: 'Stopped by SIGTERM.', deployment: 'web', targetVersion: null },
      build: { outcome: 'terminated', exitCode: 143, reason: 'web', targetVersion: undefined },
    },
    {
      name: 'that is unreachable',
      statuses: [endStatus(createStatus(createTarget('web')), unreachable)],
      outcome: 'unreachable',
      what: 'No answer.',
      next: ['Check it.'],
      record: { reason: 'No answer.' },
      build: { outcome: 'unreachable', exitCode: 6 },
    },
  ])('$name', expectResult);

  it('explains what an upgrade waits for only where time ran out', () => {
    const members = { UpgradeState: 'RollingForwardPending', RollingUpgradeMode: 'UnmonitoredManual' };
    const waiting = createReadStatus('web', { ...runningUpgrade, ...members });
    const explain = (explanation: typeof timedOut) =>
      createResult([endStatus(waiting, explanation)], { ...baseOptions, watch: true }).explanation;
    expect(explain(timedOut)?.evidence).not.toEqual([]);
    expect(explain(timedOut)?.next?.length).toBeGreaterThan(1);
    expect(explain(interrupted)?.evidence).toEqual([]);
    expect(explain(interrupted)?.next?.map(formatStep)).toEqual(['Keep watching: watch web']);
  });

  it('has the document of the deployment', () => {
    const status = createRunning('web');
    const { document } = createResult([endStatus(status, undefined)], baseOptions);
    expect(document).toBe(status.reading?.document);
  });
});

const failed = createExplanation('failed', { what: 'failed' });
const missing = createExplanation('not-found', {
  code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
  what: 'There is no such deployment.',
  next: [{ what: 'Did you mean "web"?' }, { what: 'Check the endpoint.' }],
  request,
});

describe('the result for many', () => {
  it.each<ResultCase>([
    {
      name: 'read in any state',
      statuses: [endStatus(createRunning('web'), undefined), endStatus(createRolledBack('api'), undefined)],
      outcome: 'completed',
      record: {
        reason: '2 deployments: 1 rolling forward, 1 rolled back',
        deployment: null,
        targetVersion: null,
        deployments: [
          {
            deployment: 'web',
            outcome: 'completed',
            reason: 'web: rolling forward, UD1',
            targetVersion: 'v2',
          },
          {
            deployment: 'api',
            outcome: 'completed',
            reason: expect.stringContaining('api: rolled back. '),
            targetVersion: 'v1',
          },
        ],
      },
      build: {
        outcome: 'rolled-back',
        exitCode: 0,
        deployment: '2 deployments',
        targetVersion: undefined,
        reason: '2 deployments: 1 rolling forward, 1 rolled back',
        share: undefined,
      },
    },
    {
      name: 'that were upgraded',
      statuses: [endStatus(createCompleted('web'), undefined), endStatus(createCompleted('api'), undefined)],
      options: watch,
      outcome: 'completed',
      record: { reason: '2 deployments: 2 upgraded' },
      build: { outcome: 'completed', exitCode: 0, share: 1 },
    },
    {
      name: 'with failures, the worst first',
      statuses: [
        endStatus(createRolledBack('web'), rolledBack),
        endStatus(createCompleted('api'), undefined),
        endStatus(createRunning('db'), failed),
      ],
      options: watch,
      outcome: 'failed',
      what: '3 deployments: 1 failed, 1 rolled back, 1 upgraded.',
      evidence: [
        'db: failed.',
        expect.stringMatching(/^web: rolled back\. v2 failed its health check in UD1\. /),
      ],
      next: ['Show db: read db', 'Show web: read web'],
      record: { reason: '3 deployments: 1 failed, 1 rolled back, 1 upgraded.' },
      build: {
        outcome: 'failed',
        exitCode: 4,
        reason: '3 deployments: 1 failed, 1 rolled back, 1 upgraded',
        share: undefined,
      },
    },
    {
      name: 'with a missing one, whose name may be mistyped',
      statuses: [
        endStatus(createRunning('web'), undefined),
        endStatus(createStatus(createTarget('wbe')), missing),
      ],
      outcome: 'not-found',
      what: '2 deployments: 1 not found, 1 rolling forward.',
      evidence: ['wbe: There is no such deployment.'],
      next: ['wbe: Did you mean "web"?'],
      record: {
        deployments: [
          expect.objectContaining({ deployment: 'web' }),
          expect.objectContaining({ outcome: 'not-found', targetVersion: null }),
        ],
      },
      build: { outcome: 'not-found', exitCode: 5 },
    },
    {
      name: 'that met the same fault',
      statuses: [
        endStatus(createStatus(createTarget('web')), unreachable),
        endStatus(createStatus(createTarget('api')), { ...unreachable, outcome: 'unauthorized' }),
      ],
      outcome: 'unauthorized',
      what: 'No answer.',
      next: ['Check it.'],
      record: { reason: 'No answer.' },
      build: { outcome: 'unauthorized', reason: '2 deployments: 1 unauthorized, 1 unreachable' },
    },
    {
      name: 'of which some have not ended in time',
      statuses: [
        endStatus(createRunning('web'), timedOut),
        endStatus(createCompleted('api'), undefined),
        endStatus(createRunning('db'), timedOut),
      ],
      options: watch,
      outcome: 'timed-out',
      what: 'Gave up. 3 deployments: 2 timed out, 1 upgraded. Upgrades that have not ended continue on the cluster.',
      evidence: ['web, db: rolling forward, UD1.'],
      next: ['Keep watching: watch web db'],
      record: {},
      build: { outcome: 'timed-out', exitCode: 124 },
    },
    {
      name: 'that were interrupted, with a failure before',
      statuses: [endStatus(createRunning('web'), interrupted), endStatus(createRunning('db'), failed)],
      options: watch,
      outcome: 'terminated',
      what: 'Stopped by SIGTERM. 2 deployments: 1 interrupted, 1 failed. Upgrades that have not ended continue on the cluster.',
      evidence: ['db: failed.'],
      next: ['Keep watching: watch web', 'Show db: read db'],
      record: {},
      build: { outcome: 'terminated', exitCode: 143 },
    },
    {
      name: 'that were interrupted before the first reading',
      statuses: [
        endStatus(createStatus(createTarget('web')), interrupted),
        endStatus(createStatus(createTarget('db')), interrupted),
      ],
      options: watch,
      outcome: 'terminated',
      what: 'Stopped by SIGTERM. 2 deployments: 2 interrupted.',
      evidence: ['web, db: not read yet.'],
      next: ['Keep watching: watch web db'],
      record: {},
      build: { outcome: 'terminated' },
    },
    {
      name: 'read with --exit-status while one rolls forward',
      statuses: [
        endStatus(createRunning('web'), createExplanation('in-progress')),
        endStatus(createCompleted('api'), undefined),
      ],
      options: exitStatus,
      outcome: 'in-progress',
      what: '2 deployments: 1 in progress, 1 upgraded.',
      evidence: ['web: rolling forward, UD1.'],
      next: ['Show web: read web'],
      record: {},
      build: { outcome: 'in-progress', exitCode: 8 },
    },
    {
      name: 'whose upgrades went to other versions than the expected one',
      statuses: [endStatus(createCompleted('web'), undefined), endStatus(createCompleted('api'), undefined)],
      options: { expected: 'v3' },
      outcome: 'completed',
      record: { reason: '2 deployments: 2 upgraded' },
      build: { outcome: 'superseded', exitCode: 0, share: undefined },
    },
  ])('$name', expectResult);

  it('lists ten causes, and counts the rest', () => {
    const names = Array.from({ length: 12 }, (_, index) => `web${index}`);
    const last = createExplanation('rolled-back', { what: 'rolled back' });
    const statuses = names.map((name, index) => {
      const own = { ...failed, what: `${name}: failed with ${index}` };
      return endStatus(createStatus(createTarget(name)), index === 11 ? last : own);
    });
    const { explanation } = createResult(statuses, { ...baseOptions, watch: true });
    expect(explanation?.evidence).toEqual([
      ...names.slice(0, 10).map((name, index) => `${name}: failed with ${index}.`),
      'And 2 more: 1 failed, 1 rolled back.',
    ]);
  });

  it('has an array of their documents', () => {
    const statuses = [createRunning('web'), createCompleted('api')];
    const { document } = createResult(
      statuses.map((status) => endStatus(status, undefined)),
      baseOptions,
    );
    expect(document).toBe(`[${statuses.map(({ reading }) => reading?.document).join(',')}]`);
  });
});
