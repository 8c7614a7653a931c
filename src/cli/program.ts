/** The command line: its commands, options and help. */
import { type Argument, Command, Option } from 'commander';
import type { Setting } from '../config/setting.ts';
import {
  caFileSetting,
  certFileSetting,
  ciSetting,
  colorSetting,
  endpointSetting,
  expectVersionSetting,
  formats,
  heartbeatSetting,
  intervalSetting,
  keyFileSetting,
  listMaxWaitSetting,
  maxWaitSetting,
  outputSetting,
  passphraseFileSetting,
  passphraseVariable,
  pfxFileSetting,
  retriesSetting,
  serverThumbprintSetting,
  stallAfterSetting,
  timeoutSetting,
  tokenVariable,
  watchRetries,
} from '../config/settings.ts';
import type { QueriedOutput } from '../output/json/query-stdout.ts';
import { usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import type { Outcome } from '../platform/outcome.ts';
import { printableLines } from '../platform/printable.ts';
import { version } from '../platform/version.ts';
import { completion } from './commands/completion.ts';
import {
  domainsSetting,
  nameSetting,
  nodesSetting,
  portSetting,
  scenarioSetting,
  speedSetting,
} from './commands/simulate-settings.ts';
import { shellSetting } from './completion/scripts.ts';
import { formatEpilogue, helpEpilogues } from './help.ts';
import { SettingArgument, SettingOption } from './setting-option.ts';

/** What a command line is run on. */
type QueriedHost = Host & { readonly stdout: QueriedOutput };

/** @param end told of a command's outcome */
export function createProgram(host: QueriedHost, end: (outcome: Outcome) => void): Command {
  const program = new Command('sfcompose')
    .description('Tells how the upgrade of a Service Fabric compose deployment is going.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(printableLines(text)),
      // Errors are thrown, and reported in one place.
      writeErr: () => {},
      getOutHelpWidth: () => host.stdout.columns || 80,
    })
    .hook('preAction', (_, command) => compileQuery(command, host));

  const upgradeProgress = program
    .command('upgrade-progress')
    .description('shows the latest upgrade of a compose deployment, or follows it to its end')
    .argument('<deployment...>', 'its name, as on the cluster; several are read or followed at once');
  addConnectionOptions(upgradeProgress);
  upgradeProgress
    .optionsGroup('Watching:')
    .option('-w, --watch', 'follow the upgrade until it ends')
    .addOption(createOption('--interval <duration>', 'time between polls', intervalSetting))
    .addOption(createOption('--max-wait <duration>', 'give up watching after this long', maxWaitSetting))
    .addOption(
      createOption(
        '--heartbeat <duration>',
        'off a terminal, repeat the line after this long',
        heartbeatSetting,
      ),
    )
    .addOption(
      createOption('--stall-after <duration>', 'warn when nothing changed for this long', stallAfterSetting),
    )
    .addOption(
      createOption(
        '--expect-version <version>',
        'succeed only if the upgrade is the one to it',
        expectVersionSetting,
      ),
    )
    .option('--fail-fast', 'stop watching as soon as a rollback begins')
    .option('--exit-status', 'without --watch: let the exit code say the state of the upgrade')
    .addOption(
      new Option(
        '--retries <n>',
        `failed reads in a row that are tolerated (default: ${retriesSetting.defaultValue}, watching: ${watchRetries})`,
      ),
    );
  addOutputOptions(upgradeProgress);
  upgradeProgress
    .option('--full', 'do not cut long tables and trees')
    .option('--no-domains', "read the deployment's own document alone, not what the application says")
    .addOption(createOption('--ci <agent>', 'annotations for auto, none, github or azure', ciSetting))
    .action(async (deployments: readonly string[], flags) => {
      const { upgradeProgress } = await import('./commands/upgrade-progress/command.ts');
      end(await upgradeProgress(deployments, flags, host));
    });

  const list = program
    .command('list')
    .description('shows all compose deployments, and what those do that are being upgraded');
  addConnectionOptions(list);
  list
    .addOption(createOption('--retries <n>', 'failed reads in a row that are tolerated', retriesSetting))
    .addOption(createOption('--max-wait <duration>', 'read no longer than this', listMaxWaitSetting));
  addOutputOptions(list);
  list.action(async (flags) => {
    const { list } = await import('./commands/list.ts');
    end(await list(flags, host));
  });

  const connection = program
    .command('connection')
    .description('shows how the cluster is reached and secured, where each setting is from, and tries it');
  addConnectionOptions(connection);
  addOutputOptions(connection);
  connection.action(async (flags) => {
    const { connection } = await import('./commands/connection.ts');
    end(await connection(flags, host));
  });

  program
    .command('simulate')
    .description('serves a simulated cluster on this machine until it is interrupted')
    .addArgument(createArgument('[scenario]', 'what the cluster is up to', scenarioSetting))
    .addOption(
      createOption('--port <n>', 'where it listens on 127.0.0.1; 0 for any that is free', portSetting),
    )
    .addOption(createOption('--speed <factor>', 'simulated seconds in a real one', speedSetting))
    .addOption(
      createOption('--name <deployment>', 'a deployment, as often as there are to be', nameSetting).argParser(
        (name, names: readonly string[] = []) => [...names, name],
      ),
    )
    .addOption(createOption('--domains <n>', 'upgrade domains', domainsSetting))
    .addOption(createOption('--nodes <n>', 'nodes in the whole cluster', nodesSetting))
    .option('--tls', 'serve https, with a certificate made for the occasion')
    .option(
      '--client-certificate <file>',
      'with --tls: the client certificate that is wanted; made if it is not there',
    )
    .action(async (scenario: string | undefined, flags) => {
      const { simulate } = await import('./commands/simulate.ts');
      end(await simulate(scenario, flags, host));
    });

  program
    .command('demo')
    .description('shows the upgrade of a simulated cluster as it goes, in about twenty seconds')
    .addArgument(createArgument('[scenario]', 'what the cluster is up to', scenarioSetting))
    .action(async (scenario: string | undefined) => {
      const { demo } = await import('./commands/demo.ts');
      end(await demo(scenario, host));
    });

  program
    .command('completion')
    .description('prints the script that lets a shell complete command lines')
    .addArgument(new SettingArgument('<shell>', 'bash, zsh, fish or powershell', shellSetting))
    .action((shell: string) => end(completion(shell, host)));

  program
    .command('__complete', { hidden: true })
    .argument('<words...>')
    .option('--bash')
    .action(async (words: readonly string[], flags) => {
      const { complete } = await import('./commands/complete.ts');
      end(await complete(words, flags, program, host));
    });

  for (const command of [program, ...program.commands]) {
    const ending = helpEpilogues[command.name()];
    if (ending) command.addHelpText('after', formatEpilogue(ending));
  }
  return program;
}

