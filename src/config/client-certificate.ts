/** Reads and checks certificates, private keys and passphrases from files. */
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ExpectedError } from '../platform/errors.ts';
import { formatTime } from '../platform/format.ts';
import { Secret } from '../platform/secret.ts';
import { type CertificateFacts, describeInvalidity, toCertificateFacts } from './credential-facts.ts';
import { type FileHost, fileError, type NamedFile, readNamedFile, readSecretFile } from './input-file.ts';
import { decodePem, findPemBlocks, isDer } from './pem.ts';
import { openPkcs12, type Pkcs12Problem } from './pkcs12.ts';

/** A certificate for TLS client authentication, with the matching key. */
export interface ClientCertificate {
  readonly facts: CertificateFacts;
  /** PEM: the certificate first, then all others from the same file. */
  readonly chain: string;
  /** PEM, PKCS#8, not encrypted. */
  readonly key: Secret;
}

/**
 * Reads a certificate and its key from PEM files.
 * @param keyFile the file with the key, if it is not in the same file as the certificate
 * @param passphrase decrypts an encrypted key
 * @throws a usage error if they cannot be used, or are not valid now
 */
export async function readPemCertificate(
  file: NamedFile,
  keyFile: NamedFile | undefined,
  passphrase: Secret | undefined,
  host: FileHost,
): Promise<ClientCertificate> {
  const bytes = await readNamedFile(file, host);
  const certificates = parseCertificates(bytes, file, 'a PKCS#12 file goes to --pfx-file');
  const keyBytes = keyFile ? await readNamedFile(keyFile, host) : bytes;
  const keys = parseKeys(keyBytes, keyFile ?? file, passphrase);
  if (keys.length === 0)
    throw keyFile
      ? missingError('private key', keyBytes, keyFile, 'convert it with openssl pkey')
      : unusableError(file, 'it holds no private key; give it with --key-file, or put both into one PEM');
  const pair = findPair(keys, certificates);
  if (pair === undefined)
    throw keyFile
      ? unusableError(keyFile, `it is not the key of the certificate in ${file.from} "${file.path}"`)
      : unusableError(file, 'its private key is that of another certificate');
  return createClientCertificate(pair, certificates, file, host);
}

/**
 * Reads a certificate and its key from a PKCS#12 file.
 * @throws a usage error if they cannot be used, or are not valid now
 */
export async function readPkcs12(
  file: NamedFile,
  passphrase: Secret | undefined,
  host: FileHost,
): Promise<ClientCertificate> {
  const bytes = await readNamedFile(file, host);
  const content = await openPkcs12(bytes, passphrase?.reveal());
  if (typeof content === 'string')
    throw unusableError(file, describePkcs12Problem(content, bytes, passphrase));
  const { keys, certificates } = content;
  if (certificates.length === 0) throw unusableError(file, 'it holds no certificate');
  if (keys.length === 0)
    throw unusableError(file, 'it holds no private key; export it together with the key');
  const pair = findPair(keys, certificates);
  if (pair === undefined) throw unusableError(file, 'its private key is that of another certificate');
  return createClientCertificate(pair, certificates, file, host);
}

/**
 * Reads trusted certificates, each in PEM.
 * @throws a usage error if one of them cannot be read, or all have expired
 */
export async function readAuthorities(file: NamedFile, host: FileHost): Promise<readonly string[]> {
  const bytes = await readNamedFile(file, host);
  const authorities = parseCertificates(bytes, file, 'convert it with openssl x509 -inform DER');
  const end = Math.max(...authorities.map((authority) => toCertificateFacts(authority).validTo.getTime()));
  if (end < host.clock.now())
    throw unusableError(
      file,
      `every certificate in it has expired, the last at ${formatTime(new Date(end))}`,
    );
  return authorities.map(String);
}

/**
 * Reads a passphrase from the first line of a file.
 * @throws a usage error if the file cannot be read, or the line is empty
 */
