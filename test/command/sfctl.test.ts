/** The cluster that sfctl has selected, from files as sfctl writes them, and from broken ones. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runningUpgrade } from '../support/documents.ts';
import { createFolder } from '../support/folder.ts';
import { run } from '../support/run.ts';
import { answerWith, startGateway } from '../support/scripted-gateway.ts';

/** Formats settings as Python's configparser writes them for sfctl. */
function formatConfig(settings: Readonly<Record<string, string>>): string {
  const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
  return `[servicefabric]\n${lines.join('')}\n`;
}

const argv = ['upgrade-progress', 'web', '-o', 'json'];

/** Reads once with these settings in sfctl's usual file. */
async function readWith(text: string, env: Readonly<Record<string, string>> = {}, ...more: string[]) {
  const home = createFolder({ '.sfctl/config': text });
  return { home, ...(await run([...argv, ...more], { home, env })) };
}

describe("sfctl's cluster", () => {
  it('is used without an endpoint for sfcompose', async () => {
    const gateway = await startGateway(answerWith(runningUpgrade));
    const { exitCode, stdout, stderr, home } = await readWith(
      formatConfig({ endpoint: gateway.url, no_verify: 'false', use_ca: 'false', security: 'none' }),
      {},
      '-v',
    );
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual(runningUpgrade);
    expect(stderr).toContain(`endpoint: ${gateway.url} (endpoint in ${join(home, '.sfctl', 'config')})`);
  });

  it('is not even read with an endpoint for sfcompose', async () => {
    const gateway = await startGateway(answerWith(runningUpgrade), answerWith(runningUpgrade));
    const broken = 'not a setting';
    expect((await readWith(broken, {}, '-e', gateway.url)).exitCode).toBe(0);
    expect((await readWith(broken, { SFCOMPOSE_ENDPOINT: gateway.url })).exitCode).toBe(0);
  });

  it.each(['utf8', 'latin1'] as const)('may have paths with umlauts, in %s', async (encoding) => {
    const folder = createFolder({ 'Jörg Müller.pem': 'no certificate' });
    const path = join(folder, 'Jörg Müller.pem');
    const text = formatConfig({ endpoint: 'https://127.0.0.1:1', security: 'pem', pem_path: path });
    const home = createFolder({ '.sfctl/config': Buffer.from(text, encoding) });
    const { exitCode, stderr } = await run(argv, { home });
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`"${path}" contains no certificate`);
  });

  it('is found in SFCTL_CONFIG_DIR', async () => {
    const gateway = await startGateway(answerWith(runningUpgrade));
    const folder = createFolder({ config: formatConfig({ endpoint: gateway.url, security: 'none' }) });
    const { exitCode } = await run(argv, { env: { SFCTL_CONFIG_DIR: folder } });
    expect(exitCode).toBe(0);
  });

  it('is overridden by each variable SFCTL_SERVICEFABRIC_…', async () => {
    const gateway = await startGateway(answerWith(runningUpgrade));
    const { exitCode, stderr } = await readWith(
      formatConfig({ endpoint: 'http://elsewhere.example:19080', security: 'aad' }),
      { SFCTL_SERVICEFABRIC_ENDPOINT: gateway.url, SFCTL_SERVICEFABRIC_SECURITY: 'none' },
      '-v',
    );
    expect(exitCode).toBe(0);
    expect(stderr).toContain('(SFCTL_SERVICEFABRIC_ENDPOINT)');
  });

  it('may be the address of Service Fabric Explorer', async () => {
    const gateway = await startGateway(answerWith(runningUpgrade));
    const endpoint = `${gateway.url}/east/Explorer/index.html#/apptype/ComposeType/app/fabric%253A%252Fweb`;
    // Python's configparser doubles percent signs.
    const config = formatConfig({ endpoint: endpoint.replaceAll('%', '%%'), security: 'none' });
    expect((await readWith(config)).exitCode).toBe(0);
    expect(gateway.requests[0]?.url).toMatch(/^\/east\/ComposeDeployments\/web\//);
  });

  it('has the default port of its scheme, as in sfctl', async () => {
    const { stderr } = await readWith(
      formatConfig({ endpoint: 'http://127.0.0.1/base', security: 'none' }),
      {},
      '--retries',
      '0',
    );
    expect(stderr).toContain('http://127.0.0.1:80/base');
  });

  it('needs no options in the command that continues a watch', async () => {
    const gateway = await startGateway(...Array.from({ length: 20 }, () => answerWith(runningUpgrade)));
    const settings = formatConfig({ endpoint: gateway.url, security: 'none' });
    const { exitCode, stderr } = await readWith(settings, {}, '--watch', '--max-wait', '30s');
    expect(exitCode).toBe(124);
    expect(stderr).toContain('Keep watching\n    sfcompose upgrade-progress web --watch\n');
  });

  it('inherits settings from [DEFAULT], and requires a home', async () => {
    const gateway = await startGateway(answerWith(runningUpgrade));
    const text = `[DEFAULT]\nsecurity = pem\n[servicefabric]\nendpoint = ${gateway.url}\n`;
    expect((await readWith(text)).stderr).toContain('pem_path is not set');
    const { stderr } = await run([...argv, '--retries', '0', '-v'], { home: undefined });
    expect(stderr).toContain('endpoint: http://localhost:19080 (default)');
  });

  it('is explained, with the command for a token and without any request, when it requires tokens', async () => {
    const { exitCode, stdout, stderr } = await readWith(
      formatConfig({
        endpoint: 'https://cluster.example:19080',
        security: 'aad',
        authority_uri: 'https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555',
        aad_resource: '66666666-7777-8888-9999-000000000000',
        aad_token: '{"accessToken": "SECRET-OF-SFCTL"}',
      }),
    );
    expect(exitCode).toBe(2);
    expect(stderr).toContain(
      'az account get-access-token --tenant 11111111-2222-3333-4444-555555555555 --resource 66666666-7777-8888-9999-000000000000 --query accessToken -o tsv',
    );
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_USAGE');
    expect(stdout + stderr).not.toContain('SECRET-OF-SFCTL');
  });
});

