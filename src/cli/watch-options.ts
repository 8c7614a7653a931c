/** Adds the options of the commands that read and watch upgrades, some of which start or change them first. */
import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import {
  ciSetting,
  expectVersionSetting,
  heartbeatSetting,
  intervalSetting,
  maxWaitSetting,
  reportSetting,
  retriesSetting,
  stallAfterSetting,
  watchRetries,
} from '../config/settings.ts';
import { SettingOption } from './setting-option.ts';
import { addConnectionOptions, addOutputOptions } from './shared-options.ts';

/**
 * Adds all options of `upgrade-progress`.
 * @param isWatch whether the command always watches; then the options that choose between reading and watching are
 * taken, but not shown
 */
export function addUpgradeOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
  isWatch: boolean,
) {
  return addConnectionOptions(addResultOptions(addReadOptions(command, isWatch)));
}

/** Adds the options of a command that changes an upgrade, and may watch it afterwards. */
export function addActingOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
) {
  return addConnectionOptions(addResultOptions(addWatchOptions(command, false)));
}

function addReadOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
  isWatch: boolean,
) {
  return addWatchOptions(command, isWatch).addOption(
    new Option('--exit-status', "Without --watch: reflect the upgrade's state in the exit code").hideHelp(
      isWatch,
    ),
  );
}

function addWatchOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
  isWatch: boolean,
) {
  return command
    .optionsGroup('Watching:')
    .addOption(new Option('-w, --watch', 'Follow the upgrade until it ends').hideHelp(isWatch))
    .addOption(new SettingOption('--max-wait <duration>', 'Stop watching after this long', maxWaitSetting))
    .addOption(
      new SettingOption(
        '--expect-version <version>',
        'Fail unless the upgrade is to this version',
        expectVersionSetting,
      ),
    )
    .option('--fail-fast', 'Stop watching as soon as a rollback begins')
    .option('--bell', 'Ring the terminal bell when the watch ends')
    .addOption(
      new SettingOption(
        '--stall-after <duration>',
        'Warn when nothing has changed for this long',
        stallAfterSetting,
      ),
    )
    .addOption(new SettingOption('--interval <duration>', 'Read the cluster this often', intervalSetting))
    .addOption(
      new SettingOption(
        '--heartbeat <duration>',
        'Without a terminal, repeat the last line after this long without a change',
        heartbeatSetting,
      ),
    )
    .addOption(
      new SettingOption('--retries <n>', 'Tolerate this many failed reads in a row', retriesSetting, {
        defaultValue: isWatch
          ? watchRetries
          : `${retriesSetting.defaultValue}, or ${watchRetries} with --watch`,
      }),
    );
}

function addResultOptions<Args extends unknown[], Opts extends OptionValues>(command: Command<Args, Opts>) {
  return addOutputOptions(command)
    .addOption(
      new SettingOption(
        '--report <file>',
        'Write a report of the watch to this file (.md or .html)',
        reportSetting,
      ),
    )
    .option('--full', 'Do not shorten long tables and trees')
    .option('--no-domains', "Read only the deployment's own document, without upgrade domains and nodes")
    .addOption(
      new SettingOption('--ci <agent>', 'Write annotations: auto, none, github or azure', ciSetting),
    );
}
