/** All settings from the command line and the environment, with their defaults and parsers. */

import { defaultPort, type Endpoint, parseEndpoint } from './endpoint.ts';
import { createChoice, createWholeNumber, type OptionalSetting, type Setting } from './setting.ts';
import { explainVariableIn } from './undefined-variable.ts';

/** The cluster's gateway. */
export const endpointSetting: Setting<Endpoint> = {
  flag: '--endpoint',
  variable: 'SFCOMPOSE_ENDPOINT',
  defaultValue: `http://localhost:${defaultPort}`,
  allowed:
    'an http:// or https:// URL with a host and optionally a port and a path, without user, password or query',
  parse: parseEndpoint,
};

/** The largest time limit that the gateway takes. */
const maxTimeoutSeconds = 4294967295;

const wholeSeconds = createWholeNumber(1, maxTimeoutSeconds);

/** Time limit of the server for one request, in seconds. */
export const timeoutSetting: Setting<number> = {
  flag: '--timeout',
  variable: 'SFCOMPOSE_TIMEOUT',
  defaultValue: '60',
  allowed: 'whole seconds from 1 to 4294967295, or a duration such as 90s or 2m',
  parse(text) {
    return wholeSeconds.parse(text) ?? wholeSeconds.parse(`${(parseDuration(text) ?? 0) / 1000}`);
  },
  findNearest(text) {
    const duration = parseDuration(text);
    if (duration === undefined || /^\d+$/.test(text)) return wholeSeconds.findNearest(text);
    return `${wholeSeconds.findNearest(`${Math.ceil(duration / 1000)}`)}s`;
  },
};

/** Creates a setting that takes the path of a file. */
export function createFileSetting(flag: string, variable?: string): OptionalSetting<string> {
  return {
    flag,
    ...(variable ? { variable } : {}),
    allowed: 'the path of a file',
    parse: (path) => path || undefined,
  };
}

/** The file for a report. Its ending selects the form. */
export const reportSetting: OptionalSetting<string> = {
  flag: '--report',
  allowed: 'a path that ends in .md or .html',
  parse: (path) => (/\.(?:md|html)$/i.test(path) ? path : undefined),
};

const clusterName: Pick<OptionalSetting<string>, 'allowed' | 'parse'> = {
  allowed:
    'at most 64 letters, digits, dots, underscores and hyphens, without a dot or hyphen at the beginning',
  parse: (text) => (/^[A-Za-z\d_][\w.-]{0,63}$/.test(text) ? text : undefined),
};

/** The name of a stored cluster. */
export const clusterSetting: OptionalSetting<string> = {
  flag: '--cluster',
  variable: 'SFCOMPOSE_CLUSTER',
  ...clusterName,
};

/** The name to store a cluster by. */
export const clusterNameSetting: OptionalSetting<string> = { flag: '<name>', ...clusterName };

/** Certificates of the authorities to trust, in PEM. */
export const caFileSetting = createFileSetting('--ca-file', 'SFCOMPOSE_CA_FILE');

/** Client certificate in PEM, possibly with its key. */
export const certFileSetting = createFileSetting('--cert-file', 'SFCOMPOSE_CERT_FILE');

/** Key of the client certificate, in PEM. */
export const keyFileSetting = createFileSetting('--key-file', 'SFCOMPOSE_KEY_FILE');

/** Client certificate with its key, in PKCS#12. */
export const pfxFileSetting = createFileSetting('--pfx-file', 'SFCOMPOSE_PFX_FILE');

/** Passphrase of the key. */
export const passphraseFileSetting = createFileSetting('--passphrase-file', 'SFCOMPOSE_PASSPHRASE_FILE');

/** Bearer token. */
export const tokenFileSetting = createFileSetting('--token-file');

/** Variable with the passphrase. The command line takes no secrets, because other users can see it. */
export const passphraseVariable = 'SFCOMPOSE_PASSPHRASE';

/** Variable with the bearer token. */
export const tokenVariable = 'SFCOMPOSE_TOKEN';

/** The only server certificate to trust. */
export const serverThumbprintSetting: OptionalSetting<string> = {
  flag: '--server-thumbprint',
  variable: 'SFCOMPOSE_SERVER_THUMBPRINT',
  allowed: 'a SHA-1 or SHA-256 thumbprint of 40 or 64 hex digits, with or without colons',
  parse(text) {
    // Windows adds an invisible mark when a thumbprint is copied from a certificate's properties.
    const hex = text.replace(/[\s:\u200e\u200f]/g, '').toUpperCase();
    return /^(?:[\dA-F]{40}|[\dA-F]{64})$/.test(hex) ? hex : undefined;
  },
};

