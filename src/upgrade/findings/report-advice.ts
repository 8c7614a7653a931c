/** Advice by kind of health report: what usually causes it, and where to look. */
import type { NextStep } from '../../platform/next-step.ts';
import { findService, type HealthCause } from '../health/causes.ts';
import type { HealthEvent } from '../model.ts';
import { nameNodes } from '../names.ts';
import type { UpgradeSnapshot } from '../snapshot.ts';
import { hasEnded, isHealthCheck } from '../state.ts';
import { suggestForCheck } from './safety-check-advice.ts';
import * as commands from './sfctl-commands.ts';

/** Advice on one cause. */
export interface ReportAdvice {
  /** Sentences that explain the report. */
  readonly hints: readonly string[];
  readonly next: readonly NextStep[];
}

/** A kind of report. */
interface ReportKind {
  matches(event: HealthEvent, text: string): boolean;
  advise(cause: HealthCause, snapshot: UpgradeSnapshot): ReportAdvice;
}

/** Matches texts of Docker and the runtime about an image that the node cannot get or use. */
const imageFault =
  /\bimage\b.*\b(?:download|pull)|\b(?:download|pull)\w*\b.*\bimage\b|manifest unknown|no matching manifest|pull access denied|image operating system|no such image/is;

/**
 * The kinds, by source and property. Properties: `Hosting2/*.cpp` of the runtime, and the published list of system health
 * reports.
 */
const reportKinds: readonly ReportKind[] = [
  {
    matches: ({ source, property }, text) =>
      source === 'System.Hosting' && (/^(?:\w*Download)\b/.test(property) || imageFault.test(text)),
    advise: (cause, snapshot) => ({
      hints: [
        'Check the name and tag of the image, whether the nodes reach the registry, and whether the image is built for their OS.',
        'A compose upgrade does not keep registry credentials: give them with each one (--registry-user).',
        ...(isHealthCheck(snapshot.upgrade)
          ? ['If the nodes can download the image before the health check times out, the upgrade continues.']
          : []),
      ],
      next: suggestHealth(cause, snapshot),
    }),
  },
  {
    matches: ({ property }) => property.startsWith('DockerHealthCheckStatus:'),
    advise: (cause, snapshot) => ({
      hints: ['The container runs, but the HEALTHCHECK of its image fails.'],
      next: [...suggestLogs(cause, snapshot, false), ...suggestHealth(cause, snapshot)],
    }),
  },
  {
    matches: ({ property }) => property.startsWith('CodePackageActivation:'),
    advise: (cause, snapshot) => ({
      hints: [],
      next: [...suggestLogs(cause, snapshot, true), ...suggestHealth(cause, snapshot)],
    }),
  },
  {
    matches: ({ property }) => property.startsWith('ServiceTypeRegistration:'),
    advise: (cause, snapshot) => ({
      hints: ['The container did not come up in time.'],
      next: [...suggestLogs(cause, snapshot, false), ...suggestHealth(cause, snapshot)],
    }),
  },
  {
    matches: ({ source }) => source === 'System.PLB',
    advise: (cause, snapshot) => ({
      hints: [],
      next: [
        ...suggestForCheck(
          'WaitForResourceAvailability',
          [...cause.nodes, ...listEliminatedNodes(cause.text)].slice(0, 1),
          [],
          snapshot,
        ),
        ...suggestHealth(cause, snapshot),
      ],
    }),
  },
  {
    matches: ({ source }) => source === 'System.FM',
    advise: (cause, snapshot) => {
      const nodes = listReportedNodes(cause.text).slice(0, maxNodes);
      const isPartition = cause.where.has('partition');
      const hint =
        nodes.length > 0 ? `look for its cause on ${nameNodes(nodes, maxNodes)}` : 'instances are missing';
      return {
        hints: [`This is a symptom: ${hint}.`],
        next: [
          ...nodes.map((node) => suggestNode(node, isPartition, snapshot)),
          ...(nodes.length === 0 ? suggestReplicas(cause, snapshot) : []),
          ...suggestHealth(cause, snapshot),
        ],
      };
    },
  },
  {
    matches: ({ source }) => source === 'System.RA' || source === 'System.RAP',
    advise: (cause, snapshot) => ({
      hints: ['The code of the service fails, or does not return in time.'],
      next: [
        ...listReportedNodes(cause.text)
          .slice(0, 1)
          .map((node) => suggestNode(node, true, snapshot)),
        ...suggestHealth(cause, snapshot),
      ],
    }),
  },
];

/** Part of a text that is searched: the runtime's longest report. */
const maxTextLength = 4096;

