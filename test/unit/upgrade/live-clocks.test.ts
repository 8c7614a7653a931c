/** Clocks that tick between two readings. */
import { describe, expect, it } from 'vitest';
import { extrapolate, updateClocks } from '../../../src/upgrade/live-clocks.ts';
import type { Upgrade } from '../../../src/upgrade/model.ts';
import { fullForm, type Members } from '../../support/documents.ts';
import { parseUpgrade } from '../../support/snapshots.ts';

function upgrade(seconds: number, domainSeconds: number, members: Members = {}): Upgrade {
  return parseUpgrade(
    fullForm({
      UpgradeDuration: `PT0H0M${seconds}S`,
      CurrentUpgradeDomainDuration: `PT0H0M${domainSeconds}S`,
      CurrentUpgradeDomainProgress: { DomainName: 'UD0', NodeUpgradeProgressList: [] },
      ...members,
    }),
  );
}

const times = ({ duration, domainDuration }: Upgrade) => [duration, domainDuration];

describe('the clocks', () => {
  it('tick between two reads', () => {
    const clocks = updateClocks(undefined, upgrade(60, 20), 1000);
    expect(times(extrapolate(clocks, 6000))).toEqual([65_000, 25_000]);
  });

  it('tick on over reads that bring nothing new', () => {
    const clocks = updateClocks(updateClocks(undefined, upgrade(60, 20), 0), upgrade(60, 20), 10_000);
    expect(times(extrapolate(clocks, 12_000))).toEqual([72_000, 32_000]);
  });

  it('leap ahead with the cluster, but never back', () => {
    const ahead = updateClocks(updateClocks(undefined, upgrade(60, 20), 0), upgrade(120, 80), 10_000);
    expect(times(extrapolate(ahead, 10_000))).toEqual([120_000, 80_000]);
    const behind = updateClocks(updateClocks(undefined, upgrade(60, 20), 0), upgrade(62, 22), 10_000);
    expect(times(extrapolate(behind, 10_000))).toEqual([70_000, 30_000]);
  });

  it('begin anew with a domain, and with another upgrade', () => {
    const next = { CurrentUpgradeDomainProgress: { DomainName: 'UD1', NodeUpgradeProgressList: [] } };
    const clocks = updateClocks(updateClocks(undefined, upgrade(60, 20), 0), upgrade(120, 1, next), 10_000);
    expect(times(extrapolate(clocks, 10_000))).toEqual([120_000, 1000]);
    expect(times(extrapolate(updateClocks(clocks, upgrade(5, 5, next), 20_000), 20_000))).toEqual([
      5000, 11_000,
    ]);
  });

  it.each([
    ['ProvisioningTarget', [60_000, 20_000]],
    ['UnprovisioningCurrent', [60_000, 20_000]],
    ['RollingForwardCompleted', [60_000, 20_000]],
  ])('stand still in %s', (state, expected) => {
    const clocks = updateClocks(undefined, upgrade(60, 20, { UpgradeState: state }), 0);
    expect(times(extrapolate(clocks, 30_000))).toEqual(expected);
  });

  it("stand still for the domain while a person is waited for, but not for the upgrade's time-out", () => {
    const waiting = upgrade(60, 0, {
      UpgradeState: 'RollingForwardPending',
      RollingUpgradeMode: 'UnmonitoredManual',
    });
    expect(times(extrapolate(updateClocks(undefined, waiting, 0), 30_000))).toEqual([90_000, 0]);
  });
});
