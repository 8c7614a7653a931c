/** The commands that act, in each scenario of the simulated cluster. */
import { describe, expect, it } from 'vitest';
import { type ScenarioName, scenarios } from '../../src/simulator/scenarios.ts';
import { act } from '../support/acting.ts';

const commands = [
  'upgrade web -f - --watch --max-wait 2h',
  'upgrade web -f -',
  'rollback web --watch',
  'resume web',
  'resume web --watch',
];

/** The time at which an upgrade that starts with the simulation is in its domains, or waits after the first. */
const seconds = 200;

/** The last line that says something, without commands and addresses. */
function findLastLine(text: string, url: string): string {
  const lines = text.replaceAll(new URL(url).host, 'HOST').split('\n');
  const said = lines.filter((line) => /^(?:sfcompose: |\d{4}-)/.test(line)).at(-1) ?? '';
  return said.replace(/^sfcompose: |^\S+Z /, '').slice(0, 110);
}

it('end in each scenario with this exit code, number of POSTs and last line', async () => {
  const rows: string[] = [];
  for (const scenario of Object.keys(scenarios) as ScenarioName[])
    for (const command of commands) {
      const interval = command.includes('--watch') ? ['--interval', '20s'] : [];
      const argv = [...command.split(' '), '-o', 'plain', ...interval];
      const { exitCode, stdout, stderr, postCount, cluster } = await act(scenario, seconds, argv);
      const said = findLastLine(stderr, cluster.url) || findLastLine(stdout, cluster.url);
      rows.push(
        [scenario.padEnd(14), command.padEnd(38), String(exitCode).padStart(3), postCount, said].join('  '),
      );
    }
  const table = `${['scenario'.padEnd(14), 'command'.padEnd(38), 'rc ', '#', 'last line'].join('  ')}\n${rows.join('\n')}\n`;
  await expect(table).toMatchFileSnapshot('../golden/acting.txt');
});

describe('a screen of a command that acts', () => {
  it.each([
    { file: 'upgrade-accepted', scenario: 'never-upgraded', command: 'upgrade web -f -' },
    { file: 'upgrade-plan', scenario: 'never-upgraded', command: 'upgrade web -f - --dry-run --mode manual' },
    { file: 'upgrade-plan-json', scenario: 'never-upgraded', command: 'upgrade web -f - --dry-run -o json' },
    { file: 'upgrade-ndjson', scenario: 'lost-answer', command: 'upgrade web -f - -o ndjson' },
    { file: 'upgrade-json', scenario: 'never-upgraded', command: 'upgrade web -f - -o json' },
    { file: 'upgrade-watched', scenario: 'never-upgraded', command: 'upgrade web -f - --watch' },
    { file: 'upgrade-busy', scenario: 'busy', command: 'upgrade web -f -' },
    { file: 'upgrade-lost-request', scenario: 'lost-request', command: 'upgrade web -f -' },
    { file: 'upgrade-stolen', scenario: 'stolen', command: 'upgrade web -f -' },
    { file: 'rollback-accepted', scenario: 'manual', command: 'rollback web' },
    { file: 'rollback-watched', scenario: 'manual', command: 'rollback web --watch' },
    { file: 'resume-accepted', scenario: 'manual', command: 'resume web' },
    { file: 'resume-watched', scenario: 'manual', command: 'resume web --watch' },
  ] as const)('is unchanged: $file', async ({ file, scenario, command }) => {
    const argv = [...command.split(' '), '--interval', '20s', '--max-wait', '1h'].slice(
      0,
      /--watch/.test(command) ? undefined : -4,
    );
    const { exitCode, stdout, stderr, cluster } = await act(scenario, seconds, argv);
    const transcript = `$ sfcompose ${command}\n${stdout}${stderr}exit code ${exitCode}\n`
      .replaceAll(new URL(cluster.url).host, '127.0.0.1:19080')
      .replaceAll(/[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}/g, '<request id>');
    await expect(transcript).toMatchFileSnapshot(`../golden/${file}.txt`);
  });
});
