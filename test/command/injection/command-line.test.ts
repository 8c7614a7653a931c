/** Poison on the command line. */
import { describe, expect, it } from 'vitest';
import { toWire } from '../../support/documents.ts';
import { agentFiles, findHarm, formats, lineStarts } from '../../support/harm.ts';
import { allPoisons, toOneLine, typablePoison } from '../../support/poison.ts';
import { fullUpgrade, type OutputMode, outputModes, singleModes } from '../../support/poisoned-cluster.ts';
import { run } from '../../support/run.ts';
import { answer, answerError, startGatewayWith } from '../../support/scripted-gateway.ts';

describe('poison on the command line', () => {
  const read = ['upgrade-progress', 'web'];

  it.each<[string, readonly string[]]>([
    ['a command', [typablePoison]],
    ['help for a command', ['help', typablePoison]],
    ['a second name', [...read, typablePoison]],
    ['a long option', [...read, `--${typablePoison}`]],
    ['a long option with a value', [...read, `--x=${typablePoison}`]],
    ['a short option', [...read, `-x${typablePoison}`]],
    ['an endpoint', [...read, '-e', typablePoison]],
    ['an endpoint with a password', [...read, '-e', `http://me:pass@${typablePoison}`]],
    [
      'the path of an endpoint',
      [...read, '-e', `http://127.0.0.1:1/${typablePoison.replace(/[\s?#\\]/g, '')}`],
    ],
    ['--timeout', [...read, '-t', typablePoison]],
    ['--output', [...read, '-o', typablePoison]],
    ['--output beside --json', [...read, '--json', '-o', typablePoison]],
    ['--color', [...read, `--color=${typablePoison}`]],
    ['--retries', [...read, '--retries', typablePoison]],
    ['--ci', [...read, '--ci', typablePoison]],
    ['--interval', [...read, '-w', '--interval', typablePoison]],
    ['--max-wait', [...read, '-w', '--max-wait', typablePoison]],
    ['--heartbeat', [...read, '-w', '--heartbeat', typablePoison]],
    ['--stall-after', [...read, '-w', '--stall-after', typablePoison]],
    ['--server-thumbprint', [...read, '-e', 'https://c.example', '--server-thumbprint', typablePoison]],
    ['--ca-file', [...read, '-e', 'https://c.example', '--ca-file', typablePoison]],
    ['--ca-file, in one line', [...read, '-e', 'https://c.example', '--ca-file', toOneLine(typablePoison)]],
    ['--cert-file', [...read, '-e', 'https://c.example', '--cert-file', typablePoison]],
    ['--pfx-file', [...read, '-e', 'https://c.example', '--pfx-file', `.${toOneLine(typablePoison)}`]],
    ['--token-file', [...read, '--token-file', toOneLine(typablePoison)]],
    ['--token-command', [...read, '--token-command', `"${typablePoison}"`]],
    ['a scenario', ['simulate', typablePoison]],
    ['a scenario of the demo', ['demo', typablePoison]],
    ['--port', ['simulate', '--port', typablePoison]],
    ['--speed', ['simulate', '--speed', typablePoison]],
    ['--name', ['simulate', '--name', typablePoison]],
    ['--domains', ['simulate', '--domains', typablePoison]],
    ['--nodes', ['simulate', '--nodes', typablePoison]],
  ])('does no harm as %s', async (_, argv) => {
    for (const [format, { lines }] of Object.entries(formats)) {
      const ended = await run(argv, { env: { SFCOMPOSE_OUTPUT: format } });
      expect(ended.exitCode).not.toBe(1);
      expect(ended.exitCode).not.toBe(0);
      expect(findHarm(ended, { lines: argv.includes('--json') ? lineStarts.json : lines })).toEqual([]);
    }
  });

  it('does no harm as the deployment and the expected version, found or not', async () => {
    const answerNotFound = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
    const answerNames = answer(JSON.stringify({ Items: [{ Name: allPoisons }] }));
    const answerFound = answer(
      toWire({ ...fullUpgrade, UpgradeState: 'RollingForwardCompleted', DeploymentName: typablePoison }),
    );
    for (const name of singleModes) {
      const { argv, columns, state: _, ...look }: OutputMode = outputModes[name];
      const options = { env: agentFiles, ...(columns === undefined ? {} : { columns }) };
      const isJudged = argv.some((word) => /^--(?:watch|exit-status)$/.test(word));
      const expected = isJudged ? ['--expect-version', typablePoison] : [];
      const { url } = await startGatewayWith({}, answerNotFound, answerNames, answerFound);
      for (const exitCode of [5, isJudged ? 9 : 0]) {
        const ended = await run(
          ['upgrade-progress', typablePoison, '-e', url, ...argv, ...expected],
          options,
        );
        // The title begins with the name, whose commands are broken up.
        const harm = findHarm(ended, { ...look, lines: new RegExp(`${look.lines.source}|^: :error::pwned`) });
        expect({ name, harm, exitCode: ended.exitCode }).toEqual({ name, harm: [], exitCode });
      }
    }
  });
});
