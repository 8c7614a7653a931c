/** `sfcompose simulate [scenario]`: serves a simulated cluster until it is interrupted. */
import { X509Certificate } from 'node:crypto';
import { describeInvalidity, toCertificateFacts } from '../../config/credential-facts.ts';
import { fileError, type NamedFile, readOptionalFile } from '../../config/input-file.ts';
import { findValue, resolve } from '../../config/setting.ts';
import { createFileSetting } from '../../config/settings.ts';
import { getSignalOutcome, usageError } from '../../platform/errors.ts';
import { formatCount, formatPathArgument } from '../../platform/format.ts';
import type { Host } from '../../platform/host.ts';
import { joinLines, literal, printable } from '../../platform/printable.ts';
import type { CommandResult } from '../../platform/result.ts';
import { scenarios } from '../../simulator/scenarios.ts';
import type { Simulator, SimulatorOptions } from '../../simulator/simulator.ts';
import {
  describeSpeed,
  domainsSetting,
  nameSetting,
  nodesSetting,
  portSetting,
  roleSetting,
  scenarioSetting,
  speedSetting,
} from './simulate-settings.ts';

/** Options as typed, not checked yet. */
export interface SimulateFlags {
  readonly port?: string | undefined;
  readonly speed?: string | undefined;
  readonly name?: readonly string[] | undefined;
  readonly domains?: string | undefined;
  readonly nodes?: string | undefined;
  readonly role?: string | undefined;
  readonly eventStore?: boolean | undefined;
  readonly tls?: boolean | undefined;
  readonly clientCertificate?: string | undefined;
}

const clientCertificateSetting = createFileSetting('--client-certificate');

/** Serves until a signal. @param scenario as typed; `undefined` for the default */
export async function simulate(
  scenario: string | undefined,
  flags: SimulateFlags,
  host: Host,
): Promise<CommandResult> {
  const settings = {
    scenario: resolve(scenarioSetting, scenario, host.env),
    port: resolve(portSetting, flags.port, host.env),
    speed: resolve(speedSetting, flags.speed, host.env),
    names: resolveNames(flags, host.env),
    ...resolveTopology(flags, host.env),
    role: resolve(roleSetting, flags.role, host.env),
    eventStore: flags.eventStore ?? true,
    tls: flags.tls ?? false,
    clock: host.clock,
  };
  const accepted = await readOrCreateCertificate(flags, host);
  const options: SimulatorOptions = { ...settings, ...(accepted && { clientCertificate: accepted.pem }) };
  const simulator = await startServer(options);
  host.stdout.write(literal`${printable(simulator.url)}\n`);
  host.stderr.write(
    literal`${joinLines(formatWelcome(options, simulator, accepted, host).map(printable))}\n`,
  );
  await host.clock.sleep(Infinity, host.interrupt);
  await simulator.close();
  return { outcome: getSignalOutcome(host.interrupt.reason) };
}

/** Resolves the deployment names. Ignores duplicates. */
function resolveNames(
  { name = [nameSetting.defaultValue] }: SimulateFlags,
  env: Host['env'],
): readonly string[] {
  return [...new Set(name.map((one) => resolve(nameSetting, one, env)))];
}

function resolveTopology(flags: SimulateFlags, env: Host['env']): { domains: number; nodes: number } {
  const nodes = flags.nodes === undefined ? undefined : resolve(nodesSetting, flags.nodes, env);
  const wanted = resolve(domainsSetting, flags.domains, env);
  if (nodes === undefined) return { domains: wanted, nodes: 2 * wanted };
  const possible = Math.floor(nodes / 2);
  if (flags.domains === undefined) return { domains: Math.min(wanted, possible), nodes };
  if (wanted <= possible) return { domains: wanted, nodes };
  throw usageError(
    `--nodes is "${nodes}", but ${formatCount(wanted, 'upgrade domain')} need at least ${2 * wanted} nodes, two in each.`,
  );
}

interface AcceptedCertificate {
  readonly pem: string;
  readonly path: string;
  readonly isNew: boolean;
}

