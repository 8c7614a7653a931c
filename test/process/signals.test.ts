/** Whatever it is doing, a signal ends it at once: with a word on the upgrade, its exit code, and all of its output. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createUpgrade, runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { createEnvironment, startUpgradeProgress } from '../support/program.ts';
import { answerError, answerWith, repeat, type Script } from '../support/scripted-gateway.ts';

/** Milliseconds. A busy machine takes seconds for what is at once, and all that is broken off would take a minute or more. */
const atOnce = 30_000;

/** Scripts that say when their request has come, to be waited for. */
function noticed(script: Script): { script: Script; came: Promise<void> } {
  let tell = () => {};
  const came = new Promise<void>((resolve) => {
    tell = resolve;
  });
  return {
    came,
    script(response, request) {
      script(response, request);
      tell();
    },
  };
}

/** Resolves once somebody reads the pipe: before that it cannot be opened without waiting. */
async function openedFor(pipe: string): Promise<number> {
  for (;;) {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      await pause(5);
    }
  }
}

const silence: Script = () => {};
const beginning: Script = (response) => {
  response.writeHead(200, { 'Content-Length': 1000 });
  response.write('{"Deploy');
};
const busy = answerError(503, 'E_ABORT');

// Windows has no signals to send: there a child is only ever killed.
interface PhaseCase {
  readonly signal: 'SIGINT' | 'SIGTERM' | 'SIGHUP';
  readonly phase: string;
  readonly before: readonly Script[];
  readonly script: Script;
  readonly argv: readonly string[];
}

