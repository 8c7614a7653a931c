/** Adds the options that several commands share: connection and output. */
import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import type { OptionalSetting } from '../config/setting.ts';
import {
  caFileSetting,
  certFileSetting,
  clusterSetting,
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
import { type SettingFacts, SettingOption } from './setting-option.ts';

/** Adds the options that select a cluster and describe the connection. */
export function addConnectionOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
) {
  return addConnectionSettings(
    command
      .optionsGroup('Connection:')
      .addOption(
        new SettingOption(
          '-c, --cluster <name>',
          'Use the stored cluster of this name; repeat for several',
          clusterSetting,
          { variable: clusterSetting.variable, defaultValue: 'the one in use' },
        ).argParser((name, names: readonly string[] = []) => [...names, name]),
      ),
    true,
  );
}

/**
 * Adds the options that describe the connection to a cluster.
 * @param hasOtherSources whether variables and defaults stand in for options, so that the help names them
 */
export function addConnectionSettings<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
  hasOtherSources: boolean,
) {
  function create<const Flags extends string>(
    flags: Flags,
    description: string,
    setting: OptionalSetting<unknown>,
    facts: SettingFacts = setting,
  ) {
    return new SettingOption(flags, description, setting, hasOtherSources ? facts : {});
  }

  return command
    .optionsGroup('Connection:')
    .addOption(
      create('-e, --endpoint <url>', 'Use this HTTP gateway of the cluster', endpointSetting, {
        variable: endpointSetting.variable,
        defaultValue: `the cluster in use, else sfctl's, else ${endpointSetting.defaultValue}`,
      }),
    )
    .addOption(
      create(
        '-t, --timeout <duration>',
        'Limit the time that the server may take for one request',
        timeoutSetting,
        { variable: timeoutSetting.variable, defaultValue: `${timeoutSetting.defaultValue}s` },
      ),
    )
    .addOption(
      create(
        '--cert-file <path>',
        'Send this client certificate (PEM, optionally with its key)',
        certFileSetting,
      ),
    )
    .addOption(create('--key-file <path>', 'Use this key of the client certificate (PEM)', keyFileSetting))
    .addOption(
      create('--pfx-file <path>', 'Send this client certificate, with its key (PKCS#12)', pfxFileSetting),
    )
    .addOption(
      create(
        '--passphrase-file <path>',
        'Read the passphrase of the key from the first line of this file',
        passphraseFileSetting,
        { variable: `${passphraseFileSetting.variable}, or the passphrase in ${passphraseVariable}` },
      ),
    )
    .addOption(
      create('--token-file <path>', 'Send the Microsoft Entra ID token in this file', tokenFileSetting, {
        variable: `the token in ${tokenVariable}`,
      }),
    )
    .option(
      '--token-command <command>',
      'Run this command whenever a token is needed, and send what it prints',
    )
    .addOption(
      create(
        '--ca-file <path>',
        "Trust these authorities for the server's certificate (PEM, a file or a folder)",
        caFileSetting,
      ),
    )
    .addOption(
      create(
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