interface BadFile {
  readonly name: string;
  readonly text: string;
  readonly message: string;
}

describe("sfctl's settings file", () => {
  const endpoint = 'https://127.0.0.1:1';

  it.each<BadFile>([
    {
      name: 'with a malformed line',
      text: '[servicefabric]\nendpoint = x\nSECRET {"refreshToken"\n',
      message: 'line 3 is not a setting',
    },
    {
      name: 'with a duplicate setting',
      text: '[servicefabric]\nendpoint = x\nEndpoint = y\n',
      message: 'endpoint is set twice',
    },
    { name: 'without a section', text: 'endpoint = x\n', message: 'outside of any [section]' },
    {
      name: 'with an unknown security',
      text: formatConfig({ endpoint, security: 'SECRETive' }),
      message: 'but must be none, pem, cert or aad',
    },
    {
      name: 'with pem and no path',
      text: formatConfig({ endpoint, security: 'pem' }),
      message: 'pem_path is not set',
    },
    {
      name: 'with cert and no key',
      text: formatConfig({ endpoint, security: 'cert', cert_path: 'a.pem' }),
      message: 'key_path is not set',
    },
    {
      name: 'with use_ca and no path',
      text: formatConfig({ endpoint, security: 'none', use_ca: 'true' }),
      message: 'ca_path is not set',
    },
    {
      name: 'with a malformed boolean',
      text: formatConfig({ endpoint, security: 'none', no_verify: 'maybe' }),
      message: 'but must be true or false',
    },
    {
      name: 'with a malformed endpoint',
      text: formatConfig({ endpoint: 'cluster.example', security: 'none' }),
      message: 'Did you mean http://cluster.example:19080, or https://cluster.example:19080?',
    },
    {
      name: 'with a missing certificate',
      text: formatConfig({ endpoint, security: 'pem', pem_path: '\\\\server\\share\\a#1;b 100%%.pem' }),
      message: '"\\\\server\\share\\a#1;b 100%.pem" cannot be read: no such file',
    },
  ])('$name is refused with an explanation', async ({ text, message }) => {
    const { exitCode, stderr, home } = await readWith(text.replace('SECRETive', 'kerberos'));
    expect(stderr).toContain(message);
    expect(stderr).toContain(join(home, '.sfctl', 'config'));
    expect(stderr).toMatch(
      /^sfcompose: .*\n( {2}Fix the file, or select the cluster again\n {4}sfctl cluster select .*\n)?$/,
    );
    expect(stderr).not.toContain('SECRET');
    expect(exitCode).toBe(2);
  });

  it('is refused if it is a directory', async () => {
    const home = createFolder({ '.sfctl/config/x': '' });
    const { exitCode, stderr } = await run(argv, { home });
    expect(stderr).toContain('a directory, not a file');
    expect(exitCode).toBe(2);
  });

  it('may have a certificate for another kind of security', async () => {
    const gateway = await startGateway(answerWith(runningUpgrade));
    const { exitCode } = await readWith(
      formatConfig({
        endpoint: gateway.url,
        security: 'none',
        pem_path: '/gone.pem',
        cert_path: '/gone.pem',
      }),
    );
    expect(exitCode).toBe(0);
  });
});
