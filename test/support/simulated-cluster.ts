/** The simulator on a clock that tests set, and a client that sends exactly what it is told. */
import http from 'node:http';
import { onTestFinished } from 'vitest';
import type { ScenarioName } from '../../src/simulator/scenarios.ts';
import { type SimulatorOptions, startSimulator } from '../../src/simulator/simulator.ts';

interface Answer {
  readonly status: number;
  readonly reason: string;
  /** Names and values in turn, as they came. */
  readonly headers: readonly string[];
  readonly body: Buffer;
  readonly text: string;
}

export interface SimulatedCluster {
  readonly url: string;
  /** Sets the simulated clock: seconds since the start. */
  at(seconds: number): void;
  /** @param path goes into the request line as it is */
  send(verb: string, path: string, body?: unknown, headers?: http.OutgoingHttpHeaders): Promise<Answer>;
  /** The upgrade progress of `web`, parsed. */
  progress(): Promise<Record<string, unknown>>;
}

export const start = Date.parse('2026-11-24T07:00:00Z');

export async function simulatedCluster(
  scenario: ScenarioName,
  options: Partial<SimulatorOptions> = {},
): Promise<SimulatedCluster> {
  let now = 0;
  const clock: SimulatorOptions['clock'] = {
    now: () => start,
    monotonic: () => now,
    // Whoever waits lets the time pass.
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
    sendTo(simulator.url, verb, path, body, headers);
  return {
    url: simulator.url,
    at(seconds) {
      now = seconds * 1000;
    },
    send,
    async progress() {
      const { text } = await send('GET', progressPath('web'));
      return JSON.parse(text);
    },
  };
}

/** The query of a request that needs nothing else. */
export const api = '?api-version=6.0-preview';

interface DomainMember {
  DomainName: string;
  NodeUpgradeProgressList: { NodeName: string; UpgradePhase: string }[];
}

/** Sums up what moves in an upgrade, in one line. */
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

/** Posts to a function of the deployment `web`. */
export function post(cluster: SimulatedCluster, name: string, body?: unknown): Promise<Answer> {
  return cluster.send('POST', `/ComposeDeployments/web/$/${name}${api}`, body);
}

/** Lets the manual upgrade of `web` continue with that domain. */
export function resumeUpgrade(cluster: SimulatedCluster, domain: string): Promise<Answer> {
  const path = '/Applications/web/$/MoveToNextUpgradeDomain?api-version=6.0';
  return cluster.send('POST', path, { UpgradeDomainName: domain });
}

/** The body of an upgrade request that the simulated cluster accepts. */
export const upgradeBody = {
  DeploymentName: 'web',
  ComposeFileContent: 'services:\n  web: {}\n',
  UpgradeKind: 'Rolling',
  RollingUpgradeMode: 'Monitored',
  MonitoringPolicy: { FailureAction: 'Rollback', HealthCheckStableDurationInMilliseconds: 'PT10M' },
};

export function parseErrorCode({ text }: Pick<Answer, 'text'>): string {
  return JSON.parse(text).Error.Code;
}

export function progressPath(name: string): string {
  return `/ComposeDeployments/${name}/$/GetUpgradeProgress?api-version=6.0-preview`;
}

function sendTo(
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
