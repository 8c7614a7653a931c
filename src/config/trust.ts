/** Resolves which server certificates to accept. */
import { formatPathArgument } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import { readAuthorities } from './authorities.ts';
import type { WithSfctlOptions } from './build-command-target.ts';
import { rejectConflict } from './connection-flags.ts';
import { formatSource, type NamedFile } from './input-file.ts';
import { findFile, findSetting, type SettingSource } from './setting-source.ts';

/** The server certificates to accept. */
export type Trust =
  /** Certificates for the host name, from an authority that the system trusts. */
  | { readonly by: 'system' }
  /** Certificates for the host name, from one of these authorities, each in PEM. */
  | { readonly by: 'authorities'; readonly authorities: readonly string[] }
  /** One certificate, for any host name: its SHA-1 or SHA-256 in hex, upper case, without colons. */
  | { readonly by: 'thumbprint'; readonly thumbprint: string }
  /** Any certificate. */
  | { readonly by: 'nobody' };

/**
 * Resolves the trust from the first source that sets it, or to the default.
 * @throws a usage error for conflicting options, or for an unusable file
 */
export async function resolveTrust(
  sources: readonly SettingSource[],
  host: Host,
): Promise<WithSfctlOptions<Trust>> {
  for (const source of sources) {
    const file = findFile(source, 'caFile');
    const thumbprint = findSetting(source, 'serverThumbprint');
    const insecure = source.settings.insecure ? source.describe('insecure') : undefined;
    rejectConflict(file?.from, thumbprint?.from, insecure);
    if (insecure) return { value: { by: 'nobody' }, from: insecure, sfctlOptions: noVerify };
    if (thumbprint)
      return {
        value: { by: 'thumbprint', thumbprint: thumbprint.value },
        from: thumbprint.from,
        sfctlOptions: noVerify,
      };
    if (file) return trustAuthorities(file, host);
  }
  return { value: { by: 'system' }, from: 'default', sfctlOptions: [] };
}

/** Option of sfctl, also used for a thumbprint, which sfctl cannot check. */
const noVerify = ['--no-verify'];

async function trustAuthorities(file: NamedFile, host: Host): Promise<WithSfctlOptions<Trust>> {
  const { certificates, isPlain } = await readAuthorities(file, host);
  return {
    value: { by: 'authorities', authorities: certificates },
    from: formatSource(file),
    sfctlOptions: [`--ca ${isPlain ? formatPathArgument(file.path, host.shells) : '<authorities in PEM>'}`],
  };
}

/** Describes the accepted server certificates, without a full stop. */
export function describeTrust(trust: Trust): string {
  switch (trust.by) {
    case 'system':
      return 'certificates of authorities that this system trusts';
    case 'authorities':
      return 'certificates of the given authorities';
    case 'thumbprint':
      return `only the certificate with thumbprint ${trust.thumbprint}`;
    case 'nobody':
      return 'any certificate, without verification';
  }
}
