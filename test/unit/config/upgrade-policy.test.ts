/** The policy of an upgrade, from its options. */
import { describe, expect, it } from 'vitest';
import { resolveUpgradePolicy, type UpgradePolicyFlags } from '../../../src/config/upgrade-policy.ts';
import {
  healthCheckWaitSetting,
  replicaSetCheckSetting,
  spellDuration,
} from '../../../src/config/upgrade-settings.ts';
import { ExpectedError } from '../../../src/platform/errors.ts';

const resolve = (flags: UpgradePolicyFlags) => resolveUpgradePolicy(flags, {});

function findError(flags: UpgradePolicyFlags): string {
  try {
    resolve(flags);
  } catch (error) {
    if (error instanceof ExpectedError && error.explanation.outcome === 'usage') return error.message;
  }
  return 'no usage error';
}

describe('the policy of an upgrade', () => {
  it('is monitored, with rollback, by default', () => {
    expect(resolve({})).toEqual({
      mode: 'Monitored',
      replicaSetCheckTimeoutMs: Infinity,
      monitoring: {
        failureAction: 'Rollback',
        healthCheckWaitMs: 0,
        healthCheckStableMs: 120_000,
        healthCheckRetryMs: 600_000,
        upgradeTimeoutMs: Infinity,
        upgradeDomainTimeoutMs: Infinity,
        considerWarningAsError: false,
        maxPercentUnhealthyNodes: 0,
        maxPercentUnhealthyInstances: 0,
      },
    });
  });

  it('takes all options', () => {
    const policy = resolve({
      mode: 'Monitored',
      failureAction: 'MANUAL',
      healthCheckWait: '30s',
      healthCheckStable: '500ms',
      healthCheckRetry: '1m30s',
      upgradeTimeout: '2h',
      upgradeDomainTimeout: '20m',
      replicaSetCheck: '90s',
      warningAsError: true,
      maxUnhealthyNodes: '20',
      maxUnhealthyInstances: '100%',
    });
    expect(policy).toEqual({
      mode: 'Monitored',
      replicaSetCheckTimeoutMs: 90_000,
      monitoring: {
        failureAction: 'Manual',
        healthCheckWaitMs: 30_000,
        healthCheckStableMs: 500,
        healthCheckRetryMs: 90_000,
        upgradeTimeoutMs: 7_200_000,
        upgradeDomainTimeoutMs: 1_200_000,
        considerWarningAsError: true,
        maxPercentUnhealthyNodes: 20,
        maxPercentUnhealthyInstances: 100,
      },
    });
  });

  it.each([
    ['monitored', 'Monitored'],
    ['Auto', 'UnmonitoredAuto'],
    ['manual', 'UnmonitoredManual'],
    ['UnmonitoredAuto', 'UnmonitoredAuto'],
    ['unmonitoredmanual', 'UnmonitoredManual'],
  ])('has for --mode %s the mode %s', (mode, expected) => {
    expect(resolve({ mode, replicaSetCheck: 'none' }).mode).toBe(expected);
  });

  it.each<[UpgradePolicyFlags, RegExp]>([
    [{ mode: 'fast' }, /--mode "fast": use monitored, auto or manual/],
    [{ failureAction: 'stop' }, /--failure-action "stop": use rollback or manual/],
    [{ healthCheckWait: '120000' }, /--health-check-wait "120000".* unit.* milliseconds/],
    [{ upgradeTimeout: '0' }, /--upgrade-timeout "0".*, or none/],
    [{ healthCheckStable: 'none' }, /--health-check-stable "none"/],
    [{ replicaSetCheck: '1500ms' }, /--replica-set-check "1500ms".*whole seconds/],
    [{ replicaSetCheck: '999999999m' }, /--replica-set-check "999999999m"/],
    [{ maxUnhealthyNodes: '101' }, /--max-unhealthy-nodes "101".* 0 to 100/],
    [{ maxUnhealthyInstances: '1.5' }, /--max-unhealthy-instances "1.5"/],
    [
      { mode: 'auto', upgradeTimeout: '1h' },
      /--upgrade-timeout requires --mode monitored, but --mode is auto/,
    ],
    [{ mode: 'manual', warningAsError: true }, /--warning-as-error requires .* --mode is manual/],
    [
      { upgradeDomainTimeout: '2m' },
      /--health-check-wait 0s \(default\) and --health-check-stable 2m \(default\) together .* --upgrade-domain-timeout 2m:/,
    ],
    [
      { healthCheckWait: '5m', upgradeTimeout: '15m' },
      /--health-check-wait 5m and --health-check-retry 10m \(default\) .* --upgrade-timeout 15m:/,
    ],
    [
      { upgradeTimeout: '20m', upgradeDomainTimeout: '20m1s' },
      /--upgrade-timeout 20m must not be shorter than --upgrade-domain-timeout 20m1s/,
    ],
  ])('refuses %j', (flags, message) => {
    expect(findError(flags)).toMatch(message);
  });

  it.each<[UpgradePolicyFlags]>([
    [{ upgradeTimeout: '11m' }],
    [{ upgradeTimeout: '20m', upgradeDomainTimeout: '20m' }],
    [{ upgradeDomainTimeout: '20m' }],
    [{ mode: 'auto', replicaSetCheck: '0s' }],
  ])('takes %j', (flags) => {
    expect(() => resolve(flags)).not.toThrow();
  });
});

describe('the nearest duration', () => {
  it.each([
    ['120000', '2m'],
    ['0', '0s'],
    ['1500', '1s500ms'],
    ['99999999999999', '999999h'],
    ['x', undefined],
  ])('to %s is %s', (text, nearest) => {
    expect(healthCheckWaitSetting.findNearest?.(text)).toBe(nearest);
  });

  it('in whole seconds is not shorter', () => {
    expect(replicaSetCheckSetting.findNearest?.('1500ms')).toBe('2s');
  });

  it.each([0, 1, 59_999, 60_000, 630_000, 86_400_000])('is spelled without loss: %i', (milliseconds) => {
    expect(healthCheckWaitSetting.parse(spellDuration(milliseconds))).toBe(milliseconds);
  });
});
