/** What a watch remembers of an upgrade. */
import { describe, expect, it } from 'vitest';
import { extendHistory } from '../../../src/upgrade/history.ts';
import { fullForm, midway, waitingNode } from '../../support/documents.ts';
import { buildSnapshot, parseUpgrade } from '../../support/snapshots.ts';

describe('the history', () => {
  it('does not grow without end, whatever the domains are called', () => {
    let history = buildSnapshot(midway).history;
    for (let index = 0; index < 2000; index++) {
      const document = fullForm({
        UpgradeDuration: `PT0H0M${10 * index}S`,
        CurrentUpgradeDomainDuration: 'PT0H0M0S',
        CurrentUpgradeDomainProgress: {
          DomainName: `X${index}`,
          NodeUpgradeProgressList: [waitingNode('_node_1')],
        },
      });
      history = extendHistory(history, parseUpgrade(document), []);
    }
    expect(history.finished).toHaveLength(500);
    expect(history.checks.size).toBe(1);
  });
});
