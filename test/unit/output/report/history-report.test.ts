/** Reports of histories, from any events. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildHistoryReport, type HistoryReport } from '../../../../src/output/report/history-report.ts';
import { renderHtml } from '../../../../src/output/report/html.ts';
import { renderMarkdown } from '../../../../src/output/report/markdown.ts';
import type { ContainerExitedEvent } from '../../../../src/upgrade/events.ts';
import type { PastUpgrade } from '../../../../src/upgrade/past-upgrade.ts';
import { hostileText } from '../../../support/arbitraries.ts';
import { findMarkdownHarm } from '../../../support/harm.ts';
import { findReportHarm } from '../../../support/report-html.ts';
import { createExplanation } from '../../../support/statuses.ts';

const at = (clock: string) => new Date(`2026-11-24T${clock}Z`);
const written = at('09:00:00');

const unknownUpgrade: PastUpgrade = {
  from: undefined,
  to: undefined,
  startedAt: undefined,
  endedAt: undefined,
  result: 'unknown',
  mode: undefined,
  failureAction: undefined,
  failureReason: undefined,
  rollbackStartedAt: undefined,
  took: undefined,
  forward: [],
  back: [],
  exits: [],
};

const exit: ContainerExitedEvent = {
  kind: 'container-exited',
  id: undefined,
  at: at('07:05:18'),
  service: 'fabric:/web/web',
  codePackage: 'web.Code',
  image: 'web:2',
  node: '_node_1',
  exitCode: 137,
  isUnexpected: true,
};

const completed: PastUpgrade = {
  ...unknownUpgrade,
  from: 'v1',
  to: 'v2',
  startedAt: at('05:00:30'),
  endedAt: at('05:12:33'),
  result: 'completed',
  mode: 'Monitored',
  failureAction: 'Rollback',
  took: 723_000,
  forward: [
    { name: 'UD0', completedAt: at('05:04:32'), took: 240_000 },
    { name: 'UD1', completedAt: at('05:08:32'), took: undefined },
    { name: 'UD2', completedAt: at('05:12:32'), took: 240_000 },
  ],
};

const rolledBack: PastUpgrade = {
  ...completed,
  from: 'v2',
  to: 'v3',
  startedAt: at('07:00:30'),
  endedAt: at('07:12:33'),
  result: 'rolled-back',
  failureReason: 'HealthCheck',
  rollbackStartedAt: at('07:08:32'),
  forward: [{ name: 'UD0', completedAt: at('07:04:32'), took: 240_000 }],
  back: [
    { name: 'UD0', completedAt: at('07:10:32'), took: 120_000 },
    { name: 'UD1', completedAt: at('07:12:32'), took: 120_000 },
  ],
  exits: [exit, { ...exit, at: at('07:06:20'), node: undefined, exitCode: undefined }],
};

const history: HistoryReport = {
  deployment: 'web',
  clusterName: 'prod.example:19080',
  span: { from: at('00:00:00'), to: at('09:00:00') },
  upgrades: [completed, unknownUpgrade, rolledBack],
};

describe('the report of a history', () => {
  it.each([
    ['report-history.html', renderHtml],
    ['report-history.md', renderMarkdown],
  ] as const)('is unchanged: %s', async (file, render) => {
    const text = render(buildHistoryReport(history, written));
    await expect(text).toMatchFileSnapshot(`../../../golden/${file}`);
  });

  it('tells that nothing was found', () => {
    const text = renderMarkdown(buildHistoryReport({ ...history, upgrades: [] }, written));
    expect(text).toContain('The cluster has no events of an upgrade in this time.');
  });

  it('tells why there is none', () => {
    const explanation = createExplanation('unreachable', { evidence: ['It has no event store.'] });
    const text = renderMarkdown(buildHistoryReport({ ...history, upgrades: [], explanation }, written));
    expect(text).toContain('\u274c **It was unreachable.**');
    expect(text).toContain('- It has no event store.');
    expect(text).not.toContain('no events of an upgrade');
  });

  it('does no harm, whatever the events say', () => {
    fc.assert(
      fc.property(hostileText, fc.integer(), (text, exitCode) => {
        const word = text as unknown as PastUpgrade['mode'];
        const domain = { name: text, completedAt: at('07:04:32'), took: undefined };
        const past: PastUpgrade = {
          ...rolledBack,
          from: text,
          to: text,
          mode: word,
          failureAction: word as PastUpgrade['failureAction'],
          failureReason: word as PastUpgrade['failureReason'],
          forward: [domain],
          back: [domain],
          exits: [{ ...exit, service: text, codePackage: text, node: text, exitCode }],
        };
        const report = buildHistoryReport({ ...history, deployment: text, upgrades: [past] }, written);
        const harm = {
          html: findReportHarm(renderHtml(report)),
          markdown: findMarkdownHarm(renderMarkdown(report)),
        };
        expect(harm).toEqual({ html: [], markdown: [] });
      }),
      { seed: 20261124, numRuns: 200 },
    );
  });

  it('has a limit, and says so', () => {
    const upgrades = Array.from({ length: 2000 }, () => ({ ...rolledBack, from: 'x'.repeat(500) }));
    const html = renderHtml(buildHistoryReport({ ...history, upgrades }, written));
    expect(html.length).toBeLessThan(5_000_000);
    expect(html).toContain('1500 more are left out.');
    expect(html).toContain('The rest of the report is left out.');
    expect(findReportHarm(html)).toEqual([]);
  });
});
