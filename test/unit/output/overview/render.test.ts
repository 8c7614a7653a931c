/** The overview of many deployments in terminals of any size. */
import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { explainVerdict } from '../../../../src/monitor/explain-verdict.ts';
import { createStatus, endStatus, type WatchStatus } from '../../../../src/monitor/status.ts';
import type { Target } from '../../../../src/monitor/target.ts';
import { selectGlyphs } from '../../../../src/output/glyphs.ts';
import { type OverviewView, renderOverview } from '../../../../src/output/overview/render.ts';
import { createStatusRow } from '../../../../src/output/overview/row.ts';
import { completedUpgrade, rolledBackUpgrade, runningUpgrade } from '../../../support/documents.ts';
import {
  createExplanation,
  createFailure,
  createReadStatus,
  createTarget,
} from '../../../support/statuses.ts';
import { createPlainStyle } from '../../../support/style.ts';

function createRolledBack(deployment: string): WatchStatus {
  const one = createReadStatus(deployment, rolledBackUpgrade);
  const snapshot = one.reading?.snapshot;
  return endStatus(
    one,
    explainVerdict('rolled-back', {
      deployment,
      snapshot,
      status: undefined,
      expected: undefined,
      commandTarget: { options: [], sfctlSelect: undefined, shells: ['posix'] as const },
    }),
  );
}

const createCompleted = (name: string) => endStatus(createReadStatus(name, completedUpgrade), undefined);

const formatReadCommand = ({ deployment }: Target) => `read ${deployment}`;

function draw(
  statuses: readonly WatchStatus[],
  width: number,
  view: Partial<OverviewView> = {},
  format?: typeof formatReadCommand,
) {
  const rows = statuses.map((status) => createStatusRow(status, format));
  const all = { cluster: 'prod.example:19080', maxLines: 200, hint: '; all', maxReasonLines: 4, ...view };
  return renderOverview(rows, createPlainStyle(width), all).slice(0, -1).split('\n');
}

/** Lists the deployments that have a row. */
const listNames = (lines: readonly string[]) =>
  lines.flatMap((line) => /^ {2}[✓●!✗·] (\S+)/.exec(line)?.[1] ?? []);

const few = [
  createCompleted('web'),
  createReadStatus('api', runningUpgrade),
  createRolledBack('a-name-that-is-far-too-long-for-any-table-of-this-world'),
  createReadStatus('数据库服务', runningUpgrade),
  createStatus(createTarget('mail')),
];

const many = Array.from({ length: 100 }, (_, number) => createCompleted(`web${number}`));

