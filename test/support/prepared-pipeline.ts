/** The packed program, a registry that has it, and clusters whose time is short, for tests of pipelines. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { packTarball } from '../../build/npm.js';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import type { SimulatorOptions } from '../../src/simulator/simulator.ts';
import { type PackageRegistry, startPackageRegistry } from './package-registry.ts';
import { type SimulatedCluster, startSimulatedCluster } from './simulated-cluster.ts';
import { acceptedClient } from './simulated-tls.ts';

/** The version in `package.json`. */
export const packageVersion: string = JSON.parse(readFileSync('package.json', 'utf8')).version;

/** Reads fast clusters often enough. */
export const fastInterval = '--interval=200ms';

/** A client certificate with its key. */
export const certificate = `${acceptedClient.cert}${acceptedClient.key}`;

interface PreparedPipeline {
  /** The path of the packed program. */
  readonly tarball: string;
  /** Creates the variables by which npm uses the registry, and no other cache. */
  createNpmSettings(folder: string): Readonly<Record<string, string>>;
}

/** Packs the program, and serves it from a registry, for the tests of a file. */
export function preparePipeline(): PreparedPipeline {
  const folder = mkdtempSync(join(tmpdir(), 'sfcompose ü '));
  let registry: PackageRegistry | undefined;
  let tarball = '';
  beforeAll(async () => {
    tarball = packTarball(folder);
    registry = await startPackageRegistry(tarball, packageVersion);
  });
  afterAll(() => {
    registry?.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    get tarball() {
      return tarball;
    },
    createNpmSettings: (folder) => ({
      npm_config_registry: registry?.url ?? '',
      npm_config_cache: join(folder, 'npm'),
    }),
  };
}

/** Starts a cluster whose minutes pass in a tenth of a second. */
export function startFastCluster(
  scenario: ScenarioName,
  options: Partial<SimulatorOptions> = {},
): Promise<SimulatedCluster> {
  const clock = {
    now: Date.now,
    monotonic: () => performance.now(),
    sleep: (milliseconds: number) => pause(milliseconds),
  };
  return startSimulatedCluster(scenario, { speed: 600, clock, ...options });
}

/** Starts a cluster that asks for {@link certificate}. @returns the inputs for it */
export async function startSecuredCluster(scenario: ScenarioName) {
  const options = { tls: true, clientCertificate: acceptedClient.cert };
  const { url, thumbprint } = await startFastCluster(scenario, options);
  return { deployments: 'web', endpoint: url, 'server-thumbprint': thumbprint ?? '', options: fastInterval };
}

/** Lists the files of certificates in the folder of a job, with their permissions and those of their folder. */
export function listCertificates(folder: string): readonly string[] {
  const parent = join(folder, 'temp', 'sfcompose');
  const found = existsSync(parent) ? readdirSync(parent) : [];
  const getMode = (path: string) => (statSync(path).mode & 0o777).toString(8);
  return found
    .filter((name) => name.startsWith('credentials-'))
    .flatMap((name) => [
      `folder ${getMode(join(parent, name))}`,
      ...readdirSync(join(parent, name)).map((file) => `${file} ${getMode(join(parent, name, file))}`),
    ]);
}
