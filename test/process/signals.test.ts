/** Signals, which end the program at once, whatever it is doing. */
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
import { composeFile } from '../support/simulated-cluster.ts';

/** Milliseconds that "at once" may take on a busy machine. Whatever is interrupted would take a minute or more. */
const maxEndMs = 30_000;

/** Wraps a script with a promise that resolves when its request has arrived. */
function observe(script: Script): { script: Script; arrived: Promise<void> } {
  let resolveArrival = () => {};
  const arrived = new Promise<void>((resolve) => {
    resolveArrival = resolve;
  });
  return {
    arrived,
    script(response, request) {
      script(response, request);
      resolveArrival();
    },
  };
}

/** Opens a named pipe for writing, once a reader has opened it. */
async function openPipe(pipe: string): Promise<number> {
  for (;;) {
    try {
      return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
    } catch {
      await pause(5);
    }
  }
}

const staySilent: Script = () => {};
const sendHalf: Script = (response) => {
  response.writeHead(200, { 'Content-Length': 1000 });
  response.write('{"Deploy');
};
const busy = answerError(503, 'E_ABORT');

// Windows has no signals, so that a child can only be killed.
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
    { signal: 'SIGINT', phase: 'while waiting for the response', before: [], script: staySilent, argv: [] },
    { signal: 'SIGTERM', phase: 'while waiting for the response', before: [], script: staySilent, argv: [] },
    { signal: 'SIGTERM', phase: 'in the middle of the response', before: [], script: sendHalf, argv: [] },
    { signal: 'SIGINT', phase: 'between two tries', before: [], script: busy, argv: ['--retries', '50'] },
    {
      signal: 'SIGHUP',
      phase: 'in the first read of a watch',
      before: [],
      script: staySilent,
      argv: ['--watch'],
    },
    {
      signal: 'SIGTERM',
      phase: 'in the second read of a watch',
      before: [answerWith(runningUpgrade)],
      script: staySilent,
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
    'ends the program at once, and mentions an upgrade that was seen: $signal $phase',
    async ({ signal, before, script, argv }) => {
      const last = observe(script);
      const { child, ended } = await startUpgradeProgress(
        [...before, last.script, ...repeat(script)],
        ...argv,
      );
      await last.arrived;
      // The response takes a moment to arrive.
      await pause(0);
      const pressed = performance.now();
      child.kill(signal);
      const { exitCode, stderr } = await ended();
      const [code, name] = signals[signal];
      expect(exitCode).toBe(code);
      const goesOn = before.length > 0 ? ' The upgrade continues on the cluster.' : '';
      expect(stderr).toContain(`sfcompose: Stopped by ${name}.${goesOn}\n`);
      expect(performance.now() - pressed).toBeLessThan(maxEndMs);
    },
  );

  it('ends a watch at once, with the outcome as the last record', async () => {
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

  it('ends the program while it reads from a named pipe without a writer', async () => {
    const pipe = join(createFolder(), 'token');
    expect(spawnSync('mkfifo', [pipe]).status).toBe(0);
    const { child, ended } = await startUpgradeProgress([], '--token-file', pipe, '-v');
    const writer = await openPipe(pipe);
    onTestFinished(() => closeSync(writer));
    const pressed = performance.now();
    child.kill('SIGINT');
    expect(await ended()).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining('Stopped by Ctrl-C.'),
    });
    expect(performance.now() - pressed).toBeLessThan(maxEndMs);
  });

  it('ends the command for a token and its children', async () => {
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
    for await (const chunk of child.stderr)
      if (String(chunk).includes('getting a token from --token-command')) break;
    const pressed = performance.now();
    child.kill('SIGTERM');
    expect((await ended()).exitCode).toBe(143);
    expect(performance.now() - pressed).toBeLessThan(maxEndMs);
  });

  it('ends the program even if nobody reads its output', async () => {
    const large = createUpgrade({ UpgradeStatusDetails: 'x'.repeat(1_000_000) });
    const { child, ended } = await startUpgradeProgress(answerWith(large), '-o', 'json');
    await new Promise((resolve) => child.stdout.once('readable', resolve));
    await pause(200);
    child.kill('SIGTERM');
    child.stdout.resume();
    const { exitCode, signal } = await ended();
    // The program ends by the signal unless it had handed over all of its output.
    expect([
      { exitCode: null, signal: 'SIGTERM' },
      { exitCode: 143, signal: null },
    ]).toContainEqual({ exitCode, signal });
  });

  it('ends the program without its last output when it comes twice', async () => {
    const large = createUpgrade({ UpgradeStatusDetails: 'x'.repeat(1_000_000) });
    const { child, waitForText, ended } = await startUpgradeProgress(
      answerWith(large),
      '-o',
      'ndjson',
      '--watch',
    );
    await new Promise((resolve) => child.stdout.once('readable', resolve));
    child.kill('SIGTERM');
    await waitForText('continues on the cluster.');
    // The outcome is not written yet.
    expect(child.signalCode).toBe(null);
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
    child.stdout.resume();
    expect(await ended()).toMatchObject({
      signal: 'SIGTERM',
      stderr: expect.stringContaining('continues on the cluster.'),
    });
  });

  it('ends a simulated cluster at once while it holds a request', async () => {
    // At this speed the request would be held until its own timeout of a minute.
    const argv = ['bin/sfcompose.js', 'simulate', '--port', '0', '--speed', '0.1'];
    const child = spawn(process.execPath, argv, { env: createEnvironment() });
    const url = await new Promise<string>((resolve) =>
      child.stdout.once('data', (text) => resolve(`${text}`.trim())),
    );
    const path = '/ComposeDeployments/$/Create?api-version=6.0-preview';
    const body = JSON.stringify({ DeploymentName: 'shop', ComposeFileContent: composeFile });
    await fetch(url + path, { method: 'PUT', body });
    // The simulated cluster holds this request while the deployment is created.
    const heldRequest = get(`${url}/ComposeDeployments/shop/$/GetUpgradeProgress?api-version=6.0`);
    heldRequest.on('error', () => {});
    await once(heldRequest, 'finish');
    // Once this is answered, the server has seen the other request as well.
    await fetch(`${url}/$/GetClusterVersion?api-version=6.4`);
    const pressed = performance.now();
    const closed = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGINT');
    expect(await closed).toBe(130);
    expect(performance.now() - pressed).toBeLessThan(maxEndMs);
  });
});
