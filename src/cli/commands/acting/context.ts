/** Prepares a command that acts on one deployment: settings, gateway, sources, build agent. */
import type { Gateway } from '../../../cluster/gateway.ts';
import { type Connection, resolveConnection } from '../../../config/connection.ts';
import { createOptionalRead, type OptionalRead } from '../../../monitor/optional-read.ts';
import type { UpgradeSource } from '../../../monitor/read.ts';
import { selectAgent } from '../../../output/ci/select-agent.ts';
import type { CommandTarget } from '../../../platform/command-target.ts';
import type { Host } from '../../../platform/host.ts';
import type { Secret } from '../../../platform/secret.ts';
import { allowManyListeners } from '../../../platform/timeout.ts';
import { openGateway } from '../../open-gateway.ts';
import { createTrace } from '../../trace.ts';
import { createTarget, type UpgradeContext } from '../upgrade-progress/context.ts';
import {
  resolveSettings,
  type UpgradeProgressSettings,
  type WatchFlags,
} from '../upgrade-progress/options.ts';

/** The checked options that all commands that act share. */
export interface ActingSettings {
  readonly deployment: string;
  readonly settings: UpgradeProgressSettings;
  readonly connection: Connection;
  /** Writes a line to stderr with `--verbose`. */
  readonly trace: (line: string) => void;
}

/** Everything that a command which acts on a deployment needs. */
export interface Acting extends ActingSettings, UpgradeContext {
  /** Makes a printed command address the same cluster. */
  readonly commandTarget: CommandTarget;
  readonly gateway: Gateway;
  readonly createSource: () => UpgradeSource;
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
  const connection = await resolveConnection(flags, host, trace);
  const settings = await resolveSettings([deployment], flags, host, trace, async () => [connection]);
  return { deployment, settings, connection, trace };
}

/**
 * Prepares the gateway and all else; nothing is sent yet. The caller closes the gateway.
 * @param secrets hidden by the build agent, before anything is written
 */
export async function openActing(
  { deployment, settings, connection, trace }: ActingSettings,
  host: Host,
  secrets: readonly Secret[] = [],
): Promise<Acting> {
  const agent = await selectAgent(settings.ci, settings.quiet, host);
  for (const secret of secrets) agent.mask(secret);
  allowManyListeners(host.interrupt);
  const gateway = openGateway(connection, settings, trace, host);
  const watched = { ...settings, watch: true };
  const target = createTarget(deployment, { connection, gateway, trace }, watched, host);
  return {
    deployment,
    settings,
    host,
    trace,
    agent,
    gateway,
    connection,
    targets: [target],
    createSource: target.createSource,
    readOptional: createOptionalRead(host.clock, trace),
    commandTarget: connection.commandTarget,
    endpoint: target.endpoint,
    remarks: [],
  };
}
