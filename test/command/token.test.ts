/** Bearer tokens: their sources, their renewal, and the errors about them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProgramError } from '../../src/platform/host.ts';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { createTestTime, type RunOptions, run } from '../support/run.ts';
import {
  answer,
  answerError,
  answerWith,
  repeat,
  type Script,
  startGateway,
} from '../support/scripted-gateway.ts';

const tenant = '11111111-2222-3333-4444-555555555555';
const cluster = '66666666-7777-8888-9999-000000000000';
const entra = answer(JSON.stringify({ type: 'aad', metadata: { tenant, cluster, client: 'x', login: 'y' } }));
const entraOff = answer('{"type":"","metadata":{}}');
const answerRefused = answer('', 403, 'Client certificate required');

/** Creates a token. @param minutes from the start of the test's clock to the token's expiry */
function createJwt(minutes: number, claims: Readonly<Record<string, unknown>> = {}): string {
  const exp = Date.parse('2026-11-24T08:00:00Z') / 1000 + minutes * 60;
  const parts = [{ alg: 'none' }, { exp, aud: cluster, ...claims }, minutes];
  return parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}

async function read(scripts: readonly Script[], options: RunOptions, ...argv: string[]) {
  const gateway = await startGateway(...scripts);
  const result = await run(['upgrade-progress', 'web', '-e', gateway.url, ...argv], options);
  return { ...result, sent: gateway.requests.map(({ headers }) => headers.authorization) };
}

interface BadToken {
  readonly name: string;
  readonly options: RunOptions;
  readonly argv: readonly string[];
  readonly message: string;
}

