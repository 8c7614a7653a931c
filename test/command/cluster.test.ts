/** `sfcompose cluster`: stored clusters, and how commands use them. */
import { readFileSync, rmSync, symlinkSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../support/authority.ts';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { type RunOptions, run } from '../support/run.ts';
import { answer, answerWith, repeat, startGateway, startTlsGateway } from '../support/scripted-gateway.ts';

const off = answer('{"type":"","metadata":{}}');
const entra = answer('{"type":"aad","metadata":{"tenant":"t","cluster":"c","client":"x"}}');
const version = answer('{"Version":"9.1.1799.9590"}');
const page = answer('{"ContinuationToken":"","Items":[]}');

const authority = createAuthority('Authority of the cluster');
const server = authority.issue({ address: '127.0.0.1' });

/** A user with a home, whose command lines find what earlier ones stored. */
function createUser(files: Readonly<Record<string, string>> = {}) {
  const home = createFolder(files);
  const path = join(home, '.config', 'sfcompose', 'config.json');
  return {
    home,
    path,
    read: () => JSON.parse(readFileSync(path, 'utf8')),
    run: (line: string, options: RunOptions = {}) => run(line.split(' '), { home, ...options }),
  };
}

/** Creates a user who has stored these clusters. */
function createUserWith(clusters: Readonly<Record<string, object>>, more: object = {}) {
  return createUser({ '.config/sfcompose/config.json': JSON.stringify({ version: 1, ...more, clusters }) });
}

describe('sfcompose cluster add', () => {
  it('tries the cluster, stores it, and uses the first one', async () => {
    const gateway = await startGateway(off, version);
    const user = createUser();
    const { exitCode, stdout, stderr } = await user.run(`cluster add prod -e ${gateway.url} -t 2m`);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toBe(`✓ Stored prod, ${gateway.url}; it is now the cluster in use\n`);
    expect(gateway.requests).toHaveLength(2);
    expect(user.read()).toEqual({
      version: 1,
      cluster: 'prod',
      clusters: { prod: { endpoint: gateway.url, timeout: '2m' } },
    });
  });

  it('leaves another cluster in use', async () => {
    const user = createUserWith({ prod: { endpoint: 'http://prod.example:19080' } }, { cluster: 'prod' });
    const { stdout } = await user.run('cluster add test -e http://test.example:19080 --no-verify');
    expect(stdout).toBe('✓ Stored test, http://test.example:19080\n');
    expect(user.read().cluster).toBe('prod');
  });

  it('stores nothing if the cluster cannot be reached, with the exit code of connection', async () => {
    const user = createUser();
    const gateway = await startTlsGateway(server);
    for (const [endpoint, exitCode] of [
      ['http://127.0.0.1:1', 6],
      [gateway.url, 7],
    ] as const) {
      const added = await user.run(`cluster add prod -e ${endpoint}`);
      expect(added.exitCode).toBe(exitCode);
      expect(added.stdout).toContain('✗ Not connected to');
      expect(added.stderr).toContain('Nothing was stored. Add --no-verify to store');
      const tried = await user.run(`connection -e ${endpoint}`);
      expect(added.stdout).toBe(tried.stdout);
      expect(() => user.read()).toThrow('ENOENT');
    }
  });

  it('sends nothing with --no-verify, but checks the options and files', async () => {
    const { url, requests } = await startGateway();
    const user = createUser();
    expect((await user.run(`cluster add prod -e ${url} --no-verify`)).exitCode).toBe(0);
    for (const [options, problem] of [
      [`-e ${url} --cert-file client.pem`, '--cert-file requires https://'],
      ['-e https://127.0.0.1:1 --cert-file no.pem', '--cert-file "no.pem" cannot be read: no such file.'],
      ['-e https://127.0.0.1:1 --token-file eyJ0.e', '--token-file cannot be read: no such file.'],
      ['-e https://127.0.0.1:1 --token-command eyJ0eXAiOiJKV1Qi.x', 'secrets are not stored.'],
      ['-e https://me:secret@host:1', 'Invalid --endpoint "https://***@host:1"'],
      ['-e https://127.0.0.1:1 --insecure --ca-file x', '--ca-file and --insecure cannot be combined.'],
      ['-e https://127.0.0.1:1 -t never', 'Invalid --timeout "never"'],
    ]) {
      const { exitCode, stderr } = await user.run(`cluster add other ${options} --no-verify`);
      expect(stderr).toContain(problem);
      expect(exitCode).toBe(2);
    }
    expect(Object.keys(user.read().clusters)).toEqual(['prod']);
    expect(requests).toHaveLength(0);
  });

  it('stores absolute paths, the gateway of a pasted address, and a thumbprint without colons', async () => {
    const user = createUser();
    const thumbprint = `${'ab:'.repeat(19)}ab`;
    const files = createFolder({
      'token.txt': 'eyJ0.eyJ0.sig',
      'client.pem': server.cert,
      'client.key': server.key,
    });
    const typed = (name: string) => relative(process.cwd(), join(files, name));
    const { exitCode } = await user.run(
      [
        'cluster add prod --no-verify -e https://host:19080/Explorer/index.html#/x',
        `--cert-file ${typed('client.pem')} --key-file ${typed('client.key')}`,
        `--server-thumbprint ${thumbprint} --token-file ${typed('token.txt')}`,
      ].join(' '),
    );
    expect(exitCode).toBe(0);
    expect(user.read().clusters).toEqual({
      prod: {
        endpoint: 'https://host:19080',
        certFile: join(files, 'client.pem'),
        keyFile: join(files, 'client.key'),
        serverThumbprint: 'AB'.repeat(20),
        tokenFile: join(files, 'token.txt'),
      },
    });
  });

  it('stores no setting and no secret of a variable, but tries the cluster with the secrets', async () => {
    const { url, requests } = await startGateway(entra, version);
    const user = createUser();
    const env = { SFCOMPOSE_TOKEN: 'eyJ0.eyJ0.sig', SFCOMPOSE_TIMEOUT: '7', SFCOMPOSE_CERT_FILE: 'no.pem' };
    expect((await user.run(`cluster add prod -e ${url}`, { env })).exitCode).toBe(0);
    expect(requests[1]?.headers.authorization).toBe('Bearer eyJ0.eyJ0.sig');
    expect(readFileSync(user.path, 'utf8')).not.toContain('eyJ0');
    expect(user.read().clusters).toEqual({ prod: { endpoint: url } });
  });

  it('does not take the endpoint from a variable', async () => {
    const { url, requests } = await startGateway();
    const { exitCode, stderr } = await createUser().run('cluster add prod', {
      env: { SFCOMPOSE_ENDPOINT: url },
    });
    expect(stderr).toContain('Missing --endpoint: only options are stored, not variables or defaults.');
    expect(exitCode).toBe(2);
    expect(requests).toHaveLength(0);
  });

  it('replaces a cluster only with --force, and keeps members that it does not know', async () => {
    const user = createUserWith({ prod: { endpoint: 'http://old.example:1', timeout: '5', color: 'red' } });
    const line = 'cluster add prod -e http://new.example:1 --no-verify';
    const { exitCode, stderr } = await user.run(line);
    expect(stderr).toContain('There is a stored cluster "prod" already. Use --force to replace it.');
    expect(exitCode).toBe(2);
    expect(user.read().clusters.prod.endpoint).toBe('http://old.example:1');
    expect((await user.run(`${line} --force`)).exitCode).toBe(0);
    expect(user.read().clusters).toEqual({ prod: { endpoint: 'http://new.example:1', color: 'red' } });
  });

  it.each(['__proto__', 'constructor', 'toString', '_', '9.a-b'])('takes the name %s', async (name) => {
    const user = createUser();
    expect((await user.run(`cluster add ${name} -e http://host:1 --no-verify`)).exitCode).toBe(0);
    expect((await user.run(`cluster add other -e http://other:1 --no-verify`)).exitCode).toBe(0);
    expect((await user.run(`cluster use ${name}`)).exitCode).toBe(0);
    const { stdout } = await user.run('cluster list --json');
    expect(JSON.parse(stdout).clusters).toMatchObject([
      { cluster: name, inUse: true, endpoint: 'http://host:1' },
      { cluster: 'other', inUse: false },
    ]);
    expect((await user.run(`cluster remove ${name}`)).exitCode).toBe(0);
    expect((await user.run(`cluster use ${name}`)).stderr).toContain(`There is no stored cluster "${name}"`);
  });

  it.each(['', '-x', '.x', 'a b', 'a/b', 'ä', 'a\n', 'x'.repeat(65)])('refuses the name %j', async (name) => {
    const { exitCode, stderr } = await run(
      ['cluster', 'add', '-e', 'http://host:1', '--no-verify', '--', name],
      {
        home: createFolder(),
      },
    );
    expect(stderr).toContain('use at most 64 letters, digits, dots, underscores and hyphens');
    expect(exitCode).toBe(2);
  });

  it('tells what it did in every format', async () => {
    const user = createUser();
    const line = 'cluster add prod -e http://host:1 --no-verify --force';
    const cluster = { cluster: 'prod', inUse: true, endpoint: 'http://host:1', credentials: [], trust: null };
    expect((await user.run(`${line} -o plain`)).stdout).toBe(
      '2026-11-24T08:00:00Z Stored prod, http://host:1; it is now the cluster in use\n',
    );
    expect(JSON.parse((await user.run(`${line} --json`)).stdout)).toEqual(cluster);
    const records = (await user.run(`${line} -o ndjson`)).stdout
      .trim()
      .split('\n')
      .map((record) => JSON.parse(record));
    expect(records).toMatchObject([
      { type: 'cluster', schema: 1, ...cluster },
      {
        type: 'outcome',
        outcome: 'completed',
        reason: 'Stored prod, http://host:1; it is now the cluster in use',
      },
    ]);
  });
});

describe('sfcompose cluster add --from-sfctl', () => {
  const sfctl = (settings: Readonly<Record<string, string>>) => ({
    '.sfctl/config': `[servicefabric]\n${Object.entries(settings)
      .map(([key, value]) => `${key} = ${value}\n`)
      .join('')}`,
  });

  it('stores endpoint, certificate and authorities', async () => {
    const files = createFolder({
      'client.pem': server.cert,
      'client.key': server.key,
      'ca.pem': authority.pem,
    });
    const [certFile, keyFile, caFile] = ['client.pem', 'client.key', 'ca.pem'].map((name) =>
      join(files, name),
    );
    const gateway = await startTlsGateway(server, off, version);
    const user = createUser(
      sfctl({
        endpoint: gateway.url,
        security: 'cert',
        cert_path: certFile ?? '',
        key_path: keyFile ?? '',
        use_ca: 'true',
        ca_path: caFile ?? '',
        no_verify: 'true',
      }),
    );
    const { exitCode, stderr } = await user.run('cluster add prod --from-sfctl');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(user.read().clusters).toEqual({ prod: { endpoint: gateway.url, certFile, keyFile, caFile } });
  });

  it('lets options replace settings', async () => {
    const user = createUser(sfctl({ endpoint: 'https://host:19080', security: 'none', no_verify: 'true' }));
    const thumbprint = 'AB'.repeat(20);
    await user.run(`cluster add one --from-sfctl --no-verify`);
    await user.run(`cluster add two --from-sfctl --no-verify --server-thumbprint ${thumbprint}`);
    expect(user.read().clusters).toEqual({
      one: { endpoint: 'https://host:19080', insecure: true },
      two: { endpoint: 'https://host:19080', serverThumbprint: thumbprint },
    });
  });

  it("takes the passphrase of sfctl's certificate from an option", async () => {
    const files = createFolder({ 'client.pem': server.key + server.cert, passphrase: 'x' });
    const [pem, passphrase] = ['client.pem', 'passphrase'].map((name) => join(files, name));
    const user = createUser(sfctl({ endpoint: 'https://host:1', security: 'pem', pem_path: pem ?? '' }));
    await user.run(`cluster add prod --from-sfctl --no-verify --passphrase-file ${passphrase}`);
    expect(user.read().clusters.prod).toEqual({
      endpoint: 'https://host:1',
      certFile: pem,
      passphraseFile: passphrase,
    });
  });

  it('says how to get a token, which sfctl does not share', async () => {
    const user = createUser(
      sfctl({
        endpoint: 'https://host:19080',
        security: 'aad',
        authority_uri: 'https://login.microsoftonline.com/tenant',
        aad_resource: 'app',
      }),
    );
    const tried = await user.run('cluster add prod --from-sfctl');
    expect(tried.exitCode).toBe(2);
    expect(tried.stderr).toContain('--token-command');
    const untried = await user.run('cluster add prod --from-sfctl --no-verify');
    expect(untried.exitCode).toBe(0);
    expect(untried.stderr).toContain('az account get-access-token --tenant tenant --resource app');
    const command = 'sfcompose cluster add prod2 --from-sfctl --no-verify --token-command'
      .split(' ')
      .slice(1);
    expect((await run([...command, 'az token'], { home: user.home })).stderr).toBe('');
    expect(user.read().clusters.prod2).toEqual({ endpoint: 'https://host:19080', tokenCommand: 'az token' });
  });

  it('fails if sfctl has selected no cluster', async () => {
    const { exitCode, stderr } = await createUser().run('cluster add prod --from-sfctl');
    expect(stderr).toContain('sfctl has selected no cluster.');
    expect(exitCode).toBe(2);
  });
});

describe('sfcompose cluster list', () => {
  const stored = {
    eu: {
      endpoint: 'https://eu.example:19080',
      certFile: '/certs/eu.pem',
      serverThumbprint: 'AB'.repeat(20),
    },
    us: { endpoint: 'https://us.example:19080', caFile: '/certs/ca.pem', tokenCommand: 'az --password x' },
    test: { endpoint: 'http://test.example:19080' },
  };

  it('prints a table', async () => {
    const { stdout, stderr } = await createUserWith(stored, { cluster: 'us' }).run('cluster list --no-color');
    expect(stderr).toBe('');
    expect(stdout).toBe(
      [
        '   Name  Endpoint                   Credentials  Server checked',
        '   eu    https://eu.example:19080   certificate  by thumbprint',
        '✓  us    https://us.example:19080   token        by given authority',
        '   test  http://test.example:19080  none         no TLS',
        '',
      ].join('\n'),
    );
  });

  it('fits a narrow terminal', async () => {
    const { stdout } = await createUserWith(stored).run('cluster list --no-color', { columns: 30 });
    const lines = stdout.split('\n');
    expect(lines).toContain('    https://eu.example:19080');
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(30);
  });

  it('prints neither paths nor commands for scripts', async () => {
    const { stdout } = await createUserWith(stored, { cluster: 'gone' }).run('cluster ls --json');
    expect(JSON.parse(stdout)).toEqual({
      clusters: [
        {
          cluster: 'eu',
          inUse: false,
          endpoint: 'https://eu.example:19080',
          credentials: ['certificate'],
          trust: 'thumbprint',
        },
        {
          cluster: 'us',
          inUse: false,
          endpoint: 'https://us.example:19080',
          credentials: ['token'],
          trust: 'authorities',
        },
        {
          cluster: 'test',
          inUse: false,
          endpoint: 'http://test.example:19080',
          credentials: [],
          trust: null,
        },
      ],
    });
  });

  it('prints lines and records', async () => {
    const user = createUserWith({ test: stored.test }, { cluster: 'test' });
    expect((await user.run('cluster list -o plain')).stdout).toBe(
      '2026-11-24T08:00:00Z test: http://test.example:19080; credentials: none; server: no TLS; in use\n',
    );
    const { stdout } = await user.run('cluster list -o ndjson');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toMatchObject([
      { type: 'cluster', cluster: 'test', inUse: true },
      { type: 'outcome', exitCode: 0, reason: '1 cluster' },
    ]);
  });

  it('says how to store the first one', async () => {
    const { exitCode, stdout, stderr } = await createUser().run('cluster list');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toContain('sfcompose cluster add <name> -e <url>');
  });

  it.each(['SFCOMPOSE_CLUSTER', 'SFCOMPOSE_ENDPOINT'])(
    'says that %s outranks the cluster in use',
    async (name) => {
      const user = createUserWith(stored, { cluster: 'us' });
      const options = { env: { [name]: 'x' } };
      expect((await user.run('cluster list', options)).stderr).toContain(
        `${name} is set, and takes precedence over the cluster in use.`,
      );
      expect((await user.run('cluster list -q', options)).stderr).toBe('');
    },
  );
});

describe('sfcompose cluster use and remove', () => {
  const stored = { prod: { endpoint: 'http://prod:1' }, test: { endpoint: 'http://test:1' } };

  it('changes the cluster in use', async () => {
    const user = createUserWith(stored);
    expect((await user.run('cluster use test')).stdout).toBe('✓ Using test, http://test:1\n');
    expect(user.read().cluster).toBe('test');
    expect((await user.run('cluster use --none')).stdout).toBe('✓ No stored cluster is in use\n');
    expect(user.read()).toEqual({ version: 1, clusters: stored });
    expect(JSON.parse((await user.run('cluster use --none --json')).stdout)).toEqual({ cluster: null });
  });

  it('removes a cluster, and says if it was in use', async () => {
    const user = createUserWith(stored, { cluster: 'prod' });
    expect((await user.run('cluster remove test')).stdout).toBe('✓ Removed test, http://test:1\n');
    expect((await user.run('cluster rm prod')).stdout).toBe(
      '✓ Removed prod, http://prod:1. It was the cluster in use; now none is\n',
    );
    expect(user.read()).toEqual({ version: 1, clusters: {} });
  });

  it.each(['use', 'remove'])('suggests similar names to %s', async (command) => {
    const { exitCode, stderr } = await createUserWith(stored).run(`cluster ${command} prd`);
    expect(stderr).toBe(
      'sfcompose: There is no stored cluster "prd" (<name>). Did you mean prod?\n  List the stored clusters\n    sfcompose cluster list\n',
    );
    expect(exitCode).toBe(2);
  });
});

describe('a stored cluster', () => {
  it('is used by -c, by SFCOMPOSE_CLUSTER, or because it is in use, in this order', async () => {
    const [one, two, three] = await Promise.all([1, 2, 3].map(() => startGateway(...repeat(page))));
    const user = createUserWith(
      { one: { endpoint: one?.url }, two: { endpoint: two?.url }, three: { endpoint: three?.url } },
      { cluster: 'three' },
    );
    const counts = () => [one, two, three].map((gateway) => gateway?.requests.length);
    const env = { SFCOMPOSE_CLUSTER: 'two' };
    await user.run('list');
    expect(counts()).toEqual([0, 0, 1]);
    await user.run('list', { env });
    expect(counts()).toEqual([0, 1, 1]);
    await user.run('list -c one', { env });
    await user.run('list -c one', { env: { SFCOMPOSE_ENDPOINT: two?.url } });
    expect(counts()).toEqual([2, 1, 1]);
  });

  it('in use comes after any endpoint, and its file is not read then', async () => {
    const { url, requests } = await startGateway(...repeat(page));
    const user = createUser({ '.config/sfcompose/config.json': 'broken' });
    expect((await user.run(`list -e ${url}`)).exitCode).toBe(0);
    expect((await user.run('list', { env: { SFCOMPOSE_ENDPOINT: url } })).exitCode).toBe(0);
    expect(requests).toHaveLength(2);
    expect((await user.run('list')).exitCode).toBe(2);
  });

  it("in use comes before sfctl's cluster", async () => {
    const { url, requests } = await startGateway(page);
    const user = createUser({
      '.config/sfcompose/config.json': JSON.stringify({
        version: 1,
        cluster: 'prod',
        clusters: { prod: { endpoint: url } },
      }),
      '.sfctl/config': 'broken',
    });
    expect((await user.run('list')).exitCode).toBe(0);
    expect(requests).toHaveLength(1);
  });

  it('is named where its settings come from', async () => {
    const gateway = await startTlsGateway(server, off, version, off, version);
    const folder = createFolder({ 'ca.pem': authority.pem });
    const user = createUserWith({
      prod: { endpoint: gateway.url, caFile: join(folder, 'ca.pem'), timeout: 7 },
    });
    const { exitCode, stdout } = await user.run('connection -c prod');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^✓ Connected to prod as /);
    for (const member of ['endpoint', 'timeout', 'caFile'])
      expect(unfoldTable(stdout)).toContain(`prod.${member} in ${user.path}`);
    const json = await user.run('connection -c prod --json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      cluster: 'prod',
      settings: { endpoint: { value: gateway.url, from: `prod.endpoint in ${user.path}` } },
    });
  });

  it('is repeated in printed commands if it was named on the command line', async () => {
    const { url } = await startGateway(...repeat(answerWith(runningUpgrade)));
    const user = createUserWith({ prod: { endpoint: url } }, { cluster: 'prod' });
    const suggest = async (options: string, env = {}) => {
      const { stderr } = await user.run(`watch web --max-wait 30s -o json${options}`, { env });
      return /Keep watching\n +(.*)/.exec(stderr)?.[1];
    };
    expect(await suggest(' -c prod')).toBe('sfcompose upgrade-progress web --watch -c prod');
    expect(await suggest('')).toBe('sfcompose upgrade-progress web --watch');
    expect(await suggest('', { SFCOMPOSE_CLUSTER: 'prod' })).toBe('sfcompose upgrade-progress web --watch');
  });

  it('is unknown: similar names are suggested', async () => {
    const user = createUserWith({ prod: { endpoint: 'http://127.0.0.1:1' } }, { cluster: 'gone' });
    const lists = await Promise.all([
      user.run('list -c prd'),
      user.run('list', { env: { SFCOMPOSE_CLUSTER: 'prd' } }),
      user.run('list'),
    ]);
    expect(lists.map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
    expect(lists.map(({ stderr }) => stderr.split('\n')[0])).toEqual([
      'sfcompose: There is no stored cluster "prd" (--cluster). Did you mean prod?',
      'sfcompose: There is no stored cluster "prd" (SFCOMPOSE_CLUSTER). Did you mean prod?',
      `sfcompose: There is no stored cluster "gone" (the cluster in use, in ${user.path}).`,
    ]);
  });

  it('is a contradiction to another endpoint', async () => {
    const user = createUserWith({ prod: { endpoint: 'http://127.0.0.1:1' } });
    const env = { SFCOMPOSE_CLUSTER: 'prod', SFCOMPOSE_ENDPOINT: 'http://127.0.0.1:2' };
    const { exitCode, stderr } = await user.run('list', { env });
    expect(stderr).toContain('SFCOMPOSE_CLUSTER and SFCOMPOSE_ENDPOINT contradict each other');
    expect(exitCode).toBe(2);
  });

  it.each([
    ['http://host:1', { certFile: '/x.pem' }, 'prod.certFile in PATH requires https://'],
    ['https://host:1', { keyFile: '/x.pem' }, 'prod.keyFile in PATH requires prod.certFile in PATH.'],
    ['https://host:1', { certFile: '/no.pem' }, 'prod.certFile in PATH "/no.pem" cannot be read'],
    [
      'https://host:1',
      { insecure: true, caFile: '/x' },
      'prod.caFile in PATH and prod.insecure in PATH cannot',
    ],
    [
      'https://host:1',
      { tokenFile: '/x', tokenCommand: 'az' },
      'prod.tokenFile in PATH and prod.tokenCommand in',
    ],
    ['host:1', {}, 'Invalid prod.endpoint in PATH "host:1"'],
    ['https://host:1', { timeout: 'x' }, 'Invalid prod.timeout in PATH "x"'],
    ['https://host:1', { serverThumbprint: 'x' }, 'Invalid prod.serverThumbprint in PATH "x"'],
  ])('at %s with %j is refused', async (endpoint, settings, problem) => {
    const user = createUserWith({ prod: { endpoint, ...settings } });
    const { exitCode, stderr } = await user.run('list -c prod', { findUnsafePath: async () => undefined });
    expect(stderr).toContain(problem.replaceAll('PATH', user.path));
    expect(exitCode).toBe(2);
  });
});

