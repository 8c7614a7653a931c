/** `sfcompose list`: all deployments of all pages, and the upgrades that are under way. */
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

const item = (name: string, status = 'Ready', more: object = {}) => ({
  DeploymentName: name,
  ApplicationName: `fabric:/${name}`,
  ComposeDeploymentStatus: status,
  ...more,
});

const page = (items: readonly unknown[], token = ''): Script =>
  answerWith({ ContinuationToken: token, Items: items });

const busy = answerError(503, 'E_ABORT');

async function list(scripts: readonly Script[], argv: readonly string[] = [], options: RunOptions = {}) {
  const gateway = await startGateway(...scripts);
  const result = await run(['list', '-e', gateway.url, ...argv], options);
  return { ...result, urls: gateway.requests.map(({ url }) => url) };
}

const first = '/ComposeDeployments?api-version=6.0-preview&timeout=60';

it('shows the deployments of all pages', async () => {
  const scripts = [page([item('api'), item('my app')], 'my app'), page([item('web', 'Creating')])];
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
  // As gateways on Windows store it.
  ['my%20app', 'my%20app'],
  ['50%', '50%25'],
  ['a&b=c#d', 'a%26b%3Dc%23d'],
  ['ü😀', '%C3%BC%F0%9F%98%80'],
  ['\ud83d', '%EF%BF%BD'],
])('sends the token %j as %s, as the gateway decodes nothing', async (token, sent) => {
  const { exitCode, urls } = await list([page([], token), page([])]);
  expect(urls[1]).toBe(`${first}&ContinuationToken=${sent}`);
  expect(exitCode).toBe(0);
});

it.each([
  ['Provisioning', 'being created: preparing its version'],
  ['Deleting', 'being removed'],
  ['Failed', 'its creation failed; no such image'],
  [6, 'its creation failed; no such image'],
  ['Resting', 'Resting; no such image'],
  ['constructor', 'constructor; no such image'],
  [undefined, 'status not sent'],
])('says %s in words', async (status, words) => {
  const one = item('web', undefined, { ComposeDeploymentStatus: status, StatusDetails: 'no such image' });
  const { stdout } = await list([page([one])], ['-o', 'plain']);
  expect(stdout).toContain(`web (fabric:/web): ${words}`);
});

