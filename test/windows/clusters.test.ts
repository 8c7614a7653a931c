/** Stored clusters in %APPDATA%, and commands that print tokens. */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { RunOptions } from '../../build/windows.js';
import { runningUpgrade } from '../support/documents.ts';
import { answerWith, startGateway } from '../support/scripted-gateway.ts';
import { createTestFolder, installations, runProgram, toCrlf, windows } from './support.ts';

const configFolder = join(windows.profile, 'AppData', 'Roaming', 'sfcompose');
const configFile = join(configFolder, 'config.json');

beforeEach(() => rmSync(configFolder, { recursive: true, force: true }));

describe.each(installations)('on Node $version', (installation) => {
  const run = (argv: readonly string[], options?: RunOptions) => runProgram(installation, argv, options);
  const succeed = async (argv: readonly string[], options?: RunOptions) => {
    const { exitCode, stdout, stderr } = await run(argv, options);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    return stdout;
  };
  const addCluster = (name: string) =>
    succeed(['cluster', 'add', name, '-e', `http://${name}.example:19080`, '--no-verify', '-q']);

  it('stores, lists, chooses and removes clusters', async () => {
    await addCluster('prod');
    await addCluster('test');
    await succeed(['cluster', 'use', 'test', '-q']);
    const list = JSON.parse(await succeed(['cluster', 'list', '-o', 'json']));
    expect(list).toMatchObject({ clusters: [{ cluster: 'prod' }, { cluster: 'test', inUse: true }] });
    await succeed(['cluster', 'remove', 'test', '-q']);
    expect(Object.keys(JSON.parse(readFileSync(configFile, 'utf8')).clusters)).toEqual(['prod']);
    expect(existsSync(`${configFile}.lock`)).toBe(false);
  });

  it('stores clusters that several processes add at the same time', async () => {
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map(addCluster));
    expect(Object.keys(JSON.parse(readFileSync(configFile, 'utf8')).clusters).sort()).toEqual(names);
  });

  it('reads a file that was edited with CRLF, and stores absolute paths', async () => {
    await addCluster('prod');
    const { path, toWindows } = createTestFolder({ token: 'abc\r\n' });
    const { url, requests } = await startGateway(answerWith(runningUpgrade));
    writeFileSync(configFile, `\ufeff${toCrlf(readFileSync(configFile, 'utf8'))}`);
    const argv = ['cluster', 'add', 'test', '-e', url, '--token-file', 'token', '--no-verify', '-q'];
    await succeed(argv, { cwd: path });
    expect(JSON.parse(readFileSync(configFile, 'utf8')).clusters.test.tokenFile).toBe(toWindows('token'));
    await succeed(['upgrade-progress', 'web', '-c', 'test', '-o', 'plain']);
    expect(requests[0]?.headers.authorization).toBe('Bearer abc');
  });

  it('gets a token from a program whose path has spaces, also for a stored cluster', async () => {
    const name = 'mit leer zeichen/print token.exe';
    const { toWindows } = createTestFolder({ [name]: readFileSync(installation.node) });
    const command = `"${toWindows(name)}" -p "'abc'"`;
    const { url, requests } = await startGateway(answerWith(runningUpgrade), answerWith(runningUpgrade));
    const readWeb = ['upgrade-progress', 'web', '-o', 'plain'];
    await succeed([...readWeb, '-e', url, '--token-command', command]);
    await succeed(['cluster', 'add', 'test', '-e', url, '--token-command', command, '--no-verify', '-q']);
    await succeed([...readWeb, '-c', 'test']);
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer abc', 'Bearer abc']);
  });

  // The cmd.exe of Wine does not remove the carets that escape a space.
  it.runIf(process.platform === 'win32')('gets a token from a script whose path has spaces', async () => {
    const { toWindows } = createTestFolder({ 'mit leer zeichen/print token.cmd': '@echo %~1\r\n' });
    const { url, requests } = await startGateway(answerWith(runningUpgrade));
    const command = `"${toWindows('mit leer zeichen/print token.cmd')}" abc`;
    await succeed(['upgrade-progress', 'web', '-o', 'plain', '-e', url, '--token-command', command]);
    expect(requests[0]?.headers.authorization).toBe('Bearer abc');
  });

  it('finds a script on the PATH by its name alone', async () => {
    const { path } = createTestFolder({ 'aztoken.cmd': '@echo abc %1\r\n' });
    const { url } = await startGateway(answerWith(runningUpgrade));
    const argv = ['upgrade-progress', 'web', '-e', url, '-o', 'plain', '--token-command', 'aztoken x'];
    const { exitCode, stderr } = await run(argv, { cwd: path });
    expect(exitCode).toBe(2);
    // "abc x" is no token: the script ran.
    expect(stderr).toContain('printed no token');
  });

  it('explains a script that fails, and a program that does not exist', async () => {
    const { path } = createTestFolder({ 'fail.cmd': '@echo Not signed in. 1>&2\r\n@exit /b 3\r\n' });
    const argv = ['list', '-e', 'http://127.0.0.1:1', '--token-command'];
    const failed = await run([...argv, 'fail.cmd'], { cwd: path });
    expect(failed).toMatchObject({ exitCode: 2, stdout: '' });
    expect(failed.stderr).toContain('exit code 3: Not signed in.');
    const missing = await run([...argv, 'missing.exe'], { cwd: path });
    expect(missing).toMatchObject({ exitCode: 2, stdout: '' });
    expect(missing.stderr).toContain('program not found');
  });
});
