/** The words for the statuses of watched deployments, one by one and together. */
import { describe, expect, it } from 'vitest';
import { createStatus, endStatus, type WatchStatus } from '../../../src/monitor/status.ts';
import {
  describeAll,
  describeReason,
  describeStatus,
  formatStatusLine,
  summarizeStatus,
} from '../../../src/monitor/status-wording.ts';
import {
  completedUpgrade,
  createNeverUpgraded,
  createUpgrade,
  rollingBackUpgrade,
} from '../../support/documents.ts';
import { createExplanation, createFailure, createReadStatus, createTarget } from '../../support/statuses.ts';

const request = 'GET http://cluster/';
const upgradingNode = { NodeName: '_node_1', UpgradePhase: 'Upgrading', PendingSafetyChecks: [] };
const running = createReadStatus(
  'web',
  createUpgrade({
    CurrentUpgradeDomainProgress: { DomainName: 'UD1', NodeUpgradeProgressList: [upgradingNode] },
  }),
);
const rollingBack = createReadStatus('web', rollingBackUpgrade);
const completed = endStatus(createReadStatus('web', completedUpgrade), undefined);
const reading = {
  snapshot: undefined,
  status: undefined,
  document: undefined,
  applicationDocument: undefined,
};
const cause = 'v2 failed its health check in UD1';
const evidence =
  'On _node_1: The container exited with code 137. Exit code 137 (0x89): killed (SIGKILL), out of memory or not stopped in time.';

interface StatusCase {
  readonly name: string;
  readonly status: WatchStatus;
  /** {@link describeStatus} */
  readonly state: string;
  /** {@link describeReason} */
  readonly reason: string;
  /** {@link formatStatusLine} */
  readonly line: string;
}

describe('the words for a deployment', () => {
  it.each<StatusCase>([
    {
      name: 'that was not read yet',
      status: createStatus(createTarget('web')),
      state: 'not read yet',
      reason: '',
      line: 'web: not read yet',
    },
    {
      name: 'without a record',
      status: { ...createStatus(createTarget('web')), reading },
      state: 'no record of the upgrade',
      reason: '',
      line: 'web: no record of the upgrade',
    },
    {
      name: 'that rolls forward',
      status: running,
      state: 'rolling forward',
      reason: '',
      line: 'web: rolling forward, UD1',
    },
    {
      name: 'that was never upgraded, which is no problem',
      status: createReadStatus('web', createNeverUpgraded()),
      state: 'never upgraded, or creation failed',
      reason: '',
      line: 'web: never upgraded, or creation failed',
    },
    {
      name: 'that rolls back',
      status: rollingBack,
      state: 'rolling back',
      reason: `${cause}. ${evidence}`,
      line: `web: rolling back. ${cause}. ${evidence}`,
    },
    {
      name: 'that gave no usable response yet',
      status: { ...createStatus(createTarget('web')), failure: createFailure() },
      state: 'not read yet',
      reason: 'No usable response: connection refused (1 of 4 attempts failed).',
      line: 'web: not read yet',
    },
    {
      name: 'without contact',
      status: { ...rollingBack, failure: createFailure({ count: 2 }) },
      state: 'rolling back',
      reason: 'Contact lost: connection refused (2 of 4 attempts failed).',
      line: `web: rolling back. ${cause}. ${evidence}`,
    },
    {
      name: 'that was upgraded',
      status: completed,
      state: 'upgraded',
      reason: '',
      line: 'web: upgraded',
    },
    {
      name: 'that had been upgraded before',
      status: { ...completed, remark: 'it had ended before' },
      state: 'upgraded',
      reason: '',
      line: 'web: upgraded; it had ended before',
    },
    {
      name: 'whose upgrade was superseded',
      status: endStatus(
        rollingBack,
        createExplanation('superseded', { what: 'web: a different upgrade replaced it' }),
      ),
      state: 'superseded',
      reason: 'A different upgrade replaced it.',
      line: 'web: a different upgrade replaced it',
    },
    {
      name: 'that was deleted',
      status: endStatus(running, createExplanation('not-found', { what: 'It is gone.', request })),
      state: 'not found',
      reason: 'It is gone.',
      line: 'web: It is gone.',
    },
    {
      name: 'that is unreachable, in no more words',
      status: endStatus(running, createExplanation('unreachable', { what: 'web: unreachable', request })),
      state: 'unreachable',
      reason: '',
      line: 'web: unreachable',
    },
    {
      name: 'whose watch was interrupted',
      status: endStatus(running, createExplanation('interrupted', { what: 'Stopped by Ctrl-C.' })),
      state: 'rolling forward',
      reason: '',
      line: 'web: rolling forward, UD1',
    },
  ])('$name', ({ status, state, reason, line }) => {
    expect({
      state: describeStatus(status),
      reason: describeReason(status).text,
      line: formatStatusLine(status),
    }).toEqual({ state, reason, line });
  });
});

it('a summary is of the upgrade as long as its reading is current', () => {
  const gone = endStatus(running, createExplanation('not-found', { what: 'It is gone.', request }));
  expect(summarizeStatus(running)).toBe(
    'web to v2: rolling forward, UD1 [RollingForwardInProgress]; 1 node upgrading',
  );
  expect(summarizeStatus(gone)).toBe('web: It is gone.');
  expect(summarizeStatus(createStatus(createTarget('web')))).toBe('web: not read yet');
});

it('all deployments are counted by state, and those without contact apart', () => {
  expect(describeAll([running, rollingBack, running])).toBe(
    '3 deployments: 2 rolling forward, 1 rolling back',
  );
  expect(describeAll([{ ...running, failure: createFailure() }])).toBe(
    '1 deployment: 1 rolling forward; 1 without contact',
  );
});
