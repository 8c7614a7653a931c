/** Prepares a command that acts on one deployment: settings, gateway, sources, build agent. */
import type { Gateway } from '../../../cluster/gateway.ts';
import { formatEndpoint } from '../../../config/endpoint.ts';
import { createOptionalRead, type OptionalRead } from '../../../monitor/optional-read.ts';
import { createRelatedReads } from '../../../monitor/related-reads.ts';
import { selectAgent } from '../../../output/ci/select-agent.ts';
import type { CommandTarget } from '../../../platform/command-target.ts';
import type { Host } from '../../../platform/host.ts';
import type { Secret } from '../../../platform/secret.ts';
import { allowManyListeners } from '../../../platform/timeout.ts';
import { openGateway } from '../../open-gateway.ts';
import { createTrace } from '../../trace.ts';
import type { UpgradeContext } from '../upgrade-progress/context.ts';
import {
  resolveSettings,
  type UpgradeProgressSettings,
  type WatchFlags,
} from '../upgrade-progress/options.ts';

/** The checked options that all commands that act share. */
export interface ActingSettings {
  readonly deployment: string;
  readonly settings: UpgradeProgressSettings;
  /** Writes a line to stderr with `--verbose`. */
  readonly trace: (line: string) => void;
}

/** Everything that a command which acts on a deployment needs. */
export interface Acting extends ActingSettings, UpgradeContext {
  /** Makes a printed command address the same cluster. */
  readonly commandTarget: CommandTarget;
  readonly gateway: Gateway;
  readonly readOptional: OptionalRead;
  /** `http://host:19080`, with the base path. */
  readonly endpoint: string;
  /** Takes remarks, one or more sentences each, which are reported at the end. */
  readonly remarks: string[];
}

/** Checks the options. @throws a usage error */
export async function resolveActing(
  deployment: string,
  { expectVersion: _, ...flags }: WatchFlags,
  host: Host,
): Promise<ActingSettings> {
  const trace = createTrace(flags, host);
  return { deployment, settings: await resolveSettings([deployment], flags, host, trace), trace };
}

/**
 * Prepares the gateway and all else; nothing is sent yet. The caller closes the gateway.
 * @param secrets hidden by the build agent, before anything is written
 */
export async function openActing(
  { deployment, settings, trace }: ActingSettings,
  host: Host,
  secrets: readonly Secret[] = [],
): Promise<Acting> {
  const agent = await selectAgent(settings.ci, settings.quiet, host);
  for (const secret of secrets) agent.mask(secret);
  allowManyListeners(host.interrupt);
  const gateway = openGateway(settings.connection, settings, trace, host);
  const wantsDetails = settings.domains && settings.format === 'table';
  return {
    deployment,
    settings,
    host,
    trace,
    agent,
    gateway,
    createSource: () => ({
      gateway,
      relatedReads: createRelatedReads(gateway, settings.domains, host.clock, trace, wantsDetails),
      clock: host.clock,
    }),
    readOptional: createOptionalRead(host.clock, trace),
    commandTarget: settings.connection.commandTarget,
    endpoint: formatEndpoint(settings.connection.endpoint),
    remarks: [],
  };
}
