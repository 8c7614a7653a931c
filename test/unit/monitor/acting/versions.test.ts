/** The version that the next upgrade gets. */
import { describe, expect, it } from 'vitest';
import type { DeploymentState } from '../../../../src/monitor/acting/deployment-state.ts';
import {
  formatNextVersion,
  isNewerVersion,
  predictVersion,
} from '../../../../src/monitor/acting/versions.ts';
import {
  completedUpgrade,
  createNeverUpgraded,
  createShortUpgrade,
  rolledBackUpgrade,
} from '../../../support/documents.ts';
import { createReading } from '../../../support/statuses.ts';

function createState(document: Parameters<typeof createReading>[0] | undefined): DeploymentState {
  const reading = document === undefined ? undefined : createReading(document);
  return { deployment: 'web', status: { status: 'Ready', details: undefined }, reading };
}

describe('the next version', () => {
  it.each([
    { name: 'a completed upgrade', document: completedUpgrade, current: 'v2', next: 'v3' },
    {
      name: 'a deployment that was never upgraded',
      document: createNeverUpgraded(),
      current: 'v1',
      next: 'v2',
    },
    { name: 'a rollback', document: rolledBackUpgrade, current: 'v1', next: 'above v1' },
    {
      name: 'a failed upgrade',
      document: createShortUpgrade({ UpgradeState: 'Failed', TargetApplicationTypeVersion: 'v5' }),
      current: 'v1',
      next: 'v6',
    },
    { name: 'no record', document: undefined, current: 'v7', next: 'above v7' },
  ])('after $name is $next', ({ document, current, next }) => {
    const predicted = predictVersion(createState(document), current);
    expect(predicted && formatNextVersion(predicted)).toBe(next);
  });

  it('is not known where nothing is', () => {
    expect(predictVersion(createState(undefined), undefined)).toBeUndefined();
  });
});

it.each([
  ['v2', 'v1', true],
  ['v10', 'v9', true],
  ['v1', 'v2', false],
  ['v1', 'v1', false],
  [undefined, 'v1', false],
  ['v1', undefined, true],
  ['other', 'v1', true],
])('%s is newer than %s: %s', (version, than, expected) => {
  expect(isNewerVersion(version, than)).toBe(expected);
});
