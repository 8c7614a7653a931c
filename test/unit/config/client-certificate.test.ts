/** TLS material from files: what is read from it, and what is said of each file that cannot be used. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { describe, expect, it } from 'vitest';
import {
  type ClientCertificate,
  readAuthorities,
  readPassphrase,
  readPemCertificate,
  readPkcs12,
} from '../../../src/config/client-certificate.ts';
import type { Files } from '../../../src/config/input-file.ts';
import { ExpectedError } from '../../../src/platform/errors.ts';
import { Secret } from '../../../src/platform/secret.ts';
import { newAuthority, newKey, pkcs12Of } from '../../support/authority.ts';
import {
  authorityThumbprint,
  clientThumbprint,
  fixturePassphrase,
  legacyPkcs12,
  modernPkcs12,
} from '../../support/fixtures.ts';
import { folderWith } from '../../support/folder.ts';

/** Later than the fixtures were made, on whatever machine. */
const now = new Date('2040-06-01T12:00:00Z');
const clock = { now: () => now.getTime(), after: () => () => {} } as unknown as Files['clock'];
const host: Files = { readFile: (path) => readFile(path), clock, interrupt: new AbortController().signal };

const year = (of: number) => new Date(`${of}-03-01T00:00:00Z`);
const authority = newAuthority('Test authority');
const rsaKey = newKey('rsa');
const ecKey = newKey('ec');
const otherKey = newKey('ec');

const issue = (key: string, from = 2039, to = 2041) =>
  authority.issueClient({ name: 'web', key, from: year(from), to: year(to) });
const rsa = issue(rsaKey);
const ec = issue(ecKey);
const other = issue(otherKey);
const expired = issue(ecKey, 2038, 2040);
const early = issue(ecKey, 2041, 2042);
const broken = ec.replace(/\n\w{12}/, '\nAAAAAAAAAAAA');

const passphrase = 'open sesame';
const locked = (key: string, type: 'pkcs8' | 'pkcs1' | 'sec1') =>
  createPrivateKey(key)
    .export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase } as never)
    .toString();
const wrong = 'close sesame';
const traditional = (key: string, type: 'pkcs1' | 'sec1') =>
  createPrivateKey(key)
    .export({ type, format: 'pem' } as never)
    .toString();
const ecParameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
const lockedKey = locked(ecKey, 'pkcs8');
const oldCipherKey = locked(ecKey, 'sec1').replace(/DEK-Info: .*/, 'DEK-Info: DES-CBC,5ED15744AA5A7141');

const cut = (pem: string) => pem.slice(0, 200);
const crlf = (pem: string) => pem.replaceAll(/\r?\n/g, '\r\n');
const bom = (text: string) => `\ufeff${text}`;
const utf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const derOf = (pem: string) => new X509Certificate(pem).raw;
const thumbprintOf = (pem: string) => new X509Certificate(pem).fingerprint.replaceAll(':', '');
const secretOf = (text: string | undefined) => (text === undefined ? undefined : new Secret(text));

interface PemFiles {
  readonly cert: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
}

function readPem({ cert, key, passphrase }: PemFiles): Promise<ClientCertificate> {
  const folder = folderWith({ 'client.pem': cert, ...(key === undefined ? {} : { 'client.key': key }) });
  const keyFile = { path: join(folder, 'client.key'), from: 'SFCOMPOSE_KEY_FILE' };
  return readPemCertificate(
    { path: join(folder, 'client.pem'), from: '--cert-file' },
    key === undefined ? undefined : keyFile,
    secretOf(passphrase),
    host,
  );
}

function readPfx(pfx: string | Buffer, passphrase?: string): Promise<ClientCertificate> {
  const path = join(folderWith({ 'client.pfx': pfx }), 'client.pfx');
  return readPkcs12({ path, from: '--pfx-file' }, secretOf(passphrase), host);
}

function readCa(ca: string | Buffer): Promise<readonly string[]> {
  return readAuthorities({ path: join(folderWith({ 'ca.pem': ca }), 'ca.pem'), from: '--ca-file' }, host);
}

