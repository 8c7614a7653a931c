/** Resolves a setting: flag, then environment variable, then default. */
import { ExpectedError, usageError } from '../platform/errors.ts';
import { printable } from '../platform/printable.ts';
import { redactUrl } from './redact-url.ts';
import { explainVariableIn } from './undefined-variable.ts';

/** A setting of a command, with a default. */
export interface Setting<T> {
  /** As typed: `--timeout`, or `<deployment>`. */
  readonly flag: string;
  readonly variable?: string;
  readonly defaultValue: string;
  /** Completes the sentence "use …". */
  readonly allowed: string;
  /** The allowed values and their descriptions, if they are a closed set. */
  readonly choices?: Readonly<Record<string, string>>;
  /** Returns `undefined` for a text that is not allowed. */
  parse(text: string): T | undefined;
  /** Returns the nearest allowed value for a number or duration that is out of bounds. */
  findNearest?(text: string): string | undefined;
}

/** A setting without a default. */
export type OptionalSetting<T> = Omit<Setting<T>, 'defaultValue'>;

/** A value and its source: `--timeout`, `SFCOMPOSE_TIMEOUT`, `default`. */
export interface Sourced<T> {
  readonly value: T;
  readonly from: string;
}

/**
 * Finds the value of a setting in its flag or variable. An empty variable counts as not set.
 * @returns `undefined` if neither is set
 * @throws a usage error that names the option or variable, the value, and the allowed values
 */
export function findValue<T>(
  setting: OptionalSetting<T>,
  flagValue: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): Sourced<T> | undefined {
  const { flag, variable } = setting;
  if (flagValue !== undefined) return { value: parseSetting(setting, flagValue, flag), from: flag };
  const text = variable && env[variable];
  return text ? { value: parseSetting(setting, text, variable), from: variable } : undefined;
}

/** Returns the default of a setting. */
export function getDefault<T>(setting: Setting<T>): Sourced<T> {
  return { value: parseSetting(setting, setting.defaultValue, 'default'), from: 'default' };
}

/** Resolves a setting to the value of its flag or variable, or to its default. */
export function resolve<T>(
  setting: Setting<T>,
  flagValue: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): T {
  return (findValue(setting, flagValue, env) ?? getDefault(setting)).value;
}

/** A wrong value, from which the command line finds the nearest allowed one. */
export class InvalidSettingError extends ExpectedError {
  readonly setting: OptionalSetting<unknown>;
  readonly text: string;

  constructor(setting: OptionalSetting<unknown>, text: string, from: string) {
    const value = `${from} "${printable(redactUrl(text))}"`;
    const problem = explainVariableIn(text) ?? `use ${setting.allowed}.`;
    super(usageError(`Invalid ${value}: ${problem}`).explanation);
    this.setting = setting;
    this.text = text;
  }
}

/** Parses the text of a setting. @throws InvalidSettingError that names the source, the text and what is allowed */
export function parseSetting<T>(setting: OptionalSetting<T>, text: string, from: string): T {
  const value = setting.parse(text);
  if (value !== undefined) return value;
  throw new InvalidSettingError(setting, text, from);
}

/** Converts the name of an option to its flag: `stallAfter` to `--stall-after`. */
export function toFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Creates the members of a setting that takes decimal digits without sign, fraction, exponent or blanks. */
export function createWholeNumber(
  min: number,
  max: number,
): Pick<Setting<number>, 'parse'> & Required<Pick<Setting<number>, 'findNearest'>> {
  return {
    parse(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
      return value >= min && value <= max ? value : undefined;
    },
    findNearest: (text) => clampNumber(text, min, max, Math.round),
  };
}

/** Moves a number into bounds. @returns `undefined` for a text that is no number */
export function clampNumber(
  text: string,
  min: number,
  max: number,
  round: (value: number) => number = (value) => value,
): string | undefined {
  return /^-?\d{1,100}(?:\.\d{1,100})?$/.test(text)
    ? String(Math.min(max, Math.max(min, round(Number(text)))))
    : undefined;
}

/**
 * Creates the members of a setting with a closed set of values.
 * @param choices the values and their descriptions
 */
export function createChoice<T extends string>(
  choices: Readonly<Record<T, string>>,
): Pick<Setting<T>, 'allowed' | 'parse'> & Required<Pick<Setting<T>, 'choices'>> {
  return {
    choices,
    allowed: formatAlternatives(Object.keys(choices)),
    parse: (text) => (Object.hasOwn(choices, text) ? (text as T) : undefined),
  };
}

/** Formats values as `table, plain or json`. */
export function formatAlternatives(values: readonly string[]): string {
  const last = values.at(-1) ?? '';
  return values.length < 2 ? last : `${values.slice(0, -1).join(', ')} or ${last}`;
}
