/** Reads certificates, private keys and passphrases from files, and checks them. */
import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import type { ExpectedError } from '../platform/errors.ts';
import { Secret } from '../platform/secret.ts';
import { type CertificateFacts, describeInvalidity, toCertificateFacts } from './credential-facts.ts';
import {
  type CredentialFile,
  formatError,
  parseCertificates,
  pkcs12FormatError,
  readCredentialFile,
} from './credential-file.ts';
import { decodeText } from './decode-text.ts';
import { type FileHost, fileError, type NamedFile, readSecretLine } from './input-file.ts';
import { findPemBlocks, isPlainPem } from './pem.ts';
import { openPkcs12, type Pkcs12Problem } from './pkcs12.ts';
import { explainVariable } from './undefined-variable.ts';

/** A certificate for TLS client authentication, with the matching key. */
export interface ClientCertificate {
  readonly facts: CertificateFacts;
  /** PEM: the certificate, then all other certificates from the same file. */
  readonly chain: string;
  /** PEM, PKCS#8, not encrypted. */
  readonly key: Secret;
  /** Whether other programs can read the same files as PEM: sfcompose repaired or converted none. */
  readonly isPlainPem: boolean;
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
  const source = await readCredentialFile(file, host);
  const certificates = parseCertificates(source, 'certificate');
  const keySource = keyFile ? await readCredentialFile(keyFile, host) : source;
  const keys = parseKeys(keySource, passphrase);
  if (keys.length === 0)
    throw keyFile
      ? formatError(keySource, 'private key')
      : fileError(
          file,
          'contains no private key. Use --key-file, or put certificate and key into one PEM file.',
        );
  const pair = findPair(keys, certificates);
  if (pair === undefined)
    throw keyFile
      ? fileError(keyFile, `does not match the certificate in ${file.from} "${file.path}".`)
      : fileError(file, mismatch);
  const isPlain = isPlainPem(source.original) && isPlainPem(keySource.original);
  return createClientCertificate(pair, certificates, file, isPlain, host);
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
  const source = await readCredentialFile(file, host);
  const content = await openPkcs12(source.bytes, passphrase?.reveal());
  if (typeof content === 'string') throw pkcs12Error(content, source, passphrase);
  const { keys, certificates } = content;
  if (certificates.length === 0) throw fileError(file, 'contains no certificate.');
  if (keys.length === 0)
    throw fileError(file, 'contains no private key. Export the certificate together with its key.');
  const pair = findPair(keys, certificates);
  if (pair === undefined) throw fileError(file, mismatch);
  return createClientCertificate(pair, certificates, file, false, host);
}

/**
 * Reads a passphrase from the first line of a file.
 * @throws a usage error if the file cannot be read, or the line is empty
 */
export async function readPassphrase(file: NamedFile, host: FileHost): Promise<Secret> {
  return new Secret(await readSecretLine(file, 'passphrase', host));
}

const mismatch = 'contains the private key of a different certificate.';

function parseKeys({ file, bytes }: CredentialFile, passphrase: Secret | undefined): readonly KeyObject[] {
  return findPemBlocks(decodeText(bytes), 'PRIVATE KEY').map((block) => decryptKey(block, file, passphrase));
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
    throw fileError(file, describeWrongPassphrase(passphrase));
  }
}

const passphraseAdvice = 'Set the passphrase with --passphrase-file or SFCOMPOSE_PASSPHRASE.';

function describeWrongPassphrase(passphrase: Secret | undefined): string {
  const hint = explainVariable(passphrase?.reveal() ?? '');
  return `cannot be decrypted: the passphrase is wrong.${hint ? ` ${hint}` : ''}`;
}

function pkcs12Error(
  problem: Pkcs12Problem,
  source: CredentialFile,
  passphrase: Secret | undefined,
): ExpectedError {
  switch (problem) {
    case 'not-pkcs12':
      return pkcs12FormatError(source);
    case 'locked':
      return fileError(
        source.file,
        passphrase ? describeWrongPassphrase(passphrase) : `is encrypted. ${passphraseAdvice}`,
      );
    case 'unsupported':
      return fileError(
        source.file,
        'has an unsupported format or cipher. Convert the file to PEM with openssl pkcs12, and use --cert-file.',
      );
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
  isPlainPem: boolean,
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
  return { facts, chain, key: new Secret(pem), isPlainPem };
}
