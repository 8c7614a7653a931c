/** Real processes: streams that close, block or are full, child processes, and crashes. */
import { type StdioOptions, spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import {
  completedUpgrade,
  createUpgrade,
  rolledBackUpgrade,
  runningUpgrade,
  toWire,
} from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { createEnvironment, runProgram, startUpgradeProgress } from '../support/program.ts';
import { answerError, answerWith, repeat, type Script, startGateway } from '../support/scripted-gateway.ts';

const largeUpgrade = createUpgrade({ UpgradeStatusDetails: 'x'.repeat(300_000) });
const rolledBack = JSON.parse(toWire(rolledBackUpgrade));

describe('stdout of a read', () => {
  it('may be closed by its reader', async () => {
    const { child, ended } = await startUpgradeProgress(answerWith(largeUpgrade), '-o', 'json');
    child.stdout.destroy();
    expect(await ended()).toEqual({ exitCode: 0, signal: null, stderr: '' });
  });

  it('is complete for a slow reader', async () => {
    const { child, ended } = await startUpgradeProgress(answerWith(largeUpgrade), '-o', 'json');
    let stdout = '';
    for await (const chunk of child.stdout) {
      stdout += chunk;
      await pause(1);
    }
    expect(JSON.parse(stdout)).toEqual(largeUpgrade);
    expect((await ended()).exitCode).toBe(0);
  });
});

describe('stdout of a watch', () => {
  it('ends the program quietly with 141 when its reader closes it after one line', async () => {
    // Each reading differs from the last one.
    const scripts = Array.from({ length: 100 }, (_, index) =>
      answerWith({ ...runningUpgrade, UpgradeStatusDetails: 'x'.repeat(index) }),
    );
    const { child, ended } = await startUpgradeProgress(
      scripts,
      '--watch',
      '--interval',
      '200ms',
      '-o',
      'ndjson',
    );
    for await (const chunk of child.stdout) {
      expect(String(chunk)).toMatch(/^\{"type":"progress"/);
      break;
    }
    child.stdout.destroy();
    expect(await ended()).toEqual({ exitCode: 141, signal: null, stderr: '' });
  });
});

describe('a watch with a blocked stdout', () => {
  it('waits for its reader instead of buffering output', async () => {
    const scripts = Array.from({ length: 5 }, (_, index) =>
      answerWith(index < 4 ? { ...largeUpgrade, UpgradeDuration: `PT0H${index}M0S` } : completedUpgrade),
    );
    const { child, requests, ended } = await startUpgradeProgress(
      scripts,
      '--watch',
      '--interval',
      '200ms',
      '-o',
      'ndjson',
    );
    await new Promise((resolve) => child.stdout.once('readable', resolve));
    await pause(1000);
    expect(requests.length).toBeLessThan(3);
    let stdout = '';
    for await (const chunk of child.stdout) stdout += chunk;
    expect(await ended()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(stdout.trim().split('\n')).toHaveLength(6);
  });
});

/** Reads once with these streams, and collects the output of those that are pipes. */
async function readInto(stdio: StdioOptions, script: Script, ...argv: string[]) {
  const { url } = await startGateway(...repeat(script));
  const child = spawn(process.execPath, ['bin/sfcompose.js', 'upgrade-progress', 'web', '-e', url, ...argv], {
    env: createEnvironment(),
    stdio,
  });
  const output = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk) => {
      output[name] += chunk;
    });
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, ...output };
}

// Only Linux has this device.
describe.skipIf(!existsSync('/dev/full'))('a full disk', () => {
  const full = openSync('/dev/full', 'w');
  afterAll(() => closeSync(full));

  it.each([['table'], ['json']])('fails a read with an explanation: -o %s', async (format) => {
    const { exitCode, stderr } = await readInto(
      ['ignore', full, 'pipe'],
      answerWith(runningUpgrade),
      '-o',
      format,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toBe('sfcompose: cannot write the output: ENOSPC: no space left on device, write\n');
  });

  it('ends a watch', async () => {
    const argv = ['--watch', '--interval', '1h', '-o', 'plain'];
    const { exitCode, stderr } = await readInto(
      ['ignore', full, 'pipe'],
      answerWith(runningUpgrade),
      ...argv,
    );
    expect(exitCode).toBe(1);
    expect(stderr).toContain('ENOSPC');
    expect(stderr).not.toContain('bug');
  });

  it('does not change the exit code of an upgrade', async () => {
    const argv = ['--exit-status', '-o', 'json'];
    const { exitCode, stderr } = await readInto(['ignore', full, 'pipe'], answerWith(rolledBack), ...argv);
    expect(exitCode).toBe(3);
    expect(stderr).toContain('ENOSPC');
  });

  it('under stderr changes neither the output nor the exit code', async () => {
    const argv = ['--exit-status', '-o', 'json', '-v'];
    const { exitCode, stdout } = await readInto(['ignore', 'pipe', full], answerWith(rolledBack), ...argv);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout)).toEqual(rolledBack);
  });
});

