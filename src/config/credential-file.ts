/** Reads certificates and keys from files, and explains files of other formats. */
import { X509Certificate } from 'node:crypto';
import type { ExpectedError } from '../platform/errors.ts';
import { formatPathArgument } from '../platform/format.ts';
import type { NextStep } from '../platform/next-step.ts';
import type { Shells } from '../platform/shell-quoting.ts';
import { decodeText } from './decode-text.ts';
import { type DerContent, recognizeDer } from './der.ts';
import { type FileHost, fileError, type NamedFile, readNamedFile } from './input-file.ts';
import { findPemBlocks, isPem, removeBase64 } from './pem.ts';

/** A file with certificates or keys, without base64 around it. */
export interface CredentialFile {
  readonly file: NamedFile;
  readonly bytes: Buffer;
  /** The file as it was read. */
  readonly original: Buffer;
  /** The shells that may be in use, for commands that convert the file. */
  readonly shells: Shells;
}

/** Reads a file, and removes base64 around it. @throws a usage error if it cannot be read */
export async function readCredentialFile(file: NamedFile, host: FileHost): Promise<CredentialFile> {
  const original = await readNamedFile(file, host);
  return { file, bytes: removeBase64(original), original, shells: host.shells };
}

/** The purpose of a file, which decides what to advise for another format. */
export type Purpose = 'certificate' | 'private key' | 'authorities';

/** Parses all certificates in PEM. @throws a usage error if there are none, or one is damaged */
export function parseCertificates(credential: CredentialFile, purpose: Purpose): readonly X509Certificate[] {
  const { file, bytes } = credential;
  const blocks = findPemBlocks(decodeText(bytes), 'CERTIFICATE');
  if (blocks.length === 0) throw formatError(credential, purpose);
  return blocks.map((block, index) => {
    try {
      return new X509Certificate(block);
    } catch {
      throw fileError(file, `contains a damaged certificate (${index + 1} of ${blocks.length}).`);
    }
  });
}

/** Formats in DER: a name, as in "… is a certificate in DER", and the program of OpenSSL that converts them to PEM. */
const formats: Readonly<Record<DerContent, { readonly name: string; readonly program: string }>> = {
  CERTIFICATE: { name: 'a certificate in DER', program: 'x509 -inform DER' },
  'PRIVATE KEY': { name: 'a private key in DER', program: 'pkey -inform DER' },
  'ENCRYPTED PRIVATE KEY': { name: 'an encrypted private key in DER', program: 'pkey -inform DER' },
  'RSA PRIVATE KEY': { name: 'a private key in DER', program: 'pkey -inform DER' },
  'EC PRIVATE KEY': { name: 'a private key in DER', program: 'pkey -inform DER' },
  PKCS7: { name: 'PKCS#7', program: 'pkcs7 -inform DER -print_certs' },
  PKCS12: { name: 'PKCS#12', program: 'pkcs12 -nokeys' },
};

/** Creates the error for a file without what it should contain, with the command that converts a known format. */
export function formatError(credential: CredentialFile, purpose: Purpose): ExpectedError {
  const { file, bytes } = credential;
  const content = recognizeDer(bytes);
  const what = purpose === 'authorities' ? 'certificate' : purpose;
  if (content === undefined) return fileError(file, `contains no ${what} in PEM.`);
  if (content === 'PKCS12' && purpose !== 'authorities')
    return fileError(file, 'is PKCS#12, not PEM. Use --pfx-file.');
  return fileError(file, `is ${formats[content].name}, not PEM.`, [suggestConversion(content, credential)]);
}

/** Creates the error for a file that should be PKCS#12, and is something else. */
export function pkcs12FormatError(credential: CredentialFile): ExpectedError {
  const { file, bytes } = credential;
  if (isPem(bytes)) return fileError(file, 'is PEM, not PKCS#12. Use --cert-file.');
  const content = recognizeDer(bytes);
  if (content === undefined || content === 'PKCS12') return fileError(file, 'is not PKCS#12, or is damaged.');
  const result = nameResult(credential);
  const command = content.endsWith('KEY')
    ? `--cert-file <path> --key-file ${result}`
    : `--cert-file ${result} --key-file <path>`;
  return fileError(file, `is ${formats[content].name}, not PKCS#12.`, [
    suggestConversion(content, credential),
    { what: 'Use certificate and key in PEM', command },
  ]);
}

function suggestConversion(content: DerContent, credential: CredentialFile): NextStep {
  const from = formatPathArgument(credential.file.path, credential.shells);
  return {
    what: 'Convert the file to PEM',
    command: `openssl ${formats[content].program} -in ${from} -out ${nameResult(credential)}`,
  };
}

/** Names the converted file: `client.cer.pem`, which is unlikely to exist already. */
function nameResult({ file, shells }: CredentialFile): string {
  return formatPathArgument(`${file.path}.pem`, shells);
}