export async function readPassphrase(file: NamedFile, host: FileHost): Promise<Secret> {
  const bytes = await readSecretFile(file, host);
  const [line = ''] = decodePem(bytes).split(/\r?\n/, 1);
  if (line === '') throw unusableError(file, 'its first line is empty, but it takes the passphrase there');
  return new Secret(line);
}

/** @param reason without a full stop */
function unusableError(file: NamedFile, reason: string): ExpectedError {
  return fileError(file, `cannot be used: ${reason}.`);
}

/** @param advice what to do with a binary file */
function parseCertificates(bytes: Buffer, file: NamedFile, advice: string): readonly X509Certificate[] {
  const blocks = findPemBlocks(decodePem(bytes), 'CERTIFICATE');
  if (blocks.length === 0) throw missingError('certificate', bytes, file, advice);
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw unusableError(file, `certificate ${index + 1} of ${blocks.length} in it is broken`);
    }
  });
}

function missingError(what: string, bytes: Buffer, file: NamedFile, advice: string): ExpectedError {
  return unusableError(file, isDer(bytes) ? `it is not PEM; ${advice}` : `it holds no ${what} in PEM`);
}

function parseKeys(bytes: Buffer, file: NamedFile, passphrase: Secret | undefined): readonly KeyObject[] {
  return findPemBlocks(decodePem(bytes), 'PRIVATE KEY').map((block) => decryptKey(block, file, passphrase));
}

function decryptKey(key: string, file: NamedFile, passphrase: Secret | undefined): KeyObject {
  // PKCS#8, and the older form of OpenSSL (RFC 1421).
  const isEncrypted = /^-----BEGIN ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(key);
  if (isEncrypted && passphrase === undefined)
    throw unusableError(file, `its private key is encrypted; ${passphraseAdvice}`);
  try {
    return createPrivateKey({ key, passphrase: passphrase?.reveal() ?? '' });
  } catch (error) {
    const isUnknown = (error as NodeJS.ErrnoException).code === 'ERR_OSSL_EVP_UNSUPPORTED';
    if (!isEncrypted) throw unusableError(file, 'its private key is broken, or of an unknown kind');
    if (isUnknown) throw unusableError(file, 'the cipher of its private key is not known here; use AES-256');
    throw unusableError(file, 'the passphrase does not fit its private key');
  }
}

const passphraseAdvice = 'give the passphrase with --passphrase-file or SFCOMPOSE_PASSPHRASE';

function describePkcs12Problem(
  problem: Pkcs12Problem,
  bytes: Buffer,
  passphrase: Secret | undefined,
): string {
  switch (problem) {
    case 'not-pkcs12':
      return findPemBlocks(decodePem(bytes), '').length > 0
        ? 'it is PEM, which goes to --cert-file'
        : 'it is not PKCS#12, or is broken';
    case 'locked':
      return passphrase ? 'the passphrase does not fit' : `it is locked; ${passphraseAdvice}`;
    case 'unsupported':
      return 'something in it, perhaps its cipher, is not known here; convert it with openssl pkcs12 to PEM, for --cert-file';
  }
}

/** A certificate and the key that matches it. */
interface KeyPair {
  readonly certificate: X509Certificate;
  readonly key: KeyObject;
}

function findPair(keys: readonly KeyObject[], certificates: readonly X509Certificate[]): KeyPair | undefined {
  const pairs = keys.flatMap((key) => certificates.map((certificate) => ({ certificate, key })));
  return pairs.find(({ certificate, key }) => certificate.checkPrivateKey(key));
}

function createClientCertificate(
  { certificate, key }: KeyPair,
  certificates: readonly X509Certificate[],
  file: NamedFile,
  { clock }: FileHost,
): ClientCertificate {
  const facts = toCertificateFacts(certificate);
  const problem = describeInvalidity(facts, clock.now());
  if (problem) throw unusableError(file, problem);
  const chain = [certificate, ...certificates.filter((other) => other !== certificate)].join('');
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    createSecureContext({ cert: chain, key: pem });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw unusableError(file, `its certificate is not strong enough for TLS here (${code ?? message})`);
  }
  return { facts, chain, key: new Secret(pem) };
}
