/** Resolves which server certificates to accept. */
import { formatPathArgument } from '../platform/format.ts';
import type { Host } from '../platform/host.ts';
import { readAuthorities } from './authorities.ts';
import type { WithSfctlOptions } from './build-command-target.ts';
import { type ConnectionFlags, listSources, rejectConflict } from './connection-flags.ts';
import { formatSource, type NamedFile } from './input-file.ts';
import { findValue } from './setting.ts';
import { caFileSetting, serverThumbprintSetting } from './settings.ts';
import type { SfctlCluster } from './sfctl.ts';

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
 * Resolves the trust: flags, then variables, then sfctl's configuration, then the default.
 * @throws a usage error for conflicting options, or for an unusable file
 */
export async function resolveTrust(
  allFlags: ConnectionFlags,
  sfctl: SfctlCluster | undefined,
  host: Host,
): Promise<WithSfctlOptions<Trust>> {
  for (const { flags, env } of listSources(allFlags, host.env)) {
    const file = findValue(caFileSetting, flags.caFile, env);
    const thumbprint = findValue(serverThumbprintSetting, flags.serverThumbprint, env);
    rejectConflict(file?.from, thumbprint?.from, flags.insecure ? '--insecure' : undefined);
    if (flags.insecure) return { value: { by: 'nobody' }, from: '--insecure', sfctlOptions: noVerify };
    if (thumbprint)
      return {
        value: { by: 'thumbprint', thumbprint: thumbprint.value },
        from: thumbprint.from,
        sfctlOptions: noVerify,
      };
    if (file) return trustAuthorities({ path: file.value, from: file.from }, host);
  }
  if (sfctl?.authorities) return trustAuthorities(sfctl.authorities, host);
  if (sfctl?.noVerify) return { value: { by: 'nobody' }, from: sfctl.noVerify, sfctlOptions: noVerify };
  return { value: { by: 'system' }, from: 'default', sfctlOptions: [] };
}

/** Option of sfctl, also used for a thumbprint, which sfctl cannot check. */
const noVerify = ['--no-verify'];

async function trustAuthorities(file: NamedFile, host: Host): Promise<WithSfctlOptions<Trust>> {
  const { certificates, isPlain } = await readAuthorities(file, host);
  return {
    value: { by: 'authorities', authorities: certificates },
    from: formatSource(file),
    sfctlOptions: [`--ca ${isPlain ? formatPathArgument(file.path) : '<authorities in PEM>'}`],
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
