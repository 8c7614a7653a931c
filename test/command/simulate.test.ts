/** `sfcompose simulate` and `sfcompose demo`. */
import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { scenarios } from '../../src/simulator/scenarios.ts';
import { run } from '../support/run.ts';
import { listSfctlRequests } from '../support/sfctl-requests.ts';
import { simulate } from '../support/simulate-command.ts';
import { getProgressPath, startSimulatedCluster } from '../support/simulated-cluster.ts';

const progress = getProgressPath('web');

/** Lists the commands of sfcompose in an output, on lines of their own or after a colon. */
function listCommands(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/(?:^ +|: )sfcompose (.+?)(?: {2,}.*)?$/gm)].map(([, words = '']) =>
    words.split(' '),
  );
}

/** Runs a printed command, one that serves until it is interrupted. */
function runPrinted([command = '', ...argv]: readonly string[]) {
  return command === 'simulate' ? simulate(argv) : run([command, ...argv]);
}

describe('sfcompose simulate', () => {
  it('prints its address, serves until Ctrl-C, and explains how to use it', async () => {
    let state = '';
    let address = '';
    const { exitCode, stdout, stderr } = await simulate(['--port', '0'], async (url) => {
      address = url;
      state = JSON.parse(await (await fetch(url + progress)).text()).UpgradeState;
    });
    expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(stdout).toBe(`${address}\n`);
    expect(state).toBe('ProvisioningTarget');
    expect(stderr).toBe(
      [
        'Simulated cluster: time passes at its normal speed.',
        'Scenario happy: a monitored upgrade that succeeds.',
        '3 upgrade domains, 6 nodes.',
        '',
        'Try:',
        `  sfcompose list -e ${address}`,
        `  sfcompose upgrade-progress web --watch -e ${address}`,
        '',
        'Press Ctrl-C to stop.\n',
      ].join('\n'),
    );
    expect(exitCode).toBe(130);
    await expect(fetch(address)).rejects.toThrow();
  });

  it('prints commands that work when typed', async () => {
    const { stdout, stderr } = await simulate(['--port', '0', '--speed', '60']);
    const commands = listCommands(stderr);
    expect(commands.map(([command]) => command)).toEqual(['list', 'upgrade-progress']);
    const exitCodes: number[] = [];
    await simulate(['--port', new URL(stdout.trim()).port, '--speed', '0.1'], async () => {
      for (const argv of commands)
        exitCodes.push((await run(argv[0] === 'list' ? argv : [...argv, '--max-wait', '1s'])).exitCode);
    });
    expect(exitCodes).toEqual([0, 124]);
  });

  it('ends with 143 on SIGTERM', async () => {
    expect((await simulate(['--port', '0'], undefined, 'SIGTERM')).exitCode).toBe(143);
  });

  it('serves a cluster with the requested name, domains, nodes and speed', async () => {
    const { stderr } = await simulate(
      ['stuck', '--port', '0', '--speed', '60', '--name', 'shop-2', '--domains', '5', '--nodes', '20'],
      async (url) => {
        const answer = await fetch(url + getProgressPath('shop-2'));
        expect(answer.status).toBe(200);
      },
    );
    expect(stderr).toContain('Simulated cluster: 1 minute passes in 1 second.');
    expect(stderr).toContain('5 upgrade domains, 20 nodes.');
    expect(stderr).toContain('upgrade-progress shop-2 --watch -e');
  });

  it('serves many deployments', async () => {
    const names = ['web', 'api', 'web', 'shop'].flatMap((name) => ['--name', name]);
    const { stderr } = await simulate(['rollback', '--port', '0', ...names], async (url) => {
      const list = await (await fetch(`${url}/ComposeDeployments?api-version=6.0-preview`)).text();
      expect(list.match(/(?<="DeploymentName":")\w+/g)).toEqual(['api', 'shop', 'web']);
    });
    expect(stderr).toContain('upgrade-progress web --watch -e');
  });

  it('gives clients the requested role', async () => {
    const writeAs = async (...argv: readonly string[]) => {
      let status = 0;
      await simulate(['--port', '0', ...argv], async (url) => {
        const path = '/ComposeDeployments/web/$/RollbackUpgrade?api-version=6.4-preview';
        ({ status } = await fetch(url + path, { method: 'POST' }));
      });
      return status;
    };
    expect([await writeAs('--role', 'user'), await writeAs('--role', 'admin'), await writeAs()]).toEqual([
      403, 200, 200,
    ]);
  });

  it('has fewer than three domains with too few nodes', async () => {
    const { stderr } = await simulate(['--port', '0', '--nodes', '4']);
    expect(stderr).toContain('2 upgrade domains, 4 nodes');
  });

  it('serves HTTPS, and prints the thumbprint of its certificate', async () => {
    let thumbprint = '';
    const { stderr } = await simulate(['--port', '0', '--tls'], async (url) => {
      expect(url).toMatch(/^https:/);
      thumbprint = await new Promise<string>((resolve, reject) => {
        const client = request(url + progress, { rejectUnauthorized: false }, (response) => {
          const { fingerprint } = (response.socket as import('node:tls').TLSSocket).getPeerCertificate();
          response.resume();
          response.on('end', () => resolve(fingerprint.replaceAll(':', '')));
        });
        client.on('error', reject).end();
      });
    });
    expect(thumbprint).toMatch(/^[0-9A-F]{40}$/);
    expect(stderr).toContain(thumbprint);
  });

  it.each([
    [['sunny'], 'Invalid [scenario] "sunny"'],
    [['__proto__'], 'Invalid [scenario] "__proto__"'],
    [['--port', '65536'], 'Invalid --port "65536"'],
    [['--port', 'http'], 'Invalid --port "http"'],
    [['--speed', '0'], 'Invalid --speed "0"'],
    [['--speed', '-1'], 'Invalid --speed "-1"'],
    [['--speed', '1e3'], 'Invalid --speed "1e3"'],
    [['--speed', '10001'], 'Invalid --speed "10001"'],
    [['--name', 'a/b'], 'Invalid --name "a/b"'],
    [['--name', '..'], 'Invalid --name ".."'],
    [['--name', 'web', '--name', ''], 'Invalid --name ""'],
    [['--domains', '0'], 'Invalid --domains "0"'],
    [['--nodes', '1'], 'Invalid --nodes "1"'],
    [['--role', 'root'], 'Invalid --role "root"'],
    [
      ['--nodes', '9', '--domains', '5'],
      '--nodes is "9", but 5 upgrade domains need at least 10 nodes, two in each.',
    ],
  ])('refuses %j', async (argv, said) => {
    const { exitCode, stdout, stderr } = await run(['simulate', ...argv]);
    expect(stderr).toContain(said);
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('explains that its port is in use', async () => {
    const { url } = await startSimulatedCluster('happy');
    const { port } = new URL(url);
    const { exitCode, stderr } = await run(['simulate', '--port', port]);
    expect(stderr).toBe(
      `sfcompose: --port is "${port}", but another program uses this port. Choose another port, or 0 for any free one. See sfcompose simulate --help.\n`,
    );
    expect(exitCode).toBe(2);
  });

  it.each(['simulate', 'demo'])('describes every scenario in %s --help', async (command) => {
    const { exitCode, stdout } = await run([command, '--help']);
    for (const [name, { description }] of Object.entries(scenarios))
      expect(stdout.replace(/\s+/g, ' ')).toContain(` ${name} ${description} `);
    expect(stdout).toContain('Examples:');
    expect(exitCode).toBe(0);
  });
});

describe('sfcompose demo', () => {
  it('watches one upgrade to its end in less than 15 seconds', async () => {
    const { exitCode, stdout, sleeps } = await run(['demo']);
    const lines = stdout.split('\n').filter((line) => /^2026/.test(line));
    const states = lines.map((line) => /\[(\w+)\]/.exec(line)?.[1]);
    expect(states.filter((state, index) => state !== states[index - 1])).toEqual([
      'ProvisioningTarget',
      'RollingForwardInProgress',
      'RollingForwardPending',
      'RollingForwardInProgress',
      'RollingForwardPending',
      'RollingForwardInProgress',
      'UnprovisioningCurrent',
      'RollingForwardCompleted',
    ]);
    const [first = '', ...rest] = lines.map((line) => line.slice(0, 20));
    expect(first).toBe('2026-11-24T08:00:00Z');
    // The upgrade takes 12 minutes and 33 seconds, and some latency.
    expect(rest.at(-1)).toMatch(/^2026-11-24T08:1[23]:/);
    expect(stdout).toContain('12m 03s');
    expect(sleeps.reduce((sum, each) => sum + each, 0)).toBeLessThan(15_000);
    expect(exitCode).toBe(0);
  });

  it('begins with what it is, and ends with what to try next', async () => {
    const { stderr } = await run(['demo']);
    expect(stderr.replace(/(?<=--port )\d+/, '41235')).toBe(
      [
        'Simulated cluster: 1 minute passes in 1 second.',
        'Scenario happy: a monitored upgrade that succeeds.',
        '',
        '',
        'Try next:',
        '  Start this cluster again, to try commands on it',
        '    sfcompose simulate happy --speed 60 --port 41235',
        '  Watch an upgrade that fails',
        '    sfcompose demo rollback',
        '  Learn how to watch upgrades on your own cluster',
        '    sfcompose upgrade-progress --help',
        '',
      ].join('\n'),
    );
  });

  it.each([
    ['rollback', 3],
    ['timeout', 3],
    ['failed', 4],
    ['missing', 5],
    ['never-upgraded', 5],
    ['unauthorized', 7],
    ['manual', 124],
    ['stuck', 124],
    ['flaky', 0],
  ])('of the scenario "%s" ends with %i after at most 21 seconds', async (scenario, code) => {
    const { exitCode, sleeps } = await run(['demo', scenario]);
    expect(exitCode).toBe(code);
    expect(sleeps.reduce((sum, each) => sum + each, 0)).toBeLessThan(21_000);
  });

  it.each([
    ['manual', 'somebody approves the next domain'],
    ['stuck', 'never clears'],
  ])('says why it stops in the scenario "%s"', async (scenario, why) => {
    const { stderr } = await run(['demo', scenario]);
    expect(stderr).toMatch(/Stopped watching after 20m.*\(--max-wait\)/);
    expect(stderr).toContain(why);
    expect(stderr).toMatch(/\n\nTry next:\n/);
  });

  it.each(['happy', 'rollback', 'timeout', 'failed', 'manual', 'stuck', 'missing', 'unauthorized'])(
    'of the scenario "%s" prints commands that work when typed',
    async (scenario) => {
      const { stdout, stderr } = await run(['demo', scenario]);
      const commands = listCommands(stdout + stderr);
      const again = commands.find(([command]) => command === 'simulate') ?? [];
      const onTheWay = commands.filter((argv) => argv.includes('-e'));
      const after = commands.filter((argv) => argv !== again && !argv.includes('-e'));
      expect(after).toHaveLength(2);
      for (const argv of after) expect([0, 3]).toContain((await runPrinted(argv)).exitCode);
      const hasCommandsAbove = onTheWay.length > 0 || stderr.includes('sfctl ');
      expect(stderr.includes('Start this cluster again, to try the commands above')).toBe(hasCommandsAbove);
      let url = '';
      await simulate(again.slice(1), async (address) => {
        url = address;
        for (const argv of onTheWay) {
          // The cluster has just started: its upgrade has not come to where these commands are of use.
          if (/^(?:upgrade|rollback|resume)$/.test(argv[0] ?? '')) continue;
          const { exitCode } = await run(argv.includes('--watch') ? [...argv, '--max-wait', '1s'] : argv);
          expect([0, 124]).toContain(exitCode);
        }
        for (const { verb, path, version } of listSfctlRequests(stdout + stderr))
          if (verb === 'GET') expect((await fetch(`${url}${path}api-version=${version}`)).status).toBe(200);
      });
      for (const argv of onTheWay) expect(argv).toContain(url);
      const [, selected = url] = /sfctl cluster select --endpoint (\S+)/.exec(stdout + stderr) ?? [];
      expect(selected).toBe(url);
    },
  );

  it("ignores the user's settings, which are for real clusters", async () => {
    const env = {
      SFCOMPOSE_CERT_FILE: '/nowhere/client.pem',
      SFCOMPOSE_ENDPOINT: 'https://prod.example:19080',
      SFCOMPOSE_OUTPUT: 'json',
      SFCTL_SERVICEFABRIC_SECURITY: 'pem',
    };
    const { exitCode, stdout, stderr } = await run(['demo'], { env });
    expect(exitCode).toBe(0);
    expect(stdout).not.toMatch(/^\{/m);
    expect(stderr).not.toContain('prod.example');
  });

  it('stops on Ctrl-C without a word about an upgrade that continues', async () => {
    const interrupt = new AbortController();
    const { exitCode, stderr } = await run(['demo'], {
      interrupt: interrupt.signal,
      onOutput: () => interrupt.abort('SIGINT'),
    });
    expect(stderr).toMatch(/Stopped by Ctrl-C\.\n$/);
    expect(exitCode).toBe(130);
  });

  it.each(Object.entries(scenarios))(
    'introduces the scenario "%s" in one line of 80 columns',
    (name, { description }) => {
      expect(`Scenario ${name}: ${description}.`.length).toBeLessThanOrEqual(80);
    },
  );

  it('refuses an unknown scenario', async () => {
    const { exitCode, stderr } = await run(['demo', 'sunny']);
    expect(stderr).toContain('Invalid [scenario] "sunny"');
    expect(exitCode).toBe(2);
  });
});
