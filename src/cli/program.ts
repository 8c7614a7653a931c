/** Defines the command line: commands and their options. */
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings';
import type { ConnectionFlags } from '../config/connection-flags.ts';
import type { Setting } from '../config/setting.ts';
import type { QueriedOutput } from '../output/json/query-stdout.ts';
import type { Host } from '../platform/host.ts';
import { printableLines } from '../platform/printable.ts';
import type { CommandResult } from '../platform/result.ts';
import { version } from '../platform/version.ts';
import { addClusterCommands } from './cluster-commands.ts';
import { completion } from './commands/completion.ts';
import type { HistoryFlags } from './commands/history.ts';
import type { ListFlags } from './commands/list/options.ts';
import type { SimulateFlags } from './commands/simulate.ts';
import {
  domainsSetting,
  nameSetting,
  nodesSetting,
  portSetting,
  roleSetting,
  scenarioSetting,
  speedSetting,
} from './commands/simulate-settings.ts';
import type { UpgradeFlags } from './commands/upgrade/options.ts';
import type { UpgradeProgressFlags, WatchFlags } from './commands/upgrade-progress/options.ts';
import { shellSetting } from './completion/scripts.ts';
import { addHistoryOptions } from './history-options.ts';
import { addListOptions } from './list-options.ts';
import type { OutputFlags } from './output-options.ts';
import { SettingArgument, SettingOption } from './setting-option.ts';
import { addConnectionOptions, addOutputOptions } from './shared-options.ts';
import { addStartOptions } from './start-options.ts';
import { addActingOptions, addUpgradeOptions } from './watch-options.ts';
import type { WithFlags } from './with-flags.ts';

/** The host of a command line: its stdout can select from JSON. */
export type QueriedHost = Host & { readonly stdout: QueriedOutput };

/** Thrown where commander would print help, so that its text is loaded only then. */
export class HelpRequest extends Error {
  readonly command: CommandUnknownOpts;

  constructor(command: CommandUnknownOpts) {
    super('help');
    this.command = command;
  }
}

