/** Whole transcripts against the simulated cluster. `npx vitest run -u` writes them anew: read the difference. */
import { expect, it } from 'vitest';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import { run } from '../support/run.ts';
import { simulatedCluster } from '../support/simulated-cluster.ts';

const three = ['web', 'api', 'shop'];

it.each<[file: string, scenario: ScenarioName, seconds: number, command: string, names?: string[]]>([
  ['provisioning', 'happy', 10, 'upgrade-progress web'],
  ['rolling-forward', 'happy', 290, 'upgrade-progress web'],
  ['rolling-forward-plain', 'happy', 290, 'upgrade-progress web -o plain'],
  ['rolling-forward-ndjson', 'happy', 290, 'upgrade-progress web -o ndjson --exit-status'],
  ['health-check', 'happy', 420, 'upgrade-progress web'],
  ['completed', 'happy', 900, 'upgrade-progress web --exit-status'],
  ['unhealthy', 'rollback', 420, 'upgrade-progress web --exit-status'],
  ['rolling-back', 'rollback', 600, 'upgrade-progress web --exit-status'],
  ['rolled-back', 'rollback', 900, 'upgrade-progress web --exit-status'],
  ['rolled-back-json', 'rollback', 900, 'upgrade-progress web --json --exit-status'],
  [
    'rolled-back-query',
    'rollback',
    900,
    'upgrade-progress web --json --exit-status --query {state:UpgradeState,unhealthy:ApplicationUnhealthyEvaluations[].HealthEvaluation.Description}',
  ],
  ['timed-out-domain', 'timeout', 900, 'upgrade-progress web --exit-status'],
  ['failed', 'failed', 60, 'upgrade-progress web --exit-status'],
  ['waiting-for-a-person', 'manual', 200, 'upgrade-progress web'],
  ['stuck', 'stuck', 3600, 'upgrade-progress web'],
  ['never-upgraded', 'never-upgraded', 0, 'upgrade-progress web --exit-status'],
  ['missing', 'missing', 0, 'upgrade-progress web'],
  ['missing-json', 'missing', 0, 'upgrade-progress web --json'],
  ['unauthorized', 'unauthorized', 0, 'upgrade-progress web'],
  ['flaky', 'flaky', 290, 'upgrade-progress web -o plain'],
  ['mistyped', 'happy', 290, 'upgrade-progress Web'],
  ['list', 'rollback', 540, 'list', three],
  ['list-plain', 'rollback', 540, 'list -o plain', three],
  ['list-json', 'never-upgraded', 0, 'list --json', three],
  ['list-ndjson', 'failed', 40, 'list -o ndjson', three],
  ['list-unauthorized', 'unauthorized', 0, 'list', three],
  ['several', 'rollback', 640, 'upgrade-progress web api shop wbe --exit-status', three],
  ['several-plain', 'happy', 420, 'upgrade-progress web api shop -o plain', three],
])('%s', async (file, scenario, seconds, command, names = ['web']) => {
  const cluster = await simulatedCluster(scenario, { names });
  cluster.at(seconds);
  const { exitCode, stdout, stderr } = await run(command.split(' '), {
    env: { SFCOMPOSE_ENDPOINT: cluster.url },
  });
  // Ephemeral ports have five digits, as the default has, so that no line wraps differently.
  const transcript = `$ sfcompose ${command}\n${stdout}${stderr}exit code ${exitCode}\n`.replaceAll(
    new URL(cluster.url).host,
    '127.0.0.1:19080',
  );
  await expect(transcript).toMatchFileSnapshot(`../golden/${file}.txt`);
});
