/** Certificates, keys and passphrases from files, and the errors about files that cannot be used. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { symlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { readAuthorities } from '../../../src/config/authorities.ts';
import {
  type ClientCertificate,
  readPassphrase,
  readPemCertificate,
  readPkcs12,
} from '../../../src/config/client-certificate.ts';
import type { FileHost, NamedFile } from '../../../src/config/input-file.ts';
import { ExpectedError } from '../../../src/platform/errors.ts';
import { listFiles } from '../../../src/platform/node-files.ts';
import { Secret } from '../../../src/platform/secret.ts';
import { createAuthority, createKey, createPkcs12 } from '../../support/authority.ts';
import {
  authorityThumbprint,
  clientThumbprint,
  fixturePassphrase,
  legacyPkcs12,
  modernPkcs12,
} from '../../support/fixtures.ts';
import { createFolder } from '../../support/folder.ts';

/** A date in the validity period of the fixtures. */
const now = new Date('2040-06-01T12:00:00Z');
const clock = { now: () => now.getTime(), after: () => () => {} } as unknown as FileHost['clock'];
const host: FileHost = {
  readFile: (path) => readFile(path),
  listFiles,
  shells: ['posix'],
  clock,
  interrupt: new AbortController().signal,
};

const toDate = (year: number) => new Date(`${year}-03-01T00:00:00Z`);
const authority = createAuthority('Test authority');
const rsaKey = createKey('rsa');
const ecKey = createKey('ec');
const otherKey = createKey('ec');

const issue = (key: string, from = 2039, to = 2041) =>
  authority.issueClient({ name: 'web', key, from: toDate(from), to: toDate(to) }).replaceAll('\r', '');
const rsa = issue(rsaKey);
const ec = issue(ecKey);
const other = issue(otherKey);
const expired = issue(ecKey, 2038, 2040);
const early = issue(ecKey, 2041, 2042);
const broken = ec.replace(/\n\w{12}/, '\nAAAAAAAAAAAA');

const passphrase = 'open sesame';
const encryptKey = (key: string, type: 'pkcs8' | 'pkcs1' | 'sec1') =>
  createPrivateKey(key)
    .export({ type, format: 'pem', cipher: 'aes-256-cbc', passphrase } as never)
    .toString();
const wrong = 'close sesame';
const exportTraditional = (key: string, type: 'pkcs1' | 'sec1') =>
  createPrivateKey(key)
    .export({ type, format: 'pem' } as never)
    .toString();
const ecParameters = '-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n';
const lockedKey = encryptKey(ecKey, 'pkcs8');
const oldCipherKey = encryptKey(ecKey, 'sec1').replace(/DEK-Info: .*/, 'DEK-Info: DES-CBC,5ED15744AA5A7141');

/** The beginning of signed data without content, as in a file .p7b. */
const pkcs7 = Buffer.from('302306092a864886f70d010702a0163014020101', 'hex');

const cut = (pem: string) => pem.slice(0, 200);
const toCrlf = (pem: string) => pem.replaceAll(/\r?\n/g, '\r\n');
const addMark = (text: string) => `\ufeff${text}`;
const toUtf16 = (text: string) => Buffer.from(`\ufeff${text}`, 'utf16le');
const exportDer = (key: string, type: 'pkcs8' | 'pkcs1' | 'sec1') =>
  (createPrivateKey(key).export({ type, format: 'der' } as never) as unknown as Buffer).toString('base64');
const toDer = (pem: string) => new X509Certificate(pem).raw;
const getThumbprint = (pem: string) => new X509Certificate(pem).fingerprint.replaceAll(':', '');
const toSecret = (text: string | undefined) => (text === undefined ? undefined : new Secret(text));

interface Mangling {
  readonly name: string;
  readonly mangle: (pem: string) => string | Buffer;
}

