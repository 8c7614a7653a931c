/** `sfcompose demo [scenario]`: shows the main job on a simulated cluster in this process. */
import { resolve } from '../../config/setting.ts';
import type { Host } from '../../platform/host.ts';
import { literal, printable } from '../../platform/printable.ts';
import type { CommandResult } from '../../platform/result.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { scenarioSetting } from './simulate-settings.ts';
import { upgradeProgress } from './upgrade-progress/command.ts';

/** Simulated seconds per second: an upgrade of 15 minutes takes about 20 s. */
const speed = 40;

/** Limit for scenarios that never end. */
const maxDemoWait = '60s';

/** Watches the upgrade of a simulated cluster. @returns the result of the watch */
export async function demo(scenario: string | undefined, host: Host): Promise<CommandResult> {
  const simulator = await startSimulator({
    scenario: resolve(scenarioSetting, scenario, host.env),
    port: 0,
    speed,
    names: ['web'],
    domains: 3,
    nodes: 6,
    tls: false,
    clock: host.clock,
  });
  try {
    host.stderr.write(literal`$ sfcompose upgrade-progress web --watch -e ${printable(simulator.url)}\n`);
    const flags = { endpoint: simulator.url, watch: true, interval: '500ms', maxWait: maxDemoWait };
    return await upgradeProgress(['web'], flags, host);
  } finally {
    await simulator.close();
  }
}