/** Creates the program. @param end called with a command's result */
export function createProgram(host: QueriedHost, end: (result: CommandResult) => void) {
  const program = new Command('sfcompose')
    .description('Start, follow and judge upgrades of Azure Service Fabric compose deployments.')
    .version(version, '-V, --version', 'Print the version')
    .helpOption('-h, --help', 'Show this help')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => host.stdout.write(printableLines(text)),
      // Errors are thrown and reported in one place.
      writeErr: () => {},
    })
    .configureHelp({
      formatHelp(command) {
        throw new HelpRequest(command);
      },
    });

  async function runUpgradeProgress(deployments: readonly string[], flags: UpgradeProgressFlags) {
    const { upgradeProgress } = await import('./commands/upgrade-progress/command.ts');
    end(await upgradeProgress(deployments, flags, host));
  }

  addUpgradeOptions(
    addCommand('upgrade-progress', 'Show the latest upgrade of deployments')
      .alias('status')
      .description(
        'Show the latest upgrade of one or more compose deployments, or follow it with --watch until it ends.',
      )
      .argument('<deployment...>'),
    false,
  ).action(async (deployments, options) => {
    const flags: WithFlags<typeof options, UpgradeProgressFlags> = options;
    await runUpgradeProgress(deployments, flags);
  });

  addUpgradeOptions(
    addCommand('watch', 'Follow upgrades until they end')
      .description(
        'Follow the upgrades of one or more compose deployments until they end, and exit with the verdict. Same as upgrade-progress --watch.',
      )
      .argument('<deployment...>'),
    true,
  ).action(async (deployments, options) => {
    const flags: WithFlags<typeof options, UpgradeProgressFlags> = options;
    await runUpgradeProgress(deployments, { ...flags, watch: true });
  });

  addActingOptions(
    addStartOptions(
      addCommand('upgrade', 'Start an upgrade, and follow it with --watch')
        .description(
          'Upgrade a compose deployment to a new version of its compose file: check and plan, start the upgrade once, and follow exactly that upgrade with --watch.',
        )
        .argument('<deployment>'),
    ),
  ).action(async (deployment, options) => {
    const flags: WithFlags<typeof options, UpgradeFlags> = options;
    const { upgrade } = await import('./commands/upgrade/command.ts');
    end(await upgrade(deployment, flags, host));
  });

  addActingOptions(
    addCommand('rollback', 'Roll back the upgrade under way')
      .description('Roll back the upgrade of a compose deployment that is under way.')
      .argument('<deployment>'),
  ).action(async (deployment, options) => {
    const flags: WithFlags<typeof options, WatchFlags> = options;
    const { rollback } = await import('./commands/rollback.ts');
    end(await rollback(deployment, flags, host));
  });

  addActingOptions(
    addCommand('resume', 'Approve the next upgrade domain')
      .description(
        'Let an upgrade that waits for approval continue with its next upgrade domain. With --watch, follow it to the next pause or its end.',
      )
      .argument('<deployment>')
      .argument('[domain]'),
  ).action(async (deployment, domain, options) => {
    const flags: WithFlags<typeof options, WatchFlags> = options;
    const { resume } = await import('./commands/resume.ts');
    end(await resume(deployment, domain, flags, host));
  });

  addListOptions(
    addCommand('list', 'List deployments and the upgrades under way')
      .alias('ls')
      .description('List all compose deployments of the cluster and the upgrades under way.'),
  ).action(async (options) => {
    const flags: WithFlags<typeof options, ListFlags> = options;
    const { list } = await import('./commands/list/command.ts');
    end(await list(flags, host));
  });

  addHistoryOptions(
    addCommand('history', 'Show past upgrades of a deployment')
      .description(
        'Show past upgrades of a compose deployment from the event store of the cluster: versions, times, results, and containers that exited.',
      )
      .argument('<deployment>'),
  ).action(async (deployment, options) => {
    const flags: WithFlags<typeof options, HistoryFlags> = options;
    const { history } = await import('./commands/history.ts');
    end(await history(deployment, flags, host));
  });

  addConnectionOptions(
    addOutputOptions(
      addCommand('connection', 'Show the connection settings and try them').description(
        'Show the connection settings and where each comes from, then try them on the cluster.',
      ),
    ),
  ).action(async (options) => {
    const flags: WithFlags<typeof options, ConnectionFlags & OutputFlags> = options;
    const { connection } = await import('./commands/connection.ts');
    end(await connection(flags, host));
  });

  addClusterCommands(program, host, end);

  addCommand('simulate', 'Serve a simulated cluster to try things on')
    .description('Serve a simulated cluster on this machine until interrupted.')
    .addArgument(createScenarioArgument())
    .addOption(
      new SettingOption('--port <n>', 'Listen on this port of 127.0.0.1; 0 for any free one', portSetting),
    )
    .addOption(new SettingOption('--speed <factor>', 'Run this many times as fast', speedSetting))
    .addOption(
      new SettingOption(
        '--name <deployment>',
        'Simulate this deployment; repeat for more',
        nameSetting,
      ).argParser((name, names: readonly string[] = []) => [...names, name]),
    )
    .addOption(new SettingOption('--domains <n>', 'Simulate this many upgrade domains', domainsSetting))
    .addOption(new SettingOption('--nodes <n>', 'Simulate this many nodes', nodesSetting))
    .addOption(new SettingOption('--role <role>', 'Give clients this role', roleSetting))
    .option('--no-event-store', 'Simulate a cluster without an event store')
    .option('--tls', 'Serve https with a new self-signed certificate')
    .option(
      '--client-certificate <file>',
      'With --tls, require this client certificate; created if the file does not exist',
    )
    .action(async (scenario, options) => {
      const flags: WithFlags<typeof options, SimulateFlags> = options;
      const { simulate } = await import('./commands/simulate.ts');
      end(await simulate(scenario, flags, host));
    });

  addCommand('demo', 'Watch an upgrade of a simulated cluster')
    .description('Watch an upgrade of a simulated cluster, in about twenty seconds.')
    .addArgument(createScenarioArgument())
    .action(async (scenario) => {
      const { demo } = await import('./commands/demo.ts');
      end(await demo(scenario, host));
    });

  addCommand('completion', 'Print a completion script for your shell')
    .description('Print the script that completes sfcompose command lines in a shell.')
    .addArgument(new SettingArgument('<shell>', 'The shell', shellSetting))
    .action((shell) => end(completion(shell, host)));

  addCommand('help', 'Show help on a command or topic')
    .description('Show help on a command or topic.')
    .argument('[topic...]')
    .action(async (words) => {
      const { help } = await import('./commands/help.ts');
      end(await help(words, program, host));
    });

  program
    .command('__complete', { hidden: true })
    .argument('<words...>')
    .option('--bash')
    .action(async (words, { bash }) => {
      const { complete } = await import('./commands/complete.ts');
      end(await complete(words, bash ?? false, program, host));
    });

  return program;

  function addCommand(name: string, summary: string) {
    return program.command(name).summary(summary);
  }
}

function createScenarioArgument(): SettingArgument<'[scenario]'> {
  return new SettingArgument('[scenario]', 'The scenario', scenarioSetting satisfies Setting<unknown>);
}
