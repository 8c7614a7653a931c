/** Files that commands read and write on Windows: reports, redirected output, devices and the code cache. */
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RunOptions } from '../../build/windows.js';
import { completedUpgrade, runningUpgrade } from '../support/documents.ts';
import { answerWith, startGateway } from '../support/scripted-gateway.ts';
import { createTestFolder, installations, runProgram, windows } from './support.ts';

const isWindows = process.platform === 'win32';
const cacheFolder = join(windows.profile, 'AppData', 'Local', 'sfcompose');

describe.each(installations)('on Node $version', (installation) => {
  const { node, launcher, shim } = installation;
  const run = (argv: readonly string[], options?: RunOptions) => runProgram(installation, argv, options);
  const readWeb = ['upgrade-progress', 'web', '-o', 'plain'];

  async function writeReport(path: string, options?: RunOptions) {
    const { url } = await startGateway(answerWith(completedUpgrade), answerWith(completedUpgrade));
    return run(['watch', 'web', '-e', url, '-o', 'plain', '-q', '--report', path], options);
  }

  it.each([
    ['with a drive letter, spaces and an umlaut', (absolute: string) => absolute],
    ['with slashes', (absolute: string) => absolute.replaceAll('\\', '/')],
    ['relative, with backslashes', () => 'Unter ordner\\bericht ü.html'],
    ['relative, above the working directory', () => '..\\Prüf\\Unter ordner\\bericht ü.html'],
    ['relative to a drive', (absolute: string) => absolute.slice(2)],
  ])('writes a report to a path %s', async (_, format) => {
    const { path, toWindows } = createTestFolder();
    const cwd = join(path, 'Prüf');
    const file = join(cwd, 'Unter ordner', 'bericht ü.html');
    mkdirSync(join(file, '..'), { recursive: true });
    // A file of that name is replaced.
    writeFileSync(file, 'old');
    const name = format(toWindows(join('Prüf', 'Unter ordner', 'bericht ü.html')));
    expect(await writeReport(name, { cwd })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/i);
    expect(readdirSync(join(file, '..'))).toEqual(['bericht ü.html']);
  });

  it.each(['nul.md', 'CON.html', 'C:\\COM1.md', 'lpt9.html'])(
    'refuses to write a report to %s, which Windows reserves for a device',
    async (name) => {
      const { exitCode, stdout, stderr } = await writeReport(name);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain(name);
    },
  );

  it('refuses a report in a folder that does not exist', async () => {
    const { exitCode, stderr } = await writeReport('C:\\missing\\bericht.md');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('C:\\missing\\bericht.md');
  });

  it('reads the null device as an empty file', async () => {
    const argv = ['list', '-e', 'http://127.0.0.1:1', '--token-file', '\\\\.\\NUL'];
    const { exitCode, stderr } = await run(argv);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('contains no token');
  });

  const cmdEnv = { WINEPATH: windows.toWindowsPath(dirname(node)) };

  it('starts from cmd.exe, which redirects its output and sees its exit code', async () => {
    const { url } = await startGateway(answerWith(runningUpgrade));
    const path = dirname(shim);
    const program = 'node node_modules\\sfcompose\\bin\\sfcompose.js';
    const batch = [
      '@echo off',
      `${program} upgrade-progress web -e ${url} -o json > "aus gabe.json"`,
      'echo %ERRORLEVEL%',
      `${program} list -o jsn 2> NUL`,
      'echo %ERRORLEVEL%',
    ];
    writeFileSync(join(path, 'run.cmd'), `${batch.join('\r\n')}\r\n`);
    const { stdout, stderr } = await windows.run('cmd.exe', ['/c', 'run.cmd'], { cwd: path, env: cmdEnv });
    expect({ stdout, stderr }).toEqual({ stdout: '0\r\n2\r\n', stderr: '' });
    expect(JSON.parse(readFileSync(join(path, 'aus gabe.json'), 'utf8'))).toEqual(runningUpgrade);
  });

  // The cmd.exe of Wine does not understand the script.
  it.runIf(isWindows)("starts by npm's script for cmd.exe", async () => {
    const argv = ['/c', shim, 'list', '-o', 'jsn'];
    const { exitCode, stderr } = await windows.run('cmd.exe', argv);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 2, stderr: /Did you mean json/ });
  });

  it('replaces a report that another program has open', async () => {
    const { path, toWindows } = createTestFolder({ 'report.md': 'old' });
    const script = `require('node:fs').openSync(${JSON.stringify(toWindows('report.md'))});
      console.log('open');
      setTimeout(() => {}, 1000);`;
    const reader = windows.start(node, ['-e', script]);
    await reader.readLine();
    expect(await writeReport(toWindows('report.md'))).toMatchObject({ exitCode: 0, stderr: '' });
    expect(readFileSync(join(path, 'report.md'), 'utf8')).toMatch(/^# /);
    await reader.stop();
  });

  it('refuses to replace a report that is read-only', async () => {
    const { path, toWindows } = createTestFolder({ 'report.md': 'old' });
    chmodSync(join(path, 'report.md'), 0o444);
    const { exitCode, stderr } = await writeReport(toWindows('report.md'));
    expect(exitCode).toBe(2);
    expect(stderr).toContain('permission denied');
    expect(readFileSync(join(path, 'report.md'), 'utf8')).toBe('old');
  });

  it('writes to a pipe, and reads a file from a pipe', async () => {
    const { url } = await startGateway(answerWith(runningUpgrade));
    const argv = [windows.toWindowsPath(launcher), 'upgrade-progress', 'web', '-e', url, '-o', 'json'];
    // Pipes between Windows programs work under Wine.
    const script = `const { spawnSync } = require('node:child_process');
      const { status, stdout, stderr } = spawnSync(process.execPath, ${JSON.stringify(argv)}, { encoding: 'utf8' });
      console.log(JSON.stringify({ status, stdout, stderr }));`;
    const { stdout } = await windows.run(node, ['-e', script]);
    const piped = JSON.parse(stdout);
    expect({ ...piped, stdout: JSON.parse(piped.stdout) }).toEqual({
      status: 0,
      stdout: runningUpgrade,
      stderr: '',
    });
  });

  it('caches compiled code in %LOCALAPPDATA%, and uses it', async () => {
    const { url } = await startGateway(answerWith(runningUpgrade), answerWith(runningUpgrade));
    rmSync(cacheFolder, { recursive: true, force: true });
    await run([...readWeb, '-e', url]);
    const [version = ''] = readdirSync(cacheFolder);
    expect(version).toMatch(new RegExp(`^v${installation.version}\\..*-x64$`));
    const list = () => readdirSync(join(cacheFolder, version)).sort();
    const entries = list();
    expect(entries.filter((name) => name.endsWith('.cjs'))).toEqual(entries);
    expect(entries.length).toBeGreaterThan(3);
    const script = `const vm = require('node:vm');
      const { Script } = vm;
      vm.Script = class extends Script {
        constructor(source, options) {
          super(source, options);
          if (this.cachedDataRejected !== false) process.stderr.write(options.filename + ' is not cached');
        }
      };
      process.argv.splice(1, 0, 'sfcompose');
      require(${JSON.stringify(windows.toWindowsPath(launcher))});`;
    const second = await windows.run(node, ['-e', script, ...readWeb, '-e', url]);
    expect(second).toMatchObject({ exitCode: 0, stderr: '' });
    expect(list()).toEqual(entries);
  });

  it.each([
    ['missing', 'delete process.env.LOCALAPPDATA'],
    ['relative', "process.env.LOCALAPPDATA = 'cache'"],
    ['on a drive that does not exist', "process.env.LOCALAPPDATA = 'Q:\\\\cache'"],
  ])('does without the cache when %LOCALAPPDATA% is %s', async (_, change) => {
    const { url } = await startGateway(answerWith(runningUpgrade));
    rmSync(cacheFolder, { recursive: true, force: true });
    const { path } = createTestFolder();
    const script = `${change};
      process.argv.splice(1, 0, 'sfcompose');
      require(${JSON.stringify(windows.toWindowsPath(launcher))});`;
    const { exitCode, stderr } = await windows.run(node, ['-e', script, ...readWeb, '-e', url], {
      cwd: path,
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(existsSync(cacheFolder)).toBe(false);
    expect(readdirSync(path)).toEqual([]);
  });
});
