/** Resolves the client certificate. */
import { usageError } from '../platform/errors.ts';
import { formatPathArgument } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import type { Secret } from '../platform/secret.ts';
import type { WithSfctlOptions } from './build-command-target.ts';
import {
  type ClientCertificate,
  readPassphrase,
  readPemCertificate,
  readPkcs12,
} from './client-certificate.ts';
import { rejectConflict } from './connection-flags.ts';
import { formatSource } from './input-file.ts';
import { createVariableSource, findFile, type SettingSource, type SettingSources } from './setting-source.ts';

/**
 * Resolves and reads the client certificate from the first source that names one.
 * @returns `undefined` if there is no client certificate
 * @throws a usage error for conflicting options, or for an unusable file
 */
export async function resolveCertificate(
  sources: SettingSources,
  host: Host,
): Promise<WithSfctlOptions<ClientCertificate> | undefined> {
  const [commandLine] = sources;
  for (const source of sources) {
    const certificate = findFile(source, 'certFile');
    const key = findFile(source, 'keyFile');
    const pfx = findFile(source, 'pfxFile');
    rejectConflict(certificate?.from ?? key?.from, pfx?.from);
    const file = pfx ?? certificate;
    if (file === undefined && key) throw usageError(`${key.from} requires ${source.describe('certFile')}.`);
    if (file === undefined) continue;
    const passphrase = await resolvePassphrase(commandLine, source, host);
    if (pfx)
      return {
        value: await readPkcs12(pfx, passphrase, host),
        from: formatSource(pfx),
        sfctlOptions: anyPem,
      };
    const value = await readPemCertificate(file, key, passphrase, host);
    const paths = key
      ? [
          `--cert ${formatPathArgument(file.path, host.shells)} --key ${formatPathArgument(key.path, host.shells)}`,
        ]
      : [`--pem ${formatPathArgument(file.path, host.shells)}`];
    return { value, from: formatSource(file), sfctlOptions: value.isPlainPem ? paths : anyPem };
  }
  if (commandLine.settings.passphraseFile !== undefined)
    throw usageError('--passphrase-file requires --pfx-file or --cert-file.');
  return undefined;
}

/** For a certificate that sfctl does not read: it takes no PKCS#12, and repairs nothing. */
const anyPem = ['--pem <certificate and key in PEM>'];

/** Finds the passphrase: of the command line, of the certificate's own source, or of the environment. */
async function resolvePassphrase(
  commandLine: SettingSource,
  own: SettingSource,
  host: Host,
): Promise<Secret | undefined> {
  for (const source of [commandLine, own, createVariableSource(host.env)]) {
    const file = findFile(source, 'passphraseFile');
    if (file) return readPassphrase(file, host);
    if (source.settings.passphrase) return source.settings.passphrase;
  }
  return undefined;
}
