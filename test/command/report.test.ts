/** Reports of watches: their files, and the transcripts of whole ones. */
import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import { createTestTime, type Run, type RunOptions, run } from '../support/run.ts';
import { createSharedTime } from '../support/shared-time.ts';
import { startSimulatedCluster, startTime } from '../support/simulated-cluster.ts';

interface ReportCase {
  readonly file: string;
  readonly scenario: ScenarioName;
  readonly names?: readonly string[];
  readonly argv?: readonly string[];
}

/** Watches simulated upgrades from their tenth second on. @returns the run, without the port */
async function watchSimulated(
  { file, scenario, names = ['web'], argv = [] }: ReportCase,
  options: RunOptions = {},
): Promise<Run & { readonly report: string }> {
  const time = names.length > 1 ? createSharedTime() : createTestTime();
  time.set(startTime + 10_000 - time.clock.now());
  const monotonic = () => 10_000 + time.clock.monotonic();
  const cluster = await startSimulatedCluster(scenario, {
    names: names.filter((name) => name !== 'wbe'),
    clock: { now: () => startTime, monotonic, sleep: async () => {} },
  });
  const command = ['watch', ...names, '-q', '--report', file, '-e', cluster.url, ...argv];
  const ended = await run(command, { ...options, time });
  const report = (ended.files[file] ?? '').replaceAll(new URL(cluster.url).port, '19080');
  return { ...ended, report };
}

describe('a report', () => {
  it.each<ReportCase>([
    { file: 'report-completed.md', scenario: 'happy' },
    { file: 'report-completed.html', scenario: 'happy' },
    { file: 'report-rolled-back.md', scenario: 'rollback' },
    { file: 'report-rolled-back.html', scenario: 'rollback' },
    { file: 'report-stuck.html', scenario: 'stuck', argv: ['--max-wait', '1h'] },
    { file: 'report-flaky.md', scenario: 'flaky' },
    { file: 'report-several.md', scenario: 'rollback', names: ['web', 'api', 'wbe'] },
    { file: 'report-several.html', scenario: 'rollback', names: ['web', 'api', 'wbe'] },
  ])('is unchanged: $file', async (row) => {
    const { report } = await watchSimulated(row);
    await expect(report).toMatchFileSnapshot(`../golden/${row.file}`);
  });
});
