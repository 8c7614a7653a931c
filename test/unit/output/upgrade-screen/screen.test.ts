/** The screen of one deployment at all sizes. */
import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { renderUpgradeScreen } from '../../../../src/output/upgrade-screen/screen.ts';
import { rollingBackUpgrade, runningUpgrade } from '../../../support/documents.ts';
import { buildSnapshot } from '../../../support/snapshots.ts';
import { createPlainStyle } from '../../../support/style.ts';

const snapshots = [runningUpgrade, rollingBackUpgrade].map((document) =>
  buildSnapshot(document, { application: {} }),
);

describe('the live screen of one deployment', () => {
  it('keeps the state, the domain and the cause on a small screen', () => {
    const screen = renderUpgradeScreen(buildSnapshot(rollingBackUpgrade), createPlainStyle(80), {
      cluster: 'prod:19080',
      full: false,
      maxLines: 10,
    });
    expect(screen).toContain('rolling back');
    expect(screen).toContain('prod:19080');
    expect(screen).toContain('exited with code 137.');
    expect(screen).not.toContain('sfctl');
  });

  it.each([40, 60, 80, 110])('fits %d columns and any height from 10 rows', (width) => {
    for (const snapshot of snapshots)
      for (let maxLines = 10; maxLines <= 60; maxLines++) {
        const view = { cluster: 'prod:19080', full: false, maxLines };
        const lines = renderUpgradeScreen(snapshot, createPlainStyle(width), view).trimEnd().split('\n');
        expect(lines.length).toBeLessThanOrEqual(maxLines);
        for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      }
  });
});
