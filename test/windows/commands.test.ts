/** Whole commands on Windows: formats, watches, upgrades and exit codes. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunOptions } from '../../build/windows.js';
import packageJson from '../../package.json' with { type: 'json' };
import { createUpgrade, runningUpgrade } from '../support/documents.ts';
import { answerWith, startGateway } from '../support/scripted-gateway.ts';
import {
  composeFile,
  createDeployment,
  createTestFolder,
  installations,
  runProgram,
  startCluster,
  toCrlf,
  windows,
} from './support.ts';

/** A newer version of the deployment. */
const compose = composeFile.replace('web:2', 'web:3');

describe.each(installations)('on Node $version', (installation) => {
  const run = (argv: readonly string[], options?: RunOptions) => runProgram(installation, argv, options);

  it('prints its version', async () => {
    expect(await run(['--version'])).toEqual({
      exitCode: 0,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    });
  });

  it.each([[[]], [['--help']], [['help', 'upgrade']], [['help', 'exit-codes']]])(
    'prints help for %j',
    async (argv) => {
      const { exitCode, stdout, stderr } = await run(argv);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(/^.+\n/);
      expect(stdout).not.toContain('\r');
    },
  );

  it.each([
    [['-o', 'table'], /Rolling forward|rolling forward/],
    [['-o', 'plain'], /^\S+Z web to v2: rolling forward.*\n$/],
    [['-o', 'ndjson'], /^\{.*"targetVersion":"v2".*\}\n$/s],
    [['-o', 'tsv', '--query', '[[DeploymentName, UpgradeState]]'], /^web\tRollingForwardInProgress\n$/],
  ])('reads an upgrade with %j', async (argv, expected) => {
    const { url } = await startGateway(answerWith(runningUpgrade));
    const { exitCode, stdout, stderr } = await run(['upgrade-progress', 'web', '-e', url, ...argv]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(expected);
  });

  it('writes the document of the cluster as JSON, in UTF-8', async () => {
    const details = 'Größe – 漢字 🚀';
    const { url } = await startGateway(answerWith(createUpgrade({ UpgradeStatusDetails: details })));
    const { exitCode, stdout, stderr } = await run(['upgrade-progress', 'web', '-e', url, '-o', 'json']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout).UpgradeStatusDetails).toBe(details);
  });

  it('watches upgrades of several deployments to their end', async () => {
    const url = await startCluster('happy', '--name', 'web', '--name', 'api', '--speed', '600');
    // Quiet, because the upgrades may end before the watch begins.
    const argv = ['watch', 'web', 'api', '-e', url, '--interval', '1s', '-o', 'plain', '-q'];
    const { exitCode, stdout, stderr } = await run(argv);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    for (const name of ['web', 'api'])
      expect(stdout).toMatch(new RegExp(`^\\S+Z ${name} to v2: upgraded`, 'm'));
    const list = await run(['list', '-e', url, '-o', 'json']);
    expect(JSON.parse(list.stdout).Items).toMatchObject([
      { DeploymentName: 'api' },
      { DeploymentName: 'web' },
    ]);
  });

  it('serves a simulated cluster itself', async () => {
    const { launcher, node } = installation;
    const argv = ['simulate', 'history', '--port', '0'];
    const cluster = windows.start(node, [windows.toWindowsPath(launcher), ...argv]);
    const url = await cluster.readLine();
    const { exitCode, stdout, stderr } = await run(['history', 'web', '-e', url, '-o', 'ndjson']);
    await cluster.stop();
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).type),
    ).toContain('upgrade');
  });

  it('shows a demo', async () => {
    const { exitCode, stdout, stderr } = await run(['demo', 'failed']);
    expect(exitCode).toBe(4);
    expect(stdout).toContain('web failed to upgrade to v2');
    expect(stderr).toContain('Try next:');
  });

  it('plans and watches an upgrade to a compose file with CRLF', async () => {
    const url = await startCluster('missing', '--speed', '600');
    await createDeployment(url);
    const folder = createTestFolder({ 'compose datei.yml': toCrlf(compose) });
    const argv = ['upgrade', 'web', '-e', url, '-f', folder.toWindows('compose datei.yml')];
    const plan = await run([...argv, '--dry-run']);
    expect({ exitCode: plan.exitCode, stderr: plan.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(plan.stdout).toContain('registry.example/web:3');
    const watch = await run([...argv, '--watch', '--interval', '1s', '-o', 'plain']);
    expect({ exitCode: watch.exitCode, stderr: watch.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(watch.stdout).toMatch(/ web to v2: upgraded /);
  });

  it('prints a completion script for PowerShell', async () => {
    const { exitCode, stdout, stderr } = await run(['completion', 'powershell']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('Register-ArgumentCompleter');
  });

  it.each([
    [2, 'happy', ['list', '-o', 'jsn']],
    [3, 'rollback', ['watch', 'web', '--interval', '1s', '-o', 'plain']],
    [4, 'failed', ['watch', 'web', '--interval', '1s', '-o', 'plain']],
    [5, 'missing', ['upgrade-progress', 'web']],
    [7, 'unauthorized', ['list']],
    [8, 'stuck', ['upgrade-progress', 'web', '--exit-status']],
    [9, 'happy', ['watch', 'web', '--expect-version', 'v9', '--interval', '1s']],
    [11, 'never-upgraded', ['rollback', 'web']],
    [124, 'stuck', ['watch', 'web', '--max-wait', '2s', '--interval', '1s']],
  ])('exits with %i on the cluster %s', async (expected, scenario, argv) => {
    const url = await startCluster(scenario, '--speed', '600');
    const { exitCode, stdout, stderr } = await run([...argv, '-e', url]);
    expect(exitCode, stdout + stderr).toBe(expected);
  });

  it.each([
    ['PowerShell', { PSModulePath: 'C:\\Users\\Jörg\\Documents\\PowerShell\\Modules' }, `'it''s $5'`],
    ['Git Bash', { MSYSTEM: 'MINGW64' }, `'it'"'"'s $5'`],
    ['cmd', { PROMPT: '$P$G' }, '<name>'],
  ])('quotes a printed command for %s', async (_, traces, quoted) => {
    // Without the traces of the shell that runs the tests.
    const env = { PSModulePath: '', MSYSTEM: '', SHELL: '', PROMPT: '', ...traces };
    const { exitCode, stderr } = await run(["it's $5"], { env });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`sfcompose status ${quoted}.`);
  });

  it('exits with 6 without an answer', async () => {
    const { exitCode, stdout, stderr } = await run(['list', '-e', 'http://127.0.0.1:1', '--retries', '0']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 6, stdout: '' });
    expect(stderr).toContain('Connection refused: http://127.0.0.1:1');
  });

  it('exits with 10 and the path of an invalid compose file', async () => {
    const folder = createTestFolder({ 'compose.yml': "version: '3'\r\nservices:\r\n  web: [\r\n" });
    const file = folder.toWindows('compose.yml');
    const { exitCode, stderr } = await run(['upgrade', 'web', '-e', 'http://127.0.0.1:1', '-f', file]);
    expect(exitCode).toBe(10);
    expect(stderr).toContain(`${file}:`);
  });

  it('reads a compose file from stdin, and a password with CRLF from a file', async () => {
    const url = await startCluster('missing', '--speed', '600');
    await createDeployment(url);
    const folder = createTestFolder({ 'compose.yml': toCrlf(compose), password: 'geheim\r\n' });
    const password = [
      '--registry-password-encrypted',
      '--registry-password-file',
      folder.toWindows('password'),
    ];
    const argv = ['upgrade', 'web', '-e', url, '-f', '-', '--registry-user', 'ci', ...password];
    const options = { input: join(folder.path, 'compose.yml') };
    const { exitCode, stdout, stderr } = await run(argv, options);
    expect({ exitCode, stderr }, stdout).toEqual({ exitCode: 0, stderr: '' });
  });
});
