/** Options and arguments that carry their setting. */
import { Argument, Option } from '@commander-js/extra-typings';
import type { OptionalSetting, Setting } from '../config/setting.ts';

/** Facts about a setting that help adds to its description. */
export interface SettingFacts {
  readonly variable?: string | undefined;
  readonly defaultValue?: string | undefined;
}

/** An option with its setting. */
export class SettingOption<const Flags extends string> extends Option<Flags> {
  readonly setting: Partial<Setting<unknown>>;
  readonly facts: SettingFacts;

  /** @param facts overrides for the facts of the setting */
  constructor(
    flags: Flags,
    description: string,
    setting: Partial<Setting<unknown>>,
    facts: SettingFacts = setting,
  ) {
    super(flags, description);
    this.setting = setting;
    this.facts = facts;
  }
}

/** An argument with its setting. */
export class SettingArgument<const Name extends string> extends Argument<Name> {
  readonly setting: OptionalSetting<unknown> & SettingFacts;

  constructor(name: Name, description: string, setting: OptionalSetting<unknown> & SettingFacts) {
    super(name, description);
    this.setting = setting;
  }
}

/** Describes an option for help, with its variable and default in parentheses. */
export function describeOption(option: Option): string {
  if (!(option instanceof SettingOption)) return option.description;
  const { variable, defaultValue } = option.facts;
  const facts = [
    ...(variable ? [`env: ${variable}`] : []),
    ...(defaultValue ? [`default: ${defaultValue}`] : []),
  ];
  return facts.length > 0 ? `${option.description} (${facts.join(', ')})` : option.description;
}