/** Nodes of one report that commands look at. */
const maxNodes = 2;

/** Advises on a cause. */
export function adviseOnReport(cause: HealthCause, snapshot: UpgradeSnapshot): ReportAdvice {
  const { event } = cause.evaluation;
  const text = cause.text.slice(0, maxTextLength);
  const kind = event && reportKinds.find((one) => one.matches(event, text));
  return kind?.advise({ ...cause, text }, snapshot) ?? { hints: [], next: suggestHealth(cause, snapshot) };
}

/**
 * Suggests the log of a container. The property of most reports names its code package; compose calls that of service
 * `web` `web.Code`, in the package `webPkg` (`DockerComposeUtils.cs`).
 */
function suggestLogs(
  { evaluation, where }: HealthCause,
  snapshot: UpgradeSnapshot,
  isPrevious: boolean,
): readonly NextStep[] {
  const node = where.get('node');
  const servicePackage = where.get('service package');
  const [, named] = /^\w+:([^:]+):/.exec(evaluation.event?.property ?? '') ?? [];
  const codePackage = named ?? servicePackage?.replace(/Pkg$/, '.Code');
  if (codePackage === undefined || node === undefined || servicePackage === undefined) return [];
  return [
    {
      what: `Read its log on ${nameNodes([node], 1)}`,
      command: commands.buildContainerLogs(snapshot, { node, servicePackage, codePackage, isPrevious }),
    },
  ];
}

/** Suggests the present health of the entity; nothing once the upgrade has ended, as the fault has passed then. */
function suggestHealth(cause: HealthCause, snapshot: UpgradeSnapshot): readonly NextStep[] {
  const { upgrade, services, commandTarget } = snapshot;
  const { where } = cause;
  if (hasEnded(upgrade)) return [];
  const node = where.get('node');
  const partition = where.get('partition');
  if (node !== undefined) return [suggestNode(node, true, snapshot)];
  const service = findService(cause, services);
  if (partition !== undefined)
    return [
      {
        what: `Show the health of the partition${service ? ` of ${service}` : ''}`,
        command: commands.buildPartitionHealth(partition, commandTarget?.shells),
      },
    ];
  return [{ what: 'Show the health of the application', command: commands.buildApplicationHealth(snapshot) }];
}

/** @param isUp whether the node is up, and runs the application */
function suggestNode(node: string, isUp: boolean, snapshot: UpgradeSnapshot): NextStep {
  const command = isUp
    ? commands.buildNodeHealth(snapshot, node)
    : commands.buildClusterNodeHealth(node, snapshot.commandTarget?.shells);
  return {
    what: `Show the health of ${isUp ? 'the application on ' : ''}${nameNodes([node], 1)}`,
    command,
  };
}

function suggestReplicas({ where }: HealthCause, { commandTarget }: UpgradeSnapshot): readonly NextStep[] {
  const partition = where.get('partition');
  return partition === undefined
    ? []
    : [{ what: 'Find the instances', command: commands.buildReplicaList(partition, commandTarget?.shells) }];
}

/**
 * Lists the nodes in a report of System.FM or System.RA: those of instances that are not ready, or that are down. Rows:
 * `N/S InBuild _Node_2 131444422260002646`, `_Node_4(16c24c92) down at: …`, `failures during open on _Node_0`.
 */
function listReportedNodes(text: string): readonly string[] {
  const rows = [
    ...text.matchAll(
      /^\s*(?:\w\/\w\s+)*(Ready|InBuild|Standby|StandBy|Down|Dropped|RD|IB|SB|DD|ID)\s+(.+?)\s+(?:\d{9,}|…)\s*$/gm,
    ),
  ].map(([, state = '', node = '']) => ({ node, isReady: state === 'Ready' || state === 'RD' }));
  const down = [...text.matchAll(/(\S+)\([\da-f]{6,}\) down\b/gi)].map(([, node = '']) => node);
  const [, single] = /\bon ([\w.-]+?)[.,]?(?:\s|$)/.exec(text) ?? [];
  const named = [...rows.filter(({ isReady }) => !isReady).map(({ node }) => node), ...down];
  return [...new Set(named.length > 0 || rows.length > 0 || single === undefined ? named : [single])];
}

/** Lists the nodes that the balancer found unsuitable: `FaultDomain:fd:/4 NodeName:_Node_4 NodeType:…` */
function listEliminatedNodes(text: string): readonly string[] {
  return [...text.matchAll(/\bNodeName:(.+?) NodeType:/g)].map(([, node = '']) => node);
}
