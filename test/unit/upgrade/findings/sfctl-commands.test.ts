/** sfctl commands that can be typed as they are. */
import { describe, expect, it } from 'vitest';
import { rolledBackUpgrade } from '../../../support/documents.ts';
import { explain } from '../../../support/snapshots.ts';

describe('an sfctl command', () => {
  it('has placeholders for names that a shell could misread', () => {
    const [cause] = explain({
      ...rolledBackUpgrade,
      DeploymentName: 'a b',
      ApplicationName: 'fabric:/a b; rm -rf ~',
    });
    expect(cause?.next.join()).not.toContain('rm');
    expect(cause?.next.join()).toContain('--application-id <name>');
  });
});