/** What pipelines, portals and shells make of a PEM file. */
const manglings: readonly Mangling[] = [
  { name: 'with blanks for line ends', mangle: (pem) => pem.replaceAll('\n', ' ') },
  { name: 'with line ends as two characters', mangle: (pem) => pem.replaceAll('\n', '\\n') },
  { name: 'with Windows line ends as four characters', mangle: (pem) => pem.replaceAll('\n', '\\r\\n') },
  { name: 'with line ends that were escaped twice', mangle: (pem) => pem.replaceAll('\n', '\\\\n') },
  { name: 'with percent-encoded line ends', mangle: (pem) => pem.replaceAll('\n', '%0D%0A') },
  { name: 'without any line ends', mangle: (pem) => pem.replaceAll('\n', '') },
  { name: 'with an empty line after each line', mangle: (pem) => pem.replaceAll('\n', '\n\n') },
  { name: 'as a string of JSON', mangle: (pem) => JSON.stringify(pem) },
  { name: 'in base64', mangle: (pem) => Buffer.from(pem).toString('base64') },
  {
    name: 'in lines of base64',
    mangle: (pem) => Buffer.from(pem).toString('base64').replaceAll(/.{76}/g, '$&\r\n'),
  },
  {
    name: 'in base64 of base64',
    mangle: (pem) => Buffer.from(Buffer.from(pem).toString('base64')).toString('base64'),
  },
  { name: 'in base64 and UTF-16', mangle: (pem) => toUtf16(Buffer.from(pem).toString('base64')) },
  { name: 'in UTF-16 with the high byte first', mangle: (pem) => toUtf16(pem).swap16() },
  { name: 'in UTF-16 without a mark', mangle: (pem) => Buffer.from(pem, 'utf16le') },
];

interface PemFiles {
  readonly cert: string | Buffer;
  readonly key?: string | Buffer;
  readonly passphrase?: string;
}

function readPem({ cert, key, passphrase }: PemFiles): Promise<ClientCertificate> {
  const folder = createFolder({ 'client.pem': cert, ...(key === undefined ? {} : { 'client.key': key }) });
  const keyFile = { path: join(folder, 'client.key'), from: 'SFCOMPOSE_KEY_FILE' };
  return readPemCertificate(
    { path: join(folder, 'client.pem'), from: '--cert-file' },
    key === undefined ? undefined : keyFile,
    toSecret(passphrase),
    host,
  );
}

function readPfx(pfx: string | Buffer, passphrase?: string): Promise<ClientCertificate> {
  const path = join(createFolder({ 'client.pfx': pfx }), 'client.pfx');
  return readPkcs12({ path, from: '--pfx-file' }, toSecret(passphrase), host);
}

async function readCa(ca: string | Buffer): Promise<readonly string[]> {
  const file = { path: join(createFolder({ 'ca.pem': ca }), 'ca.pem'), from: '--ca-file' };
  return (await readAuthorities(file, host)).certificates;
}

async function readPhrase(content: string | Buffer): Promise<string> {
  const path = join(createFolder({ phrase: content }), 'phrase');
  return (await readPassphrase({ path, from: '--passphrase-file' }, host)).reveal();
}

const keyBodies = [rsaKey, ecKey, otherKey, lockedKey, oldCipherKey].map((pem) => pem.replaceAll(/\s/g, ''));

