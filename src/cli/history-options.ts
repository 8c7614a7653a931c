/** Adds the options of `history`. */
import type { Command, OptionValues } from '@commander-js/extra-typings';
import { listMaxWaitSetting, reportSetting, retriesSetting } from '../config/settings.ts';
import { sinceSetting, untilSetting } from '../config/span.ts';
import { SettingOption } from './setting-option.ts';
import { addConnectionOptions, addOutputOptions } from './shared-options.ts';

/** Adds all options of `history`. */
export function addHistoryOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
) {
  return addConnectionOptions(
    addOutputOptions(
      command
        .optionsGroup('History:')
        .addOption(new SettingOption('--since <time>', 'Show upgrades since this time', sinceSetting))
        .addOption(
          new SettingOption('--until <time>', 'Show upgrades until this time', untilSetting, {
            defaultValue: 'now',
          }),
        )
        .option('--full', 'Show all upgrade domains, and each container that exited')
        .addOption(
          new SettingOption(
            '--report <file>',
            'Write a report to keep to this file (.md or .html)',
            reportSetting,
          ),
        )
        .addOption(new SettingOption('--max-wait <duration>', 'Read no longer than this', listMaxWaitSetting))
        .addOption(
          new SettingOption('--retries <n>', 'Tolerate this many failed reads in a row', retriesSetting),
        ),
    ),
  );
}