const formats = {
  table: 'for people',
  plain: 'a line per change',
  json: 'one JSON document',
  ndjson: 'one JSON record a line',
};

/** An output format. */
export type Format = keyof typeof formats;

/** The format of stdout; `tsv` writes the values that a query selects from JSON. */
export const outputSetting: Setting<Format | 'tsv'> = {
  flag: '--output',
  variable: 'SFCOMPOSE_OUTPUT',
  defaultValue: 'table',
  ...createChoice({ ...formats, tsv: 'raw values, with --query' }),
};

/** Number of failed reads in a row to tolerate. The default applies to a single read. */
export const retriesSetting: Setting<number> = {
  flag: '--retries',
  defaultValue: '2',
  allowed: 'a whole number from 0 to 1000',
  ...createWholeNumber(0, 1000),
};

/** Default of {@link retriesSetting} while watching. */
export const watchRetries = '10';

/** Creates a setting in milliseconds. */
function createDurationSetting(flag: string, defaultValue: string, min: string): Setting<number> {
  return {
    flag,
    defaultValue,
    allowed: `a duration of at least ${min}, such as 90s, 5m or 1h30m`,
    parse(text) {
      const value = parseDuration(text);
      return value === undefined || value < (parseDuration(min) ?? 0) ? undefined : value;
    },
    findNearest: (text) => (parseDuration(text) === undefined ? undefined : min),
  };
}

/** Parses `90` and `90s`, `5m`, `1h30m`, `7d`, `250ms` to milliseconds. */
export function parseDuration(text: string): number | undefined {
  const match =
    /^(?:(\d{1,9})|(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,9})m)?(?:(\d{1,9})s)?(?:(\d{1,12})ms)?)$/.exec(
      text,
    );
  if (match === null || text === '') return undefined;
  const [plain = 0, days = 0, hours = 0, minutes = 0, seconds = 0, milliseconds = 0] = match
    .slice(1)
    .map((part) => Number(part ?? 0));
  return (((days * 24 + hours) * 60 + minutes) * 60 + seconds + plain) * 1000 + milliseconds;
}

/** Time between two reads while watching. */
export const intervalSetting = createDurationSetting('--interval', '10s', '200ms');

/** Time after which watching ends. */
export const maxWaitSetting = createDurationSetting('--max-wait', 'no limit', '1s');

/** Time after which reading a list ends. */
export const listMaxWaitSetting = createDurationSetting('--max-wait', '2m', '1s');

/** Time without news after which a watch prints a sign of life. */
export const heartbeatSetting = createDurationSetting('--heartbeat', '60s', '1s');

/** Time without progress after which a watch warns. */
export const stallAfterSetting = createDurationSetting('--stall-after', '10m', '1s');

/** Whether a version, which has no blanks, contains a variable. */
const isVariable = (text: string) => !/\s/.test(text) && explainVariableIn(text) !== undefined;

/** The target version that the upgrade must have. */
export const expectVersionSetting: Setting<string> = {
  flag: '--expect-version',
  defaultValue: 'any',
  allowed: 'the target version of the upgrade, such as v2',
  parse: (text) => (text.trim() === '' || isVariable(text) ? undefined : text),
};

/** The version that must run before an upgrade. */
export const expectCurrentSetting: Setting<string> = {
  ...expectVersionSetting,
  flag: '--expect-current',
  allowed: 'the version that runs now, such as v1',
};

const ciChoices = {
  auto: 'detect the build agent',
  none: 'no annotations',
  github: 'GitHub Actions',
  azure: 'Azure Pipelines',
};

/** The CI system whose annotations are written; `auto` detects it. */
export type CiChoice = keyof typeof ciChoices;

/** Annotations for a CI system. */
export const ciSetting: Setting<CiChoice> = {
  flag: '--ci',
  defaultValue: 'auto',
  ...createChoice(ciChoices),
};

const colorChoices = {
  auto: 'on a terminal, unless the environment says otherwise',
  always: 'in files and pipes as well',
  never: 'no color',
};

/** When to use color. */
export type ColorChoice = keyof typeof colorChoices;

/** Color in the output. */
export const colorSetting: Setting<ColorChoice> = {
  flag: '--color',
  defaultValue: 'auto',
  ...createChoice(colorChoices),
};
