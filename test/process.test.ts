/** What only a real process shows: pipes that close or lag, and signals. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fullForm, midway, wire } from './documents.ts';
import { folderWith } from './folder.ts';
import { environment, startProgram } from './program.ts';
import { answer, type Script, scriptedGateway } from './scripted-gateway.ts';

const large = fullForm({ UpgradeStatusDetails: 'x'.repeat(300_000) });

async function start(scripts: Script | readonly Script[], ...argv: string[]) {
  const gateway = await scriptedGateway(...[scripts].flat());
  const child = startProgram(['upgrade-progress', 'web', '-e', gateway.url, ...argv]);
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, ended: async () => ({ exitCode: await closed, stderr }) };
}

describe('stdout', () => {
  it('that nobody reads any more ends it quietly', async () => {
    const { child, ended } = await start(answer(wire(large)), '-o', 'json');
    child.stdout.destroy();
    expect(await ended()).toEqual({ exitCode: 0, stderr: '' });
  });

  it('that is read slowly gets everything', async () => {
    const { child, ended } = await start(answer(wire(large)), '-o', 'json');
    let stdout = '';
    for await (const chunk of child.stdout) {
      stdout += chunk;
      await pause(1);
    }
    expect(JSON.parse(stdout)).toEqual(large);
    expect((await ended()).exitCode).toBe(0);
  });
});

describe('stdout of a watch', () => {
  it('that nobody reads after the first line (`| head -1`) ends it quietly', async () => {
    // Each picture differs from the one before.
    const scripts = Array.from({ length: 100 }, (_, index) =>
      answer(wire({ ...midway, UpgradeStatusDetails: 'x'.repeat(index) })),
    );
    const { child, ended } = await start(scripts, '--watch', '--interval', '200ms', '-o', 'ndjson');
    for await (const chunk of child.stdout) {
      expect(String(chunk)).toMatch(/^\{"type":"progress"/);
      break;
    }
    child.stdout.destroy();
    expect(await ended()).toEqual({ exitCode: 0, stderr: '' });
  });
});

// Windows has no signals to send: there a child is only ever killed.
describe.skipIf(process.platform === 'win32')('a signal while waiting for the answer', () => {
  it.each([
    ['SIGINT', 130, 'Ctrl-C'],
    ['SIGTERM', 143, 'SIGTERM'],
  ] as const)('%s ends it with %i, and says that the upgrade goes on', async (signal, code, said) => {
    let asked = () => {};
    const waiting = new Promise<void>((resolve) => {
      asked = resolve;
    });
    const { child, ended } = await start(() => asked());
    await waiting;
    child.kill(signal);
    const { exitCode, stderr } = await ended();
    expect(exitCode).toBe(code);
    expect(stderr).toBe(`sfcompose: Stopped by ${said}. The upgrade itself goes on.\n`);
  });
});

// As above.
it.skipIf(process.platform === 'win32')(
  'Ctrl-C ends a simulated cluster at once, whatever it is busy with',
  async () => {
    const child = spawn(process.execPath, ['bin/sfcompose.js', 'simulate', '--port', '0']);
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (text) => resolve(`${text}`.trim())),
    );
    const path = '/ComposeDeployments/$/Create?api-version=6.0-preview';
    const body = JSON.stringify({ DeploymentName: 'shop', ComposeFileContent: 'services:' });
    await fetch(url + path, { method: 'PUT', body });
    // It is held while the deployment is created.
    const held = fetch(`${url}/ComposeDeployments/shop/$/GetUpgradeProgress?api-version=6.0`).catch(() => {});
    await pause(100);
    const pressed = performance.now();
    const closed = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    expect(performance.now() - pressed).toBeLessThan(1000);
    await held;
  },
);

// Windows has no such name for a pipe.
it.skipIf(process.platform === 'win32')('a token that comes through a pipe is read once', async () => {
  const sent: unknown[] = [];
  const script: Script = (response, request) => {
    sent.push(request.headers.authorization);
    answer(wire(midway))(response, request);
  };
  const gateway = await scriptedGateway(...Array(20).fill(script));
  const argv = ['upgrade-progress', 'web', '-e', gateway.url, '--token-file', '/dev/stdin'];
  const piped = ['echo a-token | "$0" bin/sfcompose.js "$@"', process.execPath, ...argv];
  const watching = ['--watch', '--interval', '200ms', '--max-wait', '1s'];
  const child = spawn('sh', ['-c', ...piped, ...watching], { env: environment(), stdio: 'ignore' });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(124);
  expect(sent.length).toBeGreaterThan(1);
  expect(new Set(sent)).toEqual(new Set(['Bearer a-token']));
});

// Windows has no users to be.
it.skipIf(process.platform === 'win32' || process.getuid?.() !== 0)(
  'a user whom the system does not know may use it',
  async () => {
    const child = spawn(process.execPath, ['bin/sfcompose.js', '--version'], {
      uid: 54_321,
      env: { PATH: process.env['PATH'] },
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(0);
  },
);

describe('the command for a token', () => {
  it('is run without a shell, its arguments as they are', async () => {
    const folder = folderWith({ 'print token.mjs': 'console.log(process.argv[2]);' });
    const sent: unknown[] = [];
    const script: Script = (response, request) => {
      sent.push(request.headers.authorization);
      answer(wire(midway))(response, request);
    };
    const command = `node "${join(folder, 'print token.mjs')}" $(echo)~token`;
    const { ended } = await start(script, '-o', 'json', '--token-command', command);
    expect(await ended()).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('printed no token') });
    const good = await start(script, '-o', 'json', '--token-command', command.replace('$(echo)', ''));
    expect((await good.ended()).exitCode).toBe(0);
    expect(sent).toEqual(['Bearer ~token']);
  });

  it.each([
    ['is not there', join('no', 'such', 'program SECRET'), 'there is no such program'],
    [
      'prints without end',
      `node -e "setInterval(() => console.log('SECRET'.repeat(99999)))"`,
      'it printed too much',
    ],
    ['fails', `node -e "console.error('sign in first'); process.exit(3)"`, 'exit code 3: sign in first'],
  ])('that %s ends it with 2, and nothing is sent', async (_, command, said) => {
    const { ended } = await start([], '--token-command', command);
    const { exitCode, stderr } = await ended();
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stderr).not.toContain('SECRET');
    expect(exitCode).toBe(2);
  });

  it.skipIf(process.platform === 'win32')('goes with a signal, whatever it has started itself', async () => {
    const folder = folderWith({
      'hang.mjs': `import { spawn } from 'node:child_process';
        spawn(process.execPath, ['-e', 'console.log(0); setTimeout(() => {}, 10_000)'], { stdio: 'inherit' });
        process.on('SIGTERM', () => {});
        setTimeout(() => {}, 10_000);`,
    });
    const { child, ended } = await start([], '--token-command', `node ${join(folder, 'hang.mjs')}`, '-v');
    for await (const chunk of child.stderr) if (String(chunk).includes('running --token-command')) break;
    const killed = performance.now();
    child.kill('SIGTERM');
    expect((await ended()).exitCode).toBe(143);
    expect(performance.now() - killed).toBeLessThan(5000);
  });
});

it('a crash tells where, but nothing of what the error holds', async () => {
  const folder = folderWith({
    'crash.mjs': `setInterval(() => {
      if (process.listenerCount('uncaughtException') === 0) return;
      throw Object.assign(new Error('boom'), { config: { headers: { Authorization: 'Bearer SECRET' } } });
    }, 20);`,
  });
  const preload = pathToFileURL(join(folder, 'crash.mjs')).href;
  const argv = ['--import', preload, 'bin/sfcompose.js', 'simulate', '--port', '0'];
  const child = spawn(process.execPath, argv);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      said += chunk;
    });
  expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
  expect(said).toContain('This is a bug in sfcompose');
  expect(said).toContain('Error: boom');
  expect(said).toContain('crash.mjs:3');
  expect(said).not.toContain('SECRET');
});

it('leaves nothing behind that keeps the process alive', async () => {
  const { ended } = await start(answer(wire(midway)), '-t', '4294967295');
  expect((await ended()).exitCode).toBe(0);
});

describe.skipIf(process.platform === 'win32')('a signal while watching', () => {
  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it at once with %i, and the outcome comes last', async (signal, code) => {
    const { child, ended } = await start(answer(wire(midway)), '--watch', '-o', 'ndjson');
    let stdout = '';
    for await (const chunk of child.stdout) {
      if (stdout === '') child.kill(signal);
      stdout += chunk;
    }
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ type }) => type)).toEqual(['progress', 'outcome']);
    expect(records[1]).toMatchObject({ outcome: 'interrupted', exitCode: code, targetVersion: 'v2' });
    const { exitCode, stderr } = await ended();
    expect(exitCode).toBe(code);
    expect(stderr).toContain('The upgrade itself goes on.');
  });
});
