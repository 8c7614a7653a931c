/** A cluster whose documents can hold any text anywhere, and the ways in which a command shows them. */
import type { IncomingMessage } from 'node:http';
import { applicationForm, fullForm, midway, shortForm, unhealthyEvent, wire } from './documents.ts';
import { agentFiles, lineStarts, type OutputShape } from './harm.ts';
import { recordsIn } from './printed-output.ts';
import { type Run, run } from './run.ts';
import { answer, gatewayBeside, type Script } from './scripted-gateway.ts';

const domain = midway['CurrentUpgradeDomainProgress'];

export const evaluation = (members: object) => ({
  HealthEvaluation: { AggregatedHealthState: 'Error', ...members },
});

/** With all members, as if everything happened at once. */
export const fullUpgrade = fullForm({
  CurrentUpgradeDomainProgress: domain,
  StartTimestampUtc: '2026-11-24T07:00:00.000Z',
  FailureTimestampUtc: '2026-11-24T07:10:00.000Z',
  FailureReason: 'UpgradeDomainTimeout',
  UpgradeDomainProgressAtFailure: domain,
  ApplicationUpgradeStatusDetails: 'The application says more.',
  ApplicationUnhealthyEvaluations: [
    evaluation({
      Kind: 'UpgradeDomainDeployedApplications',
      Description: '50% (1/2) are unhealthy.',
      UpgradeDomainName: 'UD1',
      MaxPercentUnhealthyDeployedApplications: 20,
      TotalCount: 2,
      UnhealthyEvaluations: [
        evaluation({
          Kind: 'DeployedServicePackage',
          Name: 'fabric:/web',
          NodeName: '_node_1',
          ServiceManifestName: 'webPkg',
          ServicePackageActivationId: '5c1e',
          UnhealthyEvaluations: [unhealthyEvent],
        }),
      ],
    }),
    evaluation({
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

/** What the cluster says of an upgrade in this state. */
export function createDocuments(UpgradeState: string): Documents {
  return {
    upgrade: UpgradeState === 'Failed' ? shortForm({ UpgradeState }) : { ...fullUpgrade, UpgradeState },
    application: applicationForm({
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

export interface OutputMode extends OutputShape {
  readonly argv: readonly string[];
  /** The state of the upgrade that is read. */
  readonly state: string;
  readonly columns?: number;
}

export const outputModes = {
  'a table in full, in colour, with traces, on GitHub': {
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
    lines: /^(?:[┌│└]|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] |The state ")/,
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
  'a line': {
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
  'an overview of several, in colour, on GitHub': {
    argv: ['api', '--exit-status', '--color', 'always', '--ci', 'github'],
    state: back,
    lines: lineStarts.table,
    agent: 'github',
    isColored: true,
  },
  'lines of a watch of several, on Azure': {
    argv: ['api', ...watch, '--ci', 'azure'],
    state: forward,
    lines: lineStarts.watch,
    agent: 'azure',
  },
  'a live view of several': {
    argv: ['api', ...watch],
    state: back,
    lines: /^(?:[┌│├└]|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] |\w+: The state ")/,
    columns: 80,
    isColored: true,
    isLive: true,
  },
  'records of several': {
    argv: ['api', '-o', 'ndjson', '--exit-status'],
    state: back,
    lines: lineStarts.ndjson,
  },
} as const satisfies Readonly<Record<string, OutputMode>>;

export type OutputModeName = keyof typeof outputModes;

export const allModes = Object.keys(outputModes) as OutputModeName[];
export const singleModes = allModes.filter((name) => !name.includes('several'));

export const inFull = 'a table in full, in colour, with traces, on GitHub';

/** Some of all kinds: those that are shown as they come, those that stand in commands, and one that nobody knows. */
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
  /** Reads an upgrade in some mode, where the cluster says this of it. */
  read(mode: OutputMode, documents: Documents, argv?: readonly string[]): Promise<Run>;
}

/** What was said of `web`, as it is said of another. */
function of({ url = '' }: IncomingMessage, document: unknown): unknown {
  const isOfWeb =
    document instanceof Object && 'DeploymentName' in document && document.DeploymentName === 'web';
  return isOfWeb && url.includes('/api') ? { ...document, DeploymentName: 'api' } : document;
}

/** One for many runs. */
export async function startPoisonedCluster(): Promise<Cluster> {
  let documents = createDocuments(forward);
  const says =
    (kind: keyof Documents): Script =>
    (response, request) =>
      answer(wire(of(request, documents[kind])))(response, request);
  const [progress, status] = [says('upgrade'), says('status')];
  const asked: Script = (response, request) =>
    (request.url?.includes('GetUpgradeProgress') ? progress : status)(response, request);
  const beside = { application: says('application'), partition: says('service') };
  const { url } = await gatewayBeside(beside, ...Array<Script>(1000).fill(asked));
  return {
    read({ argv, columns }, said, more = []) {
      documents = said;
      const options = columns === undefined ? {} : { columns };
      return run(['upgrade-progress', 'web', '-e', url, ...argv, ...more], { ...options, env: agentFiles });
    },
  };
}

/** @returns in words what was not handed on exactly as it was sent, if that was to be */
export function findChanges(
  mode: OutputMode,
  { stdout }: Run,
  { upgrade, application }: Documents,
): readonly string[] {
  const given =
    mode.lines === lineStarts.json
      ? [[upgrade, JSON.parse(stdout)]]
      : mode.lines === lineStarts.ndjson
        ? recordsIn(stdout)
            .filter(({ type }) => type === 'progress')
            .flatMap((record) => [
              [upgrade, record['progress']],
              [record['application'] && application, record['application']],
            ])
        : [];
  const named = (document: unknown) =>
    JSON.stringify(document).replace('"DeploymentName":"api"', '"DeploymentName":"web"');
  return given.some(([sent, got]) => named(sent) !== named(got)) ? ['it is changed'] : [];
}