describe('an upgrade that is under way', () => {
  const domains = [
    { Name: 'UD1', State: 'InProgress' },
    { Name: 'UD2', State: 'Pending' },
    { Name: 'UD0', State: 'Completed' },
  ];
  const application = createApplication({
    UpgradeState: 'RollingForwardInProgress',
    UpgradeDomains: domains,
  });
  const scripts = [page([item('api'), item('web', 'Upgrading')]), answerWith(runningUpgrade)];
  const beside = { application: answerWith(application) };

  async function listBeside(...argv: string[]) {
    const gateway = await startGatewayWith(beside, ...scripts);
    const result = await run(['list', '-e', gateway.url, ...argv]);
    return { ...result, relatedReads: gateway.relatedReads, requests: gateway.requests };
  }

  it('is shown with its domain', async () => {
    const { stdout, stderr, requests, relatedReads } = await listBeside();
    expect(stdout.replace(/ +/g, ' ')).toContain(
      '│ web │ fabric:/web │ rolling forward │ v2 │ UD1, 2 of 3 │ 4m 00s │',
    );
    expect(stderr).toBe('');
    expect(requests.map(({ url }) => url)).toEqual([
      first,
      '/ComposeDeployments/web/$/GetUpgradeProgress?api-version=6.0-preview&timeout=60',
    ]);
    // Nobody is asked for the names of services.
    expect(relatedReads.map(({ url }) => url)).toEqual([
      '/Applications/web/$/GetUpgradeProgress?api-version=6.0&timeout=2',
    ]);
  });

  it('stands beside the gateway’s own members in JSON', async () => {
    const { stdout, relatedReads } = await listBeside('-o', 'json');
    expect(JSON.parse(stdout)).toEqual({
      Items: [item('api'), { ...item('web', 'Upgrading'), UpgradeProgress: runningUpgrade }],
    });
    expect(relatedReads).toEqual([]);
  });

  it('is in a record of its deployment, and the outcome comes last', async () => {
    const { stdout } = await listBeside('-o', 'ndjson');
    const same = { type: 'deployment', time: '2026-11-24T08:00:00.000Z', schema: 1 };
    expect(parseRecords(stdout)).toEqual([
      { ...same, deployment: item('api'), progress: null, application: null },
      { ...same, deployment: item('web', 'Upgrading'), progress: runningUpgrade, application },
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

  it('need not have begun', async () => {
    const begun = [page([item('web', 'Upgrading')]), answerWith(createNeverUpgraded())];
    expect((await list(begun, ['-o', 'plain'])).stdout).toContain('upgrading; an upgrade is just beginning');
  });

  it('that cannot be read is said, and fails nothing', async () => {
    const failing = [page([item('web', 'Upgrading')]), ...repeat(busy)];
    const said = 'could not be read: The cluster cannot answer just now. (3 tries)';
    const plain = await list(failing, ['-o', 'plain']);
    expect(plain.stdout).toContain(`upgrading; its upgrade ${said}\n`);
    expect(plain.stderr).toBe('');
    expect(plain.sleeps).toHaveLength(2);
    const json = await list(failing, ['-o', 'json']);
    expect(JSON.parse(json.stdout)).toEqual({ Items: [item('web', 'Upgrading')] });
    expect(json.stderr).toBe(`sfcompose: The upgrade of "web" ${said}\n`);
    const quiet = await list(failing, ['-o', 'ndjson', '-q', '--retries', '0']);
    expect(parseRecords(quiet.stdout)[0]).toMatchObject({ type: 'deployment', progress: null });
    expect(quiet.stderr).toBe('');
    for (const { exitCode } of [plain, json, quiet]) expect(exitCode).toBe(0);
  });

  it('is read with four others at a time', async () => {
    const names = Array.from({ length: 12 }, (_, index) => `web-${index}`);
    let left = names.length;
    const open: (() => void)[] = [];
    const most: number[] = [];
    const answerAll = () => {
      left -= open.length;
      for (const answerNow of open.splice(0)) answerNow();
    };
    const slowly: Script = (response, request) => {
      open.push(() => answerWith({ ...runningUpgrade, DeploymentName: nameIn(request) })(response, request));
      most.push(open.length);
      // None is answered until five are open, and then a sixth has the time to come.
      if (open.length === Math.min(5, left)) setTimeout(answerAll, 5);
    };
    const all = page(names.map((name) => item(name, 'Upgrading')));
    const { stdout } = await list([all, ...repeat(slowly)], ['-o', 'json']);
    expect(Math.max(...most)).toBe(5);
    const { Items } = JSON.parse(stdout);
    expect(Items.map((one: { UpgradeProgress: object }) => one.UpgradeProgress)).toMatchObject(
      names.map((name) => ({ DeploymentName: name })),
    );
  });
});

function nameIn({ url = '' }: IncomingMessage): string | undefined {
  return url.split('/')[2];
}

describe('a page', () => {
  it('that fails is read again', async () => {
    const { exitCode, stdout, urls } = await list(
      [page([item('api')], 'api'), busy, busy, page([item('web')])],
      ['-o', 'plain'],
    );
    expect(stdout.split('\n')).toHaveLength(3);
    expect(urls.slice(1)).toEqual(Array(3).fill(`${first}&ContinuationToken=api`));
    expect(exitCode).toBe(0);
  });

  it('that fails for good fails the list, of which nothing is shown', async () => {
    const scripts = [page([item('api')], 'api'), ...repeat(busy)];
    const table = await list(scripts);
    expect(table.stdout).toBe('');
    expect(table.stderr).toContain('The cluster cannot answer just now. (3 tries)');
    const json = await list(scripts, ['--json']);
    expect(JSON.parse(json.stdout)).toEqual({ Error: { Code: 'E_ABORT', Message: 'said the server' } });
    const ndjson = await list(scripts, ['-o', 'ndjson']);
    expect(parseRecords(ndjson.stdout)).toMatchObject([
      { type: 'outcome', outcome: 'unreachable', exitCode: 6 },
    ]);
    for (const { exitCode } of [table, json, ndjson]) expect(exitCode).toBe(6);
  });

  it.each<[string, readonly Script[]]>([
    ['that comes again', [page([item('api')], 'api'), page([item('api')], 'api')]],
    ['that leads back', [page([], 'a'), page([], 'b'), page([], 'a')]],
    ['that is a web page', [answer('<html>', 200, 'OK', { 'Content-Type': 'text/html' })]],
    ['that is another document', [answerWith(runningUpgrade)]],
    ['that is nothing', [answer('')]],
    ['whose items are no list', [answer('{"Items":"web"}')]],
  ])('%s is no answer of a gateway', async (_, scripts) => {
    const { exitCode, stderr, urls } = await list(scripts, ['-o', 'plain']);
    expect(stderr).toContain('not what a Service Fabric gateway sends');
    expect(exitCode).toBe(6);
    expect(urls).toHaveLength(scripts.length);
  });

  it('may hold what was on one before, which is not shown again', async () => {
    const scripts = [page([item('api'), item('web')], 'web'), page([item('web', 'Failed'), item('x')])];
    const { stdout } = await list(scripts, ['-o', 'json']);
    expect(JSON.parse(stdout)).toEqual({ Items: [item('api'), item('web'), item('x')] });
  });

  it('may hold far more than a cluster has', async () => {
    const items = Array.from({ length: 100_001 }, (_, index) => ({ Name: `web-${index}` }));
    const { exitCode, stderr } = await list([page(items)], ['-o', 'plain']);
    expect(stderr).toContain('sends more than the 100,000 deployments that sfcompose reads');
    expect(exitCode).toBe(6);
  });

  it('is one of many', async () => {
    const names = Array.from({ length: 3000 }, (_, index) => `web-${String(index).padStart(4, '0')}`);
    const scripts = Array.from({ length: 30 }, (_, index) => {
      const own = names.slice(100 * index, 100 * index + 100);
      return page(
        own.map((name) => item(name)),
        index < 29 ? own.at(-1) : '',
      );
    });
    const { stdout } = await list(scripts);
    expect([...stdout.matchAll(/^│ (web-\d+) /gm)].map(([, name]) => name)).toEqual(names);
  });
});

it('keeps what the gateway sends as it came', async () => {
  const odd = '{"New":1.50,"Name":"web","Status":"Ready","a":1,"a":2,"Big":12345678901234567890}';
  const { stdout } = await list([answer(`{"Items":[ ${odd} ,null,{}]}`)], ['-o', 'json']);
  expect(stdout.replace(/\s/g, '')).toBe(`{"Items":[${odd}]}`);
});

describe('a list that takes too long', () => {
  const upgrading = Array.from({ length: 20 }, (_, number) => item(`web${number}`, 'Upgrading'));

  /** Answers nothing of an upgrade until nobody waits for it any more. */
  async function slowly(argv: readonly string[]) {
    const time = createTestTime();
    const silent: Script = () => time.pass(65_000);
    const script: Script = (response, request) =>
      (request.url?.includes('GetUpgradeProgress') ? silent : page(upgrading))(response, request);
    const gateway = await startGateway(...Array<Script>(200).fill(script));
    const ended = await run(['list', '-e', gateway.url, ...argv], { time });
    return { ...ended, took: time.clock.monotonic(), asked: gateway.requests.length };
  }

  it('ends, and says which upgrades were not read', async () => {
    const { exitCode, stdout, took } = await slowly(['-o', 'plain']);
    // A request or two may be under way when the time is over, each of which takes its own here.
    expect(took).toBeLessThan(120_000 + 8 * 65_000);
    expect(stdout.split('\n')).toHaveLength(21);
    expect(
      stdout.match(/its upgrade could not be read: no answer in time \(--max-wait\)/g)?.length,
    ).toBeGreaterThan(10);
    expect(exitCode).toBe(0);
  });

  it('ends when it is told to, and says so in JSON as well', async () => {
    const { exitCode, stdout, stderr, asked } = await slowly(['-o', 'json', '--max-wait', '5s']);
    expect(asked).toBeLessThan(10);
    expect(JSON.parse(stdout).Items).toHaveLength(20);
    expect(stderr.match(/could not be read: no answer in time/g)).toHaveLength(20);
    expect(exitCode).toBe(0);
  });

  it('is told of as incomplete, if there is another page', async () => {
    const time = createTestTime();
    let pages = 0;
    const endless: Script = (response, request) => {
      time.pass(1000);
      const name = `web${String(pages++).padStart(3, '0')}`;
      page([item(name)], name)(response, request);
    };
    const gateway = await startGateway(...repeat(endless));
    const { exitCode, stdout, stderr } = await run(
      ['list', '-e', gateway.url, '--max-wait', '5s', '-o', 'json'],
      { time },
    );
    expect(stderr).toMatch(
      /^sfcompose: The list was not complete after 5s \(--max-wait\): \d deployments so far\.\n {2}Give a longer --max-wait\.\n$/,
    );
    expect(JSON.parse(stdout)).toMatchObject({ Error: { Code: 'SFCOMPOSE_E_TIMED_OUT' } });
    expect(exitCode).toBe(124);
  });

  it('has the upgrade of a deployment, if only its application does not answer', async () => {
    const time = createTestTime();
    const application: Script = () => time.pass(65_000);
    const script: Script = (response, request) =>
      (request.url?.includes('GetUpgradeProgress')
        ? answerWith(runningUpgrade)
        : page([item('web', 'Upgrading')]))(response, request);
    const gateway = await startGatewayWith({ application }, ...repeat(script));
    const { exitCode, stdout, stderr } = await run(
      ['list', '-e', gateway.url, '--max-wait', '5s', '-o', 'plain'],
      { time },
    );
    expect(stdout).toContain('upgrading; to v2: rolling forward, upgrade domain UD1');
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });

  it('is none where not even its deployments were read', async () => {
    const time = createTestTime();
    const gateway = await startGateway(() => time.pass(65_000));
    const { exitCode, stdout, stderr } = await run(['list', '-e', gateway.url, '--max-wait', '5s'], { time });
    expect(stderr).toBe(
      `sfcompose: No response from ${gateway.url} within 5s (--max-wait).\n  Check the endpoint (-e), or give a longer --max-wait.\n`,
    );
    expect(stdout).toBe('');
    expect(exitCode).toBe(6);
  });
});

describe('no deployments', () => {
  it.each([
    ['table', ''],
    ['plain', ''],
    ['json', '{\n  "Items": []\n}\n'],
  ])('are said, as %s', async (format, out) => {
    const { url } = await startSimulatedCluster('missing');
    const { exitCode, stdout, stderr } = await run(['list', '-e', url, '-o', format]);
    expect(stdout).toBe(out);
    expect(stderr).toBe(`sfcompose: There are no compose deployments on ${url}.\n`);
    expect(exitCode).toBe(0);
  });

  it('are an outcome, and no word with --quiet', async () => {
    const { stdout, stderr } = await list([page([])], ['-o', 'ndjson', '-q']);
    expect(parseRecords(stdout)).toMatchObject([{ type: 'outcome', reason: '0 deployments' }]);
    expect(stderr).toBe('');
  });
});

interface Refusal {
  readonly script: Script;
  readonly code: number;
  readonly text: string;
}

it.each<Refusal>([
  { script: answerError(403, 'E_ACCESSDENIED'), code: 7, text: 'does not allow this' },
  { script: answerError(400, 'E_INVALIDARG'), code: 6, text: 'Check the endpoint' },
  { script: answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'), code: 6, text: 'refused the request' },
  { script: answerError(504, 'FABRIC_E_TIMEOUT'), code: 6, text: 'within the 60 s' },
])('explains a refusal: $text', async ({ script, code, text }) => {
  const { exitCode, stderr } = await list(repeat(script));
  expect(unfoldTable(stderr)).toContain(text);
  expect(stderr).not.toMatch(/undefined|deployment name/);
  expect(exitCode).toBe(code);
});

it('fits any width', async () => {
  const name = 'a-rather-long-name-of-a-deployment-'.repeat(4);
  const items = [item(name, 'Failed', { StatusDetails: '店'.repeat(60) }), item('web')];
  for (const columns of [20, 40, 57, 60, 80, 200]) {
    const { stdout } = await list([page(items)], ['--no-color', '-q'], { columns });
    const lines = stdout.trimEnd().split('\n');
    if (columns >= 57) expect(new Set(lines.map((line) => line.length + wide(line)))).toHaveLength(1);
    expect(Math.max(...lines.slice(1).map((line) => line.length + wide(line)))).toBeLessThanOrEqual(columns);
    expect(stdout).not.toContain('…');
    expect(stdout.match(/店/g)).toHaveLength(60);
  }
});

function wide(line: string): number {
  return line.match(/店/g)?.length ?? 0;
}

it('ends with Ctrl-C, also while it reads an upgrade', async () => {
  for (const before of [[], [page([item('web', 'Upgrading')])]]) {
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
  [['list', 'web'], 'too many arguments'],
  [['list', '--retries', 'x'], '--retries is "x"'],
  [['list', '-o', 'xml'], '--output is "xml"'],
])('refuses %j', async (argv, said) => {
  const { exitCode, stdout, stderr } = await run(argv);
  expect(stderr).toContain(said);
  expect(stdout).toBe('');
  expect(exitCode).toBe(2);
});

interface MissingName {
  readonly name: string;
  readonly script: Script;
  readonly advice: string;
}

describe('a name that is not there', () => {
  const missing = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
  const on = (...names: readonly string[]) => page(names.map((name) => item(name)));

  async function ask(
    name: string,
    others: readonly Script[],
    argv: readonly string[] = [],
    options: RunOptions = {},
  ) {
    const gateway = await startGateway(missing, ...others);
    const result = await run(['upgrade-progress', name, '-e', gateway.url, ...argv], {
      env: { SFCOMPOSE_OUTPUT: 'plain' },
      ...options,
    });
    return { ...result, urls: gateway.requests.map(({ url }) => url) };
  }

  it.each<MissingName>([
    {
      name: 'ShopFront',
      script: on('api', 'shopfront', 'shopfronts'),
      advice: 'Did you mean "shopfront" or "shopfronts"?',
    },
    { name: 'wbe', script: on('api', 'web'), advice: 'Did you mean "web"?' },
    { name: 'web', script: on('Web', 'WEB', 'wEb', 'weB'), advice: 'Did you mean "Web", "WEB" or "wEb"?' },
    { name: 'shop', script: on('api', 'web'), advice: 'On this cluster there is "api" and "web".' },
    { name: 'shop', script: on('web'), advice: 'On this cluster there is "web".' },
    {
      name: 'shop',
      script: on('a', 'b', 'c', 'd', 'e', 'f'),
      advice: 'List the deployments: sfcompose list -e {endpoint}',
    },
    { name: 'shop', script: on(), advice: 'There are no compose deployments at all.' },
    { name: 'shop', script: busy, advice: 'List the deployments: sfcompose list -e {endpoint}' },
    { name: 'shop', script: answer('<html>'), advice: 'List the deployments: sfcompose list -e {endpoint}' },
    {
      name: 'shop',
      script: (response) => response.destroy(),
      advice: 'List the deployments: sfcompose list -e {endpoint}',
    },
  ])('may be another: $name: $advice', async ({ name, script, advice }) => {
    const { exitCode, stderr, urls } = await ask(name, [script]);
    const shown = stderr.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '{endpoint}');
    expect(shown.split('\n').slice(-3)).toEqual([
      `  ${advice}`,
      '  Check that the endpoint is the cluster you mean.',
      '',
    ]);
    expect(exitCode).toBe(5);
    expect(urls[1]).toBe('/ComposeDeployments?api-version=6.0-preview&timeout=2');
  });

  it('may be on a later page', async () => {
    const { stderr } = await ask('wbe', [page([item('api')], 'api'), on('web')]);
    expect(stderr).toContain('Did you mean "web"?');
  });

  it('is said when a watch begins, to build agents too, and never in the gateway’s own document', async () => {
    const watched = await ask('wbe', [on('web')], ['--watch', '--ci', 'github']);
    expect(watched.stderr).toMatch(/^::error title=.*%0ADid you mean "web"\?%0A/m);
    const json = await ask('wbe', [on('web')], ['--json']);
    expect(json.stderr).toContain('Did you mean "web"?');
    expect(JSON.parse(json.stdout).Error.Message).toBe('said the server');
    expect(json.exitCode).toBe(5);
  });

  it('is not asked about for longer than two seconds, nor when it was there before', async () => {
    const time = createTestTime();
    const silent: Script = () => time.pass(2000);
    const { exitCode, stderr } = await ask('wbe', [silent], [], { time });
    expect(stderr).toContain('List the deployments: sfcompose list');
    expect(exitCode).toBe(5);
    expect(time.clock.monotonic()).toBe(2000);
    const gateway = await startGateway(answerWith(runningUpgrade), missing);
    const removed = await run(['upgrade-progress', 'web', '-e', gateway.url, '--watch', '-o', 'plain']);
    expect(removed.stderr).toContain('was removed while it was being watched');
    expect(gateway.requests).toHaveLength(2);
  });

  it('stays missing when Ctrl-C ends the question', async () => {
    const interrupt = new AbortController();
    const ended = await ask('wbe', [() => interrupt.abort('SIGINT')], [], { interrupt: interrupt.signal });
    expect(ended.stderr).toContain('There is no compose deployment "wbe"');
    expect(ended.exitCode).toBe(5);
  });
});