function addConnectionOptions(command: Command): void {
  command
    .optionsGroup('Connection:')
    .addOption(
      new Option(
        '-e, --endpoint <url>',
        `the cluster's HTTP gateway (env: ${endpointSetting.variable}, default: sfctl's, else ${endpointSetting.defaultValue})`,
      ),
    )
    .addOption(createOption('-t, --timeout <seconds>', "the server's time for one request", timeoutSetting))
    .addOption(
      createOption(
        '--cert-file <path>',
        'client certificate in PEM, perhaps with its key in the same file',
        certFileSetting,
      ),
    )
    .addOption(createOption('--key-file <path>', 'its key in PEM', keyFileSetting))
    .addOption(createOption('--pfx-file <path>', 'client certificate and key in PKCS#12', pfxFileSetting))
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
      createOption('--ca-file <path>', "authorities of the server's certificate, in PEM", caFileSetting),
    )
    .addOption(
      createOption(
        '--server-thumbprint <sha1|sha256>',
        'accept exactly the server certificate with this thumbprint',
        serverThumbprintSetting,
      ),
    )
    .option('--insecure', "do not check the server's certificate");
}

/** Of what a command prints, if it is JSON. */
async function compileQuery(command: Command, host: QueriedHost): Promise<void> {
  const flags = command.opts();
  const expression: string | undefined = flags['query'];
  if (expression === undefined) return;
  const { resolveOutput } = await import('./output-options.ts');
  const { format } = resolveOutput(flags, host.env);
  if (format !== 'json' && format !== 'ndjson')
    throw usageError('--query needs -o json or -o ndjson: it picks from JSON alone.');
  const { compileExpression } = await import('../output/json/query.ts');
  host.stdout.setQuery(await compileExpression(expression), format);
}

function addOutputOptions(command: Command): void {
  command
    .optionsGroup('Output:')
    .addOption(createOption('-o, --output <format>', describeFormats(), outputSetting))
    .option('--json', 'the same as -o json')
    .option('--query <expression>', 'JMESPath: what of json and ndjson to print')
    .addOption(createOption('--color <when>', 'auto, always or never', colorSetting))
    .option('--no-color', 'the same as --color never')
    .addOption(new Option('-q, --quiet', 'nothing on stderr but errors').conflicts('verbose'))
    .option('-v, --verbose', 'each request and retry on stderr');
}

function createOption(flags: string, description: string, setting: Partial<Setting<unknown>>): Option {
  const { variable, defaultValue } = setting;
  const facts = [
    ...(variable ? [`env: ${variable}`] : []),
    ...(defaultValue ? [`default: ${defaultValue}`] : []),
  ];
  return new SettingOption(flags, `${description} (${facts.join(', ')})`, setting);
}

function createArgument(name: string, description: string, setting: Setting<unknown>): Argument {
  return new SettingArgument(name, `${description} (default: ${setting.defaultValue})`, setting);
}

function describeFormats(): string {
  return Object.entries(formats)
    .map(([name, purpose]) => `${name}: ${purpose}`)
    .join('; ');
}
