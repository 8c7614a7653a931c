/** Reads the certificates of trusted authorities from a file, or from all files in a folder. */
import { X509Certificate } from 'node:crypto';
import { formatTime } from '../platform/format.ts';
import { toCertificateFacts } from './credential-facts.ts';
import { parseCertificates, readCredentialFile } from './credential-file.ts';
import { recognizeDer } from './der.ts';
import { type FileHost, fileError, listFolder, type NamedFile } from './input-file.ts';
import { isPlainPem } from './pem.ts';

/** Trusted authorities. */
export interface Authorities<Certificate = string> {
  /** Their certificates, each in PEM. */
  readonly certificates: readonly Certificate[];
  /** Whether other programs can use the same path: a file in PEM, or a folder with names as `c_rehash` gives them. */
  readonly isPlain: boolean;
}

/** Files in a folder: the folder of a system has about 300. */
const maxFiles = 2000;

/**
 * Reads trusted certificates.
 * @param source a file in PEM; or a folder, in which files without a certificate are ignored
 * @throws a usage error if a file cannot be read, or there is no certificate that has not expired
 */
export async function readAuthorities(source: NamedFile, host: FileHost): Promise<Authorities> {
  const paths = await listFolder(source, host);
  const { certificates, isPlain } = paths
    ? await readFolder(source, paths, host)
    : await readFile(source, host);
  const end = Math.max(...certificates.map((one) => toCertificateFacts(one).validTo.getTime()));
  if (end < host.clock.now())
    throw fileError(
      source,
      `contains only expired certificates: the last one expired at ${formatTime(new Date(end))}.`,
    );
  return { certificates: [...new Set(certificates.map(String))], isPlain };
}

async function readFile(file: NamedFile, host: FileHost): Promise<Authorities<X509Certificate>> {
  const read = await readCredentialFile(file, host);
  return { certificates: parseCertificates(read, 'authorities'), isPlain: isPlainPem(read.original) };
}

async function readFolder(
  folder: NamedFile,
  paths: readonly string[],
  host: FileHost,
): Promise<Authorities<X509Certificate>> {
  if (paths.length > maxFiles)
    throw fileError(folder, `has ${paths.length} files. Put the certificates into a folder of their own.`);
  const certificates: X509Certificate[] = [];
  for (const path of paths) certificates.push(...(await findCertificates({ ...folder, path }, host)));
  if (certificates.length === 0) throw fileError(folder, 'is a folder without certificates.');
  return { certificates, isPlain: paths.some((path) => /[\\/][\da-f]{8}\.\d+$/.test(path)) };
}

/** Returns no certificates for a file that has none, or cannot be read. */
async function findCertificates(file: NamedFile, host: FileHost): Promise<readonly X509Certificate[]> {
  try {
    const read = await readCredentialFile(file, host);
    if (recognizeDer(read.bytes) === 'CERTIFICATE') return [new X509Certificate(read.bytes)];
    return parseCertificates(read, 'authorities');
  } catch (error) {
    if (host.interrupt.aborted) throw error;
    return [];
  }
}
