/** Reads certificates, private keys and passphrases from files, and checks them. */
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
  /** PEM: the certificate, then all other certificates from the same file. */
  readonly chain: string;
  /** PEM, PKCS#8, not encrypted. */
  readonly key: Secret;
}

/**
 * Reads a certificate and its key from PEM files.
 * @param keyFile the file with the key; `undefined` if the certificate's file contains the key
 * @param passphrase decrypts an encrypted key
 * @throws a usage error for a certificate or key that is unusable or not valid now
 */
export async function readPemCertificate(
  file: NamedFile,
  keyFile: NamedFile | undefined,
  passphrase: Secret | undefined,
  host: FileHost,
): Promise<ClientCertificate> {
  const bytes = await readNamedFile(file, host);
  const certificates = parseCertificates(bytes, file, 'Use --pfx-file for a PKCS#12 file.');
  const keyBytes = keyFile ? await readNamedFile(keyFile, host) : bytes;
  const keys = parseKeys(keyBytes, keyFile ?? file, passphrase);
  if (keys.length === 0)
    throw keyFile
      ? missingError('private key', keyBytes, keyFile, 'Convert the key with openssl pkey.')
      : fileError(
          file,
          'contains no private key. Use --key-file, or put certificate and key into one PEM file.',
        );
  const pair = findPair(keys, certificates);
  if (pair === undefined)
    throw keyFile
      ? fileError(keyFile, `does not match the certificate in ${file.from} "${file.path}".`)
      : fileError(file, mismatch);
  return createClientCertificate(pair, certificates, file, host);
}

/**
 * Reads a certificate and its key from a PKCS#12 file.
 * @throws a usage error for a certificate or key that is unusable or not valid now
 */
export async function readPkcs12(
  file: NamedFile,
  passphrase: Secret | undefined,
  host: FileHost,
): Promise<ClientCertificate> {
  const bytes = await readNamedFile(file, host);
  const content = await openPkcs12(bytes, passphrase?.reveal());
  if (typeof content === 'string') throw fileError(file, describePkcs12Problem(content, bytes, passphrase));
  const { keys, certificates } = content;
  if (certificates.length === 0) throw fileError(file, 'contains no certificate.');
  if (keys.length === 0)
    throw fileError(file, 'contains no private key. Export the certificate together with its key.');
  const pair = findPair(keys, certificates);
  if (pair === undefined) throw fileError(file, mismatch);
  return createClientCertificate(pair, certificates, file, host);
}

/**
 * Reads trusted certificates, each in PEM.
 * @throws a usage error if a certificate cannot be read, or all have expired
 */
export async function readAuthorities(file: NamedFile, host: FileHost): Promise<readonly string[]> {
  const bytes = await readNamedFile(file, host);
  const authorities = parseCertificates(
    bytes,
    file,
    'Convert the certificate with openssl x509 -inform DER.',
  );
  const end = Math.max(...authorities.map((authority) => toCertificateFacts(authority).validTo.getTime()));
  if (end < host.clock.now())
    throw fileError(
      file,
      `contains only expired certificates: the last one expired at ${formatTime(new Date(end))}.`,
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
  if (line === '') throw fileError(file, 'has an empty first line, where the passphrase must be.');
  return new Secret(line);
}

const mismatch = 'contains the private key of a different certificate.';

/** @param advice what to do with a binary file, as a sentence */
function parseCertificates(bytes: Buffer, file: NamedFile, advice: string): readonly X509Certificate[] {
  const blocks = findPemBlocks(decodePem(bytes), 'CERTIFICATE');
  if (blocks.length === 0) throw missingError('certificate', bytes, file, advice);
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw fileError(file, `contains a damaged certificate (${index + 1} of ${blocks.length}).`);
    }
  });
}

function missingError(what: string, bytes: Buffer, file: NamedFile, advice: string): ExpectedError {
  return fileError(file, isDer(bytes) ? `is not PEM. ${advice}` : `contains no ${what} in PEM.`);
}

function parseKeys(bytes: Buffer, file: NamedFile, passphrase: Secret | undefined): readonly KeyObject[] {
  return findPemBlocks(decodePem(bytes), 'PRIVATE KEY').map((block) => decryptKey(block, file, passphrase));
}

function decryptKey(key: string, file: NamedFile, passphrase: Secret | undefined): KeyObject {
  // PKCS#8, and the older format of OpenSSL (RFC 1421).
  const isEncrypted = /^-----BEGIN ENCRYPTED|^Proc-Type:.*ENCRYPTED/m.test(key);
  if (isEncrypted && passphrase === undefined)
    throw fileError(file, `contains an encrypted private key. ${passphraseAdvice}`);
  try {
    return createPrivateKey({ key, passphrase: passphrase?.reveal() ?? '' });
  } catch (error) {
    const isUnknown = (error as NodeJS.ErrnoException).code === 'ERR_OSSL_EVP_UNSUPPORTED';
    if (!isEncrypted) throw fileError(file, 'contains a private key that is damaged or of an unknown type.');
    if (isUnknown) throw fileError(file, 'contains a private key with an unsupported cipher. Use AES-256.');
    throw fileError(file, wrongPassphrase);
  }
}

const passphraseAdvice = 'Set the passphrase with --passphrase-file or SFCOMPOSE_PASSPHRASE.';
const wrongPassphrase = 'cannot be decrypted: the passphrase is wrong.';

function describePkcs12Problem(
  problem: Pkcs12Problem,
  bytes: Buffer,
  passphrase: Secret | undefined,
): string {
  switch (problem) {
    case 'not-pkcs12':
      return findPemBlocks(decodePem(bytes), '').length > 0
        ? 'is PEM, not PKCS#12. Use --cert-file.'
        : 'is not PKCS#12, or is damaged.';
    case 'locked':
      return passphrase ? wrongPassphrase : `is encrypted. ${passphraseAdvice}`;
    case 'unsupported':
      return 'has an unsupported format or cipher. Convert the file to PEM with openssl pkcs12, and use --cert-file.';
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
  if (problem) throw fileError(file, `contains a certificate that ${problem}.`);
  const chain = [certificate, ...certificates.filter((other) => other !== certificate)].join('');
  const pem = key.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    createSecureContext({ cert: chain, key: pem });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw fileError(file, `contains a certificate that is too weak for TLS (${code ?? message}).`);
  }
  return { facts, chain, key: new Secret(pem) };
}
