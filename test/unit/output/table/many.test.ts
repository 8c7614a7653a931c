/** The overview of many deployments in terminals of any size. */
import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { explainVerdict } from '../../../../src/monitor/explain-verdict.ts';
import { createStatus, endStatus, type WatchStatus } from '../../../../src/monitor/status.ts';
import { createStatusRow, renderStatuses } from '../../../../src/output/table/many.ts';
import { completedUpgrade, rolledBackUpgrade, runningUpgrade } from '../../../support/documents.ts';
import { createReadStatus } from '../../../support/statuses.ts';
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
      commandTarget: { options: [], sfctlSelect: undefined },
    }),
  );
}

const createCompleted = (name: string) => endStatus(createReadStatus(name, completedUpgrade), undefined);

function draw(statuses: readonly WatchStatus[], width: number, lines: number, troubleFirst = false) {
  const rows = statuses.map(createStatusRow);
  const text = renderStatuses(rows, createPlainStyle(width), { lines, hint: '; all' }, troubleFirst);
  return text.trimEnd().split('\n');
}

const few = [
  createCompleted('web'),
  createReadStatus('api', runningUpgrade),
  createRolledBack('a-name-that-is-far-too-long-for-any-table-of-this-world'),
  createReadStatus('数据库服务', runningUpgrade),
  createStatus('mail'),
];

describe('the overview of many deployments', () => {
  it.each([1, 5, 12, 24, 39, 40, 41, 55, 60, 80, 120, 250])('fits a width of %i', (width) => {
    for (const line of draw(few, width, 200))
      expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(10, width));
  });

  it('has one head and one frame for thousands of deployments', () => {
    const rows = Array.from({ length: 2500 }, (_, index) => createStatusRow(createCompleted(`web${index}`)));
    const lines = renderStatuses(rows, createPlainStyle(80), { lines: Infinity, hint: '' }, false)
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(2500 + 4);
    expect(lines.filter((line) => /[┌├└]/.test(line))).toHaveLength(3);
    expect(lines.filter((line) => line.includes('Deployment'))).toHaveLength(1);
  });

  it('drops columns on narrow terminals, the state last', () => {
    expect(draw(few, 80, 200)[1]).toMatch(/Deployment +│ State +│ Version │ Domain +│ Elapsed │$/);
    expect(draw(few, 60, 200)[1]).toMatch(/Deployment +│ State +│ Domain +│$/);
    expect(draw(few, 40, 200)[1]).toMatch(/Deployment +│ State +│$/);
    expect(draw(few, 30, 200)[0]).toBe('web: upgraded');
  });

  it.each([200, 20, 12, 9, 6, 5, 2, 1])('fits into %i lines', (maxLines) => {
    const many = [...few, ...Array.from({ length: 100 }, (_, number) => createCompleted(`web${number}`))];
    const lines = draw(many, 80, maxLines);
    expect(lines.length).toBeLessThanOrEqual(maxLines);
    if (maxLines < 100)
      expect(lines.at(-1)).toMatch(/\d+ (more|deployments): .*101 upgraded; all$|more: |deployments: /);
  });

  it('shows failures first and then upgrades in progress when not all deployments fit', () => {
    const many = [...Array.from({ length: 50 }, (_, number) => createCompleted(`web${number}`)), ...few];
    const lines = draw(many, 80, 14);
    expect(lines.join('\n')).toMatch(/│ api .*\n[\s\S]*│ a-name[\s\S]*│ 数据库服务[\s\S]*│ mail /);
    expect(lines.at(-1)).toMatch(/^and \d+ more: \d+ upgraded; all$/);
  });

  it('has the order of the command line, or failures first', () => {
    const listNames = (drawn: readonly string[]) =>
      drawn.flatMap((line) => /^│ (\S+) +│ \S/.exec(line)?.[1] ?? []);
    const three = [createCompleted('web'), createReadStatus('api', runningUpgrade), createRolledBack('mail')];
    expect(listNames(draw(three, 80, 200))).toEqual(['Deployment', 'web', 'api', 'mail']);
    expect(listNames(draw(three, 80, 200, true))).toEqual(['Deployment', 'mail', 'api', 'web']);
  });
});
