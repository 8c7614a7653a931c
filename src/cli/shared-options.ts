/** Adds the options that several commands share: connection and output. */
import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import {
  caFileSetting,
  certFileSetting,
  colorSetting,
  endpointSetting,
  keyFileSetting,
  outputSetting,
  passphraseFileSetting,
  passphraseVariable,
  pfxFileSetting,
  serverThumbprintSetting,
  timeoutSetting,
  tokenFileSetting,
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
      new SettingOption('-e, --endpoint <url>', 'Use this HTTP gateway of the cluster', endpointSetting, {
        variable: endpointSetting.variable,
        defaultValue: `sfctl's cluster, else ${endpointSetting.defaultValue}`,
      }),
    )
    .addOption(
      new SettingOption(
        '-t, --timeout <duration>',
        'Limit the time that the server may take for one request',
        timeoutSetting,
        { variable: timeoutSetting.variable, defaultValue: `${timeoutSetting.defaultValue}s` },
      ),
    )
    .addOption(
      new SettingOption(
        '--cert-file <path>',
        'Send this client certificate (PEM, optionally with its key)',
        certFileSetting,
      ),
    )
    .addOption(
      new SettingOption('--key-file <path>', 'Use this key of the client certificate (PEM)', keyFileSetting),
    )
    .addOption(
      new SettingOption(
        '--pfx-file <path>',
        'Send this client certificate, with its key (PKCS#12)',
        pfxFileSetting,
      ),
    )
    .addOption(
      new SettingOption(
        '--passphrase-file <path>',
        'Read the passphrase of the key from the first line of this file',
        passphraseFileSetting,
        { variable: `${passphraseFileSetting.variable}, or the passphrase in ${passphraseVariable}` },
      ),
    )
    .addOption(
      new SettingOption(
        '--token-file <path>',
        'Send the Microsoft Entra ID token in this file',
        tokenFileSetting,
        { variable: `the token in ${tokenVariable}` },
      ),
    )
    .option(
      '--token-command <command>',
      'Run this command whenever a token is needed, and send what it prints',
    )
    .addOption(
      new SettingOption(
        '--ca-file <path>',
        "Trust these authorities for the server's certificate (PEM, a file or a folder)",
        caFileSetting,
      ),
    )
    .addOption(
      new SettingOption(
        '--server-thumbprint <hex>',
        'Accept only the server certificate with this SHA-1 or SHA-256 thumbprint',
        serverThumbprintSetting,
      ),
    )
    .option('--insecure', "Skip verification of the server's certificate");
}

/** Adds the options that describe the output. */
export function addOutputOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
) {
  return command
    .optionsGroup('Output:')
    .addOption(new SettingOption('-o, --output <format>', describeFormats(), outputSetting))
    .option('--json', 'Same as -o json')
    .option('--query <expression>', 'Print only what this JMESPath expression selects (json, ndjson, tsv)')
    .addOption(new SettingOption('--color <when>', 'Use color: auto, always or never', colorSetting))
    .option('--no-color', 'Same as --color never')
    .addOption(
      new Option(
        '-q, --quiet',
        'Print nothing on stderr but errors; with --exit-status, nothing on stdout either',
      ).conflicts('verbose'),
    )
    .option('-v, --verbose', 'Print each request and retry on stderr');
}

function describeFormats(): string {
  const formats = Object.entries(outputSetting.choices ?? {});
  return `Print ${formats.map(([name, purpose]) => `${name} (${purpose})`).join(', ')}`;
}
