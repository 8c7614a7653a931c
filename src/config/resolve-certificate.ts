/** Resolves the client certificate from flags, variables and sfctl's configuration. */
import { usageError } from '../platform/errors.ts';
import { formatPathArgument } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import { Secret } from '../platform/secret.ts';
import type { WithSfctlOptions } from './build-command-target.ts';
import {
  type ClientCertificate,
  readPassphrase,
  readPemCertificate,
  readPkcs12,
} from './client-certificate.ts';
import { type ConnectionFlags, listSources, rejectConflict } from './connection-flags.ts';
import { formatSource, type NamedFile, toNamedFile } from './input-file.ts';
import { findValue } from './setting.ts';
import {
  certFileSetting,
  keyFileSetting,
  passphraseFileSetting,
  passphraseVariable,
  pfxFileSetting,
} from './settings.ts';
import type { SfctlCluster } from './sfctl.ts';

/**
 * Resolves and reads the client certificate: flags, then variables, then sfctl's configuration.
 * @returns `undefined` if there is no client certificate
 * @throws a usage error for conflicting options, or for an unusable file
 */
export async function resolveCertificate(
  allFlags: ConnectionFlags,
  sfctl: SfctlCluster | undefined,
  host: Host,
): Promise<WithSfctlOptions<ClientCertificate> | undefined> {
  const readPem = async (file: NamedFile, key: NamedFile | undefined) => {
    const value = await readPemCertificate(file, key, await resolvePassphrase(allFlags, host), host);
    const paths = key
      ? [`--cert ${formatPathArgument(file.path)} --key ${formatPathArgument(key.path)}`]
      : [`--pem ${formatPathArgument(file.path)}`];
    return { value, from: formatSource(file), sfctlOptions: value.isPlainPem ? paths : anyPem };
  };
  for (const { flags, env } of listSources(allFlags, host.env)) {
    const certificate = toNamedFile(findValue(certFileSetting, flags.certFile, env));
    const key = toNamedFile(findValue(keyFileSetting, flags.keyFile, env));
    const pfx = toNamedFile(findValue(pfxFileSetting, flags.pfxFile, env));
    rejectConflict(certificate?.from ?? key?.from, pfx?.from);
    if (pfx)
      return {
        value: await readPkcs12(pfx, await resolvePassphrase(allFlags, host), host),
        from: formatSource(pfx),
        sfctlOptions: anyPem,
      };
    if (certificate) return readPem(certificate, key);
    if (key)
      throw usageError(`${key.from} requires ${flags.keyFile ? '--cert-file' : certFileSetting.variable}.`);
  }
  if (sfctl?.certificate) return readPem(sfctl.certificate, sfctl.key);
  if (allFlags.passphraseFile !== undefined)
    throw usageError('--passphrase-file requires --pfx-file or --cert-file.');
  return undefined;
}

/** For a certificate that sfctl does not read: it takes no PKCS#12, and repairs nothing. */
const anyPem = ['--pem <certificate and key in PEM>'];

async function resolvePassphrase(flags: ConnectionFlags, host: Host): Promise<Secret | undefined> {
  const file = toNamedFile(findValue(passphraseFileSetting, flags.passphraseFile, host.env));
  if (file) return readPassphrase(file, host);
  const text = host.env[passphraseVariable];
  return text ? new Secret(text) : undefined;
}
