/** Defines the command line: commands, options and help. */
import { Command, Option } from '@commander-js/extra-typings';
import type { ConnectionFlags } from '../config/connection-flags.ts';
import type { Setting } from '../config/setting.ts';
import {
  ciSetting,
  expectVersionSetting,
  heartbeatSetting,
  intervalSetting,
  listMaxWaitSetting,
  maxWaitSetting,
  retriesSetting,
  stallAfterSetting,
  watchRetries,
} from '../config/settings.ts';
import type { QueriedOutput } from '../output/json/query-stdout.ts';
import { usageError } from '../platform/errors.ts';
import type { Host } from '../platform/host.ts';
import { printableLines } from '../platform/printable.ts';
import type { CommandResult } from '../platform/result.ts';
import { version } from '../platform/version.ts';
import { completion } from './commands/completion.ts';
import type { ListFlags } from './commands/list.ts';
import type { SimulateFlags } from './commands/simulate.ts';
import {
  domainsSetting,
  nameSetting,
  nodesSetting,
  portSetting,
  scenarioSetting,
  speedSetting,
} from './commands/simulate-settings.ts';
import type { UpgradeProgressFlags } from './commands/upgrade-progress/options.ts';
import { shellSetting } from './completion/scripts.ts';
import { formatEpilogue, helpEpilogues } from './help.ts';
import { findOutput, type OutputFlags, type ReportOutput, resolveOutput } from './output-options.ts';
import { SettingArgument, SettingOption } from './setting-option.ts';
import { addConnectionOptions, addOutputOptions } from './shared-options.ts';

/** The host of a command line: its stdout can pick from JSON. */
export type QueriedHost = Host & { readonly stdout: QueriedOutput };

/**
 * The options as they were given; or `never`, which does not compile, if a command reads a flag that its definition
 * does not have, such as one that was renamed.
 */
type WithFlags<Options, Flags> = [keyof Flags] extends [keyof Options] ? Options : never;