describe('the overview of many deployments', () => {
  it.each([1, 5, 12, 24, 39, 40, 41, 55, 60, 80, 110])('fits a width of %i', (width) => {
    for (const line of draw(few, width)) expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(6, width));
  });

  it('drops columns on narrow terminals, the bar first and the state last', () => {
    const three = [
      createReadStatus('api', runningUpgrade),
      createRolledBack('mail'),
      createStatus(createTarget('db')),
    ];
    const findRow = (width: number) => draw(three, width).find((line) => line.includes('● api'));
    expect(findRow(80)).toMatch(/^ {2}● api +v1 → v2 +█▓░+ +UD1 +rolling forward +4m 00s$/);
    expect(findRow(55)).toMatch(/^ {2}● api +v1 → v2 +UD1 +rolling forward +4m 00s$/);
    expect(findRow(40)).toMatch(/^ {2}● api +v1 → v2 +UD1 +rolling forward$/);
    expect(findRow(30)).toBe('● api: rolling forward');
  });

  it('keeps the order of the command line', () => {
    const three = [createCompleted('web'), createReadStatus('api', runningUpgrade), createRolledBack('mail')];
    expect(listNames(draw(three, 80))).toEqual(['web', 'api', 'mail']);
  });

  it.each([200, 20, 12, 9, 6, 5, 2, 1])('fits into %i lines', (maxLines) => {
    const lines = draw([...few, ...many], 80, { maxLines });
    expect(lines.length).toBeLessThanOrEqual(maxLines);
    if (maxLines > 2 && maxLines < 100) expect(lines.join('\n')).toMatch(/ {2}(?:and )?\d+ more: .*; all/);
  });

  it('gives room first to those that need somebody, then to those that still move', () => {
    const lost = { ...createReadStatus('lost', runningUpgrade), failure: createFailure() };
    const all = [
      ...many.slice(0, 50),
      createReadStatus('api', runningUpgrade),
      createRolledBack('mail'),
      lost,
    ];
    const lines = draw(all, 80, { maxLines: 20 });
    expect(listNames(lines).slice(-3)).toEqual(['api', 'mail', 'lost']);
    expect(lines.join('\n')).toMatch(/\n {2}and \d+ more: \d+ upgraded; all\n/);
    expect(lines.join('\n')).toContain('lost  Contact lost: connection refused (1 of 4 attempts failed).');
  });

  it('tells a reason once, with the deployments that have it, and then how to read each', () => {
    const lines = draw(['web', 'api'].map(createRolledBack), 80, {}, formatReadCommand).join('\n');
    expect(lines.match(/health check/g)).toHaveLength(1);
    expect(lines).toMatch(/\n {2}web, api {2}v2 failed its health check in UD1\. /);
    expect(lines).toMatch(/\n\n {2}See the details\n {4}read web\n {4}read api$/);
  });

  it('names five commands and counts the others', () => {
    const statuses = Array.from({ length: 9 }, (_, number) => createRolledBack(`web${number}`));
    const lines = draw(statuses, 80, {}, formatReadCommand);
    expect(lines.filter((line) => /^ {4}read web\d$/.test(line))).toHaveLength(5);
    expect(lines.at(-1)).toBe('    and 4 more');
  });

  it('has a title of two parts where both do not fit one line', () => {
    const lines = draw(few, 60);
    expect(lines[0]).toMatch(/^5 deployments +prod\.example:19080$/);
    expect(lines[1]).toBe('  1 upgraded, 2 upgrading, 1 rolled back, 1 not read yet');
    expect(draw(few.slice(0, 1), 60)[0]).toMatch(/^1 deployment {2}1 upgraded +prod\.example:19080$/);
  });

  it('is ASCII where the locale is not UTF-8', () => {
    const style = { ...createPlainStyle(80), glyphs: selectGlyphs({ LC_ALL: 'C' }) };
    const rows = [createReadStatus('api', runningUpgrade), createRolledBack('mail')].map((status) =>
      createStatusRow(status),
    );
    const view = { cluster: 'c:1', maxLines: 5, hint: '', maxReasonLines: 1 };
    expect(renderOverview(rows, style, view)).toMatch(/^[\n -~]+$/);
  });

  describe('on several clusters', () => {
    const move = (status: WatchStatus, cluster: string): WatchStatus => ({
      ...status,
      ...createTarget(status.deployment, cluster),
    });
    const deployments = [createReadStatus('web', runningUpgrade), createReadStatus('api', runningUpgrade)];
    const down = { ...createExplanation('unreachable'), what: 'Connection refused.', request: 'GET /' };
    const all = [
      ...deployments.map((status) => move(status, 'eu')),
      ...deployments.map((status) => endStatus(move(status, 'us'), down)),
      move(createRolledBack('web'), 'asia'),
      move(createReadStatus('api', runningUpgrade), 'asia'),
    ];

    it('names each cluster once, before the first of its rows', () => {
      const lines = draw(all, 80);
      expect(lines.slice(2, 8).map((line) => line.slice(0, 13))).toEqual([
        '  eu    ● web',
        '        ● api',
        '  us    ✗ web',
        '        ✗ api',
        '  asia  ✗ web',
        '        ● api',
      ]);
    });

    it('names the cluster of a row whose cluster has lost its first row', () => {
      const lines = draw(all, 80, { maxLines: 6 }).join('\n');
      expect(lines).toMatch(/\n {2}asia {2}✗ web/);
    });

    it('lets a cluster stand for all of its deployments in a reason', () => {
      const lines = draw(all, 80).join('\n');
      expect(lines).toMatch(/\n {2}us {11}Connection refused\.\n/);
      expect(lines).toMatch(/\n {2}web on asia {2}v2 failed its health check/);
    });

    it('names the cluster of each row on a screen without a table', () => {
      expect(draw(all, 39)).toContain('● web on eu: rolling forward');
    });

    it.each([1, 20, 39, 40, 60, 80, 110])('fits a width of %i', (width) => {
      for (const line of draw(all, width)) expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(6, width));
    });
  });

  it('draws thousands of rows alike', () => {
    const rows = Array.from({ length: 2500 }, (_, index) => createCompleted(`web${index}`));
    const lines = draw(rows, 80, { maxLines: Infinity });
    expect(listNames(lines)).toEqual(rows.map(({ deployment }) => deployment));
    expect(new Set(lines.slice(2).map((line) => line.length))).toHaveLength(1);
  });
});
