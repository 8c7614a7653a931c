/** Every block of output in the README is what the program prints. */
import { readFileSync } from 'node:fs';
import parseWords from 'string-argv';
import { describe, expect, it } from 'vitest';
import { outcomes } from '../../src/platform/outcome.ts';
import { type ScenarioName, scenarios } from '../../src/simulator/scenarios.ts';
import { topics } from '../../src/upgrade/findings/finding.ts';
import { createTestTime, run } from '../support/run.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

const readme = readFileSync('README.md', 'utf8');
// A comment above a block says of which cluster it is, and when.
const blocks = [
  ...readme.matchAll(
    /(?:<!-- (\S+), after (\d+) s(?:, with ([\w ]+))? -->\n\n)?```console\n\$ sfcompose (.*)\n([\s\S]*?)```/g,
  ),
].map(([, scenario = 'happy', seconds = '290', names = 'web', command = '', output = '']) => ({
  command,
  output,
  scenario: scenario as ScenarioName,
  seconds: Number(seconds),
  names: names.split(' '),
}));

describe('the README', () => {
  it('has output to show', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
  });

  it.each(blocks)('shows what $command prints', async ({ command, output, scenario, seconds, names }) => {
    const time = createTestTime();
    const isWatch = command.includes('--watch');
    // A watch is of one that fails, from its beginning.
    const cluster = await (isWatch
      ? startSimulatedCluster('rollback', { clock: time.clock })
      : startSimulatedCluster(scenario, { names }));
    if (!isWatch) cluster.at(seconds);
    const env = { SFCOMPOSE_ENDPOINT: cluster.url };
    const { stdout, stderr } = await run(parseWords(command), { env, time });
    // Ephemeral ports have five digits, as the default has, so that no line wraps differently.
    expect((stdout + stderr).replaceAll(cluster.url, 'http://127.0.0.1:19080')).toBe(output);
  });

  it('has every code of a finding', () => {
    const table = readme.slice(readme.indexOf('| about | codes |'));
    for (const code of Object.keys(topics)) expect(table).toContain(`\`${code}\``);
  });

  it('has every scenario', () => {
    for (const [name, { description }] of Object.entries(scenarios))
      expect(readme).toMatch(new RegExp(`^\\| \`${name}\`(?: \\(default\\))? \\| ${description} \\|$`, 'm'));
  });

  it('has every exit code', () => {
    for (const { exitCode, when } of Object.values(outcomes))
      expect(readme).toContain(`| ${exitCode} | ${when} |`);
  });
});
