/** The table of one upgrade. */
import { describe, expect, it } from 'vitest';
import { renderTable } from '../../../../src/output/table/upgrade.ts';
import { rollingBack } from '../../../support/documents.ts';
import { unfolded } from '../../../support/printed-output.ts';
import { buildSnapshot } from '../../../support/snapshots.ts';
import { plainStyle } from '../../../support/style.ts';

describe('a small screen', () => {
  it('keeps what matters: the state, the progress, the cause', () => {
    const table = renderTable(buildSnapshot(rollingBack), plainStyle(80), {
      full: false,
      next: true,
      most: 15,
    });
    expect(table.trimEnd().split('\n').length).toBeLessThanOrEqual(15);
    for (const label of ['State', 'Progress', 'Cause']) expect(table).toContain(`│ ${label}`);
    expect(unfolded(table)).toContain('The container exited with code 137.');
    for (const label of ['Health', 'Mode', 'Next']) expect(table).not.toContain(`│ ${label}`);
  });
});