describe('the file of stored clusters', () => {
  it.each([
    ['', 'is not valid JSON.'],
    ['{"version"}', 'is not valid JSON'],
    ['{\n"version": 1\n"clusters": {}}', 'is not valid JSON (line 3).'],
    ['[]', 'is invalid: the document must be an object.'],
    ['{"clusters": {}}', 'is invalid: version must be 1.'],
    ['{"version": "1"}', 'is invalid: version must be 1.'],
    [
      '{"version": 2}',
      'has version 2, which this version of sfcompose does not know. Use a newer sfcompose.',
    ],
    ['{"version": 1, "cluster": 5}', 'is invalid: cluster must be the name of a cluster.'],
    ['{"version": 1, "clusters": []}', 'is invalid: clusters must be an object.'],
    ['{"version": 1, "clusters": {"a": 1}}', 'is invalid: a must be an object.'],
    ['{"version": 1, "clusters": {"a b": {}}}', 'is invalid: "a b" is no name of a cluster.'],
    ['{"version": 1, "clusters": {"a": {}}}', 'is invalid: a.endpoint is missing.'],
    ['{"version": 1, "clusters": {"a": {"endpoint": 1}}}', 'is invalid: a.endpoint must be a text.'],
    [
      '{"version": 1, "clusters": {"a": {"endpoint": "x", "insecure": "no"}}}',
      'is invalid: a.insecure must be true or false.',
    ],
  ])('is refused, and not written: %j', async (text, problem) => {
    const user = createUser({ '.config/sfcompose/config.json': text });
    for (const line of ['list', 'cluster list', 'cluster use a', 'cluster add b -e http://b:1 --no-verify']) {
      const { exitCode, stderr } = await user.run(line);
      expect(stderr).toContain(`The configuration "${user.path}" ${problem}`);
      expect(stderr).toContain('Fix the file, or move it away.');
      expect(exitCode).toBe(2);
    }
    expect(readFileSync(user.path, 'utf8')).toBe(text);
  });

  it('may begin with a byte order mark', async () => {
    const user = createUser({ '.config/sfcompose/config.json': '\ufeff{"version": 1}' });
    expect((await user.run('cluster list')).exitCode).toBe(0);
  });

  it('needs a folder for configuration', async () => {
    const { exitCode, stderr } = await run(['cluster', 'add', 'a', '-e', 'http://a:1', '--no-verify'], {
      home: undefined,
    });
    expect(stderr).toContain('There is no folder for the configuration');
    expect(exitCode).toBe(2);
    expect((await run(['cluster', 'list'], { home: undefined })).exitCode).toBe(0);
  });

  it.each(['EACCES', 'EROFS', 'ENOSPC'])('that cannot be written is reported: %s', async (code) => {
    const user = createUser();
    const { exitCode, stderr } = await user.run('cluster add a -e http://a:1 --no-verify', {
      replaceFile: async () => {
        throw Object.assign(new Error(code), { code });
      },
    });
    expect(stderr).toContain(`The configuration "${user.path}" cannot be written: `);
    expect(exitCode).toBe(2);
  });

  it('does not run a command that others could have written', async () => {
    const { url, requests } = await startGateway();
    const user = createUserWith({
      prod: { endpoint: url, tokenCommand: 'az token' },
      test: { endpoint: url },
    });
    const programs: string[] = [];
    const options = (isForeign: boolean): RunOptions => ({
      findUnsafePath: async () => ({ path: user.path, isForeign }),
      run: async (program) => {
        programs.push(program);
        return 'eyJ0.eyJ0.sig';
      },
    });
    const writable = await user.run('list -c prod', options(false));
    expect(writable.stderr).toContain(
      `The tokenCommand in ${user.path} is not run, because other users can write to ${user.path}.`,
    );
    expect(writable.stderr).toContain(`chmod go-w ${user.path}`);
    const foreign = await user.run('list -c prod --token-command other', options(true));
    expect(foreign.stderr).toContain(`because ${user.path} belongs to another user.`);
    // Written anew, the command would seem to be this user's.
    const written = await user.run('cluster use prod', options(false));
    expect([writable, foreign, written].map(({ exitCode }) => exitCode)).toEqual([2, 2, 2]);
    expect({ programs, requests }).toEqual({ programs: [], requests: [] });
    expect(user.read().cluster).toBeUndefined();
  });

  it('does not matter to others while it has no command', async () => {
    const { url } = await startGateway(page);
    const user = createUserWith({ test: { endpoint: url } });
    const findUnsafePath = async () => ({ path: user.path, isForeign: false });
    expect((await user.run('list -c test', { findUnsafePath })).exitCode).toBe(0);
    const line = 'cluster add a -e https://a:1 --no-verify --token-command az';
    expect((await user.run(line, { findUnsafePath })).exitCode).toBe(2);
    expect(Object.keys(user.read().clusters)).toEqual(['test']);
  });

  it('stays a symbolic link', async () => {
    const user = createUserWith({});
    const target = join(createFolder(), 'dotfiles.json');
    rmSync(user.path);
    symlinkSync(target, user.path);
    expect((await user.run('cluster add a -e http://a:1 --no-verify')).exitCode).toBe(0);
    expect((await user.run('cluster add b -e http://b:1 --no-verify')).exitCode).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(target, 'utf8')).clusters)).toEqual(['a', 'b']);
  });

  it('keeps what all of many concurrent commands store', async () => {
    const user = createUser();
    const names = Array.from({ length: 20 }, (_, index) => `c${index}`);
    const runs = await Promise.all(
      names.map((name) => user.run(`cluster add ${name} -e http://${name}:1 --no-verify`)),
    );
    expect(runs.map(({ exitCode }) => exitCode)).toEqual(names.map(() => 0));
    expect(Object.keys(user.read().clusters).toSorted()).toEqual(names.toSorted());
  });
});
