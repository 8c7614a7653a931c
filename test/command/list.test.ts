/** `sfcompose list`: the deployments of all pages, with their upgrades in progress. */
import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { createApplication, createNeverUpgraded, runningUpgrade } from '../support/documents.ts';
import { parseRecords, unfoldTable } from '../support/printed-output.ts';
import { createTestTime, type RunOptions, run } from '../support/run.ts';
import {
  answer,
  answerError,
  answerWith,
  repeat,
  type Script,
  startGateway,
  startGatewayWith,
} from '../support/scripted-gateway.ts';
import { startSimulatedCluster } from '../support/simulated-cluster.ts';

const createItem = (name: string, status = 'Ready', more: object = {}) => ({
  DeploymentName: name,
  ApplicationName: `fabric:/${name}`,
  ComposeDeploymentStatus: status,
  ...more,
});

const answerPage = (items: readonly unknown[], token = ''): Script =>
  answerWith({ ContinuationToken: token, Items: items });

const answerBusy = answerError(503, 'E_ABORT');

async function list(scripts: readonly Script[], argv: readonly string[] = [], options: RunOptions = {}) {
  const gateway = await startGateway(...scripts);
  const result = await run(['list', '-e', gateway.url, ...argv], options);
  return { ...result, urls: gateway.requests.map(({ url }) => url) };
}

const first = '/ComposeDeployments?api-version=6.0-preview&timeout=60';

function parseName({ url = '' }: IncomingMessage): string | undefined {
  return url.split('/')[2];
}

function countWide(line: string): number {
  return line.match(/店/g)?.length ?? 0;
}

interface Refusal {
  readonly script: Script;
  readonly code: number;
  readonly text: string;
}

