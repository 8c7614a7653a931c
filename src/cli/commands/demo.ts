/** `sfcompose demo [scenario]`: shows a watch of a simulated upgrade, on the simulated clock. */
import { resolve } from '../../config/setting.ts';
import { renderSteps } from '../../output/next-steps.ts';
import { createStyle } from '../../output/style.ts';
import { breakText } from '../../output/table/wrap.ts';
import { explainInterrupt, getSignalOutcome } from '../../platform/errors.ts';
import { createFastClock } from '../../platform/fast-clock.ts';
import type { Host } from '../../platform/host.ts';
import type { NextStep } from '../../platform/next-step.ts';
import { joinLines, literal, printable } from '../../platform/printable.ts';
import type { CommandResult } from '../../platform/result.ts';
import { type ScenarioName, scenarios } from '../../simulator/scenarios.ts';
import { startSimulator } from '../../simulator/simulator.ts';
import { findOutput } from '../output-options.ts';
import { reportResult } from '../report-result.ts';
import { describeSpeed, scenarioSetting } from './simulate-settings.ts';
import { upgradeProgress } from './upgrade-progress/command.ts';

/** Simulated seconds per second: an upgrade of 13 minutes takes 13 seconds. */
const speed = 60;

/** Remarks at the end of the demo, for scenarios whose upgrade never ends. */
const endless: Partial<Record<ScenarioName, string>> = {
  manual:
    'The upgrade waits until somebody approves the next domain. Nobody does here, so the demo stops after 20 simulated minutes.',
  stuck:
    'The safety check never clears and the upgrade never ends, so the demo stops after 20 simulated minutes. On a real cluster, find the cause or roll back.',
};

/** Limit of the watch of an endless upgrade, in simulated time. */
const maxWait = '20m';

/** Watches the upgrade of a simulated cluster, and suggests what to try next. @returns the outcome of the watch */
export async function demo(typedScenario: string | undefined, host: Host): Promise<CommandResult> {
  const scenario = resolve(scenarioSetting, typedScenario, host.env);
  const clock = createFastClock(host.clock, speed);
  const simulator = await startSimulator({
    scenario,
    port: 0,
    // The clock itself runs fast; the simulator must not speed up again.
    speed: 1,
    names: ['web'],
    domains: 3,
    nodes: 6,
    tls: false,
    clock,
  });
  const demoHost: Host = { ...host, clock, env: removeSettings(host.env), home: undefined };
  try {
    const lines = [
      `Simulated cluster: ${describeSpeed(speed)}.`,
      `Scenario ${scenario}: ${scenarios[scenario].description}.`,
      '',
    ];
    host.stderr.write(literal`${joinLines(lines.map(printable))}\n`);
    const stopWords = endless[scenario];
    const startedAt = clock.monotonic();
    const flags = { endpoint: simulator.url, watch: true, ...(stopWords && { maxWait }) };
    const result = await upgradeProgress(['web'], flags, demoHost);
    if (host.interrupt.aborted) {
      const { reason } = host.interrupt;
      return { outcome: getSignalOutcome(reason), explanation: explainInterrupt(reason) };
    }
    const output = findOutput({}, demoHost.env);
    const outcome = await reportResult(result, output, clock.monotonic() - startedAt, demoHost);
    const steps = listSteps(scenario, hasCommands(result), simulator.url);
    writeEnd(stopWords, steps, demoHost);
    return { outcome };
  } finally {
    await simulator.close();
  }
}

/** Removes the user's settings and those of sfctl, which are for real clusters. */
function removeSettings(env: Host['env']): Host['env'] {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^SFC(?:OMPOSE|TL)_/i.test(name)));
}

function hasCommands({ explanation }: CommandResult): boolean {
  return explanation?.next?.some(({ command = '' }) => /^sf(?:compose|ctl) /.test(command)) ?? false;
}

/** @param isAbove whether the watch has printed commands; they name its cluster, which has ended with the demo */
function listSteps(scenario: ScenarioName, isAbove: boolean, url: string): readonly NextStep[] {
  const purpose = isAbove ? 'to try the commands above' : 'to try commands on it';
  return [
    {
      what: `Start this cluster again, ${purpose}`,
      command: `sfcompose simulate ${scenario} --speed ${speed} --port ${new URL(url).port}`,
    },
    scenario === 'happy'
      ? { what: 'Watch an upgrade that fails', command: 'sfcompose demo rollback' }
      : { what: 'Watch an upgrade that succeeds', command: 'sfcompose demo' },
    { what: 'Learn how to watch upgrades on your own cluster', command: 'sfcompose upgrade-progress --help' },
  ];
}

function writeEnd(stopWords: string | undefined, steps: readonly NextStep[], { stderr, env }: Host): void {
  const style = createStyle(findOutput({}, env).color, stderr, env);
  const stop = stopWords === undefined ? [] : [literal``, ...breakText(printable(stopWords), style.width)];
  const lines = renderSteps(steps, style.width - 2, style).map((line) => literal`  ${line}`);
  stderr.write(literal`${joinLines([...stop, literal``, literal`Try next:`, ...lines])}\n`);
}
