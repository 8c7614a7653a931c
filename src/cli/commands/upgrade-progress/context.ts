/** The context in which upgrades are read and watched. */
import type { Connection } from '../../../config/connection.ts';
import { formatEndpoint } from '../../../config/endpoint.ts';
import type { UpgradeSource } from '../../../monitor/read.ts';
import { createRelatedReads } from '../../../monitor/related-reads.ts';
import type { Target } from '../../../monitor/target.ts';
import type { EndedEvent } from '../../../monitor/watch.ts';
import type { BuildAgent } from '../../../output/ci/agent.ts';
import type { Host } from '../../../platform/host.ts';
import type { OpenCluster } from '../../open-clusters.ts';
import { needsExplanation, type UpgradeProgressSettings } from './options.ts';

/** Settings, targets and surroundings of a read or watch. */
export interface UpgradeContext {
  readonly settings: UpgradeProgressSettings;
  /** The deployments, cluster by cluster. */
  readonly targets: readonly UpgradeTarget[];
  readonly agent: BuildAgent;
  /** Replaces the end of a watch, for commands whose success is another one. */
  readonly judgeEnd?: (ended: EndedEvent) => EndedEvent;
  /** Writes a line to stderr with `--verbose`. */
  readonly trace: (line: string) => void;
  readonly host: Host;
}

/** A deployment, and how to read it. */
export interface UpgradeTarget extends Target {
  readonly connection: Connection;
  readonly createSource: () => UpgradeSource;
}

/** Creates a target. All targets on a cluster share its gateway. */
export function createTarget(
  deployment: string,
  { connection, gateway, trace }: OpenCluster,
  settings: UpgradeProgressSettings,
  host: Host,
): UpgradeTarget {
  const { domains, format, deployments, connections, report } = settings;
  const isAmongClusters = connections.length > 1;
  const wantsRelated = domains && needsExplanation(settings);
  const isOne = deployments.length === 1 && !isAmongClusters;
  const wantsDetails = wantsRelated && isOne && (format === 'table' || report !== undefined);
  return {
    deployment,
    cluster: connection.cluster,
    endpoint: formatEndpoint(connection.endpoint),
    isAmongClusters,
    connection,
    createSource: () => ({
      gateway,
      relatedReads: createRelatedReads(gateway, wantsRelated, host.clock, trace, wantsDetails),
      clock: host.clock,
    }),
  };
}
