/** Output where the locale is not UTF-8: ASCII on both streams, in every state. */
import { describe, expect, it } from 'vitest';
import { selectGlyphs } from '../../src/output/glyphs.ts';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import { createTestTime, run } from '../support/run.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

const unicode = selectGlyphs({}).done;
const ascii = selectGlyphs({ TERM: 'dumb' }).done;

describe('the characters of a screen', () => {
  it.each<[Readonly<Record<string, string>>, string]>([
    [{}, unicode],
    [{ LANG: 'en_US.UTF-8' }, unicode],
    [{ LANG: 'en_US.utf8' }, unicode],
    [{ LC_ALL: 'C.UTF-8', LANG: 'C' }, unicode],
    [{ LC_ALL: '', LC_CTYPE: '', LANG: 'de_DE.UTF-8' }, unicode],
    [{ LC_ALL: 'POSIX', LANG: 'en_US.UTF-8' }, ascii],
    [{ LC_CTYPE: 'de_DE.ISO-8859-15@euro', LANG: 'de_DE.UTF-8' }, ascii],
    [{ LANG: 'C' }, ascii],
    [{ LANG: 'ru_RU.KOI8-R' }, ascii],
    [{ LANG: 'en_US' }, ascii],
    [{ LANG: 'en_US.UTF-8', TERM: 'dumb' }, ascii],
  ])('are those of the first locale that is set: %j', (env, done) => {
    expect(selectGlyphs(env).done).toBe(done);
  });
});

interface Scene {
  readonly scenario: ScenarioName;
  readonly seconds: number;
  readonly command: string;
}

const watch = '--watch --interval 3s --max-wait 5s';

describe('a locale that is not UTF-8', () => {
  it.each<Scene>([
    { scenario: 'happy', seconds: 5, command: 'status web' },
    { scenario: 'happy', seconds: 290, command: 'status web' },
    { scenario: 'happy', seconds: 9000, command: 'status web' },
    { scenario: 'stuck', seconds: 3600, command: 'status web api' },
    { scenario: 'rollback', seconds: 9000, command: 'status web --full --exit-status' },
    { scenario: 'rollback', seconds: 640, command: 'status web api wbe --exit-status' },
    { scenario: 'manual', seconds: 200, command: `status web ${watch}` },
    { scenario: 'timeout', seconds: 600, command: `status web api ${watch}` },
    { scenario: 'stuck', seconds: 3600, command: `status web ${watch} --stall-after 1s` },
    { scenario: 'happy', seconds: 290, command: 'list' },
    { scenario: 'happy', seconds: 0, command: 'connection' },
    { scenario: 'missing', seconds: 0, command: 'status web' },
    { scenario: 'unauthorized', seconds: 0, command: 'status web api' },
    { scenario: 'happy', seconds: 0, command: 'status web -e http://127.0.0.1:1 --retries 0' },
  ])(
    'has ASCII on both streams: $command, $scenario after $seconds s',
    async ({ scenario, seconds, command }) => {
      const cluster = await startSimulatedCluster(scenario, { names: ['web', 'api'] });
      cluster.at(seconds);
      for (const columns of [40, 100]) {
        const { stdout, stderr } = await run(command.split(' '), {
          env: { SFCOMPOSE_ENDPOINT: cluster.url, LC_ALL: 'C', LANG: 'en_US.UTF-8' },
          columns,
          isOneTerminal: true,
          time: createTestTime(),
        });
        expect(stdout + stderr).not.toBe('');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: frames and colors are control sequences.
        expect(stdout + stderr).toMatch(/^[\x00-\x7e]*$/);
      }
    },
  );
});
