/** The requests that sfctl 11 sends for printed commands. */
import { parseArgsStringToArgv } from 'string-argv';

/** A request, without the api-version in its path. */
export interface SfctlRequest {
  readonly command: string;
  readonly verb: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly version: string;
  readonly body?: Readonly<Record<string, unknown>>;
}

type Options = Readonly<Record<string, string>>;
type Send = Omit<SfctlRequest, 'command'>;

const get = (path: string, version = '6.0'): Send => ({ verb: 'GET', path, version });
const post = (path: string, version: string, body?: Send['body']): Send => ({
  verb: 'POST',
  path,
  version,
  ...(body && { body }),
});

/** A compose file in place of the one that a command leaves to the reader. */
const ComposeFileContent = "version: '3'\nservices:\n  web:\n    image: web\n";

const commands: Readonly<Record<string, (options: Options) => Send>> = {
  'cluster select': () => get('/?'),
  'cluster health': () => get('/$/GetClusterHealth?NodesHealthStateFilter=0&'),
  'node list': () => get('/Nodes?NodeStatusFilter=default&', '6.3'),
  'node load': (o) => get(`/Nodes/${o['node-name']}/$/GetLoadInformation?`),
  'node health': (o) => get(`/Nodes/${o['node-name']}/$/GetHealth?`),
  'application health': (o) => get(`/Applications/${o['application-id']}/$/GetHealth?`),
  'application deployed-health': (o) =>
    get(`/Nodes/${o['node-name']}/$/GetApplications/${o['application-id']}/$/GetHealth?`),
  'service health': (o) => get(`/Services/${o['service-id']}/$/GetHealth?`),
  'service get-container-logs': (o) =>
    get(
      `/Nodes/${o['node-name']}/$/GetApplications/${o['application-id']}/$/GetCodePackages/$/ContainerLogs` +
        `?ServiceManifestName=${o['service-manifest-name']}&CodePackageName=${o['code-package-name']}` +
        `${'previous' in o ? '&Previous=true' : ''}&`,
      '6.2',
    ),
  'partition health': (o) => get(`/Partitions/${o['partition-id']}/$/GetHealth?`),
  'replica list': (o) => get(`/Partitions/${o['partition-id']}/$/GetReplicas?`),
  'events application-list': (o) =>
    get(
      `/EventsStore/Applications/${o['application-id']}/$/Events?timeout=60` +
        `&StartTimeUtc=${encodeURIComponent(o['start-time-utc'] ?? '')}` +
        `&EndTimeUtc=${encodeURIComponent(o['end-time-utc'] ?? '')}&`,
      '6.4',
    ),
  'compose status': (o) => get(`/ComposeDeployments/${o['deployment-name']}?`, '6.0-preview'),
  'compose upgrade-status': (o) =>
    get(`/ComposeDeployments/${o['deployment-name']}/$/GetUpgradeProgress?`, '6.0-preview'),
  'compose remove': (o) => post(`/ComposeDeployments/${o['deployment-name']}/$/Delete?`, '6.0-preview'),
  'compose create': (o) => ({
    verb: 'PUT',
    path: '/ComposeDeployments/$/Create?',
    version: '6.0-preview',
    body: { DeploymentName: o['deployment-name'], ComposeFileContent },
  }),
  'compose upgrade': (o) =>
    post(`/ComposeDeployments/${o['deployment-name']}/$/Upgrade?`, '6.0-preview', {
      DeploymentName: o['deployment-name'],
      ComposeFileContent,
      UpgradeKind: 'Rolling',
      RollingUpgradeMode: o['upgrade-mode'],
      ForceRestart: false,
      UpgradeReplicaSetCheckTimeoutInSeconds: Number(o['replica-set-check'] ?? 4_294_967_295),
    }),
};

/** Lists the requests for all sfctl commands in an output. @throws Error for a command that is not known here */
export function listSfctlRequests(text: string): readonly SfctlRequest[] {
  const printed = new Set(
    [...text.matchAll(/\bsfctl [a-z]+ [a-z-]+ --.*|\bsfctl [a-z]+ [a-z-]+$/gm)].map(String),
  );
  return [...printed].map((command) => {
    const [, group = '', name = '', ...words] = parseArgsStringToArgv(command);
    const build = commands[`${group} ${name}`];
    if (build === undefined) throw new Error(`no request is known for "${command}"`);
    return { command, ...build(parseOptions(words)) };
  });
}

/** Reads options, of which some have no value. */
function parseOptions(words: readonly string[]): Options {
  return Object.fromEntries(
    words.flatMap((word, index) => {
      if (!word.startsWith('--')) return [];
      const next = words[index + 1] ?? '';
      return [[word.slice(2), next.startsWith('--') ? '' : next]];
    }),
  );
}
