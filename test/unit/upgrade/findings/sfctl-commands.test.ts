/** sfctl commands that can be typed as they are. */

import { describe, expect, it } from 'vitest';
import { formatStep } from '../../../../src/platform/next-step.ts';
import { rolledBackUpgrade } from '../../../support/documents.ts';
import { explain } from '../../../support/snapshots.ts';

describe('an sfctl command', () => {
  it('quotes names with blanks, and has placeholders for names that a shell could misread', () => {
    const [cause] = explain({
      ...rolledBackUpgrade,
      DeploymentName: 'a b',
      ApplicationName: 'fabric:/a b"; rm -rf ~',
    });
    expect(cause?.next.map(formatStep).join()).not.toContain('rm');
    expect(cause?.next.map(formatStep).join()).toContain('--application-id <name>');
    expect(cause?.next.map(formatStep).join()).toContain('sfcompose upgrade "a b" -f');
  });
});
