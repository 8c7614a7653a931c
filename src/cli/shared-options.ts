/** Adds the options that several commands share: connection and output. */
import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import {
  caFileSetting,
  certFileSetting,
  colorSetting,
  endpointSetting,
  formats,
  keyFileSetting,
  outputSetting,
  passphraseFileSetting,
  passphraseVariable,
  pfxFileSetting,
  serverThumbprintSetting,
  timeoutSetting,
  tokenVariable,
} from '../config/settings.ts';
import { SettingOption } from './setting-option.ts';

/** Adds the options that describe the connection. */
export function addConnectionOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup('Connection:')
    .addOption(
      new Option(
        '-e, --endpoint <url>',
        `the cluster's HTTP gateway (env: ${endpointSetting.variable}, default: sfctl's, else ${endpointSetting.defaultValue})`,
      ),
    )
    .addOption(
      new SettingOption('-t, --timeout <seconds>', "the server's time for one request", timeoutSetting),
    )
    .addOption(
      new SettingOption(
        '--cert-file <path>',
        'client certificate in PEM, perhaps with its key in the same file',
        certFileSetting,
      ),
    )
    .addOption(new SettingOption('--key-file <path>', 'its key in PEM', keyFileSetting))
    .addOption(
      new SettingOption('--pfx-file <path>', 'client certificate and key in PKCS#12', pfxFileSetting),
    )
    .addOption(
      new Option(
        '--passphrase-file <path>',
        `the passphrase of either, in the first line (env: ${passphraseFileSetting.variable}, or the passphrase itself in ${passphraseVariable})`,
      ),
    )
    .addOption(
      new Option(
        '--token-file <path>',
        `bearer token of Microsoft Entra ID (env: the token itself in ${tokenVariable})`,
      ),
    )
    .option('--token-command <command>', 'command that prints a token, run whenever one is needed')
    .addOption(
      new SettingOption('--ca-file <path>', "authorities of the server's certificate, in PEM", caFileSetting),
    )
    .addOption(
      new SettingOption(
        '--server-thumbprint <sha1|sha256>',
        'accept exactly the server certificate with this thumbprint',
        serverThumbprintSetting,
      ),
    )
    .option('--insecure', "do not check the server's certificate");
}

/** Adds the options that describe the output. */
export function addOutputOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup('Output:')
    .addOption(new SettingOption('-o, --output <format>', describeFormats(), outputSetting))
    .option('--json', 'the same as -o json')
    .option('--query <expression>', 'JMESPath: what of json and ndjson to print')
    .addOption(new SettingOption('--color <when>', 'auto, always or never', colorSetting))
    .option('--no-color', 'the same as --color never')
    .addOption(new Option('-q, --quiet', 'nothing on stderr but errors').conflicts('verbose'))
    .option('-v, --verbose', 'each request and retry on stderr');
}

function describeFormats(): string {
  return Object.entries(formats)
    .map(([name, purpose]) => `${name}: ${purpose}`)
    .join('; ');
}
