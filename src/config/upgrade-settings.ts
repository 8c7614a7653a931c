/** Settings of the policy of an upgrade, with their defaults and parsers. */
import { clampNumber, createChoice, createWholeNumber, type Setting } from './setting.ts';
import { parseDuration } from './settings.ts';

/** The word for no time limit. */
const noLimit = 'none';

/** Longest duration: 4294967295 seconds, the largest number that the cluster takes, mean no limit. */
const maxDurationMs = 4294967294 * 1000;

/** Largest duration of whole hours below {@link maxDurationMs} that the parser takes. */
const maxDurationText = '999999h';

/** An upgrade mode, as the cluster names it. */
export type UpgradeMode = 'Monitored' | 'UnmonitoredAuto' | 'UnmonitoredManual';

/** The mode of the upgrade. Also takes sfctl's words. */
export const modeSetting: Setting<UpgradeMode> = {
  flag: '--mode',
  defaultValue: 'monitored',
  ...createWords<UpgradeMode>({
    monitored: ['Monitored', 'check health after each upgrade domain'],
    auto: ['UnmonitoredAuto', 'continue without health checks'],
    manual: ['UnmonitoredManual', 'wait for approval after each upgrade domain'],
  }),
};

/** Reaction to a failed upgrade, as the cluster names it. */
export type FailureAction = 'Rollback' | 'Manual';

/** The failure action. */
export const failureActionSetting: Setting<FailureAction> = {
  flag: '--failure-action',
  defaultValue: 'rollback',
  ...createWords<FailureAction>({
    rollback: ['Rollback', 'roll back'],
    manual: ['Manual', 'stop, and wait for approval'],
  }),
};

/** Time to wait after an upgrade domain before its health is checked, in milliseconds. */
export const healthCheckWaitSetting = createPolicyDuration('--health-check-wait', '0s');

/** Time that an upgrade domain must stay healthy, in milliseconds. */
export const healthCheckStableSetting = createPolicyDuration('--health-check-stable', '2m');

/** Time in which failed health checks are repeated, in milliseconds. */
export const healthCheckRetrySetting = createPolicyDuration('--health-check-retry', '10m');

/** Time limit of the whole upgrade, in milliseconds; `Infinity` for none. */
export const upgradeTimeoutSetting = createTimeLimit('--upgrade-timeout');

/** Time limit of each upgrade domain, in milliseconds; `Infinity` for none. */
export const upgradeDomainTimeoutSetting = createTimeLimit('--upgrade-domain-timeout');

const replicaSetCheckLimit = createTimeLimit('--replica-set-check');

/** Time after which the cluster continues in spite of safety checks, in whole seconds; `Infinity` for no limit. */
export const replicaSetCheckSetting: Setting<number> = {
  ...replicaSetCheckLimit,
  allowed: `${replicaSetCheckLimit.allowed}, in whole seconds`,
  parse(text) {
    const value = replicaSetCheckLimit.parse(text);
    // The cluster takes seconds.
    return value === Infinity || (value ?? 1) % 1000 === 0 ? value : undefined;
  },
  findNearest(text) {
    const nearest = replicaSetCheckLimit.findNearest?.(text) ?? text;
    const value = replicaSetCheckLimit.parse(nearest);
    return value === undefined ? undefined : spellDuration(Math.ceil(value / 1000) * 1000);
  },
};

/** Share of nodes on which the application may be unhealthy, in percent. */
export const maxUnhealthyNodesSetting = createPercentage('--max-unhealthy-nodes');

/** Share of the instances of a service that may be unhealthy, in percent. */
export const maxUnhealthyInstancesSetting = createPercentage('--max-unhealthy-instances');

/** Formats a duration as options take it, without loss: `90s`, `10m`, `1h30m`, `none`. */
export function spellDuration(milliseconds: number): string {
  if (milliseconds === Infinity) return noLimit;
  const amounts: readonly (readonly [number, string])[] = [
    [Math.floor(milliseconds / 3_600_000), 'h'],
    [Math.floor(milliseconds / 60_000) % 60, 'm'],
    [Math.floor(milliseconds / 1000) % 60, 's'],
    [milliseconds % 1000, 'ms'],
  ];
  return amounts.map(([amount, unit]) => (amount > 0 ? `${amount}${unit}` : '')).join('') || '0s';
}

/** Creates a setting in milliseconds that refuses numbers without a unit, which sfctl takes as milliseconds. */
function createPolicyDuration(flag: string, defaultValue: string): Setting<number> {
  return {
    flag,
    defaultValue,
    allowed: "a duration with a unit, such as 90s, 5m or 1h30m (sfctl's plain numbers are milliseconds)",
    parse(text) {
      const value = /^\d+$/.test(text) ? undefined : parseDuration(text);
      return value === undefined || value > maxDurationMs ? undefined : value;
    },
    findNearest(text) {
      const value = /^\d{1,15}$/.test(text) ? Number(text) : parseDuration(text);
      if (value === undefined) return undefined;
      return value > maxDurationMs ? maxDurationText : spellDuration(value);
    },
  };
}

function createTimeLimit(flag: string): Setting<number> {
  const duration = createPolicyDuration(flag, noLimit);
  return {
    ...duration,
    allowed: `${duration.allowed}, or ${noLimit}`,
    parse: (text) => (text.toLowerCase() === noLimit ? Infinity : duration.parse(text)),
  };
}

function createPercentage(flag: string): Setting<number> {
  const { parse } = createWholeNumber(0, 100);
  return {
    flag,
    defaultValue: '0',
    allowed: 'a whole percentage from 0 to 100',
    parse: (text) => parse(text.replace(/%$/, '')),
    findNearest: (text) => clampNumber(text.replace(/%$/, ''), 0, 100, Math.round),
  };
}

/**
 * Creates the members of a setting with a closed set of words in any case, or the cluster's own values.
 * @param words the words, each with the cluster's value and a description
 */
function createWords<T extends string>(
  words: Readonly<Record<string, readonly [value: T, description: string]>>,
) {
  const { allowed, choices } = createChoice(
    Object.fromEntries(Object.entries(words).map(([word, [, description]]) => [word, description])),
  );
  return {
    allowed,
    choices,
    parse(text: string): T | undefined {
      const typed = text.toLowerCase();
      const found = Object.entries(words).find(
        ([word, [value]]) => word === typed || value.toLowerCase() === typed,
      );
      return found?.[1][0];
    },
  };
}