describe.skipIf(process.platform === 'win32')('a signal', () => {
  const signals = { SIGINT: [130, 'Ctrl-C'], SIGTERM: [143, 'SIGTERM'], SIGHUP: [129, 'SIGHUP'] } as const;
  const phases: readonly PhaseCase[] = [
    { signal: 'SIGINT', phase: 'while the answer is awaited', before: [], script: silence, argv: [] },
    { signal: 'SIGTERM', phase: 'while the answer is awaited', before: [], script: silence, argv: [] },
    { signal: 'SIGTERM', phase: 'in the middle of the answer', before: [], script: beginning, argv: [] },
    { signal: 'SIGINT', phase: 'between two tries', before: [], script: busy, argv: ['--retries', '50'] },
    {
      signal: 'SIGHUP',
      phase: 'while the first read of a watch is awaited',
      before: [],
      script: silence,
      argv: ['--watch'],
    },
    {
      signal: 'SIGTERM',
      phase: 'in the second read of a watch',
      before: [answerWith(runningUpgrade)],
      script: silence,
      argv: ['--watch', '--interval', '200ms'],
    },
    {
      signal: 'SIGINT',
      phase: 'while contact is lost',
      before: [answerWith(runningUpgrade)],
      script: busy,
      argv: ['--watch', '--interval', '200ms'],
    },
  ];

  it.each(phases)(
    '$signal $phase ends it at once, and says that an upgrade goes on that was seen',
    async ({ signal, before, script, argv }) => {
      const last = noticed(script);
      const { child, ended } = await startUpgradeProgress(
        [...before, last.script, ...repeat(script)],
        ...argv,
      );
      await last.came;
      // An answer takes its time to arrive.
      await pause(0);
      const pressed = performance.now();
      child.kill(signal);
      const { exitCode, stderr } = await ended();
      const [code, said] = signals[signal];
      expect(exitCode).toBe(code);
      const goesOn = before.length > 0 ? ' The upgrade itself goes on.' : '';
      expect(stderr).toContain(`sfcompose: Stopped by ${said}.${goesOn}\n`);
      expect(performance.now() - pressed).toBeLessThan(atOnce);
    },
  );

  it('while watching ends it at once, and the outcome comes last', async () => {
    const { child, ended } = await startUpgradeProgress(
      answerWith(runningUpgrade),
      '--watch',
      '-o',
      'ndjson',
    );
    let stdout = '';
    for await (const chunk of child.stdout) {
      if (stdout === '') child.kill('SIGHUP');
      stdout += chunk;
    }
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(records.map(({ type }) => type)).toEqual(['progress', 'outcome']);
    expect(records[1]).toMatchObject({ outcome: 'interrupted', exitCode: 129, targetVersion: 'v2' });
    expect((await ended()).exitCode).toBe(129);
  });

  it('while a file waits for somebody to write to it ends it at once', async () => {
    const pipe = join(createFolder(), 'token');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const { child, ended } = await startUpgradeProgress([], '--token-file', pipe, '-v');
    const writer = await openedFor(pipe);
    onTestFinished(() => closeSync(writer));
    const pressed = performance.now();
    child.kill('SIGINT');
    expect(await ended()).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining('Stopped by Ctrl-C.'),
    });
    expect(performance.now() - pressed).toBeLessThan(atOnce);
  });

  it('ends the command for a token with it, and whatever that has started', async () => {
    const folder = createFolder({
      'hang.mjs': `import { spawn } from 'node:child_process';
        spawn(process.execPath, ['-e', 'console.log(0); setTimeout(() => {}, 600_000)'], { stdio: 'inherit' });
        process.on('SIGTERM', () => {});
        setTimeout(() => {}, 600_000);`,
    });
    const { child, ended } = await startUpgradeProgress(
      [],
      '--token-command',
      `node ${join(folder, 'hang.mjs')}`,
      '-v',
    );
    for await (const chunk of child.stderr) if (String(chunk).includes('running --token-command')) break;
    const pressed = performance.now();
    child.kill('SIGTERM');
    expect((await ended()).exitCode).toBe(143);
    expect(performance.now() - pressed).toBeLessThan(atOnce);
  });

  it('ends it even when nobody takes its output, with what was taken so far', async () => {
    const large = createUpgrade({ UpgradeStatusDetails: 'x'.repeat(1_000_000) });
    const { child, ended } = await startUpgradeProgress(answerWith(large), '-o', 'json');
    await new Promise((resolve) => child.stdout.once('readable', resolve));
    await pause(200);
    child.kill('SIGTERM');
    child.stdout.resume();
    const { exitCode, signal } = await ended();
    // The latter where it had not yet handed over all of its output.
    expect([
      { exitCode: null, signal: 'SIGTERM' },
      { exitCode: 143, signal: null },
    ]).toContainEqual({ exitCode, signal });
  });

  it('that comes a second time is not waited for', async () => {
    const large = createUpgrade({ UpgradeStatusDetails: 'x'.repeat(1_000_000) });
    const { child, waitForText, ended } = await startUpgradeProgress(
      answerWith(large),
      '-o',
      'ndjson',
      '--watch',
    );
    await new Promise((resolve) => child.stdout.once('readable', resolve));
    child.kill('SIGTERM');
    await waitForText('goes on.');
    // Its outcome is to be written yet.
    expect(child.signalCode).toBe(null);
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    child.stdout.resume();
    expect(await ended()).toMatchObject({ signal: 'SIGTERM', stderr: expect.stringContaining('goes on.') });
  });

  it('ends a simulated cluster at once, whatever it is busy with', async () => {
    // So slow that what is held would be held until its own time is up, after a minute.
    const argv = ['bin/sfcompose.js', 'simulate', '--port', '0', '--speed', '0.1'];
    const child = spawn(process.execPath, argv, { env: createEnvironment() });
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (text) => resolve(`${text}`.trim())),
    );
    const path = '/ComposeDeployments/$/Create?api-version=6.0-preview';
    const body = JSON.stringify({ DeploymentName: 'shop', ComposeFileContent: 'services:' });
    await fetch(url + path, { method: 'PUT', body });
    // It is held while the deployment is created.
    const held = get(`${url}/ComposeDeployments/shop/$/GetUpgradeProgress?api-version=6.0`);
    held.on('error', () => {});
    await once(held, 'finish');
    // Once this is answered, that has come as well.
    await fetch(`${url}/$/GetClusterVersion?api-version=6.4`);
    const pressed = performance.now();
    const closed = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    expect(performance.now() - pressed).toBeLessThan(atOnce);
  });
});
