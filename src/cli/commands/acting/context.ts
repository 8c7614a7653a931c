/** Prepares a command that acts on one deployment: settings, gateway, sources, build agent. */
import type { Gateway } from '../../../cluster/gateway.ts';
import { formatEndpoint } from '../../../config/endpoint.ts';
import type { ActingContext } from '../../../monitor/acting/conflict.ts';
import { createOptionalRead, type OptionalRead } from '../../../monitor/optional-read.ts';
import { createRelatedReads } from '../../../monitor/related-reads.ts';
import { selectAgent } from '../../../output/ci/select-agent.ts';
import type { Host } from '../../../platform/host.ts';
import type { Secret } from '../../../platform/secret.ts';
import { allowManyListeners } from '../../../platform/timeout.ts';
import { openGateway } from '../../open-gateway.ts';
import { createTrace } from '../../trace.ts';
import type { UpgradeContext } from '../upgrade-progress/context.ts';
import { resolveSettings, type WatchFlags } from '../upgrade-progress/options.ts';

/** Everything that a command which acts on a deployment needs. */
export interface Acting extends UpgradeContext, ActingContext {
  readonly gateway: Gateway;
  readonly readOptional: OptionalRead;
  /** `http://host:19080`, with the base path. */
  readonly endpoint: string;
}

/**
 * Checks the options and prepares everything; nothing is sent yet. The caller closes the gateway.
 * @param resolveSecrets checks further options, and returns the secrets that a build agent must hide before anything else
 * is written
 * @throws a usage error
 */
export async function createActing(
  deployment: string,
  flags: WatchFlags,
  host: Host,
  resolveSecrets: () => Promise<readonly Secret[]> = async () => [],
): Promise<Acting> {
  const trace = createTrace(flags, host);
  const { expectVersion: _, ...watchFlags } = flags;
  const settings = await resolveSettings([deployment], watchFlags, host, trace);
  allowManyListeners(host.interrupt);
  const secrets = await resolveSecrets();
  const agent = await selectAgent(settings.ci, settings.quiet, host);
  for (const secret of secrets) agent.mask(secret);
  const gateway = openGateway(settings.connection, settings, trace, host);
  const wantsNodes = settings.domains && settings.format === 'table';
  return {
    settings,
    host,
    trace,
    gateway,
    createSource: () => ({
      gateway,
      relatedReads: createRelatedReads(gateway, settings.domains, host.clock, trace, wantsNodes),
      clock: host.clock,
    }),
    agent,
    readOptional: createOptionalRead(host.clock, trace),
    deployment,
    commandTarget: settings.connection.commandTarget,
    endpoint: formatEndpoint(settings.connection.endpoint),
  };
}
