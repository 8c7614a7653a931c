/** `sfcompose upgrade-progress` without a watch: requests, formats, exit codes and errors. */
import { describe, expect, it } from 'vitest';
import {
  createNeverUpgraded,
  createShortUpgrade,
  createUpgrade,
  rollingBackUpgrade,
  runningUpgrade,
  toWire,
} from '../support/documents.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { createTestTime, run } from '../support/run.ts';
import {
  answer,
  answerError,
  answerWith,
  repeat,
  type Script,
  startGateway,
} from '../support/scripted-gateway.ts';

async function read(scripts: readonly Script[], ...argv: string[]) {
  const gateway = await startGateway(...scripts);
  return { ...(await run(['upgrade-progress', 'web', '-e', gateway.url, ...argv])), gateway };
}

describe('the request of a read', () => {
  it('is one GET with the headers of a client', async () => {
    const { gateway, exitCode } = await read([answerWith(runningUpgrade)], '-t', '4294967295');
    expect(exitCode).toBe(0);
    expect(gateway.requests).toHaveLength(1);
    const [request] = gateway.requests;
    expect(request?.method).toBe('GET');
    expect(request?.url).toBe(
      '/ComposeDeployments/web/$/GetUpgradeProgress?api-version=6.0-preview&timeout=4294967295',
    );
    expect(request?.headers).toMatchObject({
      'user-agent': expect.stringMatching(/^sfcompose\/\d+\.\d+\.\d+$/),
      'x-servicefabricrequestid': expect.stringMatching(/^[0-9a-f-]{36}$/),
      'x-servicefabricclienttype': 'sfcompose',
    });
  });

  it.each([
    ['a/b?x=1', 'a%2Fb%3Fx%3D1'],
    ['..', '%2E%2E'],
    ['.', '%2E'],
    ['ü', '%C3%BC'],
    ['#', '%23'],
    ['%2F', '%252F'],
  ])('has the name %s as one path segment', async (name, segment) => {
    const gateway = await startGateway(answerWith(runningUpgrade));
    await run(['upgrade-progress', '-e', `${gateway.url}/base/`, '--', name]);
    expect(gateway.requests[0]?.url).toBe(
      `/base/ComposeDeployments/${segment}/$/GetUpgradeProgress?api-version=6.0-preview&timeout=60`,
    );
  });

  it('has a new request ID each time', async () => {
    const { gateway } = await read([answerError(503, 'E_ABORT'), answerWith(runningUpgrade)]);
    const [first, second] = gateway.requests.map((request) => request.headers['x-servicefabricrequestid']);
    expect(first).not.toBe(second);
  });

  it('does not follow redirects', async () => {
    const { gateway, exitCode, stderr } = await read([
      answer('', 302, 'Found', { Location: 'http://evil.example/' }),
    ]);
    expect(gateway.requests).toHaveLength(1);
    expect(exitCode).toBe(6);
    expect(stderr).toContain('http://evil.example/');
  });
});