async function readPhrase(content: string | Buffer): Promise<string> {
  const path = join(folderWith({ phrase: content }), 'phrase');
  return (await readPassphrase({ path, from: '--passphrase-file' }, host)).reveal();
}

const keyBodies = [rsaKey, ecKey, otherKey, lockedKey, oldCipherKey].map((pem) => pem.replaceAll(/\s/g, ''));

/** What is said when it cannot be read: in one line, without any secret. Folders are left out of it here. */
async function problemOf(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => expect.unreachable('it was read'),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ExpectedError);
  expect(error.explanation.outcome).toBe('usage');
  const said = JSON.stringify(error.explanation);
  for (const secret of [passphrase, fixturePassphrase, wrong]) expect(said).not.toContain(secret);
  for (let at = 0; at + 20 <= said.length; at++)
    expect(keyBodies.some((body) => body.includes(said.slice(at, at + 20)))).toBe(false);
  expect(error.message).not.toMatch(/[\r\n]/);
  return error.message.replaceAll(/"[^"]*[/\\]([^"/\\]+)"/g, '"$1"');
}

/** That it is this certificate, shown with the rest of the chain, and with the key that fits. */
function expectPair(read: ClientCertificate, cert: string, chain: readonly string[] = []): void {
  expect(read.facts.thumbprint).toBe(thumbprintOf(cert));
  expect(thumbprintsIn(read.chain)).toEqual([cert, ...chain].map(thumbprintOf));
  expectFit(read);
}

function expectFit({ chain, key }: ClientCertificate): void {
  expect(key.reveal()).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  // It checks that they fit.
  createSecureContext({ cert: chain, key: key.reveal() });
}

function thumbprintsIn(chain: string): readonly string[] {
  return chain.split(/(?=-----BEGIN)/).map(thumbprintOf);
}

interface BadPem {
  readonly name: string;
  readonly files: PemFiles;
  readonly reason: string;
}

interface BadKey {
  readonly name: string;
  readonly key: string | Buffer;
  readonly phrase?: string;
  readonly reason: string;
}

