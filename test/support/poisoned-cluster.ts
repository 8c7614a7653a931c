/** Starts a cluster whose documents contain given text anywhere, and lists the modes in which commands print them. */
import type { IncomingMessage } from 'node:http';
import {
  createApplication,
  createShortUpgrade,
  createUpgrade,
  runningUpgrade,
  unhealthyEvent,
} from './documents.ts';
import { agentFiles, lineStarts, type OutputShape } from './harm.ts';
import { parseRecords } from './printed-output.ts';
import { type Run, run } from './run.ts';
import { answerWith, type Script, startGatewayWith } from './scripted-gateway.ts';

const domain = runningUpgrade['CurrentUpgradeDomainProgress'];

export const createEvaluation = (members: object) => ({
  HealthEvaluation: { AggregatedHealthState: 'Error', ...members },
});

/** An upgrade with every member, more than a runtime sends at once. */
export const fullUpgrade = createUpgrade({
  CurrentUpgradeDomainProgress: domain,
  StartTimestampUtc: '2026-11-24T07:00:00.000Z',
  FailureTimestampUtc: '2026-11-24T07:10:00.000Z',
  FailureReason: 'UpgradeDomainTimeout',
  UpgradeDomainProgressAtFailure: domain,
  ApplicationUpgradeStatusDetails: 'The application says more.',
  ApplicationUnhealthyEvaluations: [
    createEvaluation({
      Kind: 'UpgradeDomainDeployedApplications',
      Description: '50% (1/2) are unhealthy.',
      UpgradeDomainName: 'UD1',
      MaxPercentUnhealthyDeployedApplications: 20,
      TotalCount: 2,
      UnhealthyEvaluations: [
        createEvaluation({
          Kind: 'DeployedServicePackage',
          Name: 'fabric:/web',
          NodeName: '_node_1',
          ServiceManifestName: 'webPkg',
          ServicePackageActivationId: '5c1e',
          UnhealthyEvaluations: [unhealthyEvent],
        }),
      ],
    }),
    createEvaluation({
      Kind: 'Replica',
      Description: 'It is in Error.',
      ApplicationTypeName: 'Compose_0',
      ServiceTypeName: 'webType',
      ServiceName: 'fabric:/web/web',
      PartitionId: '5c1e0b7a-93d4-4f0e-8a26-1d7f6be2c940',
      ReplicaOrInstanceId: '133512345678901234',
      NodeTypeName: 'front',
    }),
  ],
});

export interface Documents {
  readonly upgrade: unknown;
  readonly application: unknown;
  readonly status: unknown;
  readonly service: unknown;
}

/** Creates the documents of an upgrade in this state. */
export function createDocuments(UpgradeState: string): Documents {
  return {
    upgrade:
      UpgradeState === 'Failed' ? createShortUpgrade({ UpgradeState }) : { ...fullUpgrade, UpgradeState },
    application: createApplication({
      UpgradeState,
      FailureReason: 'UpgradeDomainTimeout',
      UpgradeDomainProgressAtFailure: domain,
      UpgradeStatusDetails: 'The application says why.',
    }),
    status: { DeploymentName: 'web', ComposeDeploymentStatus: 'Ready', StatusDetails: 'There is no image.' },
    service: { Id: 'web~web', Name: 'fabric:/web/web' },
  };
}

export const watch = ['--watch', '--interval', '1s', '--max-wait', '1s'];
const forward = 'RollingForwardInProgress';
const back = 'RollingBackCompleted';

/** Options of a command, and the shape of its output. */
export interface OutputMode extends OutputShape {
  readonly argv: readonly string[];
  /** The state of the upgrade that is read. */
  readonly state: string;
  readonly columns?: number;
}

