/** The settings of an upgrade's policy, with their defaults and parsers. */
import type { Setting } from './setting.ts';
import { clampNumber, createChoice } from './setting.ts';
import { parseDuration } from './settings.ts';

const modes = {
  monitored: 'check health after each domain',
  auto: 'go on without health checks',
  manual: 'wait for approval after each domain',
};

/** The words of sfctl and of the cluster. */
const clusterModes: Readonly<Record<string, keyof typeof modes>> = {
  unmonitoredauto: 'auto',
  unmonitoredmanual: 'manual',
};

/** Rolling upgrade mode. */
export const modeSetting: Setting<keyof typeof modes> = {
  flag: '--mode',
  defaultValue: 'monitored',
  ...createChoice(modes),
  parse(text) {
    const word = text.toLowerCase();
    return Object.hasOwn(modes, word) ? (word as keyof typeof modes) : clusterModes[word];
  },
};

const failureActions = { rollback: 'roll back', manual: 'stop, and wait for approval' };

/** Reaction of a monitored upgrade to a failure. */
export const failureActionSetting: Setting<keyof typeof failureActions> = {
  flag: '--failure-action',
  defaultValue: 'rollback',
  ...createChoice(failureActions),
  parse(text) {
    const word = text.toLowerCase();
    return Object.hasOwn(failureActions, word) ? (word as keyof typeof failureActions) : undefined;
  },
};

/** The longest time that a policy can have, in milliseconds: 4,294,967,294 seconds, as in a safety check. */
const maxPolicyMs = 4_294_967_294_000;

/** A word for the lack of a limit. */
const noLimit = 'none';

/** Creates a setting of a duration with a unit, in milliseconds; bare numbers are milliseconds for sfctl. */
function createPolicyDuration(flag: string, defaultValue: string, stepMs = 1): Setting<number> {
  const isLimit = defaultValue === noLimit;
  return {
    flag,
    defaultValue,
    allowed: `a duration with a unit, such as 90s, 5m or 1h30m${isLimit ? `, or ${noLimit}` : ''}`,
    parse(text) {
      if (isLimit && text === noLimit) return Infinity;
      const value = /[a-z]/.test(text) ? parseDuration(text) : undefined;
      const isAllowed = value !== undefined && value <= maxPolicyMs && value % stepMs === 0;
      return isAllowed && !(isLimit && value === 0) ? value : undefined;
    },
    findNearest: (text) => (/^\d{1,9}$/.test(text) ? `${text}s` : undefined),
  };
}

/** Time after a domain before its health is checked. */
export const healthCheckWaitSetting = createPolicyDuration('--health-check-wait', '0s');

/** Time without ill health after which the upgrade continues. */
export const healthCheckStableSetting = createPolicyDuration('--health-check-stable', '2m');

/** Time of ill health after which the upgrade fails. */
export const healthCheckRetrySetting = createPolicyDuration('--health-check-retry', '10m');

/** Limit of the whole upgrade. */
export const upgradeTimeoutSetting = createPolicyDuration('--upgrade-timeout', noLimit);

/** Limit of each upgrade domain. */
export const upgradeDomainTimeoutSetting = createPolicyDuration('--upgrade-domain-timeout', noLimit);

/** Limit of the wait for safety checks, which the cluster takes in whole seconds. */
export const replicaSetCheckSetting: Setting<number> = {
  ...createPolicyDuration('--replica-set-check', noLimit, 1000),
  allowed: 'whole seconds with a unit, such as 90s, 15m or 1h, or none',
};

function createPercent(flag: string): Setting<number> {
  return {
    flag,
    defaultValue: '0',
    allowed: 'a whole percentage from 0 to 100',
    parse(text) {
      const value = /^\d{1,3}%?$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
      return value <= 100 ? value : undefined;
    },
    findNearest: (text) => clampNumber(text.replace(/%$/, ''), 0, 100, Math.round),
  };
}

/** Share of unhealthy nodes (deployed applications) that is tolerated. */
export const maxUnhealthyNodesSetting = createPercent('--max-unhealthy-nodes');

/** Share of unhealthy instances of a service that is tolerated. */
export const maxUnhealthyInstancesSetting = createPercent('--max-unhealthy-instances');
