/** Defines `sfcompose cluster` and its commands. */
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { clusterNameSetting, clusterSetting } from '../config/settings.ts';
import type { Host } from '../platform/host.ts';
import type { CommandResult } from '../platform/result.ts';
import type { AddFlags } from './commands/cluster/add.ts';
import type { UseFlags } from './commands/cluster/use.ts';
import type { OutputFlags } from './output-options.ts';
import { SettingArgument } from './setting-option.ts';
import { addConnectionSettings, addOutputOptions } from './shared-options.ts';
import type { WithFlags } from './with-flags.ts';

/** Adds the commands to a program. @param end called with a command's result */
export function addClusterCommands<Args extends unknown[], Opts extends OptionValues>(
  program: Command<Args, Opts>,
  host: Host,
  end: (result: CommandResult) => void,
): void {
  const group = program
    .command('cluster')
    .summary('Store clusters by name, and choose one to use')
    .description(
      'Store the connection settings of clusters by name, for --cluster, and choose the one that commands use by default.',
    )
    .helpCommand(false);

  addConnectionSettings(
    addOutputOptions(
      group
        .command('add')
        .summary('Store a cluster')
        .description(
          'Store the connection options of a cluster by a name, after trying them on the cluster. Secrets are not stored. The first cluster becomes the one in use.',
        )
        .addArgument(new SettingArgument('<name>', 'The name', clusterNameSetting))
        .optionsGroup('Storing:')
        .option('--from-sfctl', 'Take the cluster that sfctl has selected')
        .option('--no-verify', 'Do not try the cluster')
        .option('--force', 'Replace a cluster of the same name'),
    ),
    false,
  ).action(async (name, options) => {
    const flags: WithFlags<typeof options, AddFlags> = options;
    const { add } = await import('./commands/cluster/add.ts');
    end(await add(name, flags, host));
  });

  addOutputOptions(
    group
      .command('list')
      .alias('ls')
      .summary('List the stored clusters')
      .description('List the stored clusters and mark the one in use. Nothing is sent.'),
  ).action(async (options) => {
    const flags: WithFlags<typeof options, OutputFlags> = options;
    const { listClusters } = await import('./commands/cluster/list.ts');
    end(await listClusters(flags, host));
  });

  addOutputOptions(
    group
      .command('use')
      .summary('Choose the cluster that commands use')
      .description(
        'Choose the stored cluster that commands use unless an option or a variable names another.',
      )
      .addArgument(new SettingArgument('[name]', 'The name', clusterSetting))
      .optionsGroup('Choosing:')
      .option('--none', "Use none, so that commands use sfctl's cluster again"),
  ).action(async (name, options) => {
    const flags: WithFlags<typeof options, UseFlags> = options;
    const { use } = await import('./commands/cluster/use.ts');
    end(await use(name, flags, host));
  });

  addOutputOptions(
    group
      .command('remove')
      .alias('rm')
      .summary('Remove a stored cluster')
      .description('Remove a stored cluster. Its certificates and other files stay.')
      .addArgument(new SettingArgument('<name>', 'The name', clusterSetting)),
  ).action(async (name, options) => {
    const flags: WithFlags<typeof options, OutputFlags> = options;
    const { remove } = await import('./commands/cluster/remove.ts');
    end(await remove(name, flags, host));
  });
}
