/** `sfcompose simulate --client-certificate`. */
import { existsSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createClientCertificate } from '../../src/simulator/certificate.ts';
import { createFolder } from '../support/folder.ts';
import { createTestTime, run } from '../support/run.ts';
import { simulate } from '../support/simulate-command.ts';
import {
  acceptedClient,
  openMuteConnection,
  otherClient,
  progressPath,
  refusedAnswer,
  sendRequest,
} from '../support/simulated-tls.ts';

/** Runs `simulate --tls` with that file. */
const simulateWith = (file: string, use?: (url: string) => Promise<unknown>) =>
  simulate(['--port', '0', '--tls', '--client-certificate', file], use);

interface BadFile {
  readonly kind: string;
  readonly make: (path: string) => void | Promise<void>;
  readonly message: string;
}

describe('sfcompose simulate --client-certificate', () => {
  it('creates the file, and explains how to use it', async () => {
    const file = join(createFolder(), 'client.pem');
    let url = '';
    const { exitCode, stderr } = await simulateWith(file, async (address) => {
      url = address;
      const pem = readFileSync(file);
      expect((await sendRequest(url, progressPath, { cert: pem, key: pem })).status).toBe(200);
      expect(await sendRequest(url, progressPath)).toEqual(refusedAnswer);
    });
    expect(readFileSync(file, 'utf8')).toMatch(
      /^-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----\n[^-]+-----END PRIVATE KEY-----\n$/,
    );
    const thumbprint = /with the thumbprint ([0-9A-F]{40})\./.exec(stderr)?.[1];
    expect(stderr.split('\n').slice(4, -3)).toEqual([
      `It accepts only the client certificate in ${file}, which was created with its key.`,
      '',
      'Try:',
      `  sfcompose list -e ${url} --server-thumbprint ${thumbprint} --cert-file ${file}`,
      `  sfcompose upgrade-progress web --watch -e ${url} --server-thumbprint ${thumbprint} --cert-file ${file}`,
    ]);
    expect(exitCode).toBe(130);
  });

  it.skipIf(process.platform === 'win32')('creates a file that only its owner can read', async () => {
    const file = join(createFolder(), 'client.pem');
    await simulateWith(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('reuses the file', async () => {
    const file = join(createFolder(), 'client.pem');
    await simulateWith(file);
    const pem = readFileSync(file);
    const { stderr } = await simulateWith(file, async (url) => {
      expect((await sendRequest(url, progressPath, { cert: pem, key: pem })).status).toBe(200);
    });
    expect(readFileSync(file)).toEqual(pem);
    expect(stderr).toContain(`It accepts only the client certificate in ${file}.\n`);
  });

  it('accepts a file from elsewhere, with its key first', async () => {
    const file = join(createFolder(), 'my client.pem');
    const made = await createClientCertificate(createTestTime().clock.now());
    const [cert = '', key = ''] = made.split(/(?=-----BEGIN PRIVATE)/);
    writeFileSync(file, `Bag Attributes\r\n${key}${cert}`.replaceAll(/\r?\n/g, '\r\n'));
    const { stderr } = await simulateWith(file, async (url) => {
      expect((await sendRequest(url, progressPath, { cert, key })).status).toBe(200);
      expect(await sendRequest(url, progressPath, otherClient)).toEqual(refusedAnswer);
    });
    expect(stderr).toContain(`--cert-file "${file}"\n`);
  });

  it('stops on Ctrl-C at once, whatever its clients do', async () => {
    const { exitCode } = await simulateWith(join(createFolder(), 'client.pem'), async (url) => {
      await openMuteConnection(url);
      const silent = connectTcp(Number(new URL(url).port), '127.0.0.1');
      silent.on('error', () => {});
      await new Promise((resolve) => silent.once('connect', resolve));
      // Once this is answered, the server has seen the other requests as well.
      await sendRequest(url, '/$/GetAadMetadata?api-version=1.0');
    });
    expect(exitCode).toBe(130);
  });

  it.each<BadFile>([
    { kind: 'a directory', make: () => {}, message: 'cannot be read: a directory, not a file.' },
    {
      kind: 'not PEM',
      make: (path) => writeFileSync(path, 'client.pfx'),
      message: 'contains no certificate in PEM.',
    },
    {
      kind: 'a key alone',
      make: (path) => writeFileSync(path, acceptedClient.key),
      message: 'contains no certificate in PEM.',
    },
    {
      kind: 'empty',
      make: (path) => writeFileSync(path, ''),
      message: 'contains no certificate in PEM.',
    },
    {
      kind: 'expired',
      make: async (path) =>
        writeFileSync(path, await createClientCertificate(Date.parse('2020-01-01T00:00:00Z'))),
      message: 'contains a certificate that expired at 2020-12-31T00:00:00Z.',
    },
    {
      kind: 'not yet valid',
      make: async (path) =>
        writeFileSync(path, await createClientCertificate(Date.parse('2040-01-02T00:00:00Z'))),
      message: 'contains a certificate that is not valid until 2040-01-01T00:00:00Z.',
    },
  ])('refuses a file that is $kind', async ({ kind, make, message }) => {
    const place = createFolder();
    const file = kind === 'a directory' ? place : join(place, 'client.pem');
    await make(file);
    const { exitCode, stdout, stderr } = await simulateWith(file);
    expect(stderr).toBe(
      `sfcompose: --client-certificate "${file}" ${message} See sfcompose simulate --help.\n`,
    );
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  it('refuses an empty path', async () => {
    const { exitCode, stderr } = await simulateWith('');
    expect(stderr).toBe(
      'sfcompose: Invalid --client-certificate "": use the path of a file. See sfcompose simulate --help.\n',
    );
    expect(exitCode).toBe(2);
  });

  it('refuses a missing folder', async () => {
    const file = join(createFolder(), 'nowhere', 'client.pem');
    const { exitCode, stderr } = await simulateWith(file);
    expect(stderr).toBe(
      `sfcompose: --client-certificate "${file}" cannot be created: its folder does not exist. See sfcompose simulate --help.\n`,
    );
    expect(exitCode).toBe(2);
  });

  it.skipIf(process.platform === 'win32')('refuses a dangling link', async () => {
    const place = createFolder();
    const [link, target] = [join(place, 'client.pem'), join(place, 'target.pem')];
    symlinkSync(target, link);
    const { exitCode, stderr } = await simulateWith(link);
    expect(stderr).toContain('cannot be created: it is a link to a file that does not exist.');
    expect(existsSync(target)).toBe(false);
    expect(exitCode).toBe(2);
  });

  it('requires --tls, and creates nothing without it', async () => {
    const file = join(createFolder(), 'client.pem');
    const { exitCode, stderr } = await run(['simulate', '--port', '0', '--client-certificate', file]);
    expect(stderr).toBe('sfcompose: --client-certificate needs --tls. See sfcompose simulate --help.\n');
    expect(existsSync(file)).toBe(false);
    expect(exitCode).toBe(2);
  });
});
