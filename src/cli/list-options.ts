/** Adds the options of `list`. */
import type { Command, OptionValues } from '@commander-js/extra-typings';
import {
  ciSetting,
  heartbeatSetting,
  intervalSetting,
  listMaxWaitSetting,
  maxWaitSetting,
  retriesSetting,
  stallAfterSetting,
  watchRetries,
} from '../config/settings.ts';
import { SettingOption } from './setting-option.ts';
import { addConnectionOptions, addOutputOptions } from './shared-options.ts';

/** Adds all options of `list`, those of its dashboard included. */
export function addListOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
) {
  return addConnectionOptions(
    addOutputOptions(
      command
        .optionsGroup('Reading:')
        .option('-w, --watch', 'Follow all deployments that are upgrading, and those that begin later')
        .addOption(
          new SettingOption('--max-wait <duration>', 'Stop after this long', listMaxWaitSetting, {
            defaultValue: `${listMaxWaitSetting.defaultValue}, or ${maxWaitSetting.defaultValue} with --watch`,
          }),
        )
        .addOption(
          new SettingOption(
            '--interval <duration>',
            'With --watch: read the cluster this often',
            intervalSetting,
          ),
        )
        .addOption(
          new SettingOption(
            '--stall-after <duration>',
            'With --watch: warn when nothing has changed for this long',
            stallAfterSetting,
          ),
        )
        .addOption(
          new SettingOption(
            '--heartbeat <duration>',
            'With --watch and without a terminal: sum up after this long without a change',
            heartbeatSetting,
          ),
        )
        .addOption(
          new SettingOption('--retries <n>', 'Tolerate this many failed reads in a row', retriesSetting, {
            defaultValue: `${retriesSetting.defaultValue}, or ${watchRetries} with --watch`,
          }),
        )
        .addOption(
          new SettingOption(
            '--ci <agent>',
            'With --watch: write annotations: auto, none, github or azure',
            ciSetting,
          ),
        ),
    ),
  );
}
