/** The log of what a watch waited for. */
import { describe, expect, it } from 'vitest';
import {
  emptyLog,
  extendLog,
  measureLoggedWait,
  type WatchLog,
} from '../../../../src/monitor/report/watch-log.ts';
import type { WatchEvent } from '../../../../src/monitor/watch.ts';
import {
  completedUpgrade,
  createShortUpgrade,
  createUpgrade,
  createWaitingNode,
  type Members,
  nextDomain,
} from '../../../support/documents.ts';
import { createFailure, createReading } from '../../../support/statuses.ts';

const at = (seconds: number) => new Date(Date.parse('2026-11-24T07:00:00Z') + 1000 * seconds);

const read = (document: Members): WatchEvent => ({
  type: 'reading',
  reading: createReading(document),
  isNews: true,
  isMove: true,
  nextReadInMs: 10_000,
});

const failure: WatchEvent = { type: 'failure', failure: createFailure() };
const ended: WatchEvent = { type: 'ended', explanation: undefined, remark: undefined };

const waiting = (node: string) =>
  createUpgrade({
    CurrentUpgradeDomainProgress: { DomainName: 'UD1', NodeUpgradeProgressList: [createWaitingNode(node)] },
  });
const checking = createUpgrade({
  UpgradeState: 'RollingForwardPending',
  CurrentUpgradeDomainProgress: nextDomain,
});

/** Logs events, one every ten seconds. */
function log(...events: readonly WatchEvent[]): WatchLog {
  return events.reduce((sofar, event, index) => extendLog(sofar, event, at(10 * index)), emptyLog);
}

/** Lists the waits as `what, first beginning, count, seconds until the time`. */
const list = ({ waits }: WatchLog, end = at(1000)) =>
  waits.map((wait) => [
    wait.what.replace(/ (?:waits|must|is building) .*/, ''),
    (wait.from.getTime() - at(0).getTime()) / 1000,
    wait.count,
    measureLoggedWait(wait, end) / 1000,
  ]);

describe('the log of a watch', () => {
  it('measures each wait from the first read that shows it to the first that does not', () => {
    const provisioning = read(createShortUpgrade());
    const events = [provisioning, read(waiting('_node_1')), read(waiting('_node_1')), read(checking)];
    expect(list(log(...events, read(completedUpgrade), ended))).toEqual([
      ['The cluster', 0, 1, 10],
      ['_node_1', 10, 1, 20],
      ['The application', 30, 1, 10],
    ]);
  });

  it('keeps a wait open that the watch has not seen ending', () => {
    const open = log(read(waiting('_node_1')), read(waiting('_node_1')));
    expect(open.waits.map(({ openSince }) => openSince)).toEqual([at(0)]);
    expect(list(open, at(50))).toEqual([['_node_1', 0, 1, 50]]);
  });

  it('adds up a wait that occurs again', () => {
    const [one, other] = [read(waiting('_node_1')), read(waiting('_node_2'))];
    expect(list(log(one, other, one, other, read(completedUpgrade)))).toEqual([
      ['_node_1', 0, 2, 20],
      ['_node_2', 10, 2, 20],
    ]);
  });

  it('logs lost contact, during which the other waits go on', () => {
    const events = [read(waiting('_node_1')), failure, failure, read(waiting('_node_1'))];
    expect(list(log(...events, read(completedUpgrade)))).toEqual([
      ['_node_1', 0, 1, 40],
      ['No usable response from the cluster: connection refused', 10, 1, 20],
    ]);
  });

  it('knows when the watch ended', () => {
    expect(log(read(completedUpgrade)).endedAt).toBeUndefined();
    expect(log(read(completedUpgrade), ended).endedAt).toEqual(at(10));
  });

  it('keeps the longest of very many waits', () => {
    const many = Array.from({ length: 300 }, (_, number) => read(waiting(`_other_${number}`)));
    const long = read(waiting('_long'));
    const { waits, omitted } = log(long, long, ...many, read(completedUpgrade));
    expect(waits).toHaveLength(200);
    expect(omitted).toBe(101);
    expect(waits[0]?.what).toContain('_long');
  });
});
