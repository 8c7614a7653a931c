/** `sfcompose demo [scenario]`: the main job, shown on a simulated cluster in this process. */
import { interruptedBy } from '../errors.ts';
import type { Outcome } from '../exit-code.ts';
import type { Host } from '../host.ts';
import { resolve } from '../settings.ts';
import { startSimulator } from '../simulator/simulator.ts';
import { scenarioSetting } from './simulate.ts';
import { upgradeProgress } from './upgrade-progress.ts';

/** An upgrade of a quarter of an hour takes about twenty seconds. */
const speed = 40;

/** Milliseconds between two reads, and how many there are at most: some scenarios never end. */
const interval = 3600;
const mostReads = 7;

/** @returns the verdict of the last read */
export async function demo(scenario: string | undefined, host: Host): Promise<Outcome> {
  const simulator = await startSimulator({
    scenario: resolve(scenarioSetting, scenario, host.env),
    port: 0,
    speed,
    name: 'web',
    domains: 3,
    nodes: 6,
    tls: false,
    clock: host.clock,
  });
  try {
    for (let reads = 1; ; reads++) {
      host.stdout.write(`$ sfcompose upgrade-progress web --exit-status -e ${simulator.url}\n`);
      const outcome = await upgradeProgress('web', { endpoint: simulator.url, exitStatus: true }, host);
      if (outcome !== 'in-progress' || reads === mostReads) return outcome;
      await host.clock.sleep(interval, host.interrupt);
      if (host.interrupt.aborted) return interruptedBy(host.interrupt.reason);
    }
  } finally {
    await simulator.close();
  }
}
