/** The overview of several deployments, however wide and long the terminal is. */
import stringWidth from 'fast-string-width';
import { describe, expect, it } from 'vitest';
import { readComposeUpgrade } from '../../../../src/cluster/wire/compose-upgrade.ts';
import { ended, type Standing, unread } from '../../../../src/monitor/many/status.ts';
import type { UpgradeReading } from '../../../../src/monitor/read.ts';
import { explainEnding } from '../../../../src/monitor/result.ts';
import { createStatusRow, renderStatuses } from '../../../../src/output/table/many.ts';
import { createBareSnapshot } from '../../../../src/upgrade/snapshot.ts';
import { fullForm, midway, rollingBack } from '../../../support/documents.ts';
import { plainStyle } from '../../../support/style.ts';

function standing(deployment: string, document: Record<string, unknown>): Standing {
  const upgrade = readComposeUpgrade({ ...document, DeploymentName: deployment });
  if (upgrade === undefined) throw new Error('no document');
  const reading: UpgradeReading = {
    snapshot: createBareSnapshot(upgrade),
    status: undefined,
    document: undefined,
    applicationDocument: undefined,
  };
  return { ...unread(deployment), reading };
}

function rolledBack(deployment: string): Standing {
  const one = standing(deployment, { ...rollingBack, UpgradeState: 'RollingBackCompleted' });
  const snapshot = one.reading?.snapshot;
  return ended(
    one,
    explainEnding('rolled-back', {
      deployment,
      snapshot,
      status: undefined,
      expected: undefined,
      commandTarget: { options: [], sfctlSelect: undefined },
    }),
  );
}

const completed = (name: string) =>
  ended(standing(name, fullForm({ UpgradeState: 'RollingForwardCompleted' })), undefined);

function draw(standings: readonly Standing[], width: number, lines: number, troubleFirst = false) {
  const rows = standings.map(createStatusRow);
  const text = renderStatuses(rows, plainStyle(width), { lines, hint: '; all' }, troubleFirst);
  return text.trimEnd().split('\n');
}

const few = [
  completed('web'),
  standing('api', midway),
  rolledBack('a-name-that-is-far-too-long-for-any-table-of-this-world'),
  standing('数据库服务', midway),
  unread('mail'),
];

describe('the overview', () => {
  it.each([1, 5, 12, 24, 39, 40, 41, 55, 60, 80, 120, 250])('fits a width of %i', (width) => {
    for (const line of draw(few, width, 200))
      expect(stringWidth(line)).toBeLessThanOrEqual(Math.max(10, width));
  });

  it('of thousands has one head and one frame', () => {
    const rows = Array.from({ length: 2500 }, (_, index) => createStatusRow(completed(`web${index}`)));
    const lines = renderStatuses(rows, plainStyle(80), { lines: Number.POSITIVE_INFINITY, hint: '' }, false)
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(2500 + 4);
    expect(lines.filter((line) => /[┌├└]/.test(line))).toHaveLength(3);
    expect(lines.filter((line) => line.includes('Deployment'))).toHaveLength(1);
  });

  it('gives up columns before the state', () => {
    expect(draw(few, 80, 200)[1]).toMatch(/Deployment +│ State +│ Version │ Domain +│ Elapsed │$/);
    expect(draw(few, 60, 200)[1]).toMatch(/Deployment +│ State +│ Domain +│$/);
    expect(draw(few, 40, 200)[1]).toMatch(/Deployment +│ State +│$/);
    expect(draw(few, 30, 200)[0]).toBe('web: upgraded');
  });

  it.each([200, 20, 12, 9, 6, 5, 2, 1])('has no more than %i lines', (lines) => {
    const many = [...few, ...Array.from({ length: 100 }, (_, number) => completed(`web${number}`))];
    const drawn = draw(many, 80, lines);
    expect(drawn.length).toBeLessThanOrEqual(lines);
    if (lines < 100)
      expect(drawn.at(-1)).toMatch(/\d+ (more|deployments): .*101 upgraded; all$|more: |deployments: /);
  });

  it('keeps those in trouble where not all fit, and then those that are under way', () => {
    const many = [...Array.from({ length: 50 }, (_, number) => completed(`web${number}`)), ...few];
    const drawn = draw(many, 80, 14);
    expect(drawn.join('\n')).toMatch(/│ api .*\n[\s\S]*│ a-name[\s\S]*│ 数据库服务[\s\S]*│ mail /);
    expect(drawn.at(-1)).toMatch(/^and \d+ more: \d+ upgraded; all$/);
  });

  it('has them in the order in which they were named, or those in trouble first', () => {
    const names = (drawn: readonly string[]) =>
      drawn.flatMap((line) => /^│ (\S+) +│ \S/.exec(line)?.[1] ?? []);
    const three = [completed('web'), standing('api', midway), rolledBack('mail')];
    expect(names(draw(three, 80, 200))).toEqual(['Deployment', 'web', 'api', 'mail']);
    expect(names(draw(three, 80, 200, true))).toEqual(['Deployment', 'mail', 'api', 'web']);
  });
});
