/** What is read beside an upgrade to explain it: never required, and never waited for longer than {@link maxRelatedReadMs}. */

import { GatewayError } from '../cluster/faults/fault.ts';
import { type ApplicationProgress, type Gateway, maxRelatedReadMs } from '../cluster/gateway.ts';
import type { CommandTarget } from '../platform/command-target.ts';
import { ExpectedError } from '../platform/errors.ts';
import type { Clock } from '../platform/host.ts';
import { forwardAbort } from '../platform/timeout.ts';
import type { DeploymentStatus, Upgrade } from '../upgrade/model.ts';

/** Each is `undefined`, or knows less, where the cluster does not tell in time. They fail only when interrupted. */
export interface RelatedReads {
  application(name: string | undefined, signal: AbortSignal): Promise<ApplicationProgress | undefined>;
  /** The services that the upgrade waits for, by partition, as far as they are known. */
  services(upgrade: Upgrade, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** @param longest milliseconds that it may take; without limit where a verdict hangs on it */
  status(deployment: string, signal: AbortSignal, longest?: number): Promise<DeploymentStatus | undefined>;
  /** Commands that commandTarget the same cluster. */
  readonly commandTarget: CommandTarget;
  /** Of all deployments. */
  names(signal: AbortSignal): Promise<readonly string[] | undefined>;
}

/** Partitions that are asked for with one reading, and how often each of them. */
const maxPartitions = 5;
const maxTriesPerPartition = 3;

/** @param wanted whether the application and its partitions may be asked for */
export function createRelatedReads(
  gateway: Gateway,
  wanted: boolean,
  clock: Clock,
  trace: (line: string) => void,
): RelatedReads {
  let services: ReadonlyMap<string, string> = new Map();
  let tries: ReadonlyMap<string, number> = new Map();

  async function inTime<T>(
    what: string,
    signal: AbortSignal,
    read: (signal: AbortSignal) => Promise<T>,
    longest = maxRelatedReadMs,
  ): Promise<T | undefined> {
    const tooLong = new AbortController();
    const callOff = clock.after(longest, () => tooLong.abort());
    const undo = forwardAbort(signal, tooLong);
    try {
      return await read(tooLong.signal);
    } catch (error) {
      const isExpected = error instanceof GatewayError || error instanceof ExpectedError;
      if (!isExpected || signal.aborted) throw error;
      const why = error instanceof GatewayError ? error.fault.kind : error.message;
      trace(`  ${what} could not be read: ${tooLong.signal.aborted ? 'no answer in time' : why}`);
      return undefined;
    } finally {
      callOff();
      undo();
    }
  }

  return {
    async application(name, signal) {
      if (!wanted || name === undefined) return undefined;
      return inTime('the upgrade domains', signal, (own) => gateway.readApplicationUpgrade(name, own));
    },

    async services(upgrade, signal) {
      const ids = wanted ? listPartitions(upgrade) : [];
      const open = ids.filter((id) => !services.has(id) && (tries.get(id) ?? 0) < maxTriesPerPartition);
      const asked = open.slice(0, maxPartitions);
      const names = await Promise.all(
        asked.map((id) => inTime('the name of a service', signal, (own) => gateway.readServiceName(id, own))),
      );
      const found = new Map(asked.map((id, index) => [id, names[index]]));
      // Only what this upgrade waits for is kept: a watch of days meets many partitions.
      tries = new Map(ids.map((id) => [id, (tries.get(id) ?? 0) + (found.has(id) ? 1 : 0)]));
      services = new Map(
        ids.flatMap((id) => {
          const name = services.get(id) ?? found.get(id);
          return name === undefined ? [] : [[id, name] as const];
        }),
      );
      return services;
    },

    status: (deployment, signal, longest) =>
      inTime('the status of the deployment', signal, (own) => gateway.readStatus(deployment, own), longest),

    commandTarget: gateway.commandTarget,

    names: (signal) => inTime('the list of the deployments', signal, (own) => readNames(gateway, own)),
  };
}

async function readNames(gateway: Gateway, signal: AbortSignal): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of gateway.readDeployments(signal, { timeout: maxRelatedReadMs / 1000 }))
    names.push(...page.map(({ name }) => name));
  return names;
}

function listPartitions({ currentDomain, domainAtFailure }: Upgrade): readonly string[] {
  const nodes = [...(currentDomain?.nodes ?? []), ...(domainAtFailure?.nodes ?? [])];
  const checks = nodes.flatMap((node) => node.safetyChecks);
  return [...new Set(checks.flatMap(({ partitionId }) => partitionId ?? []))];
}