it('a closed stderr changes neither the output nor the exit code', async () => {
  const scripts = [answerError(503, 'E_ABORT'), answerWith(rolledBack)];
  const { child, ended } = await startUpgradeProgress(scripts, '--exit-status', '-o', 'json', '-v');
  child.stderr.destroy();
  let stdout = '';
  for await (const chunk of child.stdout) stdout += chunk;
  expect(JSON.parse(stdout)).toEqual(rolledBack);
  expect((await ended()).exitCode).toBe(3);
});

// Windows has no sh.
it.skipIf(process.platform === 'win32')('the program needs no stdin', async () => {
  const { url } = await startGateway(answerWith(runningUpgrade));
  const argv = ['bin/sfcompose.js', 'upgrade-progress', 'web', '-o', 'json', '-e', url];
  const child = spawn('sh', ['-c', 'exec "$0" "$@" <&-', process.execPath, ...argv], {
    env: createEnvironment(),
  });
  let stdout = '';
  for await (const chunk of child.stdout) stdout += chunk;
  expect(JSON.parse(stdout)).toEqual(runningUpgrade);
});

// Windows has no /dev/stdin.
it.skipIf(process.platform === 'win32')('a token from a pipe is read once', async () => {
  const tokens: unknown[] = [];
  const script: Script = (response, request) => {
    tokens.push(request.headers.authorization);
    answerWith(runningUpgrade)(response, request);
  };
  const last: Script = (response, request) => {
    tokens.push(request.headers.authorization);
    answerWith(completedUpgrade)(response, request);
  };
  // More reads than the number of listeners at which Node warns of a leak.
  const gateway = await startGateway(...Array<Script>(12).fill(script), last);
  const argv = ['upgrade-progress', 'web', '-e', gateway.url, '--no-domains', '--token-file', '/dev/stdin'];
  const piped = ['echo a-token | "$0" bin/sfcompose.js "$@"', process.execPath, ...argv];
  const watching = ['--watch', '--interval', '200ms'];
  const child = spawn('sh', ['-c', ...piped, ...watching], {
    env: createEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  expect(stderr).toBe('');
  expect(tokens).toEqual(Array(13).fill('Bearer a-token'));
});

/** Creates a named pipe. @returns its path */
function createPipe(): string {
  const pipe = join(createFolder(), 'pipe');
  expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
  return pipe;
}

// Windows has no named pipes of this kind.
describe.skipIf(process.platform === 'win32')('a named pipe without another end', () => {
  it.each(['GITHUB_OUTPUT', 'GITHUB_STEP_SUMMARY'])('does not delay the end as %s', async (variable) => {
    const { url } = await startGateway(answerWith(runningUpgrade), answerWith(rolledBack));
    const argv = ['upgrade-progress', 'web', '-e', url, '--no-domains', '-w', '--interval', '200ms'];
    const own = { [variable]: createPipe() };
    const { exitCode, stderr } = await runProgram([...argv, '-o', 'plain', '--ci', 'github'], own);
    expect(stderr).toContain(`sfcompose: ${variable} could not be written: ENXIO`);
    expect(exitCode).toBe(3);
  });

  it('delays the end for no longer than --max-wait as the file of a token', async () => {
    const gateway = await startGateway();
    const argv = ['upgrade-progress', 'web', '-e', gateway.url, '-w', '--max-wait', '1s'];
    const { exitCode, stderr } = await runProgram([...argv, '--token-file', createPipe()]);
    expect(stderr).toContain(`No response from ${gateway.url} within 1s (--max-wait).`);
    expect(exitCode).toBe(6);
    expect(gateway.requests).toEqual([]);
  });

  it('delays the end for no longer than --max-wait for many deployments', async () => {
    const gateway = await startGateway();
    const argv = ['upgrade-progress', 'web', 'api', 'db', '-e', gateway.url, '-w', '--max-wait', '1s'];
    const { exitCode, stderr } = await runProgram([...argv, '--token-file', createPipe()]);
    expect(stderr).toContain(`No response from ${gateway.url} within 1s (--max-wait).`);
    expect(exitCode).toBe(6);
  });

  it('is read as the file of a token once it has a writer', async () => {
    const pipe = createPipe();
    const tokens: unknown[] = [];
    const script: Script = (response, request) => {
      tokens.push(request.headers.authorization);
      answerWith(runningUpgrade)(response, request);
    };
    const { url } = await startGateway(script);
    const argv = [
      'upgrade-progress',
      'web',
      '-e',
      url,
      '--no-domains',
      '-v',
      '-o',
      'json',
      '--token-file',
      pipe,
    ];
    const child = spawn(process.execPath, ['bin/sfcompose.js', ...argv], { env: createEnvironment() });
    const closed = new Promise((resolve) => child.on('close', resolve));
    child.stdout.resume();
    for await (const chunk of child.stderr) if (String(chunk).includes('token: a bearer token')) break;
    // Opening the pipe blocks until it has a reader.
    const writer = spawn('sh', ['-c', 'echo a-token > "$0"', pipe]);
    expect(await closed).toBe(0);
    expect(tokens).toEqual(['Bearer a-token']);
    writer.kill();
  });
});

// Windows has no user IDs.
it.skipIf(process.platform === 'win32' || process.getuid?.() !== 0)(
  'the program runs for a user ID without a user',
  async () => {
    const child = spawn(process.execPath, ['bin/sfcompose.js', '--version'], {
      uid: 54_321,
      env: { PATH: process.env['PATH'] },
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  },
);

interface BadProgram {
  readonly name: string;
  readonly command: string;
  readonly message: string;
}

describe('the command for a token', () => {
  it('runs without a shell, with its arguments unchanged', async () => {
    const folder = createFolder({ 'print token.mjs': 'console.log(process.argv[2]);' });
    const tokens: unknown[] = [];
    const script: Script = (response, request) => {
      tokens.push(request.headers.authorization);
      answerWith(runningUpgrade)(response, request);
    };
    const command = `node "${join(folder, 'print token.mjs')}" $(echo)~token`;
    const { ended } = await startUpgradeProgress(script, '-o', 'json', '--token-command', command);
    expect(await ended()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('printed no token') });
    const good = await startUpgradeProgress(
      script,
      '-o',
      'json',
      '--token-command',
      command.replace('$(echo)', ''),
    );
    expect((await good.ended()).exitCode).toBe(0);
    expect(tokens).toEqual(['Bearer ~token']);
  });

  it('is not waited for after its end, even if it has left a child behind', async () => {
    const folder = createFolder({
      'leave.mjs': `import { spawn } from 'node:child_process';
        import { writeFileSync } from 'node:fs';
        const more = 'setTimeout(() => {}, 300_000)';
        const left = spawn(process.execPath, ['-e', more], { stdio: 'inherit', detached: true });
        left.unref();
        writeFileSync(process.argv[1] + '.pid', String(left.pid));
        console.log('a-token');`,
    });
    const command = `node ${join(folder, 'leave.mjs')}`;
    const { ended, requests } = await startUpgradeProgress(
      answerWith(runningUpgrade),
      '--no-domains',
      '--token-command',
      command,
    );
    expect(await ended()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(requests[0]?.headers.authorization).toBe('Bearer a-token');
    process.kill(Number(readFileSync(join(folder, 'leave.mjs.pid'), 'utf8')));
  });

  it.each<BadProgram>([
    {
      name: 'does not exist',
      command: join('no', 'such', 'program SECRET'),
      message: 'program not found',
    },
    {
      name: 'prints endless output',
      command: `node -e "setInterval(() => console.log('SECRET'.repeat(99999)))"`,
      message: 'too much output',
    },
    { name: 'fails', command: 'node no-such-script.SECRET', message: 'exit code 1: Node.js v' },
  ])('ends the program with 2 before any request if it $name', async ({ command, message }) => {
    const { ended } = await startUpgradeProgress([], '--token-command', command);
    const { exitCode, stderr } = await ended();
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('SECRET');
    expect(exitCode).toBe(2);
  });
});

it('a crash is reported with its location, but without the members of the error', async () => {
  const folder = createFolder({
    'crash.mjs': `setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0) return;
      throw Object.assign(new Error('boom'), { config: { headers: { Authorization: 'Bearer SECRET' } } });
    }, 20);`,
  });
  const preload = pathToFileURL(join(folder, 'crash.mjs')).href;
  const argv = ['--import', preload, 'bin/sfcompose.js', 'simulate', '--port', '0'];
  const child = spawn(process.execPath, argv, { env: createEnvironment() });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += chunk;
    });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
  expect(output).toContain('This is a bug in sfcompose');
  expect(output).toContain('Error: boom');
  expect(output).toContain('crash.mjs:3');
  expect(output).not.toContain('SECRET');
});

it('a read leaves nothing behind that keeps the process alive', async () => {
  const { ended } = await startUpgradeProgress(answerWith(runningUpgrade), '-t', '4294967295');
  expect((await ended()).exitCode).toBe(0);
});

describe('a completion', () => {
  it('ends after about two seconds, even if it waits for a file', async () => {
    const pipe = join(createFolder(), 'certificate');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const own = { SFCOMPOSE_ENDPOINT: 'https://127.0.0.1:1', SFCOMPOSE_CERT_FILE: pipe };
    const started = performance.now();
    // Opening a named pipe without a writer cannot be cancelled.
    expect(await runProgram(['__complete', '_upgrade-progress', '_'], own)).toMatchObject({
      stdout: ':words\n',
      stderr: '',
    });
    // Without a limit it would never end; a busy machine takes a while to start it.
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});