describe('a certificate in PEM', () => {
  it.each<[string, PemFiles]>([
    ['with its key in a file of its own', { cert: ec, key: ecKey }],
    ['with its key behind it', { cert: ec + ecKey }],
    ['with its key before it', { cert: ecKey + ec }],
    ['with its key beside it and another key in its own file', { cert: ec + otherKey, key: ecKey }],
    ['with a passphrase that is not needed', { cert: ec, key: ecKey, passphrase }],
    ['with a key in PKCS#8 that is encrypted', { cert: ec, key: lockedKey, passphrase }],
    ['with an EC key that is encrypted the old way', { cert: ec + locked(ecKey, 'sec1'), passphrase }],
    ['with an EC key and its parameters', { cert: ec, key: ecParameters + traditional(ecKey, 'sec1') }],
    ['with line ends of Windows and a mark at the start', { cert: bom(crlf(ec)), key: bom(crlf(ecKey)) }],
    [
      'with line ends of Windows in an encrypted key',
      { cert: ec, key: crlf(locked(ecKey, 'sec1')), passphrase },
    ],
    ['in UTF-16', { cert: utf16(ec), key: utf16(ecKey) }],
    ['with text around the blocks', { cert: `Bag Attributes\n  friendlyName: web\n${ec}Key:\n${ecKey}\n` }],
    ['as OpenSSL once called it', { cert: ec.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE'), key: ecKey }],
  ])('is read %s', async (_, files) => {
    expectPair(await readPem(files), ec);
  });

  it.each<[string, PemFiles]>([
    ['as it is', { cert: rsa, key: rsaKey }],
    ['encrypted in PKCS#8', { cert: rsa, key: locked(rsaKey, 'pkcs8'), passphrase }],
    ['encrypted the old way', { cert: rsa + locked(rsaKey, 'pkcs1'), passphrase }],
    ['in its own format', { cert: traditional(rsaKey, 'pkcs1') + rsa }],
  ])('is read with an RSA key %s', async (_, files) => {
    expectPair(await readPem(files), rsa);
  });

  it('is read with the trust that OpenSSL may add to it', async () => {
    // All that follows the certificate: it is trusted for client authentication.
    const trust = Buffer.from('300c300a06082b06010505070302', 'hex');
    const body = Buffer.concat([derOf(ec), trust])
      .toString('base64')
      .replaceAll(/.{64}/g, '$&\n');
    const trusted = `-----BEGIN TRUSTED CERTIFICATE-----\n${body}\n-----END TRUSTED CERTIFICATE-----\n`;
    const read = await readPem({ cert: trusted, key: ecKey });
    expectPair(read, ec);
    expect(read.chain).toMatch(/^-----BEGIN CERTIFICATE/);
  });

  it('is the one that the key fits, and the others are its chain', async () => {
    const cert = authority.pem + other + ec;
    expectPair(await readPem({ cert, key: ecKey }), ec, [authority.pem, other]);
  });

  it('says what it is', async () => {
    const { facts } = await readPem({ cert: ec, key: ecKey });
    const { fingerprint256 } = new X509Certificate(ec);
    expect(facts).toEqual({
      subject: 'CN=web',
      issuer: 'CN=Test authority',
      altNames: '',
      validFrom: year(2039),
      validTo: year(2041),
      thumbprint: thumbprintOf(ec),
      sha256: fingerprint256.replaceAll(':', ''),
    });
  });

  it.each<BadPem>([
    { name: 'empty', files: { cert: '' }, reason: 'it holds no certificate in PEM' },
    { name: 'some text', files: { cert: '0 certificates' }, reason: 'it holds no certificate in PEM' },
    { name: 'a key alone', files: { cert: ecKey }, reason: 'it holds no certificate in PEM' },
    {
      name: 'DER',
      files: { cert: derOf(ec), key: ecKey },
      reason: 'it is not PEM; a PKCS#12 file goes to --pfx-file',
    },
    {
      name: 'PKCS#12',
      files: { cert: modernPkcs12 },
      reason: 'it is not PEM; a PKCS#12 file goes to --pfx-file',
    },
    { name: 'broken', files: { cert: broken, key: ecKey }, reason: 'certificate 1 of 1 in it is broken' },
    { name: 'cut off', files: { cert: ec + cut(other) }, reason: 'certificate 2 of 2 in it is broken' },
    {
      name: 'a certificate alone',
      files: { cert: ec },
      reason: 'it holds no private key; give it with --key-file, or put both into one PEM',
    },
    {
      name: 'with another key',
      files: { cert: ec + otherKey },
      reason: 'its private key is that of another certificate',
    },
    {
      name: 'with half a key',
      files: { cert: ec + cut(ecKey) },
      reason: 'its private key is broken, or of an unknown kind',
    },
    {
      name: 'with an encrypted key, without its passphrase',
      files: { cert: ec + lockedKey },
      reason:
        'its private key is encrypted; give the passphrase with --passphrase-file or SFCOMPOSE_PASSPHRASE',
    },
    {
      name: 'with a key encrypted the old way, without its passphrase',
      files: { cert: ec + crlf(locked(ecKey, 'sec1')) },
      reason:
        'its private key is encrypted; give the passphrase with --passphrase-file or SFCOMPOSE_PASSPHRASE',
    },
    {
      name: 'with another passphrase',
      files: { cert: ec + lockedKey, passphrase: wrong },
      reason: 'the passphrase does not fit its private key',
    },
    {
      name: 'with another passphrase, for a key encrypted the old way',
      files: { cert: ec + locked(ecKey, 'sec1'), passphrase: wrong },
      reason: 'the passphrase does not fit its private key',
    },
    {
      name: 'with a key in an old cipher',
      files: { cert: ec + oldCipherKey, passphrase },
      reason: 'the cipher of its private key is not known here; use AES-256',
    },
    {
      name: 'expired',
      files: { cert: expired, key: ecKey },
      reason: 'its certificate expired at 2040-03-01T00:00:00Z',
    },
    {
      name: 'not yet good',
      files: { cert: early, key: ecKey },
      reason: 'its certificate is good from 2041-03-01T00:00:00Z on',
    },
  ])('is refused when the file is $name', async ({ files, reason }) => {
    expect(await problemOf(readPem(files))).toBe(`--cert-file "client.pem" cannot be used: ${reason}.`);
  });

  it.each<BadKey>([
    { name: 'empty', key: '', reason: 'it holds no private key in PEM' },
    { name: 'a certificate', key: ec, reason: 'it holds no private key in PEM' },
    {
      name: 'DER',
      key: createPrivateKey(ecKey).export({ type: 'pkcs8', format: 'der' }),
      reason: 'it is not PEM; convert it with openssl pkey',
    },
    {
      name: 'the key of another',
      key: otherKey,
      reason: 'it is not the key of the certificate in --cert-file "client.pem"',
    },
    { name: 'cut off', key: cut(ecKey), reason: 'its private key is broken, or of an unknown kind' },
    {
      name: 'of another passphrase',
      key: lockedKey,
      phrase: wrong,
      reason: 'the passphrase does not fit its private key',
    },
  ])('is refused when the file of its key is $name', async ({ key, phrase, reason }) => {
    const files = { cert: ec, key, ...(phrase ? { passphrase: phrase } : {}) };
    expect(await problemOf(readPem(files))).toBe(
      `SFCOMPOSE_KEY_FILE "client.key" cannot be used: ${reason}.`,
    );
  });
});

interface PassphraseCase {
  readonly name: string;
  /** The passphrase of the file. */
  readonly own: string | null;
  readonly phrase?: string;
}

interface Fixture {
  readonly name: string;
  readonly pfx: Buffer;
  readonly chain: readonly string[];
}

interface BadPfx {
  readonly name: string;
  readonly pfx: string | Buffer;
  readonly phrase?: string;
  readonly reason: string;
}

describe('PKCS#12', () => {
  const content = { certificates: [authority.pem, rsa], key: rsaKey };

  it.each(['3des', 'aes256'] as const)('is read with an RSA key in %s', async (algorithm) => {
    const read = await readPfx(pkcs12Of(content, passphrase, algorithm), passphrase);
    expectPair(read, rsa, [authority.pem]);
  });

  it.each<PassphraseCase>([
    { name: 'no passphrase', own: null },
    { name: 'an empty passphrase', own: '' },
    { name: 'no passphrase, though one is given', own: null, phrase: passphrase },
    { name: 'an empty passphrase, though one is given', own: '', phrase: passphrase },
  ])('is read with $name', async ({ own, phrase }) => {
    expectPair(await readPfx(pkcs12Of(content, own, '3des'), phrase), rsa, [authority.pem]);
  });

  it.each<Fixture>([
    { name: 'as OpenSSL 3 writes it', pfx: modernPkcs12, chain: [authorityThumbprint] },
    { name: 'with ciphers that OpenSSL 3 no longer reads', pfx: legacyPkcs12, chain: [] },
  ])('is read with an EC key and letters that are not ASCII, $name', async ({ pfx, chain }) => {
    const read = await readPfx(pfx, fixturePassphrase);
    expect(read.facts).toMatchObject({ subject: 'O=Test, CN=client', thumbprint: clientThumbprint });
    expect(thumbprintsIn(read.chain)).toEqual([clientThumbprint, ...chain]);
    expectFit(read);
  });

  const advice = 'give the passphrase with --passphrase-file or SFCOMPOSE_PASSPHRASE';
  const unknown =
    'something in it, perhaps its cipher, is not known here; convert it with openssl pkcs12 to PEM, for --cert-file';
  const single = (certificate: string) =>
    pkcs12Of({ certificates: [certificate], key: rsaKey }, passphrase, '3des');

  it.each<BadPfx>([
    { name: 'empty', pfx: '', reason: 'it is not PKCS#12, or is broken' },
    { name: 'some text', pfx: 'client.pem', reason: 'it is not PKCS#12, or is broken' },
    { name: 'a certificate in DER', pfx: derOf(ec), reason: 'it is not PKCS#12, or is broken' },
    {
      name: 'cut off',
      pfx: modernPkcs12.subarray(0, 700),
      phrase: fixturePassphrase,
      reason: 'it is not PKCS#12, or is broken',
    },
    { name: 'PEM', pfx: ec + ecKey, reason: 'it is PEM, which goes to --cert-file' },
    { name: 'locked, as OpenSSL 3 does it', pfx: modernPkcs12, reason: `it is locked; ${advice}` },
    { name: 'locked, as Windows did it', pfx: legacyPkcs12, reason: `it is locked; ${advice}` },
    {
      name: 'locked with another passphrase',
      pfx: modernPkcs12,
      phrase: wrong,
      reason: 'the passphrase does not fit',
    },
    {
      name: 'locked with another passphrase, in old ciphers',
      pfx: legacyPkcs12,
      phrase: wrong,
      reason: 'the passphrase does not fit',
    },
    {
      name: 'guarded by an unknown algorithm',
      pfx: withUnknownMac(legacyPkcs12),
      phrase: fixturePassphrase,
      reason: unknown,
    },
    {
      name: 'without a key',
      pfx: pkcs12Of({ certificates: [rsa] }, passphrase, '3des'),
      phrase: passphrase,
      reason: 'it holds no private key; export it together with the key',
    },
    {
      name: 'without a certificate',
      pfx: pkcs12Of({ certificates: [], key: rsaKey }, passphrase, '3des'),
      phrase: passphrase,
      reason: 'it holds no certificate',
    },
    {
      name: 'of two that do not belong together',
      pfx: single(authority.pem),
      phrase: passphrase,
      reason: 'its private key is that of another certificate',
    },
    {
      name: 'expired',
      pfx: single(issue(rsaKey, 2038, 2040)),
      phrase: passphrase,
      reason: 'its certificate expired at 2040-03-01T00:00:00Z',
    },
    {
      name: 'not yet good',
      pfx: single(issue(rsaKey, 2041, 2042)),
      phrase: passphrase,
      reason: 'its certificate is good from 2041-03-01T00:00:00Z on',
    },
  ])('is refused when it is $name', async ({ pfx, phrase, reason }) => {
    expect(await problemOf(readPfx(pfx, phrase))).toBe(`--pfx-file "client.pfx" cannot be used: ${reason}.`);
  });
});

/** The last that is in a file is its MAC: there SHA-1 becomes an algorithm that does not exist. */
function withUnknownMac(pfx: Buffer): Buffer {
  const sha1 = Buffer.from('2b0e03021a', 'hex');
  const changed = Buffer.from(pfx);
  changed[changed.lastIndexOf(sha1) + sha1.length - 1] = 0x7f;
  return changed;
}

interface AuthorityFile {
  readonly name: string;
  readonly content: string;
  readonly expected: readonly string[];
}

interface BadAuthorityFile {
  readonly name: string;
  readonly content: string | Buffer;
  readonly reason: string;
}

describe('authorities', () => {
  it.each<AuthorityFile>([
    { name: 'one', content: ec, expected: [ec] },
    {
      name: 'several, with text between them',
      content: `# Test\n${ec}# Another\n\n${other}\nthe end`,
      expected: [ec, other],
    },
    { name: 'an expired one among others', content: expired + other, expected: [expired, other] },
    {
      name: 'with line ends of Windows and a mark at the start',
      content: bom(crlf(ec + other)),
      expected: [ec, other],
    },
    { name: 'one that is not yet good', content: early, expected: [early] },
  ])('are read: $name', async ({ content, expected }) => {
    expect((await readCa(content)).map(thumbprintOf)).toEqual(expected.map(thumbprintOf));
  });

  it.each<BadAuthorityFile>([
    { name: 'empty', content: '', reason: 'it holds no certificate in PEM' },
    { name: 'a key', content: ecKey, reason: 'it holds no certificate in PEM' },
    { name: 'DER', content: derOf(ec), reason: 'it is not PEM; convert it with openssl x509 -inform DER' },
    {
      name: 'broken in one place',
      content: ec + broken + other,
      reason: 'certificate 2 of 3 in it is broken',
    },
    { name: 'cut off', content: ec + cut(other), reason: 'certificate 2 of 2 in it is broken' },
    {
      name: 'expired as a whole',
      content: expired + issue(ecKey, 2030, 2031),
      reason: 'every certificate in it has expired, the last at 2040-03-01T00:00:00Z',
    },
  ])('are refused when the file is $name', async ({ content, reason }) => {
    expect(await problemOf(readCa(content))).toBe(`--ca-file "ca.pem" cannot be used: ${reason}.`);
  });
});

describe('a passphrase', () => {
  it.each<[string, string | Buffer]>([
    ['alone', passphrase],
    ['with a line end', `${passphrase}\n`],
    ['with a line end of Windows', `${passphrase}\r\n`],
    ['with more lines behind it', `${passphrase}\nnot this\n`],
    ['with a mark at the start', bom(passphrase)],
    ['in UTF-16', utf16(`${passphrase}\r\n`)],
  ])('is read %s', async (_, content) => {
    expect(await readPhrase(content)).toBe(passphrase);
  });

  it('keeps its blanks', async () => {
    expect(await readPhrase(' a b \n')).toBe(' a b ');
  });

  it.each([
    ['empty', ''],
    ['nothing but a mark', bom('')],
    ['empty in its first line', `\r\n${passphrase}`],
  ])('is refused when the file is %s', async (_, content) => {
    expect(await problemOf(readPhrase(content))).toBe(
      '--passphrase-file "phrase" cannot be used: its first line is empty, but it takes the passphrase there.',
    );
  });
});

describe('a file that cannot be read', () => {
  const file = { path: 'some/client.pem', from: 'cert_path in /home/me/.sfctl/config' };
  const readings = [
    { kind: 'a certificate', read: (files: Files) => readPemCertificate(file, undefined, undefined, files) },
    {
      kind: 'a key',
      read: (files: Files) => readPemCertificate({ path: 'ec', from: '--cert-file' }, file, undefined, files),
    },
    { kind: 'PKCS#12', read: (files: Files) => readPkcs12(file, undefined, files) },
    { kind: 'authorities', read: (files: Files) => readAuthorities(file, files) },
    { kind: 'a passphrase', read: (files: Files) => readPassphrase(file, files) },
  ];
  const failures = [
    { code: 'ENOENT', reason: 'there is no such file' },
    { code: 'EACCES', reason: 'this user may not read it' },
    { code: 'EPERM', reason: 'this user may not read it' },
    { code: 'EISDIR', reason: 'it is a directory' },
    { code: 'EFBIG', reason: 'it is larger than 4 MiB' },
  ];

  it.each(readings.flatMap((reading) => failures.map((failure) => ({ ...reading, ...failure }))))(
    'is refused: $kind, $code',
    async ({ kind, read, code, reason }) => {
      const failing = async (path: string) => {
        if (path === 'ec') return Buffer.from(ec);
        throw Object.assign(new Error('failed'), { code });
      };
      // It may be the passphrase itself.
      const isHidden = kind === 'a passphrase' && code === 'ENOENT';
      const shown = isHidden ? '' : ' "client.pem"';
      const more = isHidden
        ? ' It takes a path, which is not shown here, as it may be the secret itself.'
        : '';
      expect(await problemOf(read({ ...host, readFile: failing }))).toBe(
        `cert_path in /home/me/.sfctl/config${shown} cannot be read: ${reason}.${more}`,
      );
    },
  );

  it('is named by its whole path', async () => {
    const path = join(folderWith(), 'client.pfx');
    await expect(readPkcs12({ path, from: '--pfx-file' }, undefined, host)).rejects.toThrow(
      `--pfx-file "${path}" cannot be read: there is no such file.`,
    );
  });
});
