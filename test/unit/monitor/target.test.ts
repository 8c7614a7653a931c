/** Names of targets. */
import { expect, it } from 'vitest';
import { nameTarget } from '../../../src/monitor/target.ts';
import { createTarget } from '../../support/statuses.ts';

it('names the cluster only among several', () => {
  expect(nameTarget(createTarget('web'))).toBe('web');
  expect(nameTarget({ ...createTarget('web', 'eu'), isAmongClusters: false })).toBe('web');
  expect(nameTarget(createTarget('web', 'eu'))).toBe('web on eu');
});
