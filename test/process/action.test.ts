/** The GitHub Action: its steps, run as the runner does, with the packed program and simulated clusters. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { composeText } from '../support/acting.ts';
import { createFolder } from '../support/folder.ts';
import { type ActionOptions, readAction, runAction, validateAction } from '../support/github-action.ts';
import {
  certificate,
  fastInterval,
  listCertificates,
  preparePipeline,
  startFastCluster,
  startSecuredCluster,
} from '../support/prepared-pipeline.ts';
import { runProgram } from '../support/program.ts';
import { acceptedClient } from '../support/simulated-tls.ts';

const agent = preparePipeline();

/** Runs the action with the packed program. */
function run(inputs: Readonly<Record<string, string>>, options: Partial<ActionOptions> = {}) {
  const folder = options.folder ?? createFolder({ 'workspace/compose.yml': composeText });
  const env = { ...agent.createNpmSettings(folder), ...options.env };
  return runAction(inputs, { folder, ...options, env }).then((result) => ({ ...result, folder }));
}

describe('action.yml', () => {
  it('is valid', () => {
    expect(validateAction()).toEqual([]);
  });

  it('passes each input in a variable of its own, and puts none into a script', () => {
    const { inputs, runs } = readAction();
    expect(runs.steps.map((step) => step.run).join()).not.toContain('${{');
    const { version, ...others } = inputs;
    const variables = Object.keys(others).map((name) => [
      `SFCOMPOSE_INPUT_${name.toUpperCase().replaceAll('-', '_')}`,
      `\${{ inputs.${name} }}`,
    ]);
    expect(runs.steps.find((step) => step.id === 'run')?.env).toEqual(Object.fromEntries(variables));
  });
});

// Not on Windows, where the first bash on the path may be one that knows no paths of Windows.
describe.skipIf(process.platform === 'win32')('the action', () => {
  it('installs its own version, upgrades, follows the upgrade, and leaves nothing behind', async () => {
    const cluster = await startFastCluster('never-upgraded');
    const { isSuccess, outputs, folder } = await run({
      deployments: 'web',
      'compose-file': 'compose.yml',
      endpoint: cluster.url,
      'max-wait': '1h',
      report: 'upgrade.md',
      options: `${fastInterval}\n--mode=auto\n`,
    });
    expect({ isSuccess, outputs }).toEqual({
      isSuccess: true,
      outputs: { outcome: 'completed', 'exit-code': '0', 'target-version': 'v2' },
    });
    expect(cluster.writes).toHaveLength(1);
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('### ✅ web&#58; upgraded');
    expect(readdirSync(join(folder, 'workspace'))).toEqual(['compose.yml', 'upgrade.md']);
    expect(existsSync(join(folder, 'temp', 'sfcompose'))).toBe(false);
  });

  it('fails with the exit code after a rollback', async () => {
    const cluster = await startFastCluster('rollback', { names: ['web', 'api'] });
    const { exitCodes, outputs, log } = await run({
      deployments: ' web\n\tapi ',
      endpoint: cluster.url,
      options: fastInterval,
      version: agent.tarball,
    });
    expect(exitCodes).toEqual({
      'Install sfcompose': 0,
      'Run sfcompose': 3,
      'Remove sfcompose and certificates': 0,
    });
    expect(outputs).toEqual({ outcome: 'rolled-back', 'exit-code': '3', 'target-version': '' });
    expect(log).toContain('::error title=sfcompose');
  });

  it('takes hostile text for what it is', async () => {
    const { exitCodes, outputs, log, folder } = await run({
      deployments: '$(touch$IFS$9made)\n";touch$IFS$9made;"\n--help\n`touch made`',
      endpoint: 'http://127.0.0.1:1',
      'expect-version': '$(touch made)"; touch made',
      'max-wait': '1h',
      options: '--stall-after=1h\n--retries=0',
    });
    expect(exitCodes['Run sfcompose']).toBe(6);
    expect(outputs).toEqual({ outcome: 'unreachable', 'exit-code': '6', 'target-version': '' });
    for (const name of ['$(touch$IFS$9made)', '";touch$IFS$9made;"', '--help', '`touch', 'made`'])
      expect(log).toContain(`✗ ${name} `);
    expect(readdirSync(join(folder, 'workspace'))).toEqual(['compose.yml']);
  });

  it('installs nothing for a version that is none', async () => {
    const { exitCodes, folder } = await run({ deployments: 'web', version: '1; touch made $(touch made)' });
    expect(exitCodes).toEqual({ 'Install sfcompose': 1, 'Remove sfcompose and certificates': 0 });
    expect(readdirSync(join(folder, 'workspace'))).toEqual(['compose.yml']);
  });

  it('leaves variables of the job in force for inputs that are blank', async () => {
    const cluster = await startFastCluster('happy');
    const { outputs } = await run(
      { deployments: 'web', endpoint: '', options: fastInterval, version: agent.tarball },
      { env: { SFCOMPOSE_ENDPOINT: cluster.url } },
    );
    expect(outputs['outcome']).toBe('completed');
  });
});