export const outputModes = {
  'a full table in color with traces, on GitHub': {
    argv: ['--full', '--exit-status', '--verbose', '--color', 'always', '--ci', 'github'],
    state: back,
    lines: lineStarts.table,
    agent: 'github',
    isColored: true,
  },
  'lines of a watch and a table, on Azure': {
    argv: [...watch, '--ci', 'azure'],
    state: forward,
    lines: lineStarts.watch,
    agent: 'azure',
  },
  'a live view on a narrow terminal': {
    argv: watch,
    state: forward,
    lines: lineStarts.narrow,
    columns: 30,
    isColored: true,
    isLive: true,
  },
  'a live view on a terminal': {
    argv: watch,
    state: forward,
    lines: lineStarts.narrow,
    columns: 80,
    isColored: true,
    isLive: true,
  },
  'a table on a narrow terminal': {
    argv: ['--color', 'never'],
    state: back,
    lines: lineStarts.narrow,
    columns: 30,
  },
  'a plain line': {
    argv: ['-o', 'plain', '--exit-status'],
    state: back,
    lines: lineStarts.plain,
  },
  'records of a watch, on GitHub': {
    argv: ['-o', 'ndjson', ...watch, '--ci', 'github'],
    state: back,
    lines: lineStarts.ndjson,
    agent: 'github',
  },
  JSON: { argv: ['-o', 'json'], state: back, lines: lineStarts.json },
  'an overview of many in color, on GitHub': {
    argv: ['api', '--exit-status', '--color', 'always', '--ci', 'github'],
    state: back,
    lines: lineStarts.table,
    agent: 'github',
    isColored: true,
  },
  'lines of a watch of many, on Azure': {
    argv: ['api', ...watch, '--ci', 'azure'],
    state: forward,
    lines: lineStarts.watch,
    agent: 'azure',
  },
  'a live view of many': {
    argv: ['api', ...watch],
    state: back,
    lines: lineStarts.narrow,
    columns: 80,
    isColored: true,
    isLive: true,
  },
  'records of many': {
    argv: ['api', '-o', 'ndjson', '--exit-status'],
    state: back,
    lines: lineStarts.ndjson,
  },
} as const satisfies Readonly<Record<string, OutputMode>>;

export type OutputModeName = keyof typeof outputModes;

export const allModes = Object.keys(outputModes) as OutputModeName[];
export const singleModes = allModes.filter((name) => !name.includes('many'));

export const inFull = 'a full table in color with traces, on GitHub';

/** Places whose text is printed as it is, places whose text is part of commands, and an unknown member. */
export const somePlaces = [
  '.TargetApplicationTypeVersion',
  '.UpgradeStatusDetails',
  '.ApplicationUnhealthyEvaluations[0].HealthEvaluation.UnhealthyEvaluations[0].HealthEvaluation.NodeName',
  '.ApplicationUnhealthyEvaluations[1].HealthEvaluation.Description',
  '.UpgradeDomainProgressAtFailure.DomainName',
  '.UpgradeDomainProgressAtFailure.NodeUpgradeProgressList[1].NodeName',
  '.UpgradeDomainProgressAtFailure.NodeUpgradeProgressList[1].PendingSafetyChecks[0].SafetyCheck.PartitionId',
  '.*',
];

interface Cluster {
  /** Reads an upgrade with these documents. */
  read(mode: OutputMode, documents: Documents, argv?: readonly string[]): Promise<Run>;
}

/** Renames a document of `web` if the request is for the deployment `api`. */
function renameDocument({ url = '' }: IncomingMessage, document: unknown): unknown {
  const isOfWeb =
    document instanceof Object && 'DeploymentName' in document && document.DeploymentName === 'web';
  return isOfWeb && url.includes('/api') ? { ...document, DeploymentName: 'api' } : document;
}

/** Starts a cluster that serves many runs. */
export async function startPoisonedCluster(): Promise<Cluster> {
  let documents = createDocuments(forward);
  const createScript =
    (kind: keyof Documents): Script =>
    (response, request) =>
      answerWith(renameDocument(request, documents[kind]))(response, request);
  const [progress, status] = [createScript('upgrade'), createScript('status')];
  const answerRead: Script = (response, request) =>
    (request.url?.includes('GetUpgradeProgress') ? progress : status)(response, request);
  const beside = { application: createScript('application'), partition: createScript('service') };
  const { url } = await startGatewayWith(beside, ...Array<Script>(1000).fill(answerRead));
  return {
    read({ argv, columns }, nextDocuments, more = []) {
      documents = nextDocuments;
      const options = columns === undefined ? {} : { columns };
      return run(['upgrade-progress', 'web', '-e', url, ...argv, ...more], { ...options, env: agentFiles });
    },
  };
}

/** Finds documents that a run should have printed unchanged, but did not. @returns descriptions */
export function findChanges(
  mode: OutputMode,
  { stdout }: Run,
  { upgrade, application }: Documents,
): readonly string[] {
  const pairs =
    mode.lines === lineStarts.json
      ? [[upgrade, JSON.parse(stdout)]]
      : mode.lines === lineStarts.ndjson
        ? parseRecords(stdout)
            .filter(({ type }) => type === 'progress')
            .flatMap((record) => [
              [upgrade, record['progress']],
              [record['application'] && application, record['application']],
            ])
        : [];
  const normalize = (document: unknown) =>
    JSON.stringify(document).replace('"DeploymentName":"api"', '"DeploymentName":"web"');
  return pairs.some(([sent, got]) => normalize(sent) !== normalize(got)) ? ['the document was changed'] : [];
}
