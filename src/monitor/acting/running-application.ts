/** Reads the application of a deployment, so that an upgrade can be compared with what runs. */
import { GatewayError, selectRetryPolicy } from '../../cluster/faults/fault.ts';
import type { Gateway } from '../../cluster/gateway.ts';
import type { HealthState } from '../../upgrade/enums.ts';
import type { ApplicationManifest } from '../../upgrade/model.ts';
import type { OptionalRead } from '../optional-read.ts';

/** The version of a deployment's application that runs now. */
export interface RunningApplication {
  readonly version: string;
  readonly manifest: ApplicationManifest;
  /** Images by service, as far as they could be read in time. */
  readonly images: ReadonlyMap<string, string>;
  readonly health: HealthState | undefined;
}

/** Services whose images are read. */
const maxImages = 20;

/**
 * Reads the version and its manifest, and if possible images and health.
 * @param application `fabric:/…`
 * @param services the services whose images matter
 * @returns `undefined` if the gateway refuses to show the manifest
 * @throws GatewayError for a fault that may pass
 */
export async function readRunningApplication(
  gateway: Gateway,
  application: string,
  services: readonly string[],
  readOptional: OptionalRead,
  signal: AbortSignal,
): Promise<RunningApplication | undefined> {
  const readHealth = readOptional('the health', signal, (own) =>
    gateway.readApplicationHealth(application, own),
  );
  // Its failure is of interest only after that of the manifest.
  readHealth.catch(() => {});
  const type = await readUnlessRefused(() => gateway.readApplicationType(application, signal));
  const manifest = type && (await readUnlessRefused(() => gateway.readApplicationManifest(type, signal)));
  if (type === undefined || manifest === undefined) return undefined;
  const compared = manifest.services.filter(({ name }) => services.includes(name)).slice(0, maxImages);
  const images = await Promise.all(
    compared.map(async (service): Promise<readonly [string, string | undefined]> => {
      const read = (own: AbortSignal) => gateway.readServiceImage(type, service.manifest, own);
      return [service.name, await readOptional(`the image of ${service.name}`, signal, read)];
    }),
  );
  return {
    version: type.version,
    manifest,
    images: new Map(images.flatMap(([name, image]) => (image === undefined ? [] : [[name, image] as const]))),
    health: await readHealth,
  };
}

async function readUnlessRefused<T>(read: () => Promise<T>): Promise<T | undefined> {
  return read().catch((error) => {
    const isRefused =
      error instanceof GatewayError &&
      error.fault.kind === 'response' &&
      selectRetryPolicy(error.fault, true) === 'final';
    if (isRefused) return undefined;
    throw error;
  });
}
