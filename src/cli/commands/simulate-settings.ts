/** The settings of `simulate`, apart from the command so that help and completion load without it. */
import { createChoice, parseWholeNumber, type Setting } from '../../config/setting.ts';
import { type ScenarioName, scenarios } from '../../simulator/scenarios.ts';

/** The scenario that the cluster acts out. */
export const scenarioSetting: Setting<ScenarioName> = {
  flag: '[scenario]',
  defaultValue: 'happy',
  ...createChoice(
    Object.fromEntries(
      Object.entries(scenarios).map(([name, { description }]) => [name, description]),
    ) as Record<ScenarioName, string>,
  ),
};

/** The port to listen on. */
export const portSetting: Setting<number> = {
  flag: '--port',
  defaultValue: '19080',
  allowed: 'a port from 0 (any that is free) to 65535',
  parse: parseWholeNumber(0, 65535),
};

/** Simulated seconds per second. */
export const speedSetting: Setting<number> = {
  flag: '--speed',
  defaultValue: '1',
  allowed: 'a factor from 0.1 to 10000',
  parse(text) {
    const factor = /^\d{1,5}(\.\d{1,5})?$/.test(text) ? Number(text) : Number.NaN;
    return factor >= 0.1 && factor <= 10_000 ? factor : undefined;
  },
};

/** A deployment's name. */
export const nameSetting: Setting<string> = {
  flag: '--name',
  defaultValue: 'web',
  allowed: 'letters, digits and - . _ ~: other names do not reach every gateway unchanged',
  parse: (text) => (/^[\w.~-]{1,200}$/.test(text) && !/^\.{1,2}$/.test(text) ? text : undefined),
};

/** The number of upgrade domains. */
export const domainsSetting: Setting<number> = {
  flag: '--domains',
  defaultValue: '3',
  allowed: 'a whole number from 1 to 100',
  parse: parseWholeNumber(1, 100),
};

/** The number of nodes. */
export const nodesSetting: Setting<number> = {
  flag: '--nodes',
  defaultValue: 'two a domain',
  allowed: 'a whole number from 2 to 1000',
  parse: parseWholeNumber(2, 1000),
};
