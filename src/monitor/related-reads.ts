/** Optional reads that help to explain an upgrade. Each is limited to {@link maxRelatedReadMs}. */
import type { Gateway } from '../cluster/gateway.ts';
import type { GatewayDocument } from '../cluster/gateway-response.ts';
import { maxRelatedReadMs } from '../cluster/time-limits.ts';
import type { CommandTarget } from '../platform/command-target.ts';
import type { Clock } from '../platform/host.ts';
import type { ApplicationEvent } from '../upgrade/events.ts';
import type { ApplicationUpgrade, ClusterNode, DeploymentStatus, Upgrade } from '../upgrade/model.ts';
import { createOptionalRead } from './optional-read.ts';

/**
 * Reads resolve to `undefined`, or to fewer services, if the cluster does not answer in time. They reject only when
 * interrupted.
 */
export interface RelatedReads {
  /** @param name of the application, `fabric:/…` */
  application(
    name: string | undefined,
    signal: AbortSignal,
  ): Promise<GatewayDocument<ApplicationUpgrade> | undefined>;
  /** Reads the names of the services that the upgrade waits for, by partition id. */
  services(upgrade: Upgrade, signal: AbortSignal): Promise<ReadonlyMap<string, string>>;
  /** Reads the nodes of the cluster once, and does not retry after a failure. */
  nodes(signal: AbortSignal): Promise<readonly ClusterNode[] | undefined>;
  /** `undefined` where no screen shows the past of the upgrade. */
  readonly events: ReadEvents | undefined;
  /** @param maxMs `Infinity` where the verdict depends on it */
  status(deployment: string, signal: AbortSignal, maxMs?: number): Promise<DeploymentStatus | undefined>;
  /** Makes a printed command address the same cluster. */
  readonly commandTarget: CommandTarget;
  /** Reads the names of all deployments. */
  names(signal: AbortSignal): Promise<readonly string[] | undefined>;
}

/**
 * Reads the events of an application from the cluster's event store. Does not read again after a failure: many clusters
 * have no event store.
 * @param findSpan returns the time of the events, which can depend on other reads; `undefined` if there is nothing to read
 */
export type ReadEvents = (
  application: string | undefined,
  findSpan: () => Promise<EventSpan | undefined>,
  signal: AbortSignal,
) => Promise<readonly ApplicationEvent[]>;

/** A span of time. */
export interface EventSpan {
  readonly from: Date;
  readonly to: Date;
}

/** Number of partitions whose services are read with one reading of the upgrade. */
const maxPartitions = 5;

/** Number of reads for each partition before its service stays unknown. */
const maxTriesPerPartition = 3;

/**
 * @param isWanted whether the application and the services may be read
 * @param wantsDetails whether the nodes of the cluster and the past of the upgrade may be read, which only the screen of
 * one deployment shows
 */
export function createRelatedReads(
  gateway: Gateway,
  isWanted: boolean,
  clock: Clock,
  trace: (line: string) => void,
  wantsDetails = false,
): RelatedReads {
  let services: ReadonlyMap<string, string> = new Map();
  let nodes: Promise<readonly ClusterNode[] | undefined> | undefined;
  let hasEventStore = true;
  let tries: ReadonlyMap<string, number> = new Map();

  const readInTime = createOptionalRead(clock, trace);

  return {
    async application(name, signal) {
      if (!isWanted || name === undefined) return undefined;
      return readInTime('the upgrade domains', signal, (own) => gateway.readApplicationUpgrade(name, own));
    },

    async services(upgrade, signal) {
      const ids = isWanted ? listPartitions(upgrade) : [];
      const unknown = ids.filter((id) => !services.has(id) && (tries.get(id) ?? 0) < maxTriesPerPartition);
      const tried = unknown.slice(0, maxPartitions);
      const names = await Promise.all(
        tried.map((id) =>
          readInTime('the name of a service', signal, (own) => gateway.readServiceName(id, own)),
        ),
      );
      const found = new Map(tried.map((id, index) => [id, names[index]]));
      // Forgets partitions that the upgrade no longer waits for, so that the memory of a long watch stays bounded.
      tries = new Map(ids.map((id) => [id, (tries.get(id) ?? 0) + (found.has(id) ? 1 : 0)]));
      services = new Map(
        ids.flatMap((id) => {
          const name = services.get(id) ?? found.get(id);
          return name === undefined ? [] : [[id, name] as const];
        }),
      );
      return services;
    },

    async nodes(signal) {
      if (!wantsDetails) return undefined;
      nodes ??= readInTime('the nodes', signal, (own) => gateway.readNodes(own));
      return nodes;
    },

    events: wantsDetails
      ? async (application, findSpan, signal) => {
          if (application === undefined || !hasEventStore) return [];
          const events = await readInTime('the events', signal, async (own) => {
            const span = await findSpan();
            return span ? gateway.readRelatedEvents(application, span, own) : [];
          });
          hasEventStore = events !== undefined;
          return events ?? [];
        }
      : undefined,

    status: (deployment, signal, maxMs) =>
      readInTime('the status of the deployment', signal, (own) => gateway.readStatus(deployment, own), maxMs),

    commandTarget: gateway.commandTarget,

    names: (signal) => readInTime('the list of the deployments', signal, (own) => readNames(gateway, own)),
  };
}

async function readNames(gateway: Gateway, signal: AbortSignal): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const page of gateway.readDeployments(signal, { timeout: maxRelatedReadMs / 1000 }))
    names.push(...page.map(({ name }) => name));
  return names;
}

/** Lists the partitions that safety checks wait for. */
function listPartitions({ currentDomain, domainAtFailure }: Upgrade): readonly string[] {
  const nodes = [...(currentDomain?.nodes ?? []), ...(domainAtFailure?.nodes ?? [])];
  const checks = nodes.flatMap((node) => node.safetyChecks);
  return [...new Set(checks.flatMap(({ partitionId }) => partitionId ?? []))];
}
