/** How one setting is resolved: flag, then environment variable, then default. */
import { usageError } from '../platform/errors.ts';
import { printable } from '../platform/printable.ts';

/** A value that can be set. Flag, then environment variable, then default. */
export interface Setting<T> {
  /** As it is typed: `--timeout`, or `<deployment>`. */
  readonly flag: string;
  readonly variable?: string;
  readonly defaultValue: string;
  /** Completes the sentence "it takes …". */
  readonly allowed: string;
  /** All that it takes, where that is a closed set, and what each means. */
  readonly choices?: Readonly<Record<string, string>>;
  /** @returns `undefined` for what is not allowed */
  parse(text: string): T | undefined;
}

/** One that is simply not there when nobody sets it. */
export type OptionalSetting<T> = Omit<Setting<T>, 'defaultValue'>;

/** What was set, and where: `--timeout`, `SFCOMPOSE_TIMEOUT`. */
export interface Sourced<T> {
  readonly value: T;
  readonly from: string;
}

/**
 * What a flag or the environment say of one setting. A variable that is empty counts as not set.
 * @returns `undefined` when they say nothing
 * @throws a usage error that names the option or variable, the value, and what is allowed
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

/** What holds for a setting of which nobody says anything. */
export function getDefault<T>(setting: Setting<T>): Sourced<T> {
  return { value: parseSetting(setting, setting.defaultValue, 'default'), from: 'default' };
}

/** Resolves one setting to what is {@link findValue}, or else to its default. */
export function resolve<T>(
  setting: Setting<T>,
  flagValue: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
): T {
  return (findValue(setting, flagValue, env) ?? getDefault(setting)).value;
}

/** @throws a usage error that names where the text is from */
export function parseSetting<T>(
  { parse, allowed }: Pick<Setting<T>, 'parse' | 'allowed'>,
  text: string,
  from: string,
): T {
  const value = parse(text);
  if (value !== undefined) return value;
  throw usageError(`${from} is "${printable(redactUrl(text))}", but it takes ${allowed}.`);
}

/** @returns `--stall-after` for `stallAfter` */
export function toFlag(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** Hides the password and the query of a URL that is refused, which may hold a key. */
export function redactUrl(value: string): string {
  return value.replace(/^([\w+.-]+:\/\/)?.*@/s, '$1***@').replace(/([?#]).+/s, '$1***');
}

/** @returns a parser for decimal digits only: no sign, fraction, exponent or blanks */
export function parseWholeNumber(least: number, most: number): (text: string) => number | undefined {
  return (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= least && value <= most ? value : undefined;
  };
}

/**
 * What holds for a setting with a closed set of values.
 * @param choices what each of them means
 */
export function createChoice<T extends string>(
  choices: Readonly<Record<T, string>>,
): Pick<Setting<T>, 'allowed' | 'parse'> & Required<Pick<Setting<T>, 'choices'>> {
  return {
    choices,
    allowed: `one of ${Object.keys(choices).join(', ')}`,
    parse: (text) => (Object.hasOwn(choices, text) ? (text as T) : undefined),
  };
}