describe('a bearer token', () => {
  const plain = createJwt(60);

  it.each([
    ['alone', plain],
    ['with line ends', `\ufeff${plain}\r\n`],
    ['after the word Bearer', `Bearer ${plain}`],
    ['in quotes', `"${plain}"`],
    ['in the JSON of az', JSON.stringify({ accessToken: plain, tokenType: 'Bearer' })],
    ['in the JSON of an OAuth server', JSON.stringify({ access_token: plain, expires_in: 3599 })],
  ])('is read %s from the environment, a file and a command', async (_, text) => {
    const folder = createFolder({ token: text });
    const ways: [RunOptions, ...string[]][] = [
      [{ env: { SFCOMPOSE_TOKEN: text } }],
      [{}, '--token-file', join(folder, 'token')],
      [{ run: async () => text }, '--token-command', 'az account get-access-token'],
    ];
    for (const [options, ...argv] of ways) {
      const { exitCode, sent } = await read([answerWith(runningUpgrade)], options, ...argv);
      expect(exitCode).toBe(0);
      expect(sent).toEqual([`Bearer ${plain}`]);
    }
  });

  it('is read from a file in UTF-16, as Windows PowerShell writes it', async () => {
    const folder = createFolder({ token: Buffer.from(`\ufeff${plain}\r\n`, 'utf16le') });
    const argv = ['--token-file', join(folder, 'token')];
    expect((await read([answerWith(runningUpgrade)], {}, ...argv)).sent).toEqual([`Bearer ${plain}`]);
  });

  it.each<BadToken>([
    { name: 'an empty file', options: {}, argv: ['--token-file', 'EMPTY'], message: 'contains no token' },
    { name: 'a missing file', options: {}, argv: ['--token-file', 'GONE'], message: 'no such file' },
    {
      name: 'a variable of several words',
      options: { env: { SFCOMPOSE_TOKEN: 'SECRET is this' } },
      argv: [],
      message: 'SFCOMPOSE_TOKEN contains no token',
    },
    {
      name: 'a variable with a line end',
      options: { env: { SFCOMPOSE_TOKEN: 'SECRET\r\nX-Evil: 1' } },
      argv: [],
      message: 'contains no token',
    },
    {
      name: 'an empty command',
      options: {},
      argv: ['--token-command', ' '],
      message: '--token-command must be a program',
    },
    {
      name: 'a command with shell syntax',
      options: {},
      argv: ['--token-command', 'X=SECRET az'],
      message: 'No shell runs, so variables cannot be set',
    },
    {
      name: 'a token instead of a path',
      options: {},
      argv: ['--token-file', `eyJSECRET${plain}`],
      message:
        '--token-file cannot be read: no such file. The value must be a path. sfcompose does not show the value',
    },
    {
      name: 'a missing command',
      options: {},
      argv: ['--token-command', 'gone SECRETS'],
      message: 'program not found',
    },
    {
      name: 'a command that prints something else',
      options: { run: async () => 'SECRET hello' },
      argv: ['--token-command', 'echo SECRET'],
      message: '--token-command (echo) printed no token',
    },
    {
      name: 'a command that fails',
      options: {
        run: async () => {
          throw new ProgramError(
            'exit code 1',
            "warning\nERROR: SECRETS? eyJSECRET.x.y Please run 'az login'.\n",
          );
        },
      },
      argv: ['--token-command', 'az --password SECRETS --x=SECRETS'],
      message: "--token-command (az) failed: exit code 1: ERROR: ***? *** Please run 'az login'.",
    },
    {
      name: 'a token instead of a command',
      options: {},
      argv: ['--token-command', `SECRET${'x'.repeat(60)}`],
      message: '--token-command (...) ',
    },
    {
      name: 'a long token instead of a path',
      options: {},
      argv: ['--token-file', `SECRET${'x'.repeat(300)}`],
      message: '(which seems to be the content of a file, not its path)',
    },
    {
      name: 'two sources',
      options: {},
      argv: ['--token-file', 'EMPTY', '--token-command', 'x'],
      message: 'cannot be combined',
    },
  ])('from $name is refused before any request', async ({ options, argv, message }) => {
    const folder = createFolder({ EMPTY: '' });
    const paths = argv.map((word) => (/^(EMPTY|GONE)$/.test(word) ? join(folder, word) : word));
    const { exitCode, stdout, stderr, sent } = await read([], options, ...paths);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout + stderr).not.toContain('SECRET');
    expect(sent).toEqual([]);
    expect(exitCode).toBe(2);
  });

  it('is never sent without TLS to another host', async () => {
    const env = { SFCOMPOSE_TOKEN: plain };
    const { exitCode, stderr } = await run(['upgrade-progress', 'web', '-e', 'http://cluster.example'], {
      env,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('SFCOMPOSE_TOKEN would be sent to http://cluster.example:19080 in clear text');
  });

  it("is not printed as part of the server's text", async () => {
    const body = JSON.stringify({ Error: { Code: 'E_ECHO', Message: `you sent Bearer ${plain}` } });
    for (const format of ['table', 'json', 'ndjson']) {
      const env = { SFCOMPOSE_TOKEN: plain };
      const echo = answer(body, 418, `no ${plain}`, { Location: plain, 'WWW-Authenticate': plain });
      const { stdout, stderr } = await read([echo], { env }, '-o', format, '-v');
      expect(stdout + stderr).toContain('you sent');
      expect(stdout + stderr).not.toContain(plain.slice(0, 20));
    }
  });
});

describe('a watch that outlives its token', () => {
  it('reads the file again', async () => {
    const folder = createFolder({ token: createJwt(1) });
    const path = join(folder, 'token');
    const renewing: Script = (response, request) => {
      writeFileSync(path, createJwt(120));
      answerWith(runningUpgrade)(response, request);
    };
    const { sent } = await read(
      [renewing, ...repeat(answerWith(runningUpgrade))],
      {},
      ...['--watch', '--interval', '30s', '--max-wait', '70s', '--token-file', path],
    );
    expect(sent).toEqual([1, 120, 120].map((minutes) => `Bearer ${createJwt(minutes)}`));
  });

  it('uses the last token until it expires if there is no new one', async () => {
    const folder = createFolder({ token: createJwt(60) });
    const path = join(folder, 'token');
    const emptying: Script = (response, request) => {
      writeFileSync(path, '');
      answerWith(runningUpgrade)(response, request);
    };
    const { sent, stderr, exitCode } = await read(
      [emptying, ...repeat(answerWith(runningUpgrade))],
      {},
      ...['--watch', '--interval', '30s', '--max-wait', '40s', '--token-file', path, '-v'],
    );
    expect(exitCode).toBe(124);
    expect(sent).toEqual([`Bearer ${createJwt(60)}`, `Bearer ${createJwt(60)}`]);
    expect(stderr).toContain('Using the last token, valid for 59m.');
  });

  it('runs the command again two minutes before the expiry', async () => {
    const tokens = [createJwt(4), createJwt(60)];
    const commands: string[] = [];
    const { sent } = await read(
      repeat(answerWith(runningUpgrade)),
      {
        run: async (program, args) => {
          commands.push([program, ...args].join('|'));
          return tokens[commands.length - 1] ?? '';
        },
      },
      ...['--watch', '--interval', '1m', '--max-wait', '210s'],
      ...['--token-command', `az account get-access-token --resource "the cluster"`],
    );
    expect(commands).toEqual(Array(2).fill('az|account|get-access-token|--resource|the cluster'));
    expect(sent).toEqual([4, 4, 60, 60].map((minutes) => `Bearer ${createJwt(minutes)}`));
  });

  it('ends with 7 and the cause if the token expires without a new one', async () => {
    let runs = 0;
    const { exitCode, stderr } = await read(
      repeat(answerWith(runningUpgrade)),
      {
        run: async () => {
          if (runs++ === 0) return createJwt(1);
          throw new ProgramError('exit code 1', "Please run 'az login'");
        },
      },
      ...['--watch', '--interval', '2m', '--retries', '1', '--token-command', 'az', '-o', 'plain'],
    );
    expect(runs).toBe(3);
    expect(exitCode).toBe(7);
    expect(stderr).toContain("--token-command (az) failed: exit code 1: Please run 'az login'");
  });
});

interface RefusedToken {
  readonly name: string;
  readonly token: string;
  readonly metadata: Script;
  readonly texts: readonly string[];
  /** Texts that are not printed. */
  readonly absent: readonly string[];
}

describe('a refused token', () => {
  it('is replaced once if the command prints another one', async () => {
    const tokens = ['revoked', 'fresh'];
    const { exitCode, sent } = await read(
      [answerRefused, answerWith(runningUpgrade)],
      { run: async () => tokens.shift() ?? '' },
      '--token-command',
      'az',
    );
    expect(exitCode).toBe(0);
    expect(sent).toEqual(['Bearer revoked', 'Bearer fresh']);
  });

  it.each<RefusedToken>([
    {
      name: 'if it has expired',
      token: createJwt(-5),
      metadata: entra,
      texts: ['expired at 2026-11-24T07:55:00Z', tenant],
      absent: ['without a role'],
    },
    {
      name: 'if it has another audience',
      token: createJwt(60, { aud: 'api://other' }),
      metadata: entra,
      texts: ['is for api://other', cluster],
      absent: ['expired'],
    },
    {
      name: 'if it is valid',
      token: createJwt(60),
      metadata: entra,
      texts: ['a user without a role', `The token is for ${cluster}, without a role, valid until`],
      absent: ['expired', 'a different cluster'],
    },
    {
      name: 'if it has a role and a user',
      token: createJwt(60, { upn: 'ops@contoso.example', appid: 'tool', roles: ['Auditor'] }),
      metadata: entra,
      texts: [
        'may have a role that the cluster does not know',
        `The token is for ${cluster}, of ops@contoso.example, with the role Auditor, valid until 2026-11-24T09:00:00Z.`,
      ],
      absent: ['without a role'],
    },
    {
      name: 'if an application signed in',
      token: createJwt(60, { appid: 'b7e2', roles: 'Admin' }),
      metadata: entra,
      texts: ['of b7e2, with the role Admin'],
      absent: [],
    },
    {
      name: 'if it is opaque',
      token: 'opaque',
      metadata: entra,
      texts: ['expired or damaged', 'a different cluster'],
      absent: ['The token is'],
    },
    {
      name: 'on a cluster without Entra ID',
      token: createJwt(60),
      metadata: entraOff,
      texts: ['No client certificate', 'does not use Microsoft Entra'],
      absent: ['SFCOMPOSE_TOKEN', 'az account'],
    },
    {
      name: 'on a cluster without metadata',
      token: createJwt(60),
      metadata: answerError(500, 'E_FAIL'),
      texts: ['a user without a role'],
      absent: ['az account'],
    },
  ])('is explained $name', async ({ token, metadata, texts, absent }) => {
    const env = { SFCOMPOSE_TOKEN: token };
    const { exitCode, stderr, sent } = await read([answerRefused, metadata], { env }, '-o', 'json');
    expect(exitCode).toBe(7);
    for (const text of texts) expect(stderr).toContain(text);
    for (const text of absent) expect(stderr).not.toContain(text);
    // The metadata are read without a token.
    expect(sent).toEqual([`Bearer ${token}`, undefined]);
  });

  it('is described where the cluster knows its user, who has no role', async () => {
    const env = { SFCOMPOSE_TOKEN: createJwt(60, { preferred_username: 'ops@contoso.example' }) };
    const { exitCode, stderr, sent } = await read(
      [answerError(403, 'E_ACCESSDENIED')],
      { env },
      '-o',
      'plain',
    );
    expect(exitCode).toBe(7);
    expect(stderr).toContain(
      `The token is for ${cluster}, of ops@contoso.example, without a role, valid until`,
    );
    expect(stderr).not.toContain(env.SFCOMPOSE_TOKEN);
    expect(sent).toHaveLength(1);
  });

  it('is explained with the command for a token if it is missing', async () => {
    const { exitCode, stderr } = await read([answerRefused, entra], {}, '-o', 'json');
    expect(exitCode).toBe(7);
    expect(stderr).toContain('No token was sent.');
    expect(stderr).toContain(
      `az account get-access-token --tenant ${tenant} --resource ${cluster} --query accessToken -o tsv`,
    );
  });

  it('is explained with quotes or placeholders for names that a shell could misread', async () => {
    const metadata = JSON.stringify({
      type: 'aad',
      metadata: { tenant: 'x"; rm -rf ~', cluster: '$(reboot now)' },
    });
    const { stderr } = await read([answerRefused, answer(metadata)], {}, '-o', 'json');
    expect(stderr).toContain(`--tenant <name> --resource '$(reboot now)' `);
  });

  it('is explained within seconds if the metadata do not arrive', async () => {
    const time = createTestTime();
    const { exitCode } = await read([answerRefused, () => time.pass(5000)], { time }, '-o', 'json');
    expect(exitCode).toBe(7);
  });

  it('is not explained after Ctrl-C', async () => {
    const interrupt = new AbortController();
    const pressing: Script = () => interrupt.abort('SIGINT');
    const { exitCode } = await read([answerRefused, pressing], { interrupt: interrupt.signal });
    expect(exitCode).toBe(130);
  });
});

it('the command for a token may take a minute', async () => {
  const time = createTestTime();
  let isEnded = false;
  const { exitCode, sent } = await read(
    [],
    {
      time,
      run: (_, __, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            isEnded = true;
            reject(new ProgramError('timed out', ''));
          });
          time.pass(59_999);
          expect(isEnded).toBe(false);
          time.pass(1);
        }),
    },
    '--token-command',
    'az',
  );
  expect(isEnded).toBe(true);
  expect(exitCode).toBe(2);
  expect(sent).toEqual([]);
});
