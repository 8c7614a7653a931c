/** The cluster that sfctl's users have chosen with `sfctl cluster select`, read where and as sfctl keeps it. */
import { join } from 'node:path';
import type { ParsingError } from 'js-ini';
import { usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { fileError, type NamedFile, readOptionalFile } from './input-file.ts';
import type { Sourced } from './setting.ts';

/** What sfctl would commandTarget its cluster with. Paths are as they were typed. */
export interface SfctlCluster {
  readonly endpoint: Sourced<string>;
  readonly certificate: NamedFile | undefined;
  /** Without it the certificate's file holds the key as well. */
  readonly key: NamedFile | undefined;
  readonly authorities: NamedFile | undefined;
  /** Where it is said that the server's certificate is not to be checked, if it is. */
  readonly noVerify: string | undefined;
  /** For a cluster that wants tokens of Microsoft Entra ID: sfctl keeps its own, which are not read. */
  readonly entra: { readonly authority: string; readonly cluster: string; readonly from: string } | undefined;
}

const section = 'servicefabric';

/**
 * @returns `undefined` when sfctl has chosen none
 * @throws a usage error when its settings cannot be understood: no certificate is silently left out
 */
export async function readSfctlCluster(host: Host): Promise<SfctlCluster | undefined> {
  const folder = host.env['SFCTL_CONFIG_DIR'] || (host.home && join(host.home, '.sfctl'));
  const path = folder ? join(folder, 'config') : '';
  const file = folder ? await readConfig(path, host) : {};

  function setting(key: string): Sourced<string> | undefined {
    const variable = `SFCTL_${section}_${key}`.toUpperCase();
    const override = host.env[variable];
    if (override !== undefined) return { value: override, from: variable };
    const value = file[key];
    // Python's configparser, which writes the file, spells a percent sign with two.
    return value === undefined
      ? undefined
      : { value: value.replaceAll('%%', '%'), from: `${key} in ${path}` };
  }

  function switchedOn(key: string): string | undefined {
    const { value = 'false', from = '' } = setting(key) ?? {};
    if (/^(?:1|yes|true|on)$/i.test(value)) return from;
    if (/^(?:0|no|false|off)$/i.test(value)) return undefined;
    throw usageError(`${from} is "${value}", but sfctl takes true or false there.`);
  }

  function pathOf(key: string, because: string): NamedFile {
    const { value = '', from = '' } = setting(key) ?? {};
    if (value !== '') return { path: value, from };
    throw usageError(
      `${because}, but ${key} is not set there. Choose the cluster anew: sfctl cluster select`,
    );
  }

  const endpoint = setting('endpoint');
  if (endpoint === undefined || endpoint.value.trim() === '') return undefined;
  const { value: security, from } = setting('security') ?? { value: 'none', from: '' };
  const because = `${from} is "${security}"`;
  if (!['none', 'pem', 'cert', 'aad'].includes(security))
    throw usageError(`${because}, but it takes none, pem, cert or aad.`);
  const certificateKey = { pem: 'pem_path', cert: 'cert_path' }[security];
  return {
    endpoint: { ...endpoint, value: addPort(endpoint.value.trim()) },
    certificate: certificateKey === undefined ? undefined : pathOf(certificateKey, because),
    key: security === 'cert' ? pathOf('key_path', because) : undefined,
    authorities: switchedOn('use_ca') ? pathOf('ca_path', `${setting('use_ca')?.from} is on`) : undefined,
    noVerify: switchedOn('no_verify'),
    entra:
      security === 'aad'
        ? {
            authority: setting('authority_uri')?.value ?? '',
            cluster: setting('aad_resource')?.value ?? '',
            from,
          }
        : undefined,
  };
}

/** Where sfctl finds no port it takes that of the scheme, and not the gateway's usual one. */
function addPort(endpoint: string): string {
  const port = /^https:/i.test(endpoint) ? 443 : 80;
  return endpoint.replace(/^(https?:\/\/(?:\[[^\]]*\]|[^/:?#]+))(?=[/?#]|$)/i, `$1:${port}`);
}

/** @returns what stands in sfctl's section, by keys in lower case; nothing when there is no file */
async function readConfig(path: string, host: Host): Promise<Readonly<Record<string, string>>> {
  const file = { path, from: "sfctl's configuration" };
  const bytes = await readOptionalFile(file, host);
  return bytes === undefined ? {} : await parseConfig(bytes.toString(), file);
}

async function parseConfig(text: string, file: NamedFile): Promise<Readonly<Record<string, string>>> {
  // Unlike the better known ini, this takes a value as it stands, as Python does: with its backslashes, quotes and #.
  const { parse } = await import('js-ini');
  try {
    const {
      [section]: values = {},
      DEFAULT: defaults = {},
      ...others
    } = parse(text.replace(/^\ufeff/, ''), {
      comment: ['#', ';'],
      autoTyping: false,
      keyMergeStrategy(into, name, value) {
        const key = name.toLowerCase();
        if (Object.hasOwn(into, key)) throw new Error(`${key} stands there twice`);
        into[key] = value;
      },
    });
    if ([values, defaults, ...Object.values(others)].some((other) => typeof other !== 'object'))
      throw new Error('it has a value outside of any [section]');
    // As Python has it, what stands there counts for all sections.
    return { ...(defaults as Record<string, string>), ...(values as Record<string, string>) };
  } catch (error) {
    const { lineNumber, message } = error as Partial<ParsingError> & Error;
    // The parser's own message holds the line, which may be a token.
    const why = lineNumber === undefined ? message : `line ${lineNumber} is no setting`;
    throw fileError(file, `is broken: ${why}. Mend it, or choose the cluster anew: sfctl cluster select`);
  }
}
