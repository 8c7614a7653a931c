/** Commands that can be typed as they are. */
import { describe, expect, it } from 'vitest';
import { rolledBack } from '../../../support/documents.ts';
import { explain } from '../../../support/snapshots.ts';

describe('a command', () => {
  it('leaves a name out of a command that a shell could misread', () => {
    const [cause] = explain({
      ...rolledBack,
      DeploymentName: 'a b',
      ApplicationName: 'fabric:/a b; rm -rf ~',
    });
    expect(cause?.next.join()).not.toContain('rm');
    expect(cause?.next.join()).toContain('--application-id <name>');
  });
});