describe('a step with wrong inputs', () => {
  it.each([
    { inputs: { DEPLOYMENTS: ' \n' }, message: 'The input deployments is empty.' },
    {
      inputs: { DEPLOYMENTS: 'web api', COMPOSE_FILE: 'compose.yml' },
      message: 'With compose-file, deployments must name one deployment, not 2.',
    },
    { inputs: { DEPLOYMENTS: 'web', OPTIONS: '--help me' }, message: 'Unknown option' },
    { inputs: { DEPLOYMENTS: 'web', MAX_WAIT: '--help' }, message: 'Invalid --max-wait "--help"' },
    { inputs: { DEPLOYMENTS: 'web', ENDPOINT: 'ftp://host' }, message: 'Invalid SFCOMPOSE_ENDPOINT' },
    { inputs: { DEPLOYMENTS: 'web', REGISTRY_USER: 'ci' }, message: 'Unknown option --registry-user' },
    { inputs: { DEPLOYMENTS: 'web', COMPOSE_FILE: 'other.yml' }, message: 'other.yml' },
    {
      inputs: { DEPLOYMENTS: 'web', ENDPOINT: 'https://host', CLIENT_CERTIFICATE: 'secret' },
      message: 'contains no certificate',
    },
    {
      inputs: { DEPLOYMENTS: 'web', ENDPOINT: 'https://host', CLIENT_PFX: '$(clientPfx)' },
      message: 'The input client-pfx is $(clientPfx), a variable that is not defined.',
    },
  ])('says what is wrong, and sends nothing: $message', async ({ inputs, message }) => {
    const variables = Object.entries(inputs).map(([name, value]) => [`SFCOMPOSE_INPUT_${name}`, value]);
    const env = { RUNNER_TEMP: createFolder(), ...Object.fromEntries(variables) };
    const { exitCode, stdout, stderr } = await runProgram([], env, 'bin/pipeline-step.js');
    expect(stderr).toContain(message);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  });
});

describe.skipIf(process.platform === 'win32')('a certificate of the action', () => {
  it('is in a private file while sfcompose runs, and nowhere in the log', async () => {
    const inputs = await startSecuredCluster('happy');
    const folder = createFolder();
    const seen = new Set<string>();
    const { outputs, log, masks } = await run(
      { ...inputs, 'client-certificate': certificate, passphrase: 'hunter%2', token: '' },
      {
        folder,
        onOutput() {
          for (const line of listCertificates(folder)) seen.add(line);
        },
      },
    );
    expect(outputs['outcome']).toBe('completed');
    expect([...seen]).toEqual(['folder 700', 'client-certificate 600']);
    expect(masks).toContain('hunter%252');
    expect(masks).toContain(acceptedClient.key.split('\n')[1]);
    for (const line of certificate.split('\n').filter((line) => line.length > 4))
      expect(log).not.toContain(line);
    expect(existsSync(join(folder, 'temp', 'sfcompose'))).toBe(false);
  });

  it.each([
    ['SIGINT', 130, 'interrupted'],
    ['SIGKILL', 137, ''],
  ] as const)('is removed when the job is cancelled by %s', async (signal, exitCode, outcome) => {
    const inputs = await startSecuredCluster('stuck');
    const folder = createFolder();
    let isKilled = false;
    const { exitCodes, outputs } = await run(
      { ...inputs, 'client-certificate': certificate },
      {
        folder,
        onOutput(log, kill) {
          if (isKilled || !log.includes('rolling forward')) return;
          isKilled = true;
          expect(listCertificates(folder)).toHaveLength(2);
          kill(signal);
        },
      },
    );
    expect(exitCodes['Run sfcompose']).toBe(exitCode);
    expect(outputs['outcome']).toBe(outcome);
    expect(existsSync(join(folder, 'temp', 'sfcompose'))).toBe(false);
  });
});
