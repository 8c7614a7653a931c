/**
 * Places that connection settings come from: the command line, the environment, a stored cluster, sfctl. Settings that
 * belong together, such as a certificate and its key, are taken from one source, because those of two would not match.
 */
import type { Host } from '../platform/host.ts';
import { Secret } from '../platform/secret.ts';
import type { ConnectionSettings } from './connection-flags.ts';
import type { Endpoint } from './endpoint.ts';
import { type NamedFile, toNamedFile } from './input-file.ts';
import { type OptionalSetting, parseSetting, type Sourced, toFlag } from './setting.ts';
import {
  caFileSetting,
  certFileSetting,
  endpointSetting,
  keyFileSetting,
  passphraseFileSetting,
  passphraseVariable,
  pfxFileSetting,
  serverThumbprintSetting,
  timeoutSetting,
  tokenFileSetting,
  tokenVariable,
} from './settings.ts';

/** The settings from one place. */
export interface SettingSource {
  /** The values, unchecked. */
  readonly settings: SourceSettings;
  /** Names the place of a value: `--ca-file`, `SFCOMPOSE_CA_FILE`, `prod.caFile in /home/me/…`. */
  describe(name: keyof SourceSettings): string;
}

/** Sources in order of precedence, the command line first. */
export type SettingSources = readonly [commandLine: SettingSource, ...others: SettingSource[]];

/** Settings, and secrets that only the environment holds. */
interface SourceSettings extends ConnectionSettings {
  readonly passphrase?: Secret | undefined;
  readonly token?: Secret | undefined;
}

/** Settings that are parsed from text. */
const parsedSettings = {
  endpoint: endpointSetting,
  timeout: timeoutSetting,
  caFile: caFileSetting,
  certFile: certFileSetting,
  keyFile: keyFileSetting,
  pfxFile: pfxFileSetting,
  passphraseFile: passphraseFileSetting,
  serverThumbprint: serverThumbprintSetting,
  tokenFile: tokenFileSetting,
} satisfies Partial<Record<keyof ConnectionSettings, OptionalSetting<unknown>>>;

type ParsedName = keyof typeof parsedSettings;

type ParsedValue<Name extends ParsedName> = Name extends 'endpoint'
  ? Endpoint
  : Name extends 'timeout'
    ? number
    : string;

/** Parses a setting of a source. @returns `undefined` if it is not set @throws a usage error for an invalid value */
export function findSetting<Name extends ParsedName>(
  { settings, describe }: SettingSource,
  name: Name,
): Sourced<ParsedValue<Name>> | undefined {
  const text = settings[name];
  if (text === undefined) return undefined;
  const setting = parsedSettings[name] as OptionalSetting<unknown> as OptionalSetting<ParsedValue<Name>>;
  const from = describe(name);
  return { value: parseSetting(setting, text, from), from };
}

/** Finds a file that a setting names. */
export function findFile(
  source: SettingSource,
  name: Exclude<ParsedName, 'endpoint' | 'timeout' | 'serverThumbprint'>,
): NamedFile | undefined {
  return toNamedFile(findSetting<typeof name>(source, name));
}

/** Creates the source for the options of a command line. */
export function createFlagSource(settings: ConnectionSettings): SettingSource {
  return { settings, describe: toFlag };
}

const variables: Readonly<Partial<Record<keyof SourceSettings, string | undefined>>> = {
  ...Object.fromEntries(Object.entries(parsedSettings).map(([name, { variable }]) => [name, variable])),
  passphrase: passphraseVariable,
  token: tokenVariable,
};

/**
 * Creates the source for the environment. Empty variables count as not set.
 * @param names the settings to take; all by default
 */
export function createVariableSource(
  env: Host['env'],
  names = Object.keys(variables) as readonly (keyof SourceSettings)[],
): SettingSource {
  const describe = (name: keyof SourceSettings) => variables[name] ?? '';
  const settings = names.flatMap((name) => {
    const text = env[describe(name)];
    if (!text) return [];
    return [[name, name === 'passphrase' || name === 'token' ? new Secret(text) : text] as const];
  });
  return { settings: Object.fromEntries(settings), describe };
}
