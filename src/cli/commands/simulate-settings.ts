/** Settings of `simulate`, separate from the command because help and completion load only these. */
import { clampNumber, createChoice, createWholeNumber, type Setting } from '../../config/setting.ts';
import { formatCount } from '../../platform/format.ts';
import type { Role } from '../../simulator/request-handler.ts';
import { type ScenarioName, scenarios } from '../../simulator/scenarios.ts';

/** The scenario of the simulation. */
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
  allowed: 'a port from 0 (any free port) to 65535',
  ...createWholeNumber(0, 65535),
};

/** Simulated seconds per second. */
export const speedSetting: Setting<number> = {
  flag: '--speed',
  defaultValue: '1',
  allowed: 'a number from 0.1 to 10000',
  parse(text) {
    const factor = /^\d{1,5}(\.\d{1,5})?$/.test(text) ? Number(text) : Number.NaN;
    return factor >= 0.1 && factor <= 10_000 ? factor : undefined;
  },
  findNearest: (text) => clampNumber(text, 0.1, 10_000),
};

/** Describes how fast a simulated clock runs: `1 minute passes in 1 second`. @param speed seconds per second */
export function describeSpeed(speed: number): string {
  if (speed === 1) return 'time passes at its normal speed';
  return `1 minute passes in ${formatCount(Number((60 / speed).toPrecision(3)), 'second')}`;
}

/** The name of a deployment. */
export const nameSetting: Setting<string> = {
  flag: '--name',
  defaultValue: 'web',
  allowed: 'up to 200 letters, digits and - . _ ~',
  parse: (text) => (/^[\w.~-]{1,200}$/.test(text) && !/^\.{1,2}$/.test(text) ? text : undefined),
};

/** The role of clients. */
export const roleSetting: Setting<Role> = {
  flag: '--role',
  defaultValue: 'admin',
  ...createChoice<Role>({
    user: 'may read, but not start, roll back or continue upgrades',
    admin: 'may do everything',
  }),
};

/** The number of upgrade domains. */
export const domainsSetting: Setting<number> = {
  flag: '--domains',
  defaultValue: '3',
  allowed: 'a whole number from 1 to 100',
  ...createWholeNumber(1, 100),
};

/** The number of nodes in the whole cluster. */
export const nodesSetting: Setting<number> = {
  flag: '--nodes',
  defaultValue: 'two per domain',
  allowed: 'a whole number from 2 to 1000',
  ...createWholeNumber(2, 1000),
};
