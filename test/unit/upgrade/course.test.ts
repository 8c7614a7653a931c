/** The memory of a watch. */
import { describe, expect, it } from 'vitest';
import { extendCourse } from '../../../src/upgrade/course.ts';
import { createUpgrade, createWaitingNode, runningUpgrade } from '../../support/documents.ts';
import { buildSnapshot, parseUpgrade } from '../../support/snapshots.ts';

describe('the course', () => {
  it('stays small however many domains and safety checks it sees', () => {
    let course = buildSnapshot(runningUpgrade).course;
    for (let index = 0; index < 2000; index++) {
      const document = createUpgrade({
        UpgradeDuration: `PT0H0M${10 * index}S`,
        CurrentUpgradeDomainDuration: 'PT0H0M0S',
        CurrentUpgradeDomainProgress: {
          DomainName: `X${index}`,
          NodeUpgradeProgressList: [createWaitingNode('_node_1')],
        },
      });
      course = extendCourse(course, parseUpgrade(document), []);
    }
    expect(course.finished).toHaveLength(500);
    expect(course.checks.size).toBe(1);
  });
});