describe('sfcompose list', () => {
  it('prints the deployments of all pages', async () => {
    const scripts = [
      answerPage([createItem('api'), createItem('my app')], 'my app'),
      answerPage([createItem('web', 'Creating')]),
    ];
    const { exitCode, stdout, stderr, urls } = await list(scripts, ['-o', 'plain']);
    expect(stdout).toBe(
      [
        '2026-11-24T08:00:00Z api (fabric:/api): ready',
        '2026-11-24T08:00:00Z my app (fabric:/my app): ready',
        '2026-11-24T08:00:00Z web (fabric:/web): being created',
        '',
      ].join('\n'),
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    expect(urls).toEqual([first, `${first}&ContinuationToken=my%20app`]);
  });

  it.each([
    ['shop-2._~', 'shop-2._~'],
    ["a/b:c@d!$'()*+,;?", "a/b:c@d!$'()*+,;?"],
    // Gateways on Windows store names in this form.
    ['my%20app', 'my%20app'],
    ['50%', '50%25'],
    ['a&b=c#d', 'a%26b%3Dc%23d'],
    ['ü😀', '%C3%BC%F0%9F%98%80'],
    ['\ud83d', '%EF%BF%BD'],
  ])('sends the continuation token %j as %s, because the gateway decodes nothing', async (token, sent) => {
    const { exitCode, urls } = await list([answerPage([], token), answerPage([])]);
    expect(urls[1]).toBe(`${first}&ContinuationToken=${sent}`);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['Provisioning', 'being created, provisioning'],
    ['Deleting', 'being removed'],
    ['Failed', 'creation failed; no such image'],
    [6, 'creation failed; no such image'],
    ['Resting', 'Resting; no such image'],
    ['constructor', 'constructor; no such image'],
    [undefined, 'status not reported'],
  ])('describes the status %s as "%s"', async (status, words) => {
    const one = createItem('web', undefined, {
      ComposeDeploymentStatus: status,
      StatusDetails: 'no such image',
    });
    const { stdout } = await list([answerPage([one])], ['-o', 'plain']);
    expect(stdout).toContain(`web (fabric:/web): ${words}`);
  });

  it.each(['plain', 'table'])(
    'does not repeat the state of an upgrade as the details of its deployment: %s',
    async (format) => {
      const details = 'Upgrading from v1 to v2, says the deployment.';
      const page = answerPage([createItem('web', 'Upgrading', { StatusDetails: details })]);
      const read = await list([page, answerWith(runningUpgrade)], ['-o', format]);
      expect(read.stdout).toContain('UD1');
      expect(read.stdout).not.toContain(details);
      const unread = await list([page, answerError(400, 'E_INVALIDARG')], ['-o', format]);
      expect(unread.stdout.replace(/\s+/g, ' ')).toContain(details);
    },
  );

  describe('an upgrade in progress', () => {
    const domains = [
      { Name: 'UD1', State: 'InProgress' },
      { Name: 'UD2', State: 'Pending' },
      { Name: 'UD0', State: 'Completed' },
    ];
    const application = createApplication({
      UpgradeState: 'RollingForwardInProgress',
      UpgradeDomains: domains,
    });
    const scripts = [
      answerPage([createItem('api'), createItem('web', 'Upgrading')]),
      answerWith(runningUpgrade),
    ];
    const beside = { application: answerWith(application) };

    async function listUpgrades(...argv: string[]) {
      const gateway = await startGatewayWith(beside, ...scripts);
      const result = await run(['list', '-e', gateway.url, ...argv]);
      return { ...result, relatedReads: gateway.relatedReads, requests: gateway.requests };
    }

    it('is printed with its upgrade domain', async () => {
      const { stdout, stderr, requests, relatedReads } = await listUpgrades();
      expect(stdout.replace(/ +/g, ' ')).toContain(
        '● web v1 → v2 ██████▓▓▓▓▓▓░░░░░░ UD1 2/3 rolling forward 4m 00s',
      );
      expect(stderr).toBe('');
      expect(requests.map(({ url }) => url)).toEqual([
        first,
        '/ComposeDeployments/web/$/GetUpgradeProgress?api-version=6.0-preview&timeout=60',
      ]);
      // A list needs no names of services.
      expect(relatedReads.map(({ url }) => url)).toEqual([
        '/Applications/web/$/GetUpgradeProgress?api-version=6.0&timeout=2',
      ]);
    });

    it("is a member beside the gateway's own ones in JSON", async () => {
      const { stdout, relatedReads } = await listUpgrades('-o', 'json');
      expect(JSON.parse(stdout)).toEqual({
        Items: [createItem('api'), { ...createItem('web', 'Upgrading'), UpgradeProgress: runningUpgrade }],
      });
      expect(relatedReads).toEqual([]);
    });

    it("is part of its deployment's record in ndjson, before the outcome", async () => {
      const { stdout } = await listUpgrades('-o', 'ndjson');
      const same = { type: 'deployment', time: '2026-11-24T08:00:00.000Z', schema: 1 };
      expect(parseRecords(stdout)).toEqual([
        { ...same, deployment: createItem('api'), progress: null, application: null },
        { ...same, deployment: createItem('web', 'Upgrading'), progress: runningUpgrade, application },
        {
          ...same,
          type: 'outcome',
          outcome: 'completed',
          exitCode: 0,
          deployment: null,
          targetVersion: null,
          elapsedSeconds: 0,
          reason: '2 deployments',
        },
      ]);
    });

    it('may only be beginning', async () => {
      const scripts = [answerPage([createItem('web', 'Upgrading')]), answerWith(createNeverUpgraded())];
      expect((await list(scripts, ['-o', 'plain'])).stdout).toContain('upgrading; starting an upgrade');
    });

    it('is reported, and fails nothing, when it cannot be read', async () => {
      const failing = [answerPage([createItem('web', 'Upgrading')]), ...repeat(answerBusy)];
      const reason = 'could not be read: The cluster is temporarily unavailable (3 attempts).';
      const plain = await list(failing, ['-o', 'plain']);
      expect(plain.stdout).toContain(`upgrading; its upgrade ${reason}\n`);
      expect(plain.stderr).toBe('');
      expect(plain.sleeps).toHaveLength(2);
      const json = await list(failing, ['-o', 'json']);
      expect(JSON.parse(json.stdout)).toEqual({ Items: [createItem('web', 'Upgrading')] });
      expect(json.stderr).toBe(`sfcompose: The upgrade of "web" ${reason}\n`);
      const quiet = await list(failing, ['-o', 'ndjson', '-q', '--retries', '0']);
      expect(parseRecords(quiet.stdout)[0]).toMatchObject({ type: 'deployment', progress: null });
      expect(quiet.stderr).toBe('');
      for (const { exitCode } of [plain, json, quiet]) expect(exitCode).toBe(0);
    });

    it('is read in parallel with up to four others', async () => {
      const names = Array.from({ length: 12 }, (_, index) => `web-${index}`);
      let remaining = names.length;
      const open: (() => void)[] = [];
      const most: number[] = [];
      const answerAll = () => {
        remaining -= open.length;
        for (const answerNow of open.splice(0)) answerNow();
      };
      const answerInFives: Script = (response, request) => {
        open.push(() =>
          answerWith({ ...runningUpgrade, DeploymentName: parseName(request) })(response, request),
        );
        most.push(open.length);
        // Holds responses until five requests are open, and leaves time for a sixth.
        if (open.length === Math.min(5, remaining)) setTimeout(answerAll, 5);
      };
      const all = answerPage(names.map((name) => createItem(name, 'Upgrading')));
      const { stdout } = await list([all, ...repeat(answerInFives)], ['-o', 'json']);
      expect(Math.max(...most)).toBe(5);
      const { Items } = JSON.parse(stdout);
      expect(Items.map((one: { UpgradeProgress: object }) => one.UpgradeProgress)).toMatchObject(
        names.map((name) => ({ DeploymentName: name })),
      );
    });
  });

  describe('a page of the list', () => {
    it('is read again after a failure', async () => {
      const { exitCode, stdout, urls } = await list(
        [answerPage([createItem('api')], 'api'), answerBusy, answerBusy, answerPage([createItem('web')])],
        ['-o', 'plain'],
      );
      expect(stdout.split('\n')).toHaveLength(3);
      expect(urls.slice(1)).toEqual(Array(3).fill(`${first}&ContinuationToken=api`));
      expect(exitCode).toBe(0);
    });

    it('fails the whole list when it fails for good', async () => {
      const scripts = [answerPage([createItem('api')], 'api'), ...repeat(answerBusy)];
      const table = await list(scripts);
      expect(table.stdout).toBe('');
      expect(table.stderr).toContain('The cluster is temporarily unavailable (3 attempts).');
      const json = await list(scripts, ['--json']);
      expect(JSON.parse(json.stdout)).toEqual({ Error: { Code: 'E_ABORT', Message: 'said the server' } });
      const ndjson = await list(scripts, ['-o', 'ndjson']);
      expect(parseRecords(ndjson.stdout)).toMatchObject([
        { type: 'outcome', outcome: 'unreachable', exitCode: 6 },
      ]);
      for (const { exitCode } of [table, json, ndjson]) expect(exitCode).toBe(6);
    });

    it.each<[string, readonly Script[]]>([
      [
        'that repeats the last one',
        [answerPage([createItem('api')], 'api'), answerPage([createItem('api')], 'api')],
      ],
      ['that leads back to an earlier one', [answerPage([], 'a'), answerPage([], 'b'), answerPage([], 'a')]],
      ['that is a web page', [answer('<html>', 200, 'OK', { 'Content-Type': 'text/html' })]],
      ['that is another document', [answerWith(runningUpgrade)]],
      ['that is empty', [answer('')]],
      ['whose items are not a list', [answer('{"Items":"web"}')]],
    ])('%s is not a response of a gateway', async (_, scripts) => {
      const { exitCode, stderr, urls } = await list(scripts, ['-o', 'plain']);
      expect(stderr).toContain('not a Service Fabric response');
      expect(exitCode).toBe(6);
      expect(urls).toHaveLength(scripts.length);
    });

    it('may repeat deployments, which are printed once', async () => {
      const scripts = [
        answerPage([createItem('api'), createItem('web')], 'web'),
        answerPage([createItem('web', 'Failed'), createItem('x')]),
      ];
      const { stdout } = await list(scripts, ['-o', 'json']);
      expect(JSON.parse(stdout)).toEqual({ Items: [createItem('api'), createItem('web'), createItem('x')] });
    });

    it('may hold no more than 100,000 deployments', async () => {
      const items = Array.from({ length: 100_001 }, (_, index) => ({ Name: `web-${index}` }));
      const { exitCode, stderr } = await list([answerPage(items)], ['-o', 'plain']);
      expect(stderr).toContain('Response larger than the limit of 100,000 deployments');
      expect(exitCode).toBe(6);
    });

    it('may be one of 30', async () => {
      const names = Array.from({ length: 3000 }, (_, index) => `web-${String(index).padStart(4, '0')}`);
      const scripts = Array.from({ length: 30 }, (_, index) => {
        const own = names.slice(100 * index, 100 * index + 100);
        return answerPage(
          own.map((name) => createItem(name)),
          index < 29 ? own.at(-1) : '',
        );
      });
      const { stdout } = await list(scripts);
      expect([...stdout.matchAll(/^ {2}✓ (web-\d+) +ready$/gm)].map(([, name]) => name)).toEqual(names);
    });
  });

  it("keeps the gateway's JSON unchanged", async () => {
    const odd = '{"New":1.50,"Name":"web","Status":"Ready","a":1,"a":2,"Big":12345678901234567890}';
    const { stdout } = await list([answer(`{"Items":[ ${odd} ,null,{}]}`)], ['-o', 'json']);
    expect(stdout.replace(/\s/g, '')).toBe(`{"Items":[${odd}]}`);
  });

  describe('a list that exceeds its time', () => {
    const upgrading = Array.from({ length: 20 }, (_, number) => createItem(`web${number}`, 'Upgrading'));

    /** Lists deployments whose upgrades all time out. */
    async function listSlowly(argv: readonly string[]) {
      const time = createTestTime();
      const silent: Script = () => time.pass(65_000);
      const script: Script = (response, request) =>
        (request.url?.includes('GetUpgradeProgress') ? silent : answerPage(upgrading))(response, request);
      const gateway = await startGateway(...Array<Script>(200).fill(script));
      const ended = await run(['list', '-e', gateway.url, ...argv], { time });
      return { ...ended, took: time.clock.monotonic(), asked: gateway.requests.length };
    }

    it('ends, and reports the upgrades that were not read', async () => {
      const { exitCode, stdout, took } = await listSlowly(['-o', 'plain']);
      // Up to eight requests may be open when the time is up, and each advances the clock by its own timeout.
      expect(took).toBeLessThan(120_000 + 8 * 65_000);
      expect(stdout.split('\n')).toHaveLength(21);
      expect(
        stdout.match(/its upgrade could not be read: no response in time \(--max-wait\)/g)?.length,
      ).toBeGreaterThan(10);
      expect(exitCode).toBe(0);
    });

    it('ends after --max-wait, also in JSON', async () => {
      const { exitCode, stdout, stderr, asked } = await listSlowly(['-o', 'json', '--max-wait', '5s']);
      expect(asked).toBeLessThan(10);
      expect(JSON.parse(stdout).Items).toHaveLength(20);
      expect(stderr.match(/could not be read: no response in time/g)).toHaveLength(20);
      expect(exitCode).toBe(0);
    });

    it('is an error if there is another page', async () => {
      const time = createTestTime();
      let pages = 0;
      const endless: Script = (response, request) => {
        time.pass(1000);
        const name = `web${String(pages++).padStart(3, '0')}`;
        answerPage([createItem(name)], name)(response, request);
      };
      const gateway = await startGateway(...repeat(endless));
      const { exitCode, stdout, stderr } = await run(
        ['list', '-e', gateway.url, '--max-wait', '5s', '-o', 'json'],
        { time },
      );
      expect(stderr).toMatch(
        /^sfcompose: The list was incomplete after 5s \(--max-wait\): \d deployments so far\.\n {2}Allow more time with --max-wait\.\n$/,
      );
      expect(JSON.parse(stdout)).toMatchObject({ Error: { Code: 'SFCOMPOSE_E_TIMED_OUT' } });
      expect(exitCode).toBe(124);
    });

    it("has a deployment's upgrade even if the application's record times out", async () => {
      const time = createTestTime();
      const application: Script = () => time.pass(65_000);
      const script: Script = (response, request) =>
        (request.url?.includes('GetUpgradeProgress')
          ? answerWith(runningUpgrade)
          : answerPage([createItem('web', 'Upgrading')]))(response, request);
      const gateway = await startGatewayWith({ application }, ...repeat(script));
      const { exitCode, stdout, stderr } = await run(
        ['list', '-e', gateway.url, '--max-wait', '5s', '-o', 'plain'],
        { time },
      );
      expect(stdout).toContain('upgrading; to v2: rolling forward, UD1');
      expect(stderr).toBe('');
      expect(exitCode).toBe(0);
    });

    it('is an error if not even the deployments were read', async () => {
      const time = createTestTime();
      const gateway = await startGateway(() => time.pass(65_000));
      const { exitCode, stdout, stderr } = await run(['list', '-e', gateway.url, '--max-wait', '5s'], {
        time,
      });
      expect(stderr).toBe(
        `sfcompose: No response from ${gateway.url} within 5s (--max-wait).\n  Check the endpoint, or allow more time with --max-wait.\n`,
      );
      expect(stdout).toBe('');
      expect(exitCode).toBe(6);
    });
  });

  describe('an empty list', () => {
    it.each([
      ['table', ''],
      ['plain', ''],
      ['json', '{\n  "Items": []\n}\n'],
    ])('is reported in the format %s', async (format, out) => {
      const { url } = await startSimulatedCluster('missing');
      const { exitCode, stdout, stderr } = await run(['list', '-e', url, '-o', format]);
      expect(stdout).toBe(out);
      expect(stderr).toBe(`sfcompose: There are no compose deployments on ${url}.\n`);
      expect(exitCode).toBe(0);
    });

    it('is an outcome in ndjson, and not mentioned with --quiet', async () => {
      const { stdout, stderr } = await list([answerPage([])], ['-o', 'ndjson', '-q']);
      expect(parseRecords(stdout)).toMatchObject([{ type: 'outcome', reason: '0 deployments' }]);
      expect(stderr).toBe('');
    });
  });

  it.each<Refusal>([
    { script: answerError(403, 'E_ACCESSDENIED'), code: 7, text: 'no permission to read upgrades' },
    { script: answerError(400, 'E_INVALIDARG'), code: 6, text: 'Check the endpoint' },
    {
      script: answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'),
      code: 6,
      text: 'rejected the request',
    },
    { script: answerError(504, 'FABRIC_E_TIMEOUT'), code: 6, text: 'did not complete the request within 1m' },
  ])('explains a refusal with $text', async ({ script, code, text }) => {
    const { exitCode, stderr } = await list(repeat(script));
    expect(unfoldTable(stderr)).toContain(text);
    expect(stderr).not.toMatch(/undefined|deployment name/);
    expect(exitCode).toBe(code);
  });

  it('fits terminals of any width', async () => {
    const name = 'a-rather-long-name-of-a-deployment-'.repeat(4);
    const items = [createItem(name, 'Failed', { StatusDetails: '店'.repeat(60) }), createItem('web')];
    for (const columns of [20, 40, 57, 60, 80, 200]) {
      const { stdout } = await list([answerPage(items)], ['--no-color', '-q'], { columns });
      const lines = stdout.trimEnd().split('\n');
      expect(Math.max(...lines.slice(1).map((line) => line.length + countWide(line)))).toBeLessThanOrEqual(
        columns,
      );
      expect(stdout).not.toContain('…');
      expect(stdout.match(/店/g)).toHaveLength(60);
    }
  });

  it('stops on Ctrl-C, also while it reads an upgrade', async () => {
    for (const before of [[], [answerPage([createItem('web', 'Upgrading')])]]) {
      const interrupt = new AbortController();
      const { exitCode, stdout, stderr } = await list([...before, () => interrupt.abort('SIGINT')], [], {
        interrupt: interrupt.signal,
      });
      expect(stdout).toBe('');
      expect(stderr).toBe('sfcompose: Stopped by Ctrl-C.\n');
      expect(exitCode).toBe(130);
    }
  });

  it.each([
    [['list', 'web'], 'list takes no arguments.'],
    [['list', '--retries', 'x'], 'Invalid --retries "x"'],
    [['list', '-o', 'xml'], 'Invalid --output "xml"'],
  ])('refuses %j', async (argv, said) => {
    const { exitCode, stdout, stderr } = await run(argv);
    expect(stderr).toContain(said);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });
});
