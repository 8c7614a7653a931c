/** Reads sfctl's configuration: the cluster selected with `sfctl cluster select`. */
import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import type { ParsingError } from 'js-ini';
import { usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import type { NextStep } from '../platform/next-step.ts';
import type { ConnectionSettings } from './connection-flags.ts';
import { fileError, type NamedFile, readOptionalFile, toNamedFile } from './input-file.ts';
import type { Sourced } from './setting.ts';
import type { SettingSource } from './setting-source.ts';

/** The selected cluster. */
export interface SfctlCluster {
  /** sfctl's connection settings. Paths are as typed. */
  readonly source: SettingSource;
  /** Set for a cluster that requires Microsoft Entra ID tokens. sfcompose does not read sfctl's own tokens. */
  readonly entra: SfctlEntra | undefined;
}

interface SfctlEntra {
  /** URL of the authority, which ends in the tenant. */
  readonly authority: string | undefined;
  /** Id of the cluster's application. */
  readonly cluster: string | undefined;
  /** Source of the setting that requires tokens. */
  readonly from: string;
}

const section = 'servicefabric';

/** Advice for settings of sfctl that cannot be used. */
export const selectStep: NextStep = {
  what: 'Fix the file, or select the cluster again',
  command: 'sfctl cluster select --endpoint <url>',
};

/**
 * Reads the selected cluster from sfctl's configuration file and variables.
 * @returns `undefined` if no cluster is selected
 * @throws a usage error for invalid or incomplete settings, so that no certificate is silently ignored
 */
export async function readSfctlCluster(host: Host): Promise<SfctlCluster | undefined> {
  const folder = host.env['SFCTL_CONFIG_DIR'] || (host.home && join(host.home, '.sfctl'));
  const path = folder ? join(folder, 'config') : '';
  const file = folder ? await readConfig(path, host) : {};

  function find(key: string): Sourced<string> | undefined {
    const variable = `SFCTL_${section}_${key}`.toUpperCase();
    const override = host.env[variable];
    if (override !== undefined) return { value: override, from: variable };
    const value = file[key];
    // Python's configparser, which sfctl writes the file with, doubles percent signs.
    return value === undefined
      ? undefined
      : { value: value.replaceAll('%%', '%'), from: `${key} in ${path}` };
  }

  /** Returns the source of an enabled flag. */
  function findEnabled(key: string): string | undefined {
    const { value, from } = find(key) ?? { value: 'false', from: undefined };
    if (/^(?:1|yes|true|on)$/i.test(value)) return from;
    if (/^(?:0|no|false|off)$/i.test(value)) return undefined;
    throw usageError(`${from} is "${value}", but must be true or false.`);
  }

  function requirePath(key: string, because: string): NamedFile {
    const path = toNamedFile(find(key));
    if (path?.path) return path;
    throw usageError(`${because}, but ${key} is not set.`, [selectStep]);
  }

  const endpoint = find('endpoint');
  if (endpoint === undefined || endpoint.value.trim() === '') return undefined;
  const { value: security, from } = find('security') ?? { value: 'none', from: '' };
  const because = `${from} is "${security}"`;
  if (!['none', 'pem', 'cert', 'aad'].includes(security))
    throw usageError(`${because}, but must be none, pem, cert or aad.`);
  const certificateKey = { pem: 'pem_path', cert: 'cert_path' }[security];
  const certificate = certificateKey === undefined ? undefined : requirePath(certificateKey, because);
  const key = security === 'cert' ? requirePath('key_path', because) : undefined;
  const useCa = findEnabled('use_ca');
  const authorities = useCa === undefined ? undefined : requirePath('ca_path', `${useCa} is on`);
  const noVerify = findEnabled('no_verify');
  const places: Partial<Record<keyof ConnectionSettings, string | undefined>> = {
    endpoint: endpoint.from,
    certFile: certificate?.from,
    keyFile: key?.from,
    caFile: authorities?.from,
    insecure: noVerify,
  };
  return {
    source: {
      settings: {
        endpoint: addPort(endpoint.value.trim()),
        certFile: certificate?.path,
        // Without it, the certificate's file contains the key.
        keyFile: key?.path,
        caFile: authorities?.path,
        // sfctl verifies with the authorities if both are set.
        insecure: authorities === undefined && noVerify !== undefined,
      },
      describe: (name) => places[name as keyof ConnectionSettings] ?? '',
    },
    entra:
      security === 'aad'
        ? { authority: find('authority_uri')?.value, cluster: find('aad_resource')?.value, from }
        : undefined,
  };
}

/** Adds the default port of the scheme, which sfctl uses for an endpoint without a port, instead of 19080. */
function addPort(endpoint: string): string {
  const port = /^https:/i.test(endpoint) ? 443 : 80;
  return endpoint.replace(/^(https?:\/\/(?:\[[^\]]*\]|[^/:?#]+))(?=[/?#]|$)/i, `$1:${port}`);
}

/** Reads sfctl's section of the file, with keys in lower case; empty if the file does not exist. */
async function readConfig(path: string, host: Host): Promise<Readonly<Record<string, string>>> {
  const file = { path, from: "sfctl's configuration" };
  const bytes = await readOptionalFile(file, host);
  return bytes === undefined ? {} : await parseConfig(decodeConfig(bytes), file);
}

/**
 * Decodes UTF-8, or Windows-1252: on Windows, Python writes the code page of the system, and this one is the most common.
 */
function decodeConfig(bytes: Buffer): string {
  return isUtf8(bytes) ? bytes.toString() : new TextDecoder('windows-1252').decode(bytes);
}

async function parseConfig(text: string, file: NamedFile): Promise<Readonly<Record<string, string>>> {
  // Unlike the package `ini`, js-ini keeps backslashes, quotes and # in values,
  // as Python's configparser does.
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
        if (Object.hasOwn(into, key)) throw new Error(`${key} is set twice`);
        into[key] = value;
      },
    });
    if ([values, defaults, ...Object.values(others)].some((other) => typeof other !== 'object'))
      throw new Error('a value is outside of any [section]');
    // Python's configparser applies the section DEFAULT to all sections.
    return { ...(defaults as Record<string, string>), ...(values as Record<string, string>) };
  } catch (error) {
    const { lineNumber, message } = error as Partial<ParsingError> & Error;
    // The parser's message quotes the line, which may contain a token.
    const reason = lineNumber === undefined ? message : `line ${lineNumber} is not a setting`;
    throw fileError(file, `is invalid: ${reason}.`, [selectStep]);
  }
}
