/** Options and arguments that know the setting that they are for. */
import { Argument, Option } from 'commander';
import type { OptionalSetting, Setting } from '../config/setting.ts';

export class SettingOption extends Option {
  readonly setting: Partial<Setting<unknown>>;

  constructor(flags: string, description: string, setting: Partial<Setting<unknown>>) {
    super(flags, description);
    this.setting = setting;
  }
}

export class SettingArgument extends Argument {
  readonly setting: OptionalSetting<unknown>;

  constructor(name: string, description: string, setting: OptionalSetting<unknown>) {
    super(name, description);
    this.setting = setting;
  }
}
