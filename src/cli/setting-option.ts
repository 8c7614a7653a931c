/** Options and arguments that know the setting they are for. */
import { Argument, Option } from '@commander-js/extra-typings';
import type { OptionalSetting, Setting } from '../config/setting.ts';

/** An option with its setting. */
export class SettingOption<const Flags extends string> extends Option<Flags> {
  readonly setting: Partial<Setting<unknown>>;

  /** @param description gets the setting's variable and default in parentheses */
  constructor(flags: Flags, description: string, setting: Partial<Setting<unknown>>) {
    const { variable, defaultValue } = setting;
    const facts = [
      ...(variable ? [`env: ${variable}`] : []),
      ...(defaultValue ? [`default: ${defaultValue}`] : []),
    ];
    super(flags, facts.length > 0 ? `${description} (${facts.join(', ')})` : description);
    this.setting = setting;
  }
}

/** An argument with its setting. */
export class SettingArgument<const Name extends string> extends Argument<Name> {
  readonly setting: OptionalSetting<unknown>;

  constructor(name: Name, description: string, setting: OptionalSetting<unknown>) {
    super(name, description);
    this.setting = setting;
  }
}
