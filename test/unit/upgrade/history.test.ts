/** The memory of a watch. */
import { describe, expect, it } from 'vitest';
import { extendHistory } from '../../../src/upgrade/history.ts';
import { createUpgrade, createWaitingNode, runningUpgrade } from '../../support/documents.ts';
import { buildSnapshot, parseUpgrade } from '../../support/snapshots.ts';

describe('the history', () => {
  it('stays small however many domains and safety checks it sees', () => {
    let history = buildSnapshot(runningUpgrade).history;
    for (let index = 0; index < 2000; index++) {
      const document = createUpgrade({
        UpgradeDuration: `PT0H0M${10 * index}S`,
        CurrentUpgradeDomainDuration: 'PT0H0M0S',
        CurrentUpgradeDomainProgress: {
          DomainName: `X${index}`,
          NodeUpgradeProgressList: [createWaitingNode('_node_1')],
        },
      });
      history = extendHistory(history, parseUpgrade(document), []);
    }
    expect(history.finished).toHaveLength(500);
    expect(history.checks.size).toBe(1);
  });
});
