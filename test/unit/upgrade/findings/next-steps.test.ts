/** Next steps after an upgrade went wrong. */

import { describe, expect, it } from 'vitest';
import { formatStep } from '../../../../src/platform/next-step.ts';
import { rolledBackRecord, rolledBackUpgrade } from '../../../support/documents.ts';
import { explain } from '../../../support/snapshots.ts';

describe('the next steps', () => {
  it('list the events from the start of the upgrade to a minute after the failure', () => {
    const [cause] = explain(rolledBackUpgrade, {
      application: {
        ...rolledBackRecord,
        FailureReason: 'Interrupted',
        FailureTimestampUtc: '2026-11-24T07:10:00.000Z',
      },
    });
    expect(cause?.evidence).toContain('The rollback began at 2026-11-24 07:10:00 UTC.');
    expect(cause?.next.map(formatStep)[0]).toBe(
      'Show what happened: sfctl events application-list --application-id web --start-time-utc 2026-11-24T07:00:00Z --end-time-utc 2026-11-24T07:11:00Z',
    );
  });
});
