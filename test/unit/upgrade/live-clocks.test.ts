/** Clocks of the live view, which tick between two readings. */
import { describe, expect, it } from 'vitest';
import { extrapolate, updateClocks } from '../../../src/upgrade/live-clocks.ts';
import type { Upgrade } from '../../../src/upgrade/model.ts';
import { createUpgrade, type Members } from '../../support/documents.ts';
import { parseUpgrade } from '../../support/snapshots.ts';

function createUpgradeAfter(seconds: number, domainSeconds: number, members: Members = {}): Upgrade {
  return parseUpgrade(
    createUpgrade({
      UpgradeDuration: `PT0H0M${seconds}S`,
      CurrentUpgradeDomainDuration: `PT0H0M${domainSeconds}S`,
      CurrentUpgradeDomainProgress: { DomainName: 'UD0', NodeUpgradeProgressList: [] },
      ...members,
    }),
  );
}

const listTimes = ({ duration, domainDuration }: Upgrade) => [duration, domainDuration];

describe('the live clocks', () => {
  it('tick between two readings', () => {
    const clocks = updateClocks(undefined, createUpgradeAfter(60, 20), 1000);
    expect(listTimes(extrapolate(clocks, 6000))).toEqual([65_000, 25_000]);
  });

  it('tick from zero only once the nodes of the domain are upgraded', () => {
    const nodes = [{ NodeName: '_node_0', UpgradePhase: 'Upgrading', PendingSafetyChecks: [] }];
    const begun = { CurrentUpgradeDomainProgress: { DomainName: 'UD1', NodeUpgradeProgressList: nodes } };
    const clocks = updateClocks(undefined, createUpgradeAfter(60, 0, begun), 0);
    expect(listTimes(extrapolate(clocks, 5000))).toEqual([65_000, 5000]);
    const next = updateClocks(undefined, createUpgradeAfter(60, 0), 0);
    expect(listTimes(extrapolate(next, 5000))).toEqual([65_000, 0]);
  });

  it('keep ticking when a reading repeats the last one', () => {
    const clocks = updateClocks(
      updateClocks(undefined, createUpgradeAfter(60, 20), 0),
      createUpgradeAfter(60, 20),
      10_000,
    );
    expect(listTimes(extrapolate(clocks, 12_000))).toEqual([72_000, 32_000]);
  });

  it("jump ahead to the cluster's clock, but never back", () => {
    const ahead = updateClocks(
      updateClocks(undefined, createUpgradeAfter(60, 20), 0),
      createUpgradeAfter(120, 80),
      10_000,
    );
    expect(listTimes(extrapolate(ahead, 10_000))).toEqual([120_000, 80_000]);
    const behind = updateClocks(
      updateClocks(undefined, createUpgradeAfter(60, 20), 0),
      createUpgradeAfter(62, 22),
      10_000,
    );
    expect(listTimes(extrapolate(behind, 10_000))).toEqual([70_000, 30_000]);
  });

  it('restart with another domain and with another upgrade', () => {
    const next = { CurrentUpgradeDomainProgress: { DomainName: 'UD1', NodeUpgradeProgressList: [] } };
    const clocks = updateClocks(
      updateClocks(undefined, createUpgradeAfter(60, 20), 0),
      createUpgradeAfter(120, 1, next),
      10_000,
    );
    expect(listTimes(extrapolate(clocks, 10_000))).toEqual([120_000, 1000]);
    expect(
      listTimes(extrapolate(updateClocks(clocks, createUpgradeAfter(5, 5, next), 20_000), 20_000)),
    ).toEqual([5000, 11_000]);
  });

  it.each([
    ['ProvisioningTarget', [60_000, 20_000]],
    ['UnprovisioningCurrent', [60_000, 20_000]],
    ['RollingForwardCompleted', [60_000, 20_000]],
  ])('stop in state %s', (state, expected) => {
    const clocks = updateClocks(undefined, createUpgradeAfter(60, 20, { UpgradeState: state }), 0);
    expect(listTimes(extrapolate(clocks, 30_000))).toEqual(expected);
  });

  it("stop for the domain while the upgrade waits for approval, but not for the upgrade's time-out", () => {
    const waiting = createUpgradeAfter(60, 0, {
      UpgradeState: 'RollingForwardPending',
      RollingUpgradeMode: 'UnmonitoredManual',
    });
    expect(listTimes(extrapolate(updateClocks(undefined, waiting, 0), 30_000))).toEqual([90_000, 0]);
  });
});