/** Reads the client certificate, or creates one in the named file. */
async function readOrCreateCertificate(
  flags: SimulateFlags,
  host: Host,
): Promise<AcceptedCertificate | undefined> {
  const named = findValue(clientCertificateSetting, flags.clientCertificate, host.env);
  if (named === undefined) return undefined;
  if (!flags.tls) throw usageError('--client-certificate needs --tls.');
  const { value: path, from } = named;
  const file: NamedFile = { path, from };
  const bytes = await readOptionalFile(file, host);
  if (bytes === undefined) return { pem: await writeCertificate(file, host), path, isNew: true };
  const pem = bytes.toString();
  const problem = findCertificateProblem(pem, host.clock.now());
  if (problem !== undefined) throw fileError(file, `contains ${problem}.`);
  return { pem, path, isNew: false };
}

async function writeCertificate(file: NamedFile, host: Host): Promise<string> {
  const { createClientCertificate } = await import('../../simulator/certificate.ts');
  const pem = await createClientCertificate(host.clock.now());
  try {
    await host.writeNew(file.path, pem);
  } catch (error) {
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw fileError(file, `cannot be created: ${writeProblems[code] ?? code}.`);
  }
  return pem;
}

const writeProblems: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist',
  ENOTDIR: 'its folder does not exist',
  EACCES: 'this user has no permission to write there',
  EPERM: 'this user has no permission to write there',
  EEXIST: 'it is a link to a file that does not exist',
};

function findCertificateProblem(pem: string, now: number): string | undefined {
  const certificate = parseCertificate(pem);
  if (certificate === undefined) return 'no certificate in PEM';
  const invalidity = describeInvalidity(toCertificateFacts(certificate), now);
  return invalidity && `a certificate that ${invalidity}`;
}

function parseCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}

async function startServer(options: SimulatorOptions): Promise<Simulator> {
  const { startSimulator } = await import('../../simulator/simulator.ts');
  try {
    return await startSimulator(options);
  } catch (error) {
    const problem = listenProblems[(error as NodeJS.ErrnoException).code ?? ''];
    if (problem === undefined) throw error;
    throw usageError(
      `--port is "${options.port}", but ${problem}. Choose another port, or 0 for any free one.`,
    );
  }
}

const listenProblems: Readonly<Record<string, string>> = {
  EADDRINUSE: 'another program uses this port',
  EACCES: 'this user has no permission to use this port',
};

/** Describes the cluster, and how to use it. */
function formatWelcome(
  options: SimulatorOptions,
  { url, thumbprint }: Simulator,
  accepted: AcceptedCertificate | undefined,
  { shells }: Host,
): readonly string[] {
  const { scenario, speed, names, domains, nodes } = options;
  const target = [
    `-e ${url}`,
    ...(thumbprint ? [`--server-thumbprint ${thumbprint}`] : []),
    ...(accepted ? [`--cert-file ${formatPathArgument(accepted.path, shells)}`] : []),
    ...(accepted && !accepted.pem.includes('PRIVATE KEY') ? ['--key-file <file>'] : []),
  ].join(' ');
  return [
    `Simulated cluster: ${describeSpeed(speed)}.`,
    `Scenario ${scenario}: ${scenarios[scenario].description}.`,
    `${formatCount(domains, 'upgrade domain')}, ${formatCount(nodes, 'node')}.`,
    ...(thumbprint ? [`Its certificate is self-signed, with the thumbprint ${thumbprint}.`] : []),
    ...(accepted ? [describeAccess(accepted)] : []),
    '',
    'Try:',
    `  sfcompose list ${target}`,
    `  sfcompose upgrade-progress ${names[0]} --watch ${target}`,
    '',
    'Press Ctrl-C to stop.',
  ];
}

function describeAccess({ path, isNew }: AcceptedCertificate): string {
  const origin = isNew ? ', which was created with its key' : '';
  return `It accepts only the client certificate in ${path}${origin}.`;
}
