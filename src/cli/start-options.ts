/** Adds the options that say how an upgrade starts: compose file, policy, registry, checks. */
import { type Command, Option, type OptionValues } from '@commander-js/extra-typings';
import { registryPasswordFileSetting, registryPasswordVariable } from '../config/registry-credentials.ts';
import { expectCurrentSetting } from '../config/settings.ts';
import {
  failureActionSetting,
  healthCheckRetrySetting,
  healthCheckStableSetting,
  healthCheckWaitSetting,
  maxUnhealthyInstancesSetting,
  maxUnhealthyNodesSetting,
  modeSetting,
  replicaSetCheckSetting,
  upgradeDomainTimeoutSetting,
  upgradeTimeoutSetting,
} from '../config/upgrade-settings.ts';
import { usageError } from '../platform/errors.ts';
import { SettingOption } from './setting-option.ts';

/** Adds the options of `upgrade`, apart from those that it shares with other commands. */
export function addStartOptions<Args extends unknown[], Opts extends OptionValues>(
  command: Command<Args, Opts>,
) {
  return addRegistryOptions(addPolicyOptions(addFileOptions(command)));
}

function addFileOptions<Args extends unknown[], Opts extends OptionValues>(command: Command<Args, Opts>) {
  return command
    .optionsGroup('Starting:')
    .addOption(
      new Option('-f, --file <path>', 'Upgrade to this compose file; - reads stdin')
        .argParser((path: string, earlier: string | undefined) => {
          if (earlier === undefined) return path;
          throw usageError('--file was given twice: the cluster merges no files. Merge them, and pass one.');
        })
        .makeOptionMandatory(),
    )
    .option('--dry-run', 'Read, check and print the plan, and start nothing')
    .option('-y, --yes', 'Let the cluster delete services that the compose file no longer has')
    .option('--interpolate', 'Replace variables in the compose file from the environment')
    .option('--no-interpolate', 'Send variables in the compose file as they are')
    .addOption(
      new SettingOption(
        '--expect-current <version>',
        'Start only if this version runs now',
        expectCurrentSetting,
      ),
    )
    .option('--wait-for-current', 'Wait for the end of another upgrade, then start');
}

function addPolicyOptions<Args extends unknown[], Opts extends OptionValues>(command: Command<Args, Opts>) {
  return command
    .optionsGroup('Policy:')
    .addOption(
      new SettingOption(
        '--mode <mode>',
        'After a domain: check health (monitored), go on (auto), or wait for approval (manual)',
        modeSetting,
      ),
    )
    .addOption(
      new SettingOption(
        '--failure-action <action>',
        'After a failed health check or a time-out: rollback, or manual to wait',
        failureActionSetting,
      ),
    )
    .addOption(
      new SettingOption(
        '--health-check-wait <duration>',
        'Wait before the first health check',
        healthCheckWaitSetting,
      ),
    )
    .addOption(
      new SettingOption(
        '--health-check-stable <duration>',
        'Continue after this long of good health',
        healthCheckStableSetting,
      ),
    )
    .addOption(
      new SettingOption(
        '--health-check-retry <duration>',
        'Fail after this long of ill health',
        healthCheckRetrySetting,
      ),
    )
    .addOption(
      new SettingOption('--upgrade-timeout <duration>', 'Limit the whole upgrade', upgradeTimeoutSetting),
    )
    .addOption(
      new SettingOption(
        '--upgrade-domain-timeout <duration>',
        'Limit each upgrade domain',
        upgradeDomainTimeoutSetting,
      ),
    )
    .addOption(
      new SettingOption(
        '--replica-set-check <duration>',
        'Limit the wait for safety checks',
        replicaSetCheckSetting,
      ),
    )
    .option('--warning-as-error', 'Count health warnings as errors')
    .addOption(
      new SettingOption(
        '--max-unhealthy-nodes <percent>',
        'Tolerate this share of unhealthy nodes',
        maxUnhealthyNodesSetting,
      ),
    )
    .addOption(
      new SettingOption(
        '--max-unhealthy-instances <percent>',
        'Tolerate this share of unhealthy instances of a service',
        maxUnhealthyInstancesSetting,
      ),
    );
}

function addRegistryOptions<Args extends unknown[], Opts extends OptionValues>(command: Command<Args, Opts>) {
  return command
    .optionsGroup('Registry:')
    .option('--registry-user <name>', 'Pull images as this user')
    .addOption(
      new SettingOption(
        '--registry-password-file <path>',
        'Read the password from the first line of this file; - reads stdin',
        registryPasswordFileSetting,
        { variable: `the password in ${registryPasswordVariable}` },
      ),
    )
    .option('--registry-password-encrypted', 'The password is encrypted for the cluster')
    .option('--no-registry', 'Start the new version without credentials');
}