describe('the output of a read', () => {
  it('is a screen of 80 columns without color in a pipe', async () => {
    const { stdout, stderr } = await read([answerWith(runningUpgrade)]);
    expect(stderr).toBe('');
    expect(stdout).not.toContain('\x1b');
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBe(80);
    for (const text of [
      'web  v1 → v2',
      '● rolling forward   UD1',
      '4m 00s of 2h',
      '● UD1   _node_1 upgrading   _node_4 waiting',
      'Monitored · rolls back if unhealthy for 10m',
    ]) {
      expect(stdout).toContain(text);
    }
  });

  it.each([[30], [40], [60], [200]])('fits a terminal of %i columns', async (columns) => {
    const gateway = await startGateway(answerWith(rollingBackUpgrade));
    const { stdout } = await run(['upgrade-progress', 'web', '-e', gateway.url, '--no-color'], { columns });
    // Commands are not wrapped, so that they can be copied.
    const lines = stdout.split('\n').filter((line) => !/^ *(?:sfctl|Health tree: sfcompose) /.test(line));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  it("is the gateway's document, indented, in JSON", async () => {
    const json =
      '{"UpgradeState":"Later","Big":12345678901234567890,"Twice":1,"Twice":2,"a":"b\\/c","7":1.50}';
    const { stdout, exitCode } = await read([answer(json)], '--json');
    expect(exitCode).toBe(0);
    expect(stdout).toBe(
      '{\n  "UpgradeState": "Later",\n  "Big": 12345678901234567890,\n  "Twice": 1,\n  "Twice": 2,\n  "a": "b/c",\n  "7": 1.50\n}\n',
    );
  });

  it('is one line in the plain format', async () => {
    const { stdout } = await read([answerWith(runningUpgrade)], '-o', 'plain');
    expect(stdout).toBe(
      '2026-11-24T08:00:00Z web to v2: rolling forward, UD1 [RollingForwardInProgress]; ' +
        '1 node upgrading, 1 node waiting. _node_4 waits until another instance of partition ' +
        '5c1e0b7a-93d4-4f0e-8a26-1d7f6be2c940 is up.\n',
    );
  });

  it('is a progress record and an outcome record in ndjson', async () => {
    const { stdout, gateway } = await read([answerWith(rollingBackUpgrade)], '-o', 'ndjson', '--exit-status');
    const [progress, outcome, rest] = stdout.split('\n');
    expect(rest).toBe('');
    expect(JSON.parse(progress ?? '')).toEqual({
      type: 'progress',
      time: '2026-11-24T08:00:00.000Z',
      schema: 1,
      deployment: 'web',
      progress: rollingBackUpgrade,
      application: null,
      findings: [
        {
          code: 'unhealthy',
          severity: 'error',
          what: 'v2 failed its health check in UD1',
          where: [
            { kind: 'upgrade domain', name: 'UD1' },
            { kind: 'node', name: '_node_1' },
          ],
          evidence: [
            'On _node_1: The container exited with code 137.',
            'Exit code 137 (0x89): killed (SIGKILL), out of memory or not stopped in time.',
            'Reported by System.Hosting for CodePackageActivation:web:EntryPoint, since 2026-11-24 07:10:01 UTC.',
            'UD1: 2 of 2 nodes unhealthy, 1 tolerated (20%).',
          ],
          causes: [
            'On _node_1: The container exited with code 137. Exit code 137 (0x89): killed (SIGKILL), out of memory or not stopped in time.',
          ],
          next: [
            {
              what: 'Select this cluster in sfctl',
              command: `sfctl cluster select --endpoint ${gateway.url}`,
            },
            {
              what: 'Show the health of the application on _node_1',
              command: 'sfctl application deployed-health --application-id web --node-name _node_1',
            },
          ],
        },
      ],
    });
    expect(JSON.parse(outcome ?? '')).toEqual({
      type: 'outcome',
      time: '2026-11-24T08:00:00.000Z',
      schema: 1,
      outcome: 'in-progress',
      exitCode: 8,
      reason: 'web: rolling back',
      deployment: 'web',
      targetVersion: 'v1',
      elapsedSeconds: 0,
    });
  });

  it('has as many nodes as fit, counts the others, and leaves out long reasons', async () => {
    const nodes = Array.from({ length: 500 }, (_, index) => ({
      NodeName: `_node_${index}`,
      UpgradePhase: 'Upgrading',
    }));
    const long = toWire(
      createUpgrade({ CurrentUpgradeDomainProgress: { DomainName: 'UD0', NodeUpgradeProgressList: nodes } }),
    );
    const cut = await read([answer(long)]);
    expect(cut.stdout).toMatch(/ {2}● UD0 {3}_node_0 upgrading .* \+49\d {3,}1m 00s\n/);
    expect(cut.stdout.split('\n').length).toBeLessThanOrEqual(25);
  });

  it('makes text from the cluster harmless', async () => {
    const evil = createUpgrade({
      UpgradeStatusDetails: '\x1b[2J\x9b31m\u202e##vso[task.complete]\r\n::error::x',
    });
    for (const format of ['table', 'plain', 'json', 'ndjson']) {
      const { stdout } = await read([answerWith(evil)], '-o', format);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters must not occur
      expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
      expect(stdout).not.toContain('##vso[');
      if (format === 'json') expect(JSON.parse(stdout)).toEqual(evil);
    }
  });
});

interface NeverUpgraded {
  readonly status: string;
  readonly code: number;
  readonly text: string;
}

describe('a read with --exit-status', () => {
  it.each([
    ['RollingForwardCompleted', 0],
    ['RollingBackCompleted', 3],
    ['Failed', 4],
    ['RollingForwardInProgress', 8],
    ['RollingBackInProgress', 8],
    ['UnprovisioningCurrent', 8],
    ['SomethingNew', 8],
    [5, 0],
  ])('in state %s ends with %i', async (state, code) => {
    const body = toWire(createUpgrade({ UpgradeState: state }));
    expect((await read([answer(body)], '--exit-status')).exitCode).toBe(code);
    expect((await read([answer(body)])).exitCode).toBe(0);
  });

  it.each<NeverUpgraded>([
    { status: '{"ComposeDeploymentStatus":"Ready"}', code: 5, text: 'never upgraded' },
    {
      status: '{"ComposeDeploymentStatus":"Failed","StatusDetails":"no such image"}',
      code: 4,
      text: 'no such image',
    },
    { status: '{"Status":"Failed"}', code: 4, text: 'web could not be created' },
  ])(
    'of a deployment that was never upgraded depends on its status $status',
    async ({ status, code, text }) => {
      const { exitCode, stdout, gateway } = await read(
        [answerWith(createNeverUpgraded()), answer(status)],
        '--exit-status',
      );
      expect(exitCode).toBe(code);
      expect(stdout).toContain(text);
      expect(gateway.requests[1]?.url).toBe('/ComposeDeployments/web?api-version=6.0-preview&timeout=60');
    },
  );

  it('prints both possibilities when the status cannot be read', async () => {
    const { exitCode, stdout } = await read(
      [answerWith(createNeverUpgraded()), answerError(503, 'E_ABORT')],
      '--exit-status',
    );
    expect(exitCode).toBe(5);
    expect(stdout).toContain('never upgraded, or its creation failed');
  });
});

interface FabricErrorCase {
  readonly status: number;
  readonly code: string;
  readonly exitCode: number;
  readonly requests: number;
}

interface OddResponse {
  readonly name: string;
  readonly script: Script;
  readonly exitCode: number;
  readonly text: string;
}

describe('an error of a read', () => {
  it.each<FabricErrorCase>([
    // One more request lists the names on the cluster.
    { status: 404, code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND', exitCode: 5, requests: 2 },
    { status: 404, code: 'NotFound', exitCode: 6, requests: 1 },
    // The second request is without the preview of the API version.
    { status: 400, code: 'E_INVALIDARG', exitCode: 6, requests: 2 },
    { status: 413, code: 'FABRIC_E_VALUE_TOO_LARGE', exitCode: 6, requests: 1 },
    { status: 413, code: 'FABRIC_E_MESSAGE_TOO_LARGE', exitCode: 6, requests: 1 },
    { status: 403, code: 'E_ACCESSDENIED', exitCode: 7, requests: 1 },
    { status: 409, code: 'FABRIC_E_SOMETHING', exitCode: 6, requests: 1 },
    { status: 500, code: 'E_FAIL', exitCode: 6, requests: 2 },
    { status: 502, code: 'FABRIC_E_GATEWAY_NOT_REACHABLE', exitCode: 6, requests: 3 },
    { status: 503, code: 'E_ABORT', exitCode: 6, requests: 3 },
    { status: 504, code: 'FABRIC_E_TIMEOUT', exitCode: 6, requests: 3 },
  ])(
    'is explained for $status $code, with exit code $exitCode after $requests requests',
    async ({ status, code, exitCode, requests }) => {
      const table = await read(repeat(answerError(status, code, 'Null')));
      expect(table.exitCode).toBe(exitCode);
      expect(table.gateway.requests).toHaveLength(requests);
      expect(table.stdout).toBe('');
      for (const text of ['✗ ', 'Code ', 'Request ', code, String(status)])
        expect(table.stderr).toContain(text);
      expect(table.stderr).not.toContain('Null');
      const json = await read(repeat(answerError(status, code, 'Null')), '-o', 'json');
      expect(JSON.parse(json.stdout)).toEqual({ Error: { Code: code, Message: 'Null' } });
      expect(json.exitCode).toBe(exitCode);
    },
  );

  it.each<OddResponse>([
    {
      name: 'an empty 403',
      script: answer('', 403, 'Client certificate required'),
      exitCode: 7,
      text: 'No client certificate',
    },
    {
      name: 'Windows authentication',
      script: answer('', 401, 'Unauthorized', { 'WWW-Authenticate': 'Negotiate' }),
      exitCode: 7,
      text: 'Windows',
    },
    {
      name: 'a web page',
      script: answer('<html>', 200, 'OK', { 'Content-Type': 'text/html' }),
      exitCode: 6,
      text: 'a web page',
    },
    {
      name: 'an HTML 404',
      script: answer('<html>', 404, 'Not Found', { 'Content-Type': 'text/html' }),
      exitCode: 6,
      text: 'a web page',
    },
    { name: 'an empty 200', script: answer(''), exitCode: 6, text: 'an empty response' },
    { name: 'an array', script: answer('[]'), exitCode: 6, text: 'not a Service Fabric response' },
    { name: 'a string', script: answer('"x"'), exitCode: 6, text: 'not a Service Fabric response' },
    {
      name: 'an Error in a 200',
      script: answer('{"Error":{"Code":"E_FAIL","Message":"x"}}'),
      exitCode: 6,
      text: 'E_FAIL',
    },
    {
      name: 'half a document',
      script: answer('{"UpgradeState":"Fai'),
      exitCode: 6,
      text: 'not a Service Fabric response',
    },
    {
      name: 'a reset',
      script: (response) => response.destroy(),
      exitCode: 6,
      text: 'Connection closed before the response was complete',
    },
    {
      name: 'a body that ends early',
      script: (response) => {
        response.writeHead(200, { 'Content-Length': 1000 });
        response.write('{"Upg', () => response.destroy());
      },
      exitCode: 6,
      text: 'Connection closed before the response was complete',
    },
  ])('is explained for $name', async ({ script, exitCode, text }) => {
    const { gateway: _g, ...result } = await read(repeat(script));
    expect(result.exitCode).toBe(exitCode);
    expect(unfoldTable(result.stderr)).toContain(text);
    expect(result.stdout).toBe('');
  });

  it('occurs after the timeout and a grace period if the server is silent', async () => {
    const time = createTestTime();
    let early = true;
    const gateway = await startGateway(() => {
      time.pass(11_999);
      early = false;
      time.pass(1);
    });
    const argv = ['upgrade-progress', 'web', '-e', gateway.url, '-t', '7', '--retries', '0'];
    const result = await run(argv, { time });
    expect(early).toBe(false);
    expect(result.exitCode).toBe(6);
    expect(unfoldTable(result.stderr)).toContain('A gateway that is up reports a timeout of its own');
  });

  it('is explained if nothing listens', async () => {
    const result = await run(['upgrade-progress', 'web', '-e', 'http://127.0.0.1:1']);
    expect(result.exitCode).toBe(6);
    expect(result.stderr).toContain('refused');
    expect(result.stderr).toContain('(3 attempts)');
    expect(result.stderr).toContain('sfcompose demo');
  });

  it('is explained if the port does not speak TLS', async () => {
    const gateway = await startGateway();
    const { stderr, exitCode } = await run([
      'upgrade-progress',
      'web',
      '-e',
      gateway.url.replace('http', 'https'),
    ]);
    expect(exitCode).toBe(6);
    expect(stderr).toContain('The server does not use TLS');
  });

  it('is followed by retries with full jitter, or after Retry-After', async () => {
    const { sleeps, exitCode } = await read([
      answerError(503, 'E_ABORT'),
      answer('', 503, 'Busy', { 'Retry-After': '3' }),
      answerWith(runningUpgrade),
    ]);
    expect(exitCode).toBe(0);
    expect(sleeps).toEqual([250, 3000]);
  });

  it('is a document in JSON after Ctrl-C', async () => {
    const interrupt = new AbortController();
    const gateway = await startGateway(() => interrupt.abort('SIGINT'));
    const { exitCode, stdout } = await run(['upgrade-progress', 'web', '-e', gateway.url, '-o', 'json'], {
      interrupt: interrupt.signal,
    });
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_INTERRUPTED');
  });
});

describe('bad input', () => {
  it.each([
    [['--timeout', '0'], 'Invalid --timeout "0"'],
    [['--timeout', '4294967296'], 'Invalid --timeout "4294967296"'],
    [['--timeout', '1e3'], 'Invalid --timeout "1e3"'],
    [['-o', 'yaml'], 'Invalid --output "yaml"'],
    [['--retries', '-1'], 'Invalid --retries "-1"'],
    [['--color', 'blue'], 'Invalid --color "blue"'],
    [['-e', 'ftp://x'], 'Invalid --endpoint "ftp://x"'],
    [['-e', 'http://user:secret@host'], 'Invalid --endpoint "http://***@host"'],
    [['-e', 'http://h:99999'], 'Invalid --endpoint'],
    [['--json', '-o', 'table'], 'contradict'],
    [['-q', '-v'], '--quiet and --verbose contradict'],
    [['--watsh'], 'Unknown option --watsh. Did you mean --watch?'],
    [[''], 'Empty <deployment>'],
  ])('is refused in one line before any request: %j', async (argv, said) => {
    const { exitCode, stdout, stderr } = await run(['upgrade-progress', 'web', ...argv]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('secret');
    expect(stderr.split('\n')).toHaveLength(2);
    expect(stdout === '' || JSON.parse(stdout).Error.Code === 'SFCOMPOSE_E_USAGE').toBe(true);
  });

  it('is reported with the name of the environment variable', async () => {
    const { exitCode, stderr } = await run(['upgrade-progress', 'web'], {
      env: { SFCOMPOSE_TIMEOUT: 'soon' },
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Invalid SFCOMPOSE_TIMEOUT "soon"');
  });

  it.each([{ argv: ['upgrade-progress', ''] }, { argv: ['upgrade-progress'] }, { argv: ['nonsense'] }])(
    'is refused: $argv',
    async ({ argv }) => {
      expect((await run(argv)).exitCode).toBe(2);
    },
  );

  it('is an error document in JSON', async () => {
    const { stdout, exitCode } = await run(['upgrade-progress', 'web', '--nope', '-o', 'json']);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toEqual({
      Error: {
        Code: 'SFCOMPOSE_E_USAGE',
        Message: 'Unknown option --nope. See sfcompose upgrade-progress --help.',
      },
    });
  });
});

interface ColorCase {
  readonly env: Readonly<Record<string, string>>;
  readonly argv: readonly string[];
  readonly isColored: boolean;
}

describe('a table on a terminal', () => {
  it.each<ColorCase>([
    { env: {}, argv: [], isColored: true },
    { env: { NO_COLOR: '1' }, argv: [], isColored: false },
    { env: { NO_COLOR: '1', FORCE_COLOR: '1' }, argv: [], isColored: false },
    { env: { TERM: 'dumb' }, argv: [], isColored: false },
    { env: {}, argv: ['--no-color'], isColored: false },
    { env: { NO_COLOR: '1' }, argv: ['--color', 'always'], isColored: true },
  ])('is colored with $env and $argv: $isColored', async ({ env, argv, isColored }) => {
    const gateway = await startGateway(answerWith(runningUpgrade));
    const { stdout } = await run(['upgrade-progress', 'web', '-e', gateway.url, ...argv], {
      env,
      columns: 80,
    });
    expect(stdout.includes('\x1b[')).toBe(isColored);
  });
});

it('help and version are printed on stdout', async () => {
  for (const argv of [[], ['--help'], ['upgrade-progress', '--help'], ['list', '--help']]) {
    const { stdout, stderr, exitCode } = await run(argv);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toContain('Usage: sfcompose');
  }
  expect((await run(['--version'])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

it('a screen of the short form leaves out what does not apply', async () => {
  const { stdout } = await read([answerWith(createShortUpgrade())]);
  expect(stdout).toContain('● provisioning v2');
  for (const label of ['Monitored', 'started', 'UD', 'Health', '0001']) expect(stdout).not.toContain(label);
});

describe('a wrong command line', () => {
  const wrong = [
    ['upgrade-progress', 'web', '--interval', '--json'],
    ['upgrade-progress', '-e', '--json', 'web'],
    ['upgrade-progress', '--nosuch', 'web', '-qo', 'json'],
    ['upgrade-progress', 'web', '-o', 'plain', '--output=json', '--nosuch'],
    ['list', '--retries', '-o', 'json'],
    ['frobnicate', '-wo', 'json'],
    ['--json'],
  ].map((argv) => ({ line: argv.join(' '), argv }));

  it.each(wrong)('is reported as JSON if that was requested: $line', async ({ argv }) => {
    const { exitCode, stdout } = await run(argv);
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_USAGE');
  });

  it('is reported without JSON if another format came last', async () => {
    const { exitCode, stdout } = await run(['upgrade-progress', 'web', '--json', '-o', 'plain']);
    expect([exitCode, stdout]).toEqual([2, '']);
  });
});

describe('--timeout', () => {
  it.each([
    ['90', 90],
    ['90s', 90],
    ['2m', 120],
    ['1h30m', 5400],
    ['2000ms', 2],
    ['4294967295', 4294967295],
  ])('sends %s in whole seconds', async (timeout, seconds) => {
    const { gateway, exitCode } = await read([answerWith(runningUpgrade)], '--timeout', timeout);
    expect(exitCode).toBe(0);
    expect(gateway.requests[0]?.url).toMatch(new RegExp(`&timeout=${seconds}$`));
  });

  it.each(['0', '0s', '500ms', '1500ms', '4294967296', '1193047h', '-1', '1.5m', ''])(
    'refuses %j',
    async (timeout) => {
      const { exitCode, stderr } = await run(['status', 'web', '--timeout', timeout]);
      expect([exitCode, stderr]).toEqual([2, expect.stringContaining(`Invalid --timeout "${timeout}"`)]);
    },
  );
});

it('status is the same command', async () => {
  const { url } = await startGateway(answerWith(runningUpgrade), answerWith(runningUpgrade));
  const argv = ['web', '-e', url, '--no-domains', '-o', 'plain'];
  expect(await run(['status', ...argv])).toEqual(await run(['upgrade-progress', ...argv]));
});
