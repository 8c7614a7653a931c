/** `sfcompose simulate [scenario]`: a simulated cluster to try things on, until it is interrupted. */
import { interruptedBy, usageError } from '../errors.ts';
import type { Outcome } from '../exit-code.ts';
import type { Host } from '../host.ts';
import { oneOf, resolve, type Setting, wholeNumber } from '../settings.ts';
import { type ScenarioName, scenarios } from '../simulator/scenarios.ts';
import type { Simulator, SimulatorOptions } from '../simulator/simulator.ts';
import { counted } from '../text.ts';

/** As they were typed; nothing is checked yet. */
export interface SimulateFlags {
  readonly port?: string;
  readonly speed?: string;
  readonly name?: string;
  readonly domains?: string;
  readonly nodes?: string;
  readonly tls?: boolean;
}

export const scenarioSetting: Setting<ScenarioName> = {
  flag: '[scenario]',
  fallback: 'happy',
  allowed: `one of ${Object.keys(scenarios).join(', ')}`,
  parse: oneOf(scenarios),
};

/** For `--help`. */
export function scenarioTable(): string {
  const lines = Object.entries(scenarios).map(([name, { says }]) => `  ${name.padEnd(14)}  ${says}`);
  return ['Scenarios:', ...lines].join('\n');
}

export const portSetting: Setting<number> = {
  flag: '--port',
  fallback: '19080',
  allowed: 'a port from 0 (any that is free) to 65535',
  parse: wholeNumber(0, 65535),
};

export const speedSetting: Setting<number> = {
  flag: '--speed',
  fallback: '1',
  allowed: 'a factor from 0.1 to 10000',
  parse(text) {
    const factor = /^\d{1,5}(\.\d{1,5})?$/.test(text) ? Number(text) : Number.NaN;
    return factor >= 0.1 && factor <= 10_000 ? factor : undefined;
  },
};

export const nameSetting: Setting<string> = {
  flag: '--name',
  fallback: 'web',
  allowed: 'letters, digits and - . _ ~: other names do not reach every gateway unchanged',
  parse: (text) => (/^[\w.~-]{1,200}$/.test(text) && !/^\.{1,2}$/.test(text) ? text : undefined),
};

export const domainsSetting: Setting<number> = {
  flag: '--domains',
  fallback: '3',
  allowed: 'a whole number from 1 to 100',
  parse: wholeNumber(1, 100),
};

export const nodesSetting: Setting<number> = {
  flag: '--nodes',
  fallback: 'two a domain',
  allowed: 'a whole number from 2 to 1000',
  parse: wholeNumber(2, 1000),
};

/** @param scenario as typed, or `undefined` for the default */
export async function simulate(
  scenario: string | undefined,
  flags: SimulateFlags,
  host: Host,
): Promise<Outcome> {
  const options: SimulatorOptions = {
    scenario: resolve(scenarioSetting, scenario, host.env),
    port: resolve(portSetting, flags.port, host.env),
    speed: resolve(speedSetting, flags.speed, host.env),
    name: resolve(nameSetting, flags.name, host.env),
    ...layoutSettings(flags, host.env),
    tls: flags.tls ?? false,
    clock: host.clock,
  };
  const simulator = await start(options);
  host.stdout.write(`${simulator.url}\n`);
  host.stderr.write(`${welcome(options, simulator).join('\n')}\n`);
  await host.clock.sleep(Number.POSITIVE_INFINITY, host.interrupt);
  await simulator.close();
  return interruptedBy(host.interrupt.reason);
}

function layoutSettings(flags: SimulateFlags, env: Host['env']): { domains: number; nodes: number } {
  const nodes = flags.nodes === undefined ? undefined : resolve(nodesSetting, flags.nodes, env);
  const wanted = resolve(domainsSetting, flags.domains, env);
  if (nodes === undefined) return { domains: wanted, nodes: 2 * wanted };
  const possible = Math.floor(nodes / 2);
  if (flags.domains === undefined) return { domains: Math.min(wanted, possible), nodes };
  if (wanted <= possible) return { domains: wanted, nodes };
  throw usageError(
    `--nodes is "${nodes}", but ${counted(wanted, 'domain')} take at least ${2 * wanted}: two or more in each.`,
  );
}

async function start(options: SimulatorOptions): Promise<Simulator> {
  const { startSimulator } = await import('../simulator/simulator.ts');
  try {
    return await startSimulator(options);
  } catch (error) {
    const why = whyNot[(error as NodeJS.ErrnoException).code ?? ''];
    if (why === undefined) throw error;
    throw usageError(`--port is "${options.port}", but ${why}; give another, or 0 for any that is free.`);
  }
}

const whyNot: Readonly<Record<string, string>> = {
  EADDRINUSE: 'something else listens there',
  EACCES: 'that port is not free to this user',
};

function welcome(options: SimulatorOptions, { url, thumbprint }: Simulator): readonly string[] {
  const { scenario, speed, name, domains, nodes } = options;
  return [
    `A simulated cluster: ${scenarios[scenario].says}.`,
    `It has ${counted(domains, 'upgrade domain')} and ${counted(nodes, 'node')}; a minute there passes in ${seconds(60 / speed)} here.`,
    ...(thumbprint ? [`Its certificate is self-signed, with the thumbprint ${thumbprint}.`] : []),
    `Try: sfcompose upgrade-progress ${name} -e ${url}`,
    'Ctrl-C ends it.',
  ];
}

function seconds(value: number): string {
  return `${Number(value.toPrecision(3))} s`;
}
