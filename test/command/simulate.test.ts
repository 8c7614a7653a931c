/** `sfcompose simulate` and `sfcompose demo`. */
import { request } from 'node:https';
import { describe, expect, it } from 'vitest';
import { scenarios } from '../../src/simulator/scenarios.ts';
import { run } from '../support/run.ts';
import { simulate } from '../support/simulate-command.ts';
import { getProgressPath, startSimulatedCluster } from '../support/simulated-cluster.ts';

const progress = getProgressPath('web');

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
        'A simulated cluster: a monitored upgrade that goes well.',
        'It has 3 upgrade domains and 6 nodes; a minute there passes in 60 s here.',
        `Try: sfcompose upgrade-progress web -e ${address}`,
        'Ctrl-C ends it.\n',
      ].join('\n'),
    );
    expect(exitCode).toBe(130);
    await expect(fetch(address)).rejects.toThrow();
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
    expect(stderr).toContain('5 upgrade domains and 20 nodes; a minute there passes in 1 s');
    expect(stderr).toContain('upgrade-progress shop-2 -e');
  });

  it('serves many deployments', async () => {
    const names = ['web', 'api', 'web', 'shop'].flatMap((name) => ['--name', name]);
    const { stderr } = await simulate(['rollback', '--port', '0', ...names], async (url) => {
      const list = await (await fetch(`${url}/ComposeDeployments?api-version=6.0-preview`)).text();
      expect(list.match(/(?<="DeploymentName":")\w+/g)).toEqual(['api', 'shop', 'web']);
    });
    expect(stderr).toContain('upgrade-progress web -e');
  });

  it('has fewer than three domains with too few nodes', async () => {
    const { stderr } = await simulate(['--port', '0', '--nodes', '4']);
    expect(stderr).toContain('2 upgrade domains and 4 nodes');
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
    [['sunny'], '[scenario] is "sunny"'],
    [['__proto__'], '[scenario] is "__proto__"'],
    [['--port', '65536'], '--port is "65536"'],
    [['--port', 'http'], '--port is "http"'],
    [['--speed', '0'], '--speed is "0"'],
    [['--speed', '-1'], '--speed is "-1"'],
    [['--speed', '1e3'], '--speed is "1e3"'],
    [['--speed', '10001'], '--speed is "10001"'],
    [['--name', 'a/b'], '--name is "a/b"'],
    [['--name', '..'], '--name is ".."'],
    [['--name', 'web', '--name', ''], '--name is ""'],
    [['--domains', '0'], '--domains is "0"'],
    [['--nodes', '1'], '--nodes is "1"'],
    [['--nodes', '9', '--domains', '5'], '--nodes is "9", but 5 domains take at least 10'],
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
      `sfcompose: --port is "${port}", but something else listens there; give another, or 0 for any that is free.\n`,
    );
    expect(exitCode).toBe(2);
  });

  it.each(['simulate', 'demo'])('describes every scenario in %s --help', async (command) => {
    const { exitCode, stdout } = await run([command, '--help']);
    for (const [name, { description }] of Object.entries(scenarios))
      expect(stdout).toMatch(new RegExp(`${name} +${description}`));
    expect(stdout).toContain('Examples:');
    expect(stdout).toContain('Exit codes:');
    expect(exitCode).toBe(0);
  });
});

describe('sfcompose demo', () => {
  it('watches one upgrade to its end in less than 30 seconds', async () => {
    const { exitCode, stdout, stderr, sleeps } = await run(['demo']);
    const lines = stdout.split('\n').filter((line) => /^2026/.test(line));
    expect(lines.map((line) => /: (.*?)(?: \(|$)/.exec(line.slice(20))?.[1])).toEqual([
      'preparing the new version',
      'rolling forward, upgrade domain UD0, 1 of 3',
      'rolling forward, upgrade domain UD0, 1 of 3',
      'health check before upgrade domain UD1, 2 of 3',
      'rolling forward, upgrade domain UD1, 2 of 3',
      'rolling forward, upgrade domain UD1, 2 of 3',
      'health check before upgrade domain UD2, 3 of 3',
      'rolling forward, upgrade domain UD2, 3 of 3',
      'rolling forward, upgrade domain UD2, 3 of 3',
      'final health check',
      'rolled forward, removing the old version',
      'upgraded',
    ]);
    expect(stdout).toMatch(/✓ web upgraded to v2 in /);
    expect(stderr).toMatch(/^\$ sfcompose upgrade-progress web --watch -e http:/);
    expect(sleeps.reduce((sum, each) => sum + each, 0)).toBeLessThan(30_000);
    expect(exitCode).toBe(0);
  });

  it.each([
    ['rollback', 3],
    ['timeout', 3],
    ['failed', 4],
    ['missing', 5],
    ['unauthorized', 7],
    ['manual', 124],
    ['stuck', 124],
    ['flaky', 0],
  ])('of the scenario "%s" ends with %i', async (scenario, code) => {
    expect((await run(['demo', scenario])).exitCode).toBe(code);
  });

  it('refuses an unknown scenario', async () => {
    const { exitCode, stderr } = await run(['demo', 'sunny']);
    expect(stderr).toContain('[scenario] is "sunny"');
    expect(exitCode).toBe(2);
  });
});
