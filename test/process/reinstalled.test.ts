/** The program without its files, as when it is reinstalled while it runs, or cannot open more files. */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  completedUpgrade,
  createShortUpgrade,
  createUpgrade,
  rolledBackUpgrade,
  runningUpgrade,
} from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { createEnvironment, runProgram, startProgram, waitForEnd } from '../support/program.ts';
import {
  answer,
  answerError,
  answerWith,
  repeat,
  type Script,
  startGateway,
  startGatewayWith,
} from '../support/scripted-gateway.ts';

const answerRunning = answerWith(runningUpgrade);
const answerCompleted = answerWith(completedUpgrade);
const answerRolledBack = answerWith(rolledBackUpgrade);
const answerFailed = answerWith(createShortUpgrade({ UpgradeState: 'Failed' }));
const answerReplaced = answerWith(createUpgrade({ TargetApplicationTypeVersion: 'v3' }));
const answerRemoved = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
const answerRefused = answerError(403, 'E_ACCESSDENIED');

interface Watch {
  /** The gateway's response before. */
  readonly first?: Script;
  /** The gateway's response after the files were removed. */
  readonly last?: Script;
  readonly argv?: readonly string[];
  readonly signal?: NodeJS.Signals;
}

/** Watches with a copy of the program whose files are removed after the first line. */
async function watchWithoutFiles(
  { first = answerRunning, last = answerRunning, argv = [], signal }: Watch,
  format: string,
) {
  const folder = createFolder();
  for (const part of ['bin', 'dist', 'package.json']) cpSync(part, join(folder, part), { recursive: true });
  const remove = () => rmSync(join(folder, 'dist'), { recursive: true });
  const statusOfFailed = answer(
    JSON.stringify({ Name: 'web', Status: 'Ready', StatusDetails: 'It failed.' }),
  );
  let reads = 0;
  const script: Script = (response, request) => {
    if (!request.url?.includes('GetUpgradeProgress')) return statusOfFailed(response, request);
    if (++reads === 1) return first(response, request);
    if (reads === 3 && signal) child.kill(signal);
    // The second read proves that the first has been printed.
    if (reads === 2) remove();
    return (reads === 2 ? first : last)(response, request);
  };
  const related = { events: answer('[]') };
  const { url } = await startGatewayWith(related, ...Array.from({ length: 1000 }, () => script));
  const command = ['upgrade-progress', 'web', '-e', url, '--watch', '--interval', '200ms', '-o', format];
  const child = startProgram([...command, ...argv], {}, join(folder, 'bin', 'sfcompose.js'));
  return waitForEnd(child);
}

interface EndCase {
  readonly name: string;
  readonly watch: Watch;
  readonly exitCode: number;
  readonly message: RegExp;
}

describe('a watch whose files were removed', () => {
  const retries = ['--retries', '0'];
  const endings: readonly EndCase[] = [
    { name: 'the upgrade completed', watch: { last: answerCompleted }, exitCode: 0, message: /^$/ },
    {
      name: 'the upgrade was rolled back',
      watch: { last: answerRolledBack },
      exitCode: 3,
      message: /web: rolled back to v1/,
    },
    { name: 'the upgrade failed', watch: { last: answerFailed }, exitCode: 4, message: /web: failed/ },
    {
      name: 'the upgrade was replaced',
      watch: { last: answerReplaced },
      exitCode: 9,
      message: /a different upgrade .* replaced the one being watched/,
    },
    {
      name: 'the deployment was removed',
      watch: { last: answerRemoved },
      exitCode: 5,
      message: /was removed while it was being watched/,
    },
    {
      name: 'contact was lost',
      watch: { last: answerError(503, 'E_ABORT'), argv: retries },
      exitCode: 6,
      message: /temporarily unavailable/,
    },
    {
      name: 'access was denied',
      watch: { last: answerRefused },
      exitCode: 7,
      message: /no permission to read upgrades/,
    },
    {
      name: 'the time was up',
      watch: { argv: ['--max-wait', '3s'] },
      exitCode: 124,
      message: /Stopped watching/,
    },
  ];
  it.each(endings)('ends as usual after $name', async ({ watch, exitCode, message }) => {
    const ended = await watchWithoutFiles(watch, 'plain');
    expect(ended).toMatchObject({ exitCode, stderr: expect.stringMatching(message) });
    expect(ended.stderr).not.toContain('Internal error');
  });

  it.each(['json', 'ndjson', 'table'])('ends as usual with -o %s', async (format) => {
    const { exitCode, stdout, stderr } = await watchWithoutFiles({ last: answerRolledBack }, format);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('web: rolled back to v1')]);
    expect(stdout).toContain(format === 'table' ? '✗ web was rolled back' : 'RollingBackCompleted');
  });

  it('ends as usual if it reads the events of the upgrade at last', async () => {
    const first = answerWith(createShortUpgrade({ UpgradeState: 'ProvisioningTarget' }));
    const { exitCode, stdout, stderr } = await watchWithoutFiles({ first, last: answerCompleted }, 'table');
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('✓ web upgraded to v2');
  });

  // Windows has no signals, so that a child can only be killed.
  it.skipIf(process.platform === 'win32')('ends as usual after Ctrl-C', async () => {
    expect(await watchWithoutFiles({ signal: 'SIGINT' }, 'plain')).toMatchObject({
      exitCode: 130,
      stderr: expect.stringContaining('Stopped by Ctrl-C.'),
    });
  });
});

it('an error that cannot be reported ends the program with one line and a hint', async () => {
  const folder = createFolder();
  for (const part of ['bin', 'dist', 'package.json']) cpSync(part, join(folder, part), { recursive: true });
  const script: Script = (response, request) => {
    rmSync(join(folder, 'dist'), { recursive: true });
    answerRefused(response, request);
  };
  const { url } = await startGateway(...repeat(script));
  const argv = ['upgrade-progress', 'web', '-e', url, '-o', 'json'];
  const { exitCode, stderr } = await runProgram(argv, {}, join(folder, 'bin', 'sfcompose.js'));
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(/^sfcompose: Internal error: ENOENT.*dist.*\n {2}If sfcompose was reinstalled/);
  expect(stderr.trim().split('\n')).toHaveLength(2);
});

// Windows has no such limit.
it.skipIf(process.platform === 'win32')('the program ends with a message for any limit of open files', () => {
  const runLimited = (files: number, ...argv: string[]) =>
    spawnSync('sh', ['-c', `ulimit -n ${files}; exec "$0" "$@"`, process.execPath, ...argv], {
      env: createEnvironment(),
      encoding: 'utf8',
      timeout: 100_000,
    });
  const argv = ['bin/sfcompose.js', 'upgrade-progress', 'web', '-e', 'http://127.0.0.1:1', '--retries', '0'];
  // Each version of Node needs a different number of files to start, and some versions crash with one less.
  let fewest = 10;
  while (runLimited(fewest, '-e', 'setTimeout(() => 0, 1)').status !== 0) fewest++;
  for (let files = fewest; files < fewest + 8; files++) {
    const { status, stderr } = runLimited(files, ...argv);
    expect([1, 6]).toContain(status);
    expect(stderr).not.toBe('');
  }
});
