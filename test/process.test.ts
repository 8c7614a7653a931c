/** What only a real process shows: pipes that close or lag, and signals. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fullForm, midway, wire } from './documents.ts';
import { folderWith } from './folder.ts';
import { answer, type Script, scriptedGateway } from './scripted-gateway.ts';

const large = fullForm({ UpgradeStatusDetails: 'x'.repeat(300_000) });

async function start(scripts: Script | readonly Script[], ...argv: string[]) {
  const gateway = await scriptedGateway(...[scripts].flat());
  const child = spawn(process.execPath, [
    'bin/sfcompose.js',
    'upgrade-progress',
    'web',
    '-e',
    gateway.url,
    ...argv,
  ]);
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

it('a crash tells where, but nothing of what the error holds', async () => {
  const folder = folderWith({
    'crash.mjs': `setTimeout(() => {
      throw Object.assign(new Error('boom'), { config: { headers: { Authorization: 'Bearer SECRET' } } });
    }, 500);`,
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
  expect(said).toContain('crash.mjs:2');
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
