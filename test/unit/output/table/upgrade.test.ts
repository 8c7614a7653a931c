/** The table of one upgrade. */
import { describe, expect, it } from 'vitest';
import { renderTable } from '../../../../src/output/table/upgrade.ts';
import { rollingBackUpgrade } from '../../../support/documents.ts';
import { unfoldTable } from '../../../support/printed-output.ts';
import { buildSnapshot } from '../../../support/snapshots.ts';
import { createPlainStyle } from '../../../support/style.ts';

describe('the table of one upgrade', () => {
  it('keeps the state, the progress and the cause on a small screen', () => {
    const table = renderTable(buildSnapshot(rollingBackUpgrade), createPlainStyle(80), {
      full: false,
      next: true,
      maxLines: 15,
    });
    expect(table.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    for (const label of ['State', 'Progress', 'Cause']) expect(table).toContain(`│ ${label}`);
    expect(unfoldTable(table)).toContain('The container exited with code 137.');
    for (const label of ['Health', 'Mode', 'Next']) expect(table).not.toContain(`│ ${label}`);
  });
});
