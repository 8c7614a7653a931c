/** The simulated cluster on a clock that tests set, with a client that sends any request. */
import http from 'node:http';
import { onTestFinished } from 'vitest';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import { type Simulator, type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';

interface Answer {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, in the order of the response. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly text: string;
}

export interface SimulatedCluster {
  readonly url: string;
  /** Thumbprint of the server's certificate; `undefined` without TLS. */
  readonly thumbprint: string | undefined;
  /** All requests other than GET that have arrived. */
  readonly writes: Simulator['writes'];
  /** Sets the simulated clock to that many seconds after the start. */
  at(seconds: number): void;
  /** Sends a request. @param path is put into the request line unchanged */
  send(verb: string, path: string, body?: unknown, headers?: http.OutgoingHttpHeaders): Promise<Answer>;
  /** Reads and parses the upgrade progress of `web`. */
  readProgress(): Promise<Record<string, unknown>>;
}

export const startTime = Date.parse('2026-11-24T07:00:00Z');

export async function startSimulatedCluster(
  scenario: ScenarioName,
  options: Partial<SimulatorOptions> = {},
): Promise<SimulatedCluster> {
  let now = 0;
  const clock: SimulatorOptions['clock'] = {
    now: () => startTime,
    monotonic: () => now,
    // Time passes only while a request is held.
    async sleep(milliseconds) {
      now += milliseconds;
    },
  };
  const simulator = await startSimulator({
    scenario,
    port: 0,
    speed: 1,
    names: ['web'],
    domains: 3,
    nodes: 6,
    tls: false,
    clock,
    ...options,
  });
  onTestFinished(() => simulator.close());
  const send = (verb: string, path: string, body?: unknown, headers?: http.OutgoingHttpHeaders) =>
    sendRequest(simulator.url, verb, path, body, headers);
  return {
    url: simulator.url,
    thumbprint: simulator.thumbprint,
    writes: simulator.writes,
    at(seconds) {
      now = seconds * 1000;
    },
    send,
    async readProgress() {
      const { text } = await send('GET', getProgressPath('web'));
      return JSON.parse(text);
    },
  };
}

/** Query of a request with no parameter but the version. */
export const apiVersion = '?api-version=6.0-preview';

interface DomainMember {
  DomainName: string;
  NodeUpgradeProgressList: { NodeName: string; UpgradePhase: string }[];
}

/** Sums up the changing members of an upgrade's document in one line. */
export function summarizeProgress(document: Record<string, unknown>): string {
  const domain = (member: string) => {
    const { DomainName, NodeUpgradeProgressList } = document[member] as DomainMember;
    const nodes = NodeUpgradeProgressList.map(({ NodeName, UpgradePhase }) => `${NodeName} ${UpgradePhase}`);
    return `${DomainName || '-'}(${nodes.join(', ')})`;
  };
  const evaluations = document['ApplicationUnhealthyEvaluations'] as unknown[];
  return [
    document['UpgradeState'],
    document['RollingUpgradeMode'] ?? document['UpgradeKind'],
    document['TargetApplicationTypeVersion'],
    domain('CurrentUpgradeDomainProgress'),
    ...(evaluations.length > 0 ? ['unhealthy'] : []),
    ...(domain('UpgradeDomainProgressAtFailure') === '-()'
      ? []
      : [`failed in ${domain('UpgradeDomainProgressAtFailure')}`]),
  ].join(' ');
}

/** Calls a function of the deployment `web`. */
export function post(cluster: SimulatedCluster, name: string, body?: unknown): Promise<Answer> {
  return cluster.send('POST', `/ComposeDeployments/web/$/${name}${apiVersion}`, body);
}

/** Continues the manual upgrade of `web` with that upgrade domain. */
export function resumeUpgrade(cluster: SimulatedCluster, domain: string): Promise<Answer> {
  const path = '/Applications/web/$/MoveToNextUpgradeDomain?api-version=6.0';
  return cluster.send('POST', path, { UpgradeDomainName: domain });
}

/** A compose file that the cluster accepts. */
export const composeFile = "version: '3'\nservices:\n  web:\n    image: web:2\n";

/** The body of a valid upgrade request. */
export const upgradeBody = {
  DeploymentName: 'web',
  ComposeFileContent: composeFile,
  UpgradeKind: 'Rolling',
  RollingUpgradeMode: 'Monitored',
  UpgradeReplicaSetCheckTimeoutInSeconds: 4_294_967_295,
  MonitoringPolicy: { FailureAction: 'Rollback', HealthCheckStableDurationInMilliseconds: 'PT10M' },
};

export function parseErrorCode({ text }: Pick<Answer, 'text'>): string {
  return JSON.parse(text).Error.Code;
}

export function getProgressPath(name: string): string {
  return `/ComposeDeployments/${name}/$/GetUpgradeProgress?api-version=6.0-preview`;
}

function sendRequest(
  url: string,
  method: string,
  path: string,
  body?: unknown,
  headers: http.OutgoingHttpHeaders = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, path, headers, agent: false }, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const bytes = Buffer.concat(chunks);
      resolve({
        status: response.statusCode ?? 0,
        reason: response.statusMessage ?? '',
        headers: response.rawHeaders,
        body: bytes,
        text: bytes.toString(),
      });
    });
    request.on('error', reject);
    request.end(typeof body === 'string' || body === undefined ? body : JSON.stringify(body));
  });
}
