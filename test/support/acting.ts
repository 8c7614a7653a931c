/** Runs commands that act against a simulated cluster whose clock is that of the command. */
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import type { SimulatorOptions } from '../../src/simulator/simulator.ts';
import { createTestTime, type Run, type RunOptions, run } from './run.ts';
import { type SimulatedCluster, startSimulatedCluster } from './simulated-cluster.ts';

/** A compose file with the services of the simulated deployment, and a new image. */
export const composeText = `version: '3'
services:
  web:
    image: registry.example/web:2
    environment:
      CONNECTION: Password=do-not-print
  api:
    image: api
`;

export interface ActingRun extends Run {
  readonly cluster: SimulatedCluster;
  /** The number of POST requests that arrived. */
  readonly postCount: number;
}

/** @param seconds simulated time at which the command begins */
export async function act(
  scenario: ScenarioName,
  seconds: number,
  argv: readonly string[],
  options: RunOptions & { readonly simulator?: Partial<SimulatorOptions> } = {},
): Promise<ActingRun> {
  const { simulator, ...runOptions } = options;
  const cluster = await startSimulatedCluster(scenario, simulator);
  cluster.at(seconds);
  const { clock, ...time } = createTestTime();
  const result = await run(argv, {
    stdin: composeText,
    ...runOptions,
    env: { SFCOMPOSE_ENDPOINT: cluster.url, NO_COLOR: '1', ...runOptions.env },
    time: {
      ...time,
      clock: {
        ...clock,
        async sleep(milliseconds, signal) {
          await clock.sleep(milliseconds, signal);
          cluster.at(seconds + clock.monotonic() / 1000);
        },
      },
    },
  });
  return { ...result, cluster, postCount: cluster.writes.length };
}
