/** Connections from Windows: certificates, sfctl's configuration, variables and proxies. */
import { createHash, X509Certificate } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { RunOptions } from '../../build/windows.js';
import { createAuthority, createKey, createPkcs12 } from '../support/authority.ts';
import { runningUpgrade } from '../support/documents.ts';
import { startForwardProxy } from '../support/forward-proxy.ts';
import { answerWith, startGateway, startTlsGateway } from '../support/scripted-gateway.ts';
import {
  composeFile,
  createDeployment,
  createTestFolder,
  installations,
  runProgram,
  startCluster,
  toCrlf,
  windows,
} from './support.ts';

const authority = createAuthority('Prüfstelle');
const server = authority.issue({ address: '127.0.0.1' });
const key = createKey('rsa');
const certificate = authority.issueClient({ name: 'Jörg Müller', key });
const tls = { ...server, ca: authority.pem, requestCert: true, rejectUnauthorized: true } as const;
const files = {
  'ca.pem': toCrlf(authority.pem),
  'zertifikat ü.pem': toCrlf(certificate + key),
  'client.pfx': createPkcs12({ certificates: [certificate], key }, 'schlüssel', 'aes256'),
  passphrase: toCrlf('schlüssel\n'),
};

/** Selects a cluster in sfctl, whose configuration lies in the folder of the user. */
function writeSfctlConfig(text: Buffer): void {
  const folder = join(windows.profile, '.sfctl');
  mkdirSync(folder, { recursive: true });
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'config'), text);
}

describe.each(installations)('on Node $version', (installation) => {
  const readWeb = async (argv: readonly string[], options: RunOptions = {}) => {
    const { exitCode, stdout, stderr } = await runProgram(
      installation,
      ['upgrade-progress', 'web', '--retries', '0', '-o', 'json', ...argv],
      options,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ DeploymentName: 'web' });
  };

  it('sends a client certificate in PEM, and trusts an authority', async () => {
    const { url } = await startTlsGateway(tls, answerWith(runningUpgrade));
    const { toWindows } = createTestFolder(files);
    const credentials = ['--cert-file', toWindows('zertifikat ü.pem'), '--ca-file', toWindows('ca.pem')];
    await readWeb(['-e', url, ...credentials]);
  });

  it('sends a client certificate in PKCS#12, and checks the pin of the server', async () => {
    const { url } = await startTlsGateway(tls, answerWith(runningUpgrade));
    const folder = createTestFolder(files);
    const pin = createHash('sha256').update(new X509Certificate(server.cert).raw).digest('hex');
    // Relative to the working directory, with a backslash.
    const credentials = ['--pfx-file', '.\\client.pfx', '--passphrase-file', '.\\passphrase'];
    await readWeb(['-e', url, ...credentials, '--server-thumbprint', pin], { cwd: folder.path });
  });

  it('exits with 7 for another server than the pinned one, and for an unknown authority', async () => {
    const { url } = await startTlsGateway(server);
    for (const argv of [['--server-thumbprint', '0'.repeat(40)], []]) {
      const { exitCode, stdout } = await runProgram(installation, ['list', '-e', url, ...argv]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 7, stdout: '' });
    }
  });

  it('uses the certificate that a simulated cluster created', async () => {
    const { path, toWindows } = createTestFolder();
    const argv = ['simulate', '--port', '0', '--tls', '--client-certificate', toWindows('client.pem')];
    const launcher = windows.toWindowsPath(installation.launcher);
    const cluster = windows.start(installation.node, [launcher, ...argv], { cwd: path });
    onTestFinished(() => void cluster.stop());
    const url = await cluster.readLine();
    await readWeb(['-e', url, '--insecure', '-q', '--cert-file', toWindows('client.pem')]);
  });

  it.each(['utf8', 'latin1'] as const)(
    "uses sfctl's cluster from the folder of the user, in %s",
    async (encoding) => {
      const { url } = await startTlsGateway(tls, answerWith(runningUpgrade));
      const { toWindows } = createTestFolder(files);
      const settings = [
        '[servicefabric]',
        `endpoint = ${url}`,
        'no_verify = false',
        'use_ca = true',
        `ca_path = ${toWindows('ca.pem')}`,
        'security = pem',
        `pem_path = ${toWindows('zertifikat ü.pem')}`,
      ];
      writeSfctlConfig(Buffer.from(`${settings.join('\r\n')}\r\n`, encoding));
      await readWeb([]);
    },
  );

  it.each(['sfcompose_endpoint', 'SfCompose_Endpoint'])('reads the variable %s', async (name) => {
    const { url } = await startGateway(answerWith(runningUpgrade));
    await readWeb([], { env: { [name]: url } });
  });

  it('reads sfctl variables and the token in any case', async () => {
    const { url, requests } = await startGateway(answerWith(runningUpgrade));
    await readWeb([], { env: { sfctl_ServiceFabric_endpoint: url, sfcompose_Token: 'abc\r\n' } });
    expect(requests[0]?.headers.authorization).toBe('Bearer abc');
  });

  it.each(['HTTP_PROXY', 'http_proxy', 'Http_Proxy'])('uses the proxy in %s', async (name) => {
    const { url } = await startGateway(answerWith(runningUpgrade));
    const { port, requests } = await startForwardProxy({ to: url });
    const env = { [name]: `http://127.0.0.1:${port}` };
    await readWeb(['-e', 'http://cluster.test:19080'], { env });
    expect(requests).toHaveLength(1);
    const exempt = { ...env, No_Proxy: 'cluster.test' };
    const argv = ['list', '-e', 'http://cluster.test:19080', '--retries', '0'];
    expect((await runProgram(installation, argv, { env: exempt })).exitCode).toBe(6);
    expect(requests).toHaveLength(1);
  });

  it('interpolates variables in any case', async () => {
    const url = await startCluster('missing', '--speed', '600');
    await createDeployment(url);
    const text = composeFile.replace('registry.example/web:2', '$Image_Name');
    const { toWindows } = createTestFolder({ 'compose.yml': text });
    const argv = ['upgrade', 'web', '-e', url, '-f', toWindows('compose.yml'), '--interpolate', '--dry-run'];
    const { stdout } = await runProgram(installation, argv, {
      env: { IMAGE_NAME: 'registry.example/web:9' },
    });
    expect(stdout).toContain('registry.example/web:9');
  });

  it('shows the settings and their sources', async () => {
    const url = await startCluster('happy');
    const { exitCode, stdout, stderr } = await runProgram(installation, ['connection'], {
      env: { sfcompose_endpoint: url },
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('SFCOMPOSE_ENDPOINT');
  });
});
