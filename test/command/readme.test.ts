/** The README's transcripts and tables, which match the program. */
import { readFileSync } from 'node:fs';
import parseWords from 'string-argv';
import { describe, expect, it } from 'vitest';
import { outcomes } from '../../src/platform/outcome.ts';
import { type ScenarioName, scenarios } from '../../src/simulator/scenarios.ts';
import { topics } from '../../src/upgrade/findings/finding.ts';
import { createTestTime, run } from '../support/run.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

const readme = readFileSync('README.md', 'utf8');
// A comment above a block names the scenario, the simulated seconds, and the deployments.
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
  it('has transcripts', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(4);
  });

  it.each(blocks)('has the transcript of $command', async ({ command, output, scenario, seconds, names }) => {
    const time = createTestTime();
    const isWatch = command.includes('--watch');
    // The watch is of a failing upgrade, from its start.
    const cluster = await (isWatch
      ? startSimulatedCluster('rollback', { clock: time.clock })
      : startSimulatedCluster(scenario, { names }));
    if (!isWatch) cluster.at(seconds);
    const env = { SFCOMPOSE_ENDPOINT: cluster.url };
    const { stdout, stderr } = await run(parseWords(command), { env, time });
    // Ephemeral ports have five digits like the default port, so that lines wrap alike.
    expect((stdout + stderr).replaceAll(cluster.url, 'http://127.0.0.1:19080')).toBe(output);
  });

  it('lists every code of a finding', () => {
    const table = readme.slice(readme.indexOf('| about | codes |'));
    for (const code of Object.keys(topics)) expect(table).toContain(`\`${code}\``);
  });

  it('lists every scenario', () => {
    for (const [name, { description }] of Object.entries(scenarios))
      expect(readme).toMatch(new RegExp(`^\\| \`${name}\`(?: \\(default\\))? \\| ${description} \\|$`, 'm'));
  });

  it('lists every exit code', () => {
    for (const { exitCode, when } of Object.values(outcomes))
      expect(readme).toContain(`| ${exitCode} | ${when} |`);
  });
});
