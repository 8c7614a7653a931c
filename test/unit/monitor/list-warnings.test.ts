/** Warnings about successes. */
import { expect, it } from 'vitest';
import { listWarnings } from '../../../src/monitor/list-warnings.ts';
import { createStatus, endStatus, type WatchStatus } from '../../../src/monitor/status.ts';
import { describeReason, formatStatusLine } from '../../../src/monitor/status-wording.ts';
import { createUpgrade } from '../../support/documents.ts';
import { buildSnapshot } from '../../support/snapshots.ts';
import { createTarget } from '../../support/statuses.ts';

const remark = 'the upgrade had ended before this watch began';

function complete(deployment: string, mode: string): WatchStatus {
  const document = createUpgrade({
    DeploymentName: deployment,
    ApplicationName: `fabric:/${deployment}`,
    UpgradeState: 'RollingForwardCompleted',
    RollingUpgradeMode: mode,
  });
  const snapshot = buildSnapshot({ ...document });
  const reading = { snapshot, status: undefined, document: '{}', applicationDocument: undefined };
  return endStatus({ ...createStatus(createTarget(deployment)), reading }, undefined);
}

it('a success with a remark may be the previous upgrade', () => {
  const warnings = listWarnings([
    endStatus(createStatus(createTarget('web')), undefined, remark),
    endStatus(createStatus(createTarget('api')), undefined),
    endStatus(createStatus(createTarget('db')), { outcome: 'failed', code: 'X', what: 'failed' }, remark),
    createStatus(createTarget('mail')),
  ]);
  expect(warnings.map(({ what }) => what)).toEqual([
    `web: ${remark}. This may be the previous upgrade; wait for a specific version with --expect-version.`,
  ]);
});

it('unmonitored upgrades that completed are named together, each with its command', () => {
  const statuses = [
    complete('shop', 'UnmonitoredAuto'),
    complete('mail', 'UnmonitoredAuto'),
    complete('auth', 'Monitored'),
    complete('next', 'UnmonitoredDeferred'),
    complete('hand', 'UnmonitoredManual'),
  ];
  const warnings = listWarnings(statuses);
  expect(warnings.map(({ what }) => what)).toEqual([
    'shop, mail: Health was not checked (UnmonitoredAuto).',
    'hand: Health was not checked (UnmonitoredManual).',
  ]);
  expect(warnings[0]?.next.map(({ command }) => command)).toEqual([
    'sfctl application health --application-id shop',
    undefined,
    'sfctl application health --application-id mail',
  ]);
});

it('an unmonitored upgrade that completed has its reason among many deployments', () => {
  const status = complete('shop', 'UnmonitoredAuto');
  expect(describeReason(status).text).toBe('Health was not checked (UnmonitoredAuto).');
  expect(formatStatusLine(status)).toBe('shop: upgraded. Health was not checked (UnmonitoredAuto).');
});