/** Creates the program. @param end called with a command's result */
export function createProgram(host: QueriedHost, end: (result: CommandResult) => void) {
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
    .hook('preAction', (_, command) => prepareQuery(command.opts(), host));

  const upgradeProgress = program
    .command('upgrade-progress')
    .description('shows the latest upgrade of a compose deployment, or follows it to its end')
    .argument('<deployment...>', 'its name, as on the cluster; several are read or followed at once');
  addOutputOptions(
    addConnectionOptions(upgradeProgress)
      .optionsGroup('Watching:')
      .option('-w, --watch', 'follow the upgrade until it ends')
      .addOption(new SettingOption('--interval <duration>', 'time between polls', intervalSetting))
      .addOption(
        new SettingOption('--max-wait <duration>', 'give up watching after this long', maxWaitSetting),
      )
      .addOption(
        new SettingOption(
          '--heartbeat <duration>',
          'off a terminal, repeat the line after this long',
          heartbeatSetting,
        ),
      )
      .addOption(
        new SettingOption(
          '--stall-after <duration>',
          'warn when nothing changed for this long',
          stallAfterSetting,
        ),
      )
      .addOption(
        new SettingOption(
          '--expect-version <version>',
          'succeed only if the upgrade is the one to it',
          expectVersionSetting,
        ),
      )
      .option('--fail-fast', 'stop watching as soon as a rollback begins')
      .option('--bell', 'Ring the terminal bell when the watch ends')
      .option('--exit-status', 'without --watch: let the exit code say the state of the upgrade')
      .addOption(
        new Option(
          '--retries <n>',
          `failed reads in a row that are tolerated (default: ${retriesSetting.defaultValue}, watching: ${watchRetries})`,
        ),
      ),
  )
    .option('--full', 'do not cut long tables and trees')
    .option('--no-domains', "read the deployment's own document alone, not what the application says")
    .addOption(new SettingOption('--ci <agent>', 'annotations for auto, none, github or azure', ciSetting))
    .action(async (deployments, options) => {
      const flags: WithFlags<typeof options, UpgradeProgressFlags> = options;
      const { upgradeProgress } = await import('./commands/upgrade-progress/command.ts');
      end(await upgradeProgress(deployments, flags, host));
    });

  const list = program
    .command('list')
    .description('shows all compose deployments, and what those do that are being upgraded');
  addOutputOptions(
    addConnectionOptions(list)
      .addOption(
        new SettingOption('--retries <n>', 'failed reads in a row that are tolerated', retriesSetting),
      )
      .addOption(new SettingOption('--max-wait <duration>', 'read no longer than this', listMaxWaitSetting)),
  ).action(async (options) => {
    const flags: WithFlags<typeof options, ListFlags> = options;
    const { list } = await import('./commands/list.ts');
    end(await list(flags, host));
  });

  const connection = program
    .command('connection')
    .description('shows how the cluster is reached and secured, where each setting is from, and tries it');
  addOutputOptions(addConnectionOptions(connection)).action(async (options) => {
    const flags: WithFlags<typeof options, ConnectionFlags & OutputFlags> = options;
    const { connection } = await import('./commands/connection.ts');
    end(await connection(flags, host));
  });

  program
    .command('simulate')
    .description('serves a simulated cluster on this machine until it is interrupted')
    .addArgument(createArgument('[scenario]', 'what the cluster is up to', scenarioSetting))
    .addOption(
      new SettingOption('--port <n>', 'where it listens on 127.0.0.1; 0 for any that is free', portSetting),
    )
    .addOption(new SettingOption('--speed <factor>', 'simulated seconds in a real one', speedSetting))
    .addOption(
      new SettingOption(
        '--name <deployment>',
        'a deployment, as often as there are to be',
        nameSetting,
      ).argParser((name, names: readonly string[] = []) => [...names, name]),
    )
    .addOption(new SettingOption('--domains <n>', 'upgrade domains', domainsSetting))
    .addOption(new SettingOption('--nodes <n>', 'nodes in the whole cluster', nodesSetting))
    .option('--tls', 'serve https, with a certificate made for the occasion')
    .option(
      '--client-certificate <file>',
      'with --tls: the client certificate that is wanted; made if it is not there',
    )
    .action(async (scenario, options) => {
      const flags: WithFlags<typeof options, SimulateFlags> = options;
      const { simulate } = await import('./commands/simulate.ts');
      end(await simulate(scenario, flags, host));
    });

  program
    .command('demo')
    .description('shows the upgrade of a simulated cluster as it goes, in about twenty seconds')
    .addArgument(createArgument('[scenario]', 'what the cluster is up to', scenarioSetting))
    .action(async (scenario) => {
      const { demo } = await import('./commands/demo.ts');
      end(await demo(scenario, host));
    });

  program
    .command('completion')
    .description('prints the script that lets a shell complete command lines')
    .addArgument(new SettingArgument('<shell>', 'bash, zsh, fish or powershell', shellSetting))
    .action((shell) => end(completion(shell, host)));

  program
    .command('__complete', { hidden: true })
    .argument('<words...>')
    .option('--bash')
    .action(async (words, { bash }) => {
      const { complete } = await import('./commands/complete.ts');
      end(await complete(words, bash ?? false, program, host));
    });

  for (const command of [program, ...program.commands]) {
    const epilogue = helpEpilogues[command.name()];
    if (epilogue) command.addHelpText('after', formatEpilogue(epilogue));
  }
  return program;
}

function createArgument<const Name extends string>(
  name: Name,
  description: string,
  setting: Setting<unknown>,
): SettingArgument<Name> {
  return new SettingArgument(name, `${description} (default: ${setting.defaultValue})`, setting);
}

/** Prepares stdout for `--query`, before the command runs. */
async function prepareQuery(flags: OutputFlags, host: QueriedHost): Promise<void> {
  const { query } = flags;
  if (query === undefined) return;
  const { format } = resolveOutput(flags, host.env);
  if (format !== 'json' && format !== 'ndjson')
    throw usageError('--query needs -o json or -o ndjson: it picks from JSON alone.');
  const { compileExpression } = await import('../output/json/query.ts');
  host.stdout.setQuery(await compileExpression(query), format);
}

/**
 * Finds format and colours for the report of a command line that is wrong: whoever asked for JSON gets JSON of that too.
 * Options may be unknown or lack a value, even before the ones that count; the last one wins.
 */
export function findOutputLeniently(argv: readonly string[], env: Host['env']): ReportOutput {
  let flags: OutputFlags = {};
  const set = (more: OutputFlags) => {
    flags = { ...flags, ...more };
  };
  const command = addOutputOptions(new Command().exitOverride().configureOutput({ writeErr() {} }))
    .option('-w, --watch')
    .on('option:json', () => set({ output: 'json' }))
    .on('option:output', (output) => set({ output }))
    .on('option:color', (color) => set({ color }))
    .on('option:no-color', () => set({ color: false }));
  try {
    command.parseOptions([...argv]);
  } catch {
    // The last option lacks its value.
  }
  return findOutput(flags, env);
}
