/** Refused certificates and handshakes, met for real: the built program against TLS servers on loopback. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TlsOptions } from 'node:tls';
import { expect, it, onTestFinished } from 'vitest';
import { type Authority, newAuthority } from './authority.ts';
import { midway, wire } from './documents.ts';

const trusted = newAuthority('Trusted test authority');
const stranger = newAuthority('Authority that nobody knows');

/** Runs the built program, which trusts the one authority, against a server with these settings. */
async function readOver(tls: TlsOptions): Promise<{ exitCode: number; stdout: string; stderr: string }> {
  const server = createServer(tls, (_, response) => response.end(wire(midway)));
  // A handshake that fails is what most of these tests are about.
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const folder = mkdtempSync(join(tmpdir(), 'sfcompose-tls-'));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(join(folder, 'ca.pem'), trusted.pem);
  const endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const argv = [
    'bin/sfcompose.js',
    'upgrade-progress',
    'web',
    '-e',
    endpoint,
    '-o',
    'json',
    '--retries',
    '0',
  ];
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') };
  return new Promise((resolve) => {
    execFile(process.execPath, argv, { env }, (error, stdout, stderr) => {
      resolve({ exitCode: Number(error?.code ?? 0), stdout, stderr });
    });
  });
}

const serverFrom = (authority: Authority, days = 1, address = '127.0.0.1') =>
  authority.issue({ days, address });

it('reads over TLS when the certificate is good', async () => {
  const { exitCode, stdout } = await readOver(serverFrom(trusted));
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toEqual(midway);
});

it.each<[string, TlsOptions, string]>([
  ['self-signed', stranger.itself, 'It is self-signed.'],
  ['from an unknown issuer', serverFrom(stranger), 'Its issuer is not known here.'],
  ['expired', serverFrom(trusted, -1), 'It has expired.'],
  ['for another host', serverFrom(trusted, 1, '127.0.0.2'), 'It is for another host name.'],
])('refuses a certificate that is %s', async (_, tls, said) => {
  const { exitCode, stdout, stderr } = await readOver(tls);
  expect(stderr).toContain(said);
  expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_CERTIFICATE');
  expect(exitCode).toBe(7);
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'says that a client certificate is wanted, over %s',
  async (version) => {
    const { exitCode, stderr } = await readOver({
      ...serverFrom(trusted),
      ca: trusted.pem,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: version,
      maxVersion: version,
    });
    expect(stderr).toContain('client certificate');
    expect(exitCode).toBe(7);
  },
);
