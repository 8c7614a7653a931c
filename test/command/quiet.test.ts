/** `-q --exit-status`: the exit code alone tells the state of the upgrade. */
import { expect, it } from 'vitest';
import { completedUpgrade, rolledBackUpgrade, runningUpgrade } from '../support/documents.ts';
import { run } from '../support/run.ts';
import { answerError, answerWith, repeat, startGateway } from '../support/scripted-gateway.ts';

async function check(document: unknown, ...argv: string[]) {
  const { url } = await startGateway(...repeat(answerWith(document)));
  const { exitCode, stdout, stderr } = await run(['status', 'web', '-q', '-e', url, '--no-domains', ...argv]);
  return { exitCode, printed: stdout + stderr };
}

it.each([
  { name: 'completed', document: completedUpgrade, exitCode: 0 },
  { name: 'rolled back', document: rolledBackUpgrade, exitCode: 3 },
  { name: 'under way', document: runningUpgrade, exitCode: 8 },
])('-q with --exit-status prints nothing about an upgrade that is $name', async ({ document, exitCode }) => {
  for (const format of ['table', 'plain', 'json', 'ndjson'])
    expect(await check(document, '--exit-status', '-o', format)).toEqual({ exitCode, printed: '' });
});

it('-q alone prints the upgrade', async () => {
  const { exitCode, printed } = await check(completedUpgrade);
  expect(exitCode).toBe(0);
  expect(printed).toContain('web');
});

it('-q with --exit-status prints errors, on stderr', async () => {
  const { url } = await startGateway(...repeat(answerError(403, 'E_ACCESSDENIED')));
  const { exitCode, stdout, stderr } = await run([
    'status',
    'web',
    '-q',
    '--exit-status',
    '--json',
    '-e',
    url,
  ]);
  expect([exitCode, stdout]).toEqual([7, '']);
  expect(stderr).toContain('E_ACCESSDENIED');
});