/** Gets the message of a failed reading, without folders. Checks that it is one line and holds no secret. */
async function findProblem(reading: Promise<unknown>): Promise<string> {
  const error = await reading.then(
    () => expect.unreachable('it was read'),
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(ExpectedError);
  expect(error.explanation.outcome).toBe('usage');
  const text = JSON.stringify(error.explanation);
  for (const secret of [passphrase, fixturePassphrase, wrong]) expect(text).not.toContain(secret);
  for (let at = 0; at + 20 <= text.length; at++)
    expect(keyBodies.some((body) => body.includes(text.slice(at, at + 20)))).toBe(false);
  expect(error.message).not.toMatch(/[\r\n]/);
  return error.message.replaceAll(/"[^"]*[/\\]([^"/\\]+)"/g, '"$1"');
}

/** Checks for this certificate with the rest of its chain and the key that fits. */
function expectPair(read: ClientCertificate, cert: string, chain: readonly string[] = []): void {
  expect(read.facts.thumbprint).toBe(getThumbprint(cert));
  expect(listThumbprints(read.chain)).toEqual([cert, ...chain].map(getThumbprint));
  expectFit(read);
}

function expectFit({ chain, key }: ClientCertificate): void {
  expect(key.reveal()).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  // Node.js throws unless the key fits the certificate.
  createSecureContext({ cert: chain, key: key.reveal() });
}

function listThumbprints(chain: string): readonly string[] {
  return chain.split(/(?=-----BEGIN)/).map(getThumbprint);
}

interface BadPem {
  readonly name: string;
  readonly files: PemFiles;
  readonly problem: string;
}

interface BadKey {
  readonly name: string;
  readonly key: string | Buffer;
  readonly phrase?: string;
  readonly problem: string;
}

describe('a client certificate in PEM', () => {
  it.each<[string, PemFiles]>([
    ['with its key in a file of its own', { cert: ec, key: ecKey }],
    ['with its key behind it', { cert: ec + ecKey }],
    ['with its key before it', { cert: ecKey + ec }],
    ['with another key beside it and its key in a file of its own', { cert: ec + otherKey, key: ecKey }],
    ['with a passphrase that is not needed', { cert: ec, key: ecKey, passphrase }],
    ['with an encrypted PKCS#8 key', { cert: ec, key: lockedKey, passphrase }],
    ['with an EC key in the traditional encryption', { cert: ec + encryptKey(ecKey, 'sec1'), passphrase }],
    ['with an EC key and its parameters', { cert: ec, key: ecParameters + exportTraditional(ecKey, 'sec1') }],
    [
      'with Windows line ends and a byte order mark',
      { cert: addMark(toCrlf(ec)), key: addMark(toCrlf(ecKey)) },
    ],
    [
      'with Windows line ends in an encrypted key',
      { cert: ec, key: toCrlf(encryptKey(ecKey, 'sec1')), passphrase },
    ],
    ['in UTF-16', { cert: toUtf16(ec), key: toUtf16(ecKey) }],
    ['with text around the blocks', { cert: `Bag Attributes\n  friendlyName: web\n${ec}Key:\n${ecKey}\n` }],
    [
      'with the old name X509 CERTIFICATE',
      { cert: ec.replaceAll(' CERTIFICATE', ' X509 CERTIFICATE'), key: ecKey },
    ],
  ])('is read %s', async (_, files) => {
    expectPair(await readPem(files), ec);
  });

  it.each<[string, PemFiles]>([
    ['as it is', { cert: rsa, key: rsaKey }],
    ['encrypted in PKCS#8', { cert: rsa, key: encryptKey(rsaKey, 'pkcs8'), passphrase }],
    ['in the traditional encryption', { cert: rsa + encryptKey(rsaKey, 'pkcs1'), passphrase }],
    ['in PKCS#1', { cert: exportTraditional(rsaKey, 'pkcs1') + rsa }],
  ])('is read with an RSA key %s', async (_, files) => {
    expectPair(await readPem(files), rsa);
  });

  it.each(manglings)('is read $name', async ({ mangle }) => {
    const oldKey = encryptKey(ecKey, 'sec1');
    expectPair(await readPem({ cert: mangle(ec), key: mangle(ecKey) }), ec);
    expectPair(await readPem({ cert: mangle(rsaKey + rsa + authority.pem) }), rsa, [authority.pem]);
    expectPair(await readPem({ cert: mangle(`${ec}${oldKey}`), passphrase }), ec);
    expect((await readCa(mangle(ec + other))).map(getThumbprint)).toEqual([ec, other].map(getThumbprint));
  });

  it.each<[string, string, string]>([
    ['certificate', toDer(ec).toString('base64'), ecKey],
    ['PKCS#8 key', ec, exportDer(ecKey, 'pkcs8')],
    ['PKCS#1 key', rsa, exportDer(rsaKey, 'pkcs1')],
    ['SEC 1 key', ec, exportDer(ecKey, 'sec1')],
  ])('is read without the first and last line of the %s', async (_, cert, key) => {
    const read = await readPem({ cert: `${cert}\n`, key: `${key}\n` });
    expectFit(read);
    expect(read.isPlainPem).toBe(false);
  });

  it('tells whether other programs can read its files', async () => {
    const isPlain = async (files: PemFiles) => (await readPem(files)).isPlainPem;
    expect(await isPlain({ cert: toCrlf(ec), key: ecKey })).toBe(true);
    expect(await isPlain({ cert: ec.replaceAll('\n', ' '), key: ecKey })).toBe(false);
    expect(await isPlain({ cert: ec, key: ecKey.replaceAll('\n', '\\n') })).toBe(false);
    expect(await isPlain({ cert: toUtf16(ec), key: ecKey })).toBe(false);
  });

  it('is read with the trust settings that OpenSSL may append', async () => {
    // Trust for client authentication, as OpenSSL appends it to the certificate.
    const trust = Buffer.from('300c300a06082b06010505070302', 'hex');
    const body = Buffer.concat([toDer(ec), trust])
      .toString('base64')
      .replaceAll(/.{64}/g, '$&\n');
    const trusted = `-----BEGIN TRUSTED CERTIFICATE-----\n${body}\n-----END TRUSTED CERTIFICATE-----\n`;
    const read = await readPem({ cert: trusted, key: ecKey });
    expectPair(read, ec);
    expect(read.chain).toMatch(/^-----BEGIN CERTIFICATE/);
  });

  it('is the one that fits the key, and the others are its chain', async () => {
    const cert = authority.pem + other + ec;
    expectPair(await readPem({ cert, key: ecKey }), ec, [authority.pem, other]);
  });

  it('has facts to show', async () => {
    const { facts } = await readPem({ cert: ec, key: ecKey });
    const { fingerprint256 } = new X509Certificate(ec);
    expect(facts).toEqual({
      subject: 'CN=web',
      issuer: 'CN=Test authority',
      altNames: undefined,
      validFrom: toDate(2039),
      validTo: toDate(2041),
      thumbprint: getThumbprint(ec),
      sha256: fingerprint256.replaceAll(':', ''),
      isForClients: true,
    });
  });

  it.each<[readonly string[], boolean]>([
    [['clientAuth'], true],
    [['serverAuth', 'clientAuth'], true],
    [['2.5.29.37.0'], true],
    [[], true],
    [['serverAuth'], false],
    [['codeSigning', 'serverAuth'], false],
  ])('with the purposes %j is for clients: %s', async (purposes, isForClients) => {
    const cert = authority.issueClient({ name: 'web', key: ecKey, purposes });
    expect((await readPem({ cert, key: ecKey })).facts.isForClients).toBe(isForClients);
  });

  it.each<BadPem>([
    { name: 'empty', files: { cert: '' }, problem: 'contains no certificate in PEM.' },
    { name: 'some text', files: { cert: '0 certificates' }, problem: 'contains no certificate in PEM.' },
    { name: 'a key alone', files: { cert: ecKey }, problem: 'contains no certificate in PEM.' },
    {
      name: 'DER',
      files: { cert: toDer(ec), key: ecKey },
      problem: 'is a certificate in DER, not PEM.',
    },
    {
      name: 'PKCS#12',
      files: { cert: modernPkcs12 },
      problem: 'is PKCS#12, not PEM. Use --pfx-file.',
    },
    {
      name: 'PKCS#12 in base64',
      files: { cert: modernPkcs12.toString('base64') },
      problem: 'is PKCS#12, not PEM. Use --pfx-file.',
    },
    {
      name: 'broken',
      files: { cert: broken, key: ecKey },
      problem: 'contains a damaged certificate (1 of 1).',
    },
    {
      name: 'cut off',
      files: { cert: ec + cut(other) },
      problem: 'contains a damaged certificate (2 of 2).',
    },
    {
      name: 'cut off before another certificate',
      files: { cert: cut(other) + ec + ecKey },
      problem: 'contains a damaged certificate (1 of 2).',
    },
    {
      name: 'a certificate alone',
      files: { cert: ec },
      problem: 'contains no private key. Use --key-file, or put certificate and key into one PEM file.',
    },
    {
      name: 'a certificate with another key',
      files: { cert: ec + otherKey },
      problem: 'contains the private key of a different certificate.',
    },
    {
      name: 'a certificate with half a key',
      files: { cert: ec + cut(ecKey) },
      problem: 'contains a private key that is damaged or of an unknown type.',
    },
    {
      name: 'a certificate with an encrypted key, without its passphrase',
      files: { cert: ec + lockedKey },
      problem:
        'contains an encrypted private key. Set the passphrase with --passphrase-file or SFCOMPOSE_PASSPHRASE.',
    },
    {
      name: 'a certificate with a key in the traditional encryption, without its passphrase',
      files: { cert: ec + toCrlf(encryptKey(ecKey, 'sec1')) },
      problem:
        'contains an encrypted private key. Set the passphrase with --passphrase-file or SFCOMPOSE_PASSPHRASE.',
    },
    {
      name: 'a certificate with an encrypted key and another passphrase',
      files: { cert: ec + lockedKey, passphrase: wrong },
      problem: 'cannot be decrypted: the passphrase is wrong.',
    },
    {
      name: 'a certificate with a key in the traditional encryption and another passphrase',
      files: { cert: ec + encryptKey(ecKey, 'sec1'), passphrase: wrong },
      problem: 'cannot be decrypted: the passphrase is wrong.',
    },
    {
      name: 'a certificate with a key in an old cipher',
      files: { cert: ec + oldCipherKey, passphrase },
      problem: 'contains a private key with an unsupported cipher. Use AES-256.',
    },
    {
      name: 'expired',
      files: { cert: expired, key: ecKey },
      problem: 'contains a certificate that expired at 2040-03-01T00:00:00Z.',
    },
    {
      name: 'not yet valid',
      files: { cert: early, key: ecKey },
      problem: 'contains a certificate that is not valid until 2041-03-01T00:00:00Z.',
    },
  ])('is rejected when the file is $name', async ({ files, problem }) => {
    expect(await findProblem(readPem(files))).toBe(`--cert-file "client.pem" ${problem}`);
  });

  it.each<BadKey>([
    { name: 'empty', key: '', problem: 'contains no private key in PEM.' },
    { name: 'a certificate', key: ec, problem: 'contains no private key in PEM.' },
    {
      name: 'DER',
      key: createPrivateKey(ecKey).export({ type: 'pkcs8', format: 'der' }),
      problem: 'is a private key in DER, not PEM.',
    },
    {
      name: 'the key of another certificate',
      key: otherKey,
      problem: 'does not match the certificate in --cert-file "client.pem".',
    },
    {
      name: 'cut off',
      key: cut(ecKey),
      problem: 'contains a private key that is damaged or of an unknown type.',
    },
    {
      name: 'encrypted with another passphrase',
      key: lockedKey,
      phrase: wrong,
      problem: 'cannot be decrypted: the passphrase is wrong.',
    },
  ])('is rejected when the file of its key is $name', async ({ key, phrase, problem }) => {
    const files = { cert: ec, key, ...(phrase ? { passphrase: phrase } : {}) };
    expect(await findProblem(readPem(files))).toBe(`SFCOMPOSE_KEY_FILE "client.key" ${problem}`);
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
  readonly problem: string;
}

describe('a client certificate in PKCS#12', () => {
  const content = { certificates: [authority.pem, rsa], key: rsaKey };

  it.each(['3des', 'aes256'] as const)('is read with an RSA key in %s', async (algorithm) => {
    const read = await readPfx(createPkcs12(content, passphrase, algorithm), passphrase);
    expectPair(read, rsa, [authority.pem]);
  });

  it.each<PassphraseCase>([
    { name: 'no passphrase', own: null },
    { name: 'an empty passphrase', own: '' },
    { name: 'no passphrase, though one is given', own: null, phrase: passphrase },
    { name: 'an empty passphrase, though one is given', own: '', phrase: passphrase },
  ])('is read with $name', async ({ own, phrase }) => {
    expectPair(await readPfx(createPkcs12(content, own, '3des'), phrase), rsa, [authority.pem]);
  });

  it.each<Fixture>([
    { name: 'as OpenSSL 3 writes it', pfx: modernPkcs12, chain: [authorityThumbprint] },
    { name: 'with ciphers that OpenSSL 3 no longer reads', pfx: legacyPkcs12, chain: [] },
  ])('is read with an EC key and a passphrase that is not ASCII, $name', async ({ pfx, chain }) => {
    const read = await readPfx(pfx, fixturePassphrase);
    expect(read.facts).toMatchObject({ subject: 'O=Test, CN=client', thumbprint: clientThumbprint });
    expect(listThumbprints(read.chain)).toEqual([clientThumbprint, ...chain]);
    expectFit(read);
  });

  it.each([
    ['base64', (text: string) => text],
    ['lines of base64', (text: string) => text.replaceAll(/.{64}/g, '$&\n')],
    ['base64 in UTF-16', toUtf16],
    ['base64 in quotes', (text: string) => `"${text}"\n`],
  ])('is read from %s', async (_, encode) => {
    const pfx = createPkcs12(content, passphrase, 'aes256');
    expectPair(await readPfx(encode(pfx.toString('base64')), passphrase), rsa, [authority.pem]);
  });

  const advice = 'Set the passphrase with --passphrase-file or SFCOMPOSE_PASSPHRASE.';
  const unknown =
    'has an unsupported format or cipher. Convert the file to PEM with openssl pkcs12, and use --cert-file.';
  const single = (certificate: string) =>
    createPkcs12({ certificates: [certificate], key: rsaKey }, passphrase, '3des');

  it.each<BadPfx>([
    { name: 'empty', pfx: '', problem: 'is not PKCS#12, or is damaged.' },
    { name: 'some text', pfx: 'client.pem', problem: 'is not PKCS#12, or is damaged.' },
    { name: 'a certificate in DER', pfx: toDer(ec), problem: 'is a certificate in DER, not PKCS#12.' },
    {
      name: 'a key in DER',
      pfx: createPrivateKey(rsaKey).export({ type: 'pkcs1', format: 'der' }),
      problem: 'is a private key in DER, not PKCS#12.',
    },
    {
      name: 'PEM in base64',
      pfx: Buffer.from(ec + ecKey).toString('base64'),
      problem: 'is PEM, not PKCS#12. Use --cert-file.',
    },
    {
      name: 'cut off',
      pfx: modernPkcs12.subarray(0, 700),
      phrase: fixturePassphrase,
      problem: 'is not PKCS#12, or is damaged.',
    },
    { name: 'PEM', pfx: ec + ecKey, problem: 'is PEM, not PKCS#12. Use --cert-file.' },
    { name: 'encrypted by OpenSSL 3', pfx: modernPkcs12, problem: `is encrypted. ${advice}` },
    { name: 'encrypted by an old Windows', pfx: legacyPkcs12, problem: `is encrypted. ${advice}` },
    {
      name: 'encrypted with another passphrase',
      pfx: modernPkcs12,
      phrase: wrong,
      problem: 'cannot be decrypted: the passphrase is wrong.',
    },
    {
      name: 'encrypted with another passphrase and old ciphers',
      pfx: legacyPkcs12,
      phrase: wrong,
      problem: 'cannot be decrypted: the passphrase is wrong.',
    },
    {
      name: 'authenticated with an unknown algorithm',
      pfx: replaceMacAlgorithm(legacyPkcs12),
      phrase: fixturePassphrase,
      problem: unknown,
    },
    {
      name: 'without a key',
      pfx: createPkcs12({ certificates: [rsa] }, passphrase, '3des'),
      phrase: passphrase,
      problem: 'contains no private key. Export the certificate together with its key.',
    },
    {
      name: 'without a certificate',
      pfx: createPkcs12({ certificates: [], key: rsaKey }, passphrase, '3des'),
      phrase: passphrase,
      problem: 'contains no certificate.',
    },
    {
      name: 'with a key and a certificate that do not belong together',
      pfx: single(authority.pem),
      phrase: passphrase,
      problem: 'contains the private key of a different certificate.',
    },
    {
      name: 'expired',
      pfx: single(issue(rsaKey, 2038, 2040)),
      phrase: passphrase,
      problem: 'contains a certificate that expired at 2040-03-01T00:00:00Z.',
    },
    {
      name: 'not yet valid',
      pfx: single(issue(rsaKey, 2041, 2042)),
      phrase: passphrase,
      problem: 'contains a certificate that is not valid until 2041-03-01T00:00:00Z.',
    },
  ])('is rejected when it is $name', async ({ pfx, phrase, problem }) => {
    expect(await findProblem(readPfx(pfx, phrase))).toBe(`--pfx-file "client.pfx" ${problem}`);
  });
});

/** Replaces SHA-1 in the MAC, which is the last part of a file, with an algorithm that does not exist. */
function replaceMacAlgorithm(pfx: Buffer): Buffer {
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
  readonly problem: string;
}

describe('a file of authorities', () => {
  it.each<AuthorityFile>([
    { name: 'one certificate', content: ec, expected: [ec] },
    {
      name: 'several certificates with text between them',
      content: `# Test\n${ec}# Another\n\n${other}\nthe end`,
      expected: [ec, other],
    },
    { name: 'an expired certificate among others', content: expired + other, expected: [expired, other] },
    {
      name: 'Windows line ends and a byte order mark',
      content: addMark(toCrlf(ec + other)),
      expected: [ec, other],
    },
    { name: 'a certificate that is not yet valid', content: early, expected: [early] },
  ])('is read with $name', async ({ content, expected }) => {
    expect((await readCa(content)).map(getThumbprint)).toEqual(expected.map(getThumbprint));
  });

  it.each<BadAuthorityFile>([
    { name: 'empty', content: '', problem: 'contains no certificate in PEM.' },
    { name: 'a key', content: ecKey, problem: 'contains no certificate in PEM.' },
    {
      name: 'DER',
      content: toDer(ec),
      problem: 'is a certificate in DER, not PEM.',
    },
    {
      name: 'broken in one place',
      content: ec + broken + other,
      problem: 'contains a damaged certificate (2 of 3).',
    },
    { name: 'cut off', content: ec + cut(other), problem: 'contains a damaged certificate (2 of 2).' },
    {
      name: 'a list of expired certificates',
      content: expired + issue(ecKey, 2030, 2031),
      problem: 'contains only expired certificates: the last one expired at 2040-03-01T00:00:00Z.',
    },
  ])('is rejected when it is $name', async ({ content, problem }) => {
    expect(await findProblem(readCa(content))).toBe(`--ca-file "ca.pem" ${problem}`);
  });
});

describe('a folder of authorities', () => {
  const readFolder = (files: Readonly<Record<string, string | Buffer>>) => {
    const path = createFolder(files);
    return readAuthorities({ path, from: 'ca_path in config' }, host);
  };

  it('has all certificates of its files, each once', async () => {
    const { certificates, isPlain } = await readFolder({
      '0a1b2c3d.0': ec,
      'bundle.pem': other + ec,
      'der.cer': toDer(authority.pem),
      'one-line.pem': rsa.replaceAll('\n', ' '),
      'client.key': ecKey,
      'broken.pem': broken,
      'README.txt': 'certificates of the test cluster',
      empty: '',
      'below/more.pem': early,
    });
    const expected = [ec, other, authority.pem, rsa].map(getThumbprint);
    expect(certificates.map(getThumbprint)).toEqual(expected);
    expect(isPlain).toBe(true);
  });

  it('may have links, of which some lead nowhere', async () => {
    const path = createFolder({ 'root.pem': ec });
    symlinkSync('root.pem', join(path, '11223344.0'));
    symlinkSync('nothing.pem', join(path, '55667788.0'));
    const { certificates } = await readAuthorities({ path, from: '--ca-file' }, host);
    expect(certificates.map(getThumbprint)).toEqual([getThumbprint(ec)]);
  });

  it('is of no use for other programs without the names that they look for', async () => {
    expect((await readFolder({ 'root.pem': ec })).isPlain).toBe(false);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['empty', {}, 'is a folder without certificates.'],
    ['full of other files', { 'client.key': ecKey, notes: 'x' }, 'is a folder without certificates.'],
    [
      'full of expired certificates',
      { 'a.pem': expired },
      'contains only expired certificates: the last one expired at 2040-03-01T00:00:00Z.',
    ],
  ])('is rejected when it is %s', async (_, files, problem) => {
    expect(await findProblem(readFolder(files))).toMatch(
      new RegExp(`^ca_path in config "[^"]*" ${problem}$`),
    );
  });

  it('is an error that the user may not list', async () => {
    const listFiles = async () => {
      throw Object.assign(new Error('failed'), { code: 'EACCES' });
    };
    const file = { path: 'some/folder', from: '--ca-file' };
    expect(await findProblem(readAuthorities(file, { ...host, listFiles }))).toBe(
      '--ca-file "folder" cannot be read: permission denied.',
    );
  });
});

describe('a file in DER', () => {
  const names = { cert: 'client.cer', key: 'client.key' };
  const readBoth = (cert: string | Buffer, key: string | Buffer) => {
    const folder = createFolder({ [names.cert]: cert, [names.key]: key });
    const [certFile, keyFile] = [names.cert, names.key].map((name) => ({
      path: join(folder, name),
      from: '',
    }));
    return { folder, certFile: certFile as NamedFile, keyFile: keyFile as NamedFile };
  };
  const findSteps = async (reading: Promise<unknown>, folder: string) => {
    const { explanation } = (await reading.catch((error) => error)) as ExpectedError;
    return explanation.next?.map(({ command = '' }) => command.replaceAll(`${folder}/`, ''));
  };

  it.each<[string, Buffer, string]>([
    ['certificate', toDer(ec), 'openssl x509 -inform DER -in client.cer -out client.cer.pem'],
    ['PKCS#7', pkcs7, 'openssl pkcs7 -inform DER -print_certs -in client.cer -out client.cer.pem'],
  ])('has the command that converts it: %s', async (_, cert, command) => {
    const { folder, certFile, keyFile } = readBoth(cert, ecKey);
    expect(await findSteps(readPemCertificate(certFile, keyFile, undefined, host), folder)).toEqual([
      command,
    ]);
    expect(await findSteps(readAuthorities(certFile, host), folder)).toEqual([command]);
    expect(await findSteps(readPkcs12(certFile, undefined, host), folder)).toEqual([
      command,
      '--cert-file client.cer.pem --key-file <path>',
    ]);
  });

  it.each(['pkcs8', 'sec1'] as const)('has the command that converts it: a key in %s', async (type) => {
    const { folder, certFile, keyFile } = readBoth(ec, Buffer.from(exportDer(ecKey, type), 'base64'));
    const command = 'openssl pkey -inform DER -in client.key -out client.key.pem';
    expect(await findSteps(readPemCertificate(certFile, keyFile, undefined, host), folder)).toEqual([
      command,
    ]);
    expect(await findSteps(readPkcs12(keyFile, undefined, host), folder)).toEqual([
      command,
      '--cert-file <path> --key-file client.key.pem',
    ]);
  });

  it('for authorities may be PKCS#12', async () => {
    const { folder, certFile } = readBoth(modernPkcs12, '');
    expect(await findSteps(readAuthorities(certFile, host), folder)).toEqual([
      'openssl pkcs12 -nokeys -in client.cer -out client.cer.pem',
    ]);
  });
});

describe('a passphrase file', () => {
  it.each<[string, string | Buffer]>([
    ['alone', passphrase],
    ['with a line end', `${passphrase}\n`],
    ['with a Windows line end', `${passphrase}\r\n`],
    ['with more lines after it', `${passphrase}\nnot this\n`],
    ['with a byte order mark', addMark(passphrase)],
    ['in UTF-16', toUtf16(`${passphrase}\r\n`)],
  ])('is read %s', async (_, content) => {
    expect(await readPhrase(content)).toBe(passphrase);
  });

  it('keeps its blanks', async () => {
    expect(await readPhrase(' a b \n')).toBe(' a b ');
  });

  it.each([
    ['empty', ''],
    ['only a byte order mark', addMark('')],
    ['empty in its first line', `\r\n${passphrase}`],
  ])('is rejected when it is %s', async (_, content) => {
    expect(await findProblem(readPhrase(content))).toBe(
      '--passphrase-file "phrase" has an empty first line, where the passphrase must be.',
    );
  });
});

describe('a file that cannot be read', () => {
  const file = { path: 'some/client.pem', from: 'cert_path in /home/me/.sfctl/config' };
  const readings = [
    {
      kind: 'a certificate',
      read: (files: FileHost) => readPemCertificate(file, undefined, undefined, files),
    },
    {
      kind: 'a key',
      read: (files: FileHost) =>
        readPemCertificate({ path: 'ec', from: '--cert-file' }, file, undefined, files),
    },
    { kind: 'PKCS#12', read: (files: FileHost) => readPkcs12(file, undefined, files) },
    { kind: 'authorities', read: (files: FileHost) => readAuthorities(file, files) },
    { kind: 'a passphrase', read: (files: FileHost) => readPassphrase(file, files) },
  ];
  const failures = [
    { code: 'ENOENT', reason: 'no such file' },
    { code: 'EACCES', reason: 'permission denied' },
    { code: 'EPERM', reason: 'permission denied' },
    { code: 'EISDIR', reason: 'a directory, not a file' },
    { code: 'EFBIG', reason: 'larger than 4 MiB' },
  ];

  it.each(readings.flatMap((reading) => failures.map((failure) => ({ ...reading, ...failure }))))(
    'is an error for $kind with the code $code',
    async ({ kind, read, code, reason }) => {
      const failing = async (path: string) => {
        if (path === 'ec') return Buffer.from(ec);
        throw Object.assign(new Error('failed'), { code });
      };
      // The path may be the passphrase itself.
      const isHidden = kind === 'a passphrase' && code === 'ENOENT';
      const path = isHidden ? '' : ' "client.pem"';
      const more = isHidden
        ? ' The value must be a path. sfcompose does not show the value, which may be the secret itself.'
        : '';
      expect(await findProblem(read({ ...host, readFile: failing }))).toBe(
        `cert_path in /home/me/.sfctl/config${path} cannot be read: ${reason}.${more}`,
      );
    },
  );

  it('is named with its whole path', async () => {
    const path = join(createFolder(), 'client.pfx');
    await expect(readPkcs12({ path, from: '--pfx-file' }, undefined, host)).rejects.toThrow(
      `--pfx-file "${path}" cannot be read: no such file.`,
    );
  });
});
