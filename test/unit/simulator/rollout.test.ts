/** The course of a simulated upgrade. */
import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../../../src/simulator/scenarios.ts';
import {
  getProgressPath,
  type SimulatedCluster,
  startSimulatedCluster,
  summarizeProgress,
} from '../../support/simulated-cluster.ts';

/** Records the readings of that many seconds, each with the second when it first appeared. */
async function recordUpgrade(cluster: SimulatedCluster, seconds: number, every = 10): Promise<string[]> {
  const readings: string[] = [];
  let last = '';
  for (let now = 0; now <= seconds; now += every) {
    cluster.at(now);
    const reading = summarizeProgress(await cluster.readProgress());
    if (reading !== last) readings.push(`${now}: ${reading}`);
    last = reading;
  }
  return readings;
}

const firstDomains = [
  '0: ProvisioningTarget Invalid v2 -()',
  '40: RollingForwardInProgress Monitored v2 UD0(_node_0 Upgrading, _node_3 PreUpgradeSafetyCheck)',
  '100: RollingForwardInProgress Monitored v2 UD0(_node_3 Upgrading)',
  '160: RollingForwardPending Monitored v2 UD1()',
  '280: RollingForwardInProgress Monitored v2 UD1(_node_1 Upgrading, _node_4 PreUpgradeSafetyCheck)',
];

const rollBackFrom = (second: number, rest = '') => [
  `${second}: RollingBackInProgress UnmonitoredAuto v1 UD0(_node_0 Upgrading, _node_3 PreUpgradeSafetyCheck)${rest}`,
  `${second + 60}: RollingBackInProgress UnmonitoredAuto v1 UD0(_node_3 Upgrading)${rest}`,
  `${second + 120}: RollingBackInProgress UnmonitoredAuto v1 UD1(_node_1 Upgrading, _node_4 PreUpgradeSafetyCheck)${rest}`,
  `${second + 180}: RollingBackInProgress UnmonitoredAuto v1 UD1(_node_4 Upgrading)${rest}`,
  `${second + 240}: UnprovisioningTarget UnmonitoredAuto v1 -()${rest}`,
  `${second + 260}: RollingBackCompleted UnmonitoredAuto v1 -()${rest}`,
];

describe('a simulated upgrade', () => {
  it.each<[ScenarioName, string[]]>([
    [
      'happy',
      [
        ...firstDomains,
        '340: RollingForwardInProgress Monitored v2 UD1(_node_4 Upgrading)',
        '400: RollingForwardPending Monitored v2 UD2()',
        '520: RollingForwardInProgress Monitored v2 UD2(_node_2 Upgrading, _node_5 PreUpgradeSafetyCheck)',
        '580: RollingForwardInProgress Monitored v2 UD2(_node_5 Upgrading)',
        '640: RollingForwardInProgress Monitored v2 -()',
        '760: UnprovisioningCurrent Monitored v2 -()',
        '780: RollingForwardCompleted Monitored v2 -()',
      ],
    ],
    [
      'rollback',
      [
        ...firstDomains,
        '340: RollingForwardInProgress Monitored v2 UD1(_node_4 Upgrading)',
        '400: RollingForwardPending Monitored v2 UD2() unhealthy',
        ...rollBackFrom(520, ' unhealthy'),
      ],
    ],
    [
      'timeout',
      [
        ...firstDomains,
        '340: RollingForwardInProgress Monitored v2 UD1(_node_4 PreUpgradeSafetyCheck)',
        ...rollBackFrom(580, ' failed in UD1(_node_4 PreUpgradeSafetyCheck)'),
      ],
    ],
    ['failed', ['0: ProvisioningTarget Invalid v2 -()', '40: Failed Invalid v2 -()']],
    [
      'manual',
      [...firstDomains.slice(0, 4).map((reading) => reading.replace('Monitored', 'UnmonitoredManual'))],
    ],
    [
      'stuck',
      [...firstDomains, '340: RollingForwardInProgress Monitored v2 UD1(_node_4 PreUpgradeSafetyCheck)'],
    ],
    ['never-upgraded', ['0: RollingForwardCompleted Invalid v1 -()']],
  ])('follows the course of the scenario "%s"', async (scenario, readings) => {
    expect(await recordUpgrade(await startSimulatedCluster(scenario), 1200)).toEqual(readings);
  });

  it('does not depend on how often it is read', async () => {
    const watched = await startSimulatedCluster('rollback');
    await recordUpgrade(watched, 600, 1);
    const glanced = await startSimulatedCluster('rollback');
    glanced.at(600);
    const [often, once] = await Promise.all(
      [watched, glanced].map(async (cluster) => (await cluster.send('GET', getProgressPath('web'))).text),
    );
    expect(once).toBe(often);
  });

  it('moves in steps, durations included', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(110);
    const { text } = await cluster.send('GET', getProgressPath('web'));
    cluster.at(150);
    expect((await cluster.send('GET', getProgressPath('web'))).text).toBe(text);
    cluster.at(160);
    expect((await cluster.send('GET', getProgressPath('web'))).text).not.toBe(text);
  });

  it('does not change after its end', async () => {
    const cluster = await startSimulatedCluster('happy');
    cluster.at(900);
    const { text } = await cluster.send('GET', getProgressPath('web'));
    cluster.at(900_000);
    expect((await cluster.send('GET', getProgressPath('web'))).text).toBe(text);
  });

  it.each([
    [1, 2],
    [2, 4],
    [2, 5],
    [2, 50],
    [12, 30],
  ])('runs on %i domains with %i nodes', async (domains, nodes) => {
    const cluster = await startSimulatedCluster('rollback', { domains, nodes });
    cluster.at(100_000);
    expect(summarizeProgress(await cluster.readProgress())).toBe(
      'RollingBackCompleted UnmonitoredAuto v1 -() unhealthy',
    );
    expect(
      (await recordUpgrade(await startSimulatedCluster('happy', { domains, nodes }), domains * 300, 60)).at(
        -1,
      ),
    ).toContain('RollingForwardCompleted');
  });

  it('runs at another speed', async () => {
    const cluster = await startSimulatedCluster('happy', { speed: 60 });
    cluster.at(13);
    expect(summarizeProgress(await cluster.readProgress())).toContain('RollingForwardCompleted');
  });
});
