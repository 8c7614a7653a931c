/** The simulated cluster answers as the runtime's gateway does, and its upgrades go as theirs do. */
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ScenarioName } from '../../../src/simulator/scenarios.ts';
import { fullForm, neverUpgraded, shortForm, wire } from '../../support/documents.ts';
import {
  progressPath,
  type SimulatedCluster,
  simulatedCluster,
  start,
} from '../../support/simulated-cluster.ts';

const api = '?api-version=6.0-preview';

interface ShownDomain {
  DomainName: string;
  NodeUpgradeProgressList: { NodeName: string; UpgradePhase: string }[];
}

/** A document in one line: what moves in an upgrade. */
function summary(document: Record<string, unknown>): string {
  const domain = (member: string) => {
    const { DomainName, NodeUpgradeProgressList } = document[member] as ShownDomain;
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

/** All readings of the first so many seconds, each with the second it was first seen in. */
async function film(cluster: SimulatedCluster, seconds: number, every = 10): Promise<string[]> {
  const readings: string[] = [];
  let last = '';
  for (let now = 0; now <= seconds; now += every) {
    cluster.at(now);
    const reading = summary(await cluster.progress());
    if (reading !== last) readings.push(`${now}: ${reading}`);
    last = reading;
  }
  return readings;
}

const firstDomains = [
  '0: ProvisioningTarget Invalid v2 -()',
  '40: RollingForwardInProgress Monitored v2 UD0(_node_0 Upgrading, _node_3 PreUpgradeSafetyCheck)',
  '100: RollingForwardInProgress Monitored v2 UD0(_node_3 Upgrading)',
  '160: RollingForwardPending Monitored v2 UD1()',
  '280: RollingForwardInProgress Monitored v2 UD1(_node_1 Upgrading, _node_4 PreUpgradeSafetyCheck)',
];

const backFrom = (second: number, rest = '') => [
  `${second}: RollingBackInProgress UnmonitoredAuto v1 UD0(_node_0 Upgrading, _node_3 PreUpgradeSafetyCheck)${rest}`,
  `${second + 60}: RollingBackInProgress UnmonitoredAuto v1 UD0(_node_3 Upgrading)${rest}`,
  `${second + 120}: RollingBackInProgress UnmonitoredAuto v1 UD1(_node_1 Upgrading, _node_4 PreUpgradeSafetyCheck)${rest}`,
  `${second + 180}: RollingBackInProgress UnmonitoredAuto v1 UD1(_node_4 Upgrading)${rest}`,
  `${second + 240}: UnprovisioningTarget UnmonitoredAuto v1 -()${rest}`,
  `${second + 260}: RollingBackCompleted UnmonitoredAuto v1 -()${rest}`,
];

describe('an upgrade goes as on a cluster', () => {
  it.each<[ScenarioName, string[]]>([
    [
      'happy',
      [
        ...firstDomains,
        '340: RollingForwardInProgress Monitored v2 UD1(_node_4 Upgrading)',
        '400: RollingForwardPending Monitored v2 UD2()',
        '520: RollingForwardInProgress Monitored v2 UD2(_node_2 Upgrading, _node_5 PreUpgradeSafetyCheck)',
        '580: RollingForwardInProgress Monitored v2 UD2(_node_5 Upgrading)',
        '640: RollingForwardInProgress Monitored v2 -()',
        '760: UnprovisioningCurrent Monitored v2 -()',
        '780: RollingForwardCompleted Monitored v2 -()',
      ],
    ],
    [
      'rollback',
      [
        ...firstDomains,
        '340: RollingForwardInProgress Monitored v2 UD1(_node_4 Upgrading)',
        '400: RollingForwardPending Monitored v2 UD2() unhealthy',
        ...backFrom(520, ' unhealthy'),
      ],
    ],
    [
      'timeout',
      [
        ...firstDomains,
        '340: RollingForwardInProgress Monitored v2 UD1(_node_4 PreUpgradeSafetyCheck)',
        ...backFrom(580, ' failed in UD1(_node_4 PreUpgradeSafetyCheck)'),
      ],
    ],
    ['failed', ['0: ProvisioningTarget Invalid v2 -()', '40: Failed Invalid v2 -()']],
    [
      'manual',
      [...firstDomains.slice(0, 4).map((reading) => reading.replace('Monitored', 'UnmonitoredManual'))],
    ],
    [
      'stuck',
      [...firstDomains, '340: RollingForwardInProgress Monitored v2 UD1(_node_4 PreUpgradeSafetyCheck)'],
    ],
    ['never-upgraded', ['0: RollingForwardCompleted Invalid v1 -()']],
  ])('%s', async (scenario, readings) => {
    expect(await film(await simulatedCluster(scenario), 1200)).toEqual(readings);
  });

  it('the same, however often it is looked at', async () => {
    const watched = await simulatedCluster('rollback');
    await film(watched, 600, 1);
    const glanced = await simulatedCluster('rollback');
    glanced.at(600);
    const [often, once] = await Promise.all(
      [watched, glanced].map(async (cluster) => (await cluster.send('GET', progressPath('web'))).text),
    );
    expect(once).toBe(often);
  });

  it('in steps: between two of them nothing moves, durations included', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(110);
    const { text } = await cluster.send('GET', progressPath('web'));
    cluster.at(150);
    expect((await cluster.send('GET', progressPath('web'))).text).toBe(text);
    cluster.at(160);
    expect((await cluster.send('GET', progressPath('web'))).text).not.toBe(text);
  });

  it('and stays ended', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(900);
    const { text } = await cluster.send('GET', progressPath('web'));
    cluster.at(900_000);
    expect((await cluster.send('GET', progressPath('web'))).text).toBe(text);
  });

  it.each([
    [1, 2],
    [2, 5],
    [12, 30],
  ])('on %i domains with %i nodes', async (domains, nodes) => {
    const cluster = await simulatedCluster('rollback', { domains, nodes });
    cluster.at(100_000);
    expect(summary(await cluster.progress())).toBe('RollingBackCompleted UnmonitoredAuto v1 -() unhealthy');
    expect(
      (await film(await simulatedCluster('happy', { domains, nodes }), domains * 300, 60)).at(-1),
    ).toContain('RollingForwardCompleted');
  });

  it('at any speed', async () => {
    const cluster = await simulatedCluster('happy', { speed: 60 });
    cluster.at(13);
    expect(summary(await cluster.progress())).toContain('RollingForwardCompleted');
  });
});

describe('the bytes are those of the runtime', () => {
  const health = {
    ConsiderWarningAsError: false,
    MaxPercentUnhealthyDeployedApplications: 20,
    DefaultServiceTypeHealthPolicy: {
      MaxPercentUnhealthyServices: 0,
      MaxPercentUnhealthyPartitionsPerService: 0,
      MaxPercentUnhealthyReplicasPerPartition: 0,
    },
    ServiceTypeHealthPolicyMap: [],
  };

  it('while provisioning: short', async () => {
    const cluster = await simulatedCluster('happy');
    expect((await cluster.send('GET', progressPath('web'))).text).toBe(wire(shortForm()));
  });

  it('of a deployment that was never upgraded: short, and completed', async () => {
    const cluster = await simulatedCluster('never-upgraded');
    expect((await cluster.send('GET', progressPath('web'))).text).toBe(wire(neverUpgraded()));
  });

  it('midway: in full', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(350);
    const { text } = await cluster.send('GET', progressPath('web'));
    const { UpgradeDuration, CurrentUpgradeDomainDuration } = JSON.parse(text);
    expect(UpgradeDuration).toMatch(/^PT0H5M2\.\d{1,4}S$/);
    expect(CurrentUpgradeDomainDuration).toMatch(/^PT0H1M0\.\d{1,4}S$/);
    expect(text).toBe(
      wire(
        fullForm({
          ApplicationHealthPolicy: health,
          UpgradeDuration,
          CurrentUpgradeDomainDuration,
          CurrentUpgradeDomainProgress: {
            DomainName: 'UD1',
            NodeUpgradeProgressList: [
              { NodeName: '_node_4', UpgradePhase: 'Upgrading', PendingSafetyChecks: [] },
            ],
          },
        }),
      ),
    );
  });

  it('of the causes of a rollback, down to the event', async () => {
    const cluster = await simulatedCluster('rollback');
    cluster.at(560);
    const document = await cluster.progress();
    const at = (seconds: number) => new Date(start + seconds * 1000).toISOString().slice(0, 19);
    const [tree] = document['ApplicationUnhealthyEvaluations'] as [unknown];
    const text = wire(tree);
    expect(text).toMatch(
      /^{"HealthEvaluation":{"Kind":"UpgradeDomainDeployedApplications","Description":"50% \(1\\\/2\)[^"]*","AggregatedHealthState":"Error","UpgradeDomainName":"UD1","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"DeployedApplication","Description":"[^"]*","AggregatedHealthState":"Error","Name":"fabric:\\\/web","NodeName":"_node_1","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"DeployedServicePackages","Description":"[^"]*","AggregatedHealthState":"Error","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"DeployedServicePackage","Description":"[^"]*","AggregatedHealthState":"Error","Name":"fabric:\\\/web","ServiceManifestName":"webPkg","NodeName":"_node_1","UnhealthyEvaluations":\[{"HealthEvaluation":{"Kind":"Event",.*}}\],"ServicePackageActivationId":""}}\],"TotalCount":2}}\]}}\],"MaxPercentUnhealthyDeployedApplications":20,"TotalCount":2}}$/,
    );
    expect(text).toContain(
      '"UnhealthyEvent":{"SourceId":"System.Hosting","Property":"CodePackageActivation:web:EntryPoint","HealthState":"Error","TimeToLiveInMilliSeconds":"P10675199DT2H48M5.4775807S","Description":"The container of web on _node_1 exited with code 137.","SequenceNumber":"1343',
    );
    // Crashed when the second domain had been under way for some time.
    expect(text).toContain(`"SourceUtcTimestamp":"${at(317)}`);
    expect(text).toContain('"LastWarningTransitionAt":"0001-01-01T00:00:00.000Z"');
  });

  it('in the headers, and the order of them', async () => {
    const cluster = await simulatedCluster('happy');
    const { status, reason, headers, body } = await cluster.send('GET', progressPath('web'));
    expect([status, reason]).toEqual([200, 'OK']);
    expect(headers.slice(0, -1)).toEqual([
      'Content-Length',
      String(body.length),
      'Content-Type',
      'application/json; charset=utf-8',
      'Server',
      'Microsoft-HTTPAPI/2.0',
      'X-Content-Type-Options',
      'nosniff',
      'Date',
    ]);
  });

  it('for an api-version before 3.0: numbers for enums, milliseconds for spans', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(350);
    const { text } = await cluster.send(
      'GET',
      '/ComposeDeployments/web/$/GetUpgradeProgress?api-version=2.0',
    );
    expect(text).toContain('"UpgradeState":2,');
    expect(text).toContain('"UpgradeKind":1,"RollingUpgradeMode":3,');
    expect(text).toContain('"HealthCheckStableDurationInMilliseconds":"120000"');
    expect(text).toContain('"UpgradeDomainTimeoutInMilliseconds":"922337203685477"');
    expect(text).toContain('"StartTimestampUtc":"0"');
    expect(text).toContain('"UpgradePhase":2');
  });

  it('of texts that are no clean JSON: vertical tabs, halves of characters, NUL', async () => {
    const cluster = await simulatedCluster('missing');
    const name = 'a"\u000b\u0001/📦\u0000hidden'.replace('/', '');
    await cluster.send('PUT', `/ComposeDeployments/$/Create${api}`, {
      DeploymentName: name,
      ComposeFileContent: 'services:',
    });
    const { body } = await cluster.send('GET', `/ComposeDeployments${api}`);
    const shown = body.toString('latin1');
    expect(shown).toContain(
      '"DeploymentName":"a\\"\\v\\u0001\xed\xa0\xbd\xed\xb3\xa6","ApplicationName":"fabric:\\/a',
    );
    expect(shown).not.toContain('hidden');
  });
});

describe('a wrong request is refused as the runtime refuses it', () => {
  const query = api.slice(1);
  const tail = '/$/GetUpgradeProgress';

  it.each<[string, string, number, string]>([
    ['GET', `/ComposeDeployments/wbe${tail}?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['GET', `/ComposeDeployments/Web${tail}?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['GET', `/ComposeDeployments/a/b${tail}?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['GET', `/ComposeDeployments/%77eb${tail}?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['GET', `/ComposeDeployments/%C3%BC${tail}?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    [
      'GET',
      `/ComposeDeployments/${'x'.repeat(4096)}${tail}?${query}`,
      404,
      'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    ],
    ['GET', `/ComposeDeployments/${'x'.repeat(4097)}${tail}?${query}`, 413, 'FABRIC_E_VALUE_TOO_LARGE'],
    ['GET', `/composedeployments/web${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web/$/getupgradeprogress?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web/%24/GetUpgradeProgress?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}/more?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/..${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/.${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/a%zz${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/a"b${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/a|b${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', '/', 400, 'E_INVALIDARG'],
    ['GET', `/Nodes?${query}`, 400, 'E_INVALIDARG'],
    ['POST', `/ComposeDeployments/web${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['PUT', `/ComposeDeployments/web${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=six`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=0.9`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=6.5`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=6.0%2Dpreview`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?Api-Version=6.0`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=9&${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?${query}&timeout=0`, 504, 'FABRIC_E_TIMEOUT'],
    ['GET', `/ComposeDeployments?${query}&MaxResults=-1`, 400, 'E_INVALIDARG'],
    [
      'POST',
      `/ComposeDeployments/wbe/$/RollbackUpgrade?${query}`,
      404,
      'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    ],
    ['POST', `/ComposeDeployments/wbe/$/Delete?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['GET', `/Applications/wbe${tail}?${query}`, 404, 'FABRIC_E_APPLICATION_NOT_FOUND'],
    ['POST', `/Applications/web/$/Upgrade?${query}`, 500, 'E_FAIL'],
  ])('%s %s: %i %s', async (verb, path, status, code) => {
    const cluster = await simulatedCluster('happy');
    const answer = await cluster.send(verb, path);
    expect([answer.status, JSON.parse(answer.text).Error.Code]).toEqual([status, code]);
    expect(answer.reason).toBe(code === 'E_INVALIDARG' ? 'Bad Request' : code);
    expect(answer.headers).toContain('application/json; charset=utf-8');
  });

  it.each([
    `/ComposeDeployments/web${tail}?api-version=6.0`,
    `/ComposeDeployments/web${tail}?api-version=3.0`,
    `/ComposeDeployments/web${tail}?api-version=6.4-preview`,
    `/ComposeDeployments/web${tail}?more=1&single&${query}&api-version=9`,
    `//ComposeDeployments//web${tail}/?${query}`,
    `/ComposeDeployments/web${tail}?${query}&timeout=soon`,
    `/ComposeDeployments/web${tail}?${query}&timeout=-1`,
    `/ComposeDeployments/web${tail}?${query}&timeout=4294967296`,
    `http://somewhere.example/ComposeDeployments/web${tail}?${query}`,
  ])('but not %s', async (path) => {
    const cluster = await simulatedCluster('happy');
    expect((await cluster.send('GET', path)).status).toBe(200);
  });

  it('when it was meant for another cluster', async () => {
    const cluster = await simulatedCluster('happy');
    const answer = await cluster.send('GET', progressPath('web'), undefined, { ClusterId: 'another' });
    expect([answer.status, answer.reason]).toEqual([403, 'Access Denied']);
    expect(JSON.parse(answer.text).Error.Code).toBe('E_ACCESSDENIED');
  });

  it.each<[string, Record<string, string>]>([
    ['Host', { Host: 'rebound.example' }],
    ['Host', { Host: 'rebound.example:19080' }],
    ['Host', { Host: 'localhost.rebound.example' }],
    ['Host', { Host: '127.0.0.1.rebound.example' }],
    ['Host', { Host: '10.0.0.1' }],
    ['Origin', { Origin: 'https://page.example' }],
    ['Origin', { Origin: 'http://127.0.0.1:19080' }],
    ['Origin', { Origin: 'null' }],
  ])('when a web page could have sent it, with the %s of %j', async (name, headers) => {
    const cluster = await simulatedCluster('happy');
    for (const verb of ['GET', 'POST', 'OPTIONS']) {
      const answer = await cluster.send(verb, `/ComposeDeployments/web/$/Delete${api}`, undefined, headers);
      expect([answer.status, answer.reason]).toEqual([403, 'Access Denied']);
      expect(JSON.parse(answer.text).Error).toEqual({
        Code: 'E_ACCESSDENIED',
        Message: expect.stringContaining(`${name} header`),
      });
      expect(answer.headers.join()).not.toMatch(/Access-Control/i);
    }
    expect(summary(await cluster.progress())).toContain('ProvisioningTarget');
  });

  it.each(['localhost', 'LocalHost:8080', '127.0.0.1', '127.1.2.3:19080', '[::1]', '[::1]:19080'])(
    'but not when its Host is %s',
    async (host) => {
      const cluster = await simulatedCluster('happy');
      const { status } = await cluster.send('GET', progressPath('web'), undefined, { Host: host });
      expect(status).toBe(200);
    },
  );

  it('when it is no HTTP', async () => {
    const cluster = await simulatedCluster('happy');
    const { hostname, port } = new URL(cluster.url);
    const socket = connect(Number(port), hostname);
    socket.write('HELO there\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += chunk;
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(answer).toContain('text/html');
  });
});

it('survives clients that go away in the middle of a request', async () => {
  const cluster = await simulatedCluster('happy');
  const { hostname, port } = new URL(cluster.url);
  const socket = connect(Number(port), hostname);
  const head = `POST /ComposeDeployments/web/$/Upgrade${api} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n`;
  await new Promise<void>((resolve) => socket.write(`${head}{"Deploy`, () => resolve()));
  // Once this is answered, the server has seen the half request as well.
  await cluster.progress();
  socket.resetAndDestroy();
  expect((await cluster.send('GET', progressPath('web'))).status).toBe(200);
  expect((await cluster.send('GET', progressPath('web'))).status).toBe(200);
});

it('keeps nothing of the requests that it holds for clients that have gone', async () => {
  const signals: AbortSignal[] = [];
  let slept = () => {};
  const cluster = await simulatedCluster('happy', {
    clock: {
      now: () => start,
      monotonic: () => 0,
      sleep: (_, signal) =>
        new Promise((resolve) => {
          if (signal === undefined) throw new Error('It sleeps whatever happens.');
          signals.push(signal);
          signal.addEventListener('abort', () => resolve());
          slept();
        }),
    },
  });
  const { hostname, port } = new URL(cluster.url);
  const body = JSON.stringify({ DeploymentName: 'web', ComposeFileContent: 'services:' });
  const head = `POST /ComposeDeployments/web/$/Upgrade${api} HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${body.length}\r\n\r\n`;
  const clients = Array.from({ length: 50 }, () => connect(Number(port), hostname));
  const held = new Promise<void>((resolve) => {
    slept = () => {
      if (signals.length === clients.length) resolve();
    };
  });
  for (const client of clients) client.write(head + body);
  await held;
  const dropped = signals.map(
    (signal) => new Promise((resolve) => signal.addEventListener('abort', resolve)),
  );
  for (const client of clients) client.destroy();
  await Promise.all(dropped);
  expect((await cluster.send('GET', progressPath('web'))).status).toBe(200);
  // None of them slept again.
  expect(signals).toHaveLength(clients.length);
  expect(new Set(signals).size).toBe(clients.length);
});

describe('by hand', () => {
  const post = (cluster: SimulatedCluster, what: string, body?: unknown) =>
    cluster.send('POST', `/ComposeDeployments/web/$/${what}${api}`, body);
  const move = (cluster: SimulatedCluster, domain: string) =>
    cluster.send('POST', `/Applications/web/$/MoveToNextUpgradeDomain?api-version=6.0`, {
      UpgradeDomainName: domain,
    });
  const upgrade = {
    DeploymentName: 'web',
    ComposeFileContent: 'services:\n  web: {}\n',
    UpgradeKind: 'Rolling',
    RollingUpgradeMode: 'Monitored',
    MonitoringPolicy: { FailureAction: 'Rollback', HealthCheckStableDurationInMilliseconds: 'PT10M' },
  };
  const code = ({ text }: { text: string }) => JSON.parse(text).Error.Code;

  it('a manual upgrade goes on when it is told to, domain by domain', async () => {
    const cluster = await simulatedCluster('manual');
    expect(code(await move(cluster, 'UD1'))).toBe('FABRIC_E_APPLICATION_NOT_UPGRADING');
    cluster.at(200);
    expect(code(await move(cluster, 'UD0'))).toBe('FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED');
    expect(code(await move(cluster, 'UD2'))).toBe('E_INVALIDARG');
    expect((await move(cluster, 'UD1')).status).toBe(200);
    cluster.at(230);
    expect(summary(await cluster.progress())).toContain('RollingForwardInProgress UnmonitoredManual v2 UD1(');
    cluster.at(500);
    expect(summary(await cluster.progress())).toContain('RollingForwardPending UnmonitoredManual v2 UD2()');
    await move(cluster, 'UD2');
    cluster.at(900);
    expect(summary(await cluster.progress())).toContain('RollingForwardCompleted');
  });

  it('a monitored upgrade takes no such order', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(170);
    expect(code(await move(cluster, 'UD1'))).toBe('FABRIC_E_INVALID_OPERATION');
  });

  it('a rollback is noticed at the next step, and cannot be asked of what is past it', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(300);
    expect(await post(cluster, 'RollbackUpgrade')).toMatchObject({ status: 200, reason: 'OK', text: '' });
    expect((await post(cluster, 'RollbackUpgrade')).status).toBe(200);
    expect(summary(await cluster.progress())).toContain('RollingForwardInProgress');
    cluster.at(345);
    expect(summary(await cluster.progress())).toBe(
      'RollingBackInProgress UnmonitoredAuto v1 UD0(_node_0 Upgrading, _node_3 PreUpgradeSafetyCheck)',
    );
    cluster.at(2000);
    expect(summary(await cluster.progress())).toContain('RollingBackCompleted');
    expect(code(await post(cluster, 'RollbackUpgrade'))).toBe('FABRIC_E_COMPOSE_DEPLOYMENT_NOT_UPGRADING');
  });

  it('a rollback of what the failure action rolls back already is refused', async () => {
    const cluster = await simulatedCluster('rollback');
    cluster.at(600);
    const answer = await post(cluster, 'RollbackUpgrade');
    expect([answer.status, code(answer)]).toEqual([409, 'FABRIC_E_APPLICATION_ALREADY_IN_TARGET_VERSION']);
  });

  it('a manual upgrade rolls back manually', async () => {
    const cluster = await simulatedCluster('manual');
    cluster.at(450);
    await move(cluster, 'UD1');
    cluster.at(700);
    await post(cluster, 'RollbackUpgrade');
    cluster.at(2000);
    expect(summary(await cluster.progress())).toBe('RollingBackInProgress UnmonitoredManual v1 UD1()');
    await move(cluster, 'UD1');
    cluster.at(3000);
    expect(summary(await cluster.progress())).toBe('RollingBackCompleted UnmonitoredManual v1 -()');
  });

  it('the first upgrade, rolled back while it is provisioned, leaves a 404 that is not "missing"', async () => {
    const cluster = await simulatedCluster('happy');
    await post(cluster, 'RollbackUpgrade');
    expect(summary(await cluster.progress())).toContain('ProvisioningTarget');
    cluster.at(40);
    const answer = await cluster.send('GET', progressPath('web'));
    expect([answer.status, answer.reason]).toEqual([404, 'NotFound']);
    expect(answer.text).toBe('{"Error":{"Code":"NotFound","Message":"Null"}}');
    const status = await cluster.send('GET', `/ComposeDeployments/web${api}`);
    expect(JSON.parse(status.text).ComposeDeploymentStatus).toBe('Upgrading');
    cluster.at(100);
    expect((await cluster.send('GET', progressPath('web'))).status).toBe(404);
  });

  it('a later one shows what is left of the upgrade before', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(1000);
    await post(cluster, 'Upgrade', upgrade);
    await post(cluster, 'RollbackUpgrade');
    cluster.at(1100);
    const document = await cluster.progress();
    expect(summary(document)).toBe('RollingBackCompleted Monitored v2 -()');
    expect(document['UpgradeDuration']).toMatch(/^PT0H12M/);
  });

  it('a new upgrade follows its own policy', async () => {
    const cluster = await simulatedCluster('never-upgraded');
    expect(await post(cluster, 'Upgrade', upgrade)).toMatchObject({
      status: 202,
      reason: 'Accepted',
      text: '',
    });
    cluster.at(500);
    const document = await cluster.progress();
    expect(summary(document)).toBe('RollingForwardPending Monitored v2 UD1()');
    expect(document['MonitoringPolicy']).toMatchObject({
      HealthCheckStableDurationInMilliseconds: 'PT0H10M0S',
    });
    expect(document).not.toHaveProperty('ApplicationHealthPolicy');
    expect(document['UpgradeReplicaSetCheckTimeoutInSeconds']).toBe(4294967295);
  });

  it('what a policy says before the kind of upgrade is not heard', async () => {
    const cluster = await simulatedCluster('never-upgraded');
    const { UpgradeKind, ...others } = upgrade;
    await post(cluster, 'Upgrade', { ...others, UpgradeKind });
    cluster.at(50);
    expect(await cluster.progress()).toMatchObject({ RollingUpgradeMode: 'UnmonitoredAuto' });
  });

  it('a failure action of "Manual" leaves it to a person', async () => {
    const cluster = await simulatedCluster('rollback');
    cluster.at(1000);
    await post(cluster, 'Upgrade', {
      ...upgrade,
      MonitoringPolicy: { FailureAction: 2, HealthCheckRetryTimeoutInMilliseconds: '60000' },
    });
    cluster.at(3000);
    expect(summary(await cluster.progress())).toBe(
      'RollingForwardPending UnmonitoredManual v3 UD2() unhealthy',
    );
    await move(cluster, 'UD2');
    cluster.at(4000);
    expect(summary(await cluster.progress())).toContain('RollingForwardCompleted');
  });

  it('a second upgrade waits for the first, as long as it is allowed to', async () => {
    const cluster = await simulatedCluster('happy');
    const path = `/ComposeDeployments/web/$/Upgrade${api}`;
    const answer = await cluster.send('POST', `${path}&timeout=30`, upgrade);
    expect([answer.status, code(answer)]).toEqual([504, 'FABRIC_E_TIMEOUT']);
    expect((await cluster.send('POST', `${path}&timeout=3600`, upgrade)).status).toBe(202);
    expect(summary(await cluster.progress())).toBe('ProvisioningTarget Invalid v3 -()');
  });

  it.each<[string, unknown, number, string]>([
    ['no JSON', '{', 500, 'SerializationError'],
    ['a list', [], 500, 'SerializationError'],
    ['no file', { DeploymentName: 'web' }, 400, 'E_INVALIDARG'],
    ['an unknown mode', { ...upgrade, RollingUpgradeMode: 'Fast' }, 500, 'SerializationError'],
    [
      'a bad duration',
      { ...upgrade, MonitoringPolicy: { UpgradeTimeoutInMilliseconds: 'soon' } },
      500,
      'SerializationError',
    ],
    ['another name', { ...upgrade, DeploymentName: 'wbe' }, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['a path for a name', { ...upgrade, DeploymentName: 'a/b' }, 400, 'FABRIC_E_INVALID_NAME_URI'],
  ])('an upgrade with %s is refused', async (_, body, status, expected) => {
    const cluster = await simulatedCluster('never-upgraded');
    const answer = await post(cluster, 'Upgrade', body);
    expect([answer.status, code(answer)]).toEqual([status, expected]);
  });

  it('several at a time, each some way behind the one before', async () => {
    const cluster = await simulatedCluster('happy', { names: ['web', 'api', 'shop'] });
    cluster.at(120);
    const { text } = await cluster.send('GET', `/ComposeDeployments${api}&MaxResults=2`);
    expect(JSON.parse(text)).toMatchObject({
      ContinuationToken: 'shop',
      Items: ['api', 'shop'].map((name) => ({ DeploymentName: name, ComposeDeploymentStatus: 'Upgrading' })),
    });
    const states = ['web', 'api', 'shop'].map(async (name) => {
      const { text } = await cluster.send('GET', progressPath(name));
      const { UpgradeState, UpgradeDuration } = JSON.parse(text);
      return [UpgradeState, UpgradeDuration];
    });
    expect(await Promise.all(states)).toMatchInlineSnapshot(`
      [
        [
          "RollingForwardInProgress",
          "PT0H1M2.1676S",
        ],
        [
          "RollingForwardInProgress",
          "PT0H0M2.0153S",
        ],
        [
          "RollingForwardInProgress",
          "PT0H0M2.0153S",
        ],
      ]
    `);
  });

  it('a deployment is created, listed and deleted', async () => {
    const cluster = await simulatedCluster('missing');
    const create = { DeploymentName: 'shop', ComposeFileContent: 'services:' };
    const status = async () => (await cluster.send('GET', `/ComposeDeployments/shop${api}`)).text;
    expect(await cluster.send('PUT', `/ComposeDeployments/$/Create${api}`, create)).toMatchObject({
      status: 202,
    });
    expect(code(await cluster.send('PUT', `/ComposeDeployments/$/Create${api}`, create))).toBe(
      'FABRIC_E_COMPOSE_DEPLOYMENT_ALREADY_EXISTS',
    );
    expect(await status()).toBe(
      '{"DeploymentName":"shop","ApplicationName":"fabric:\\/shop","ComposeDeploymentStatus":"Provisioning"}',
    );
    expect(code(await cluster.send('GET', `${progressPath('shop')}&timeout=5`))).toBe('FABRIC_E_TIMEOUT');
    expect(JSON.parse((await cluster.send('GET', progressPath('shop'))).text).UpgradeState).toBe(
      'RollingForwardCompleted',
    );
    await cluster.send('PUT', `/ComposeDeployments/$/Create${api}`, { ...create, DeploymentName: 'api' });
    const list = JSON.parse((await cluster.send('GET', `/ComposeDeployments${api}&MaxResults=1`)).text);
    expect(list).toMatchObject({ ContinuationToken: 'api', Items: [{ DeploymentName: 'api' }] });
    const rest = await cluster.send('GET', `/ComposeDeployments${api}&ContinuationToken=api`);
    expect(JSON.parse(rest.text)).toMatchObject({
      ContinuationToken: '',
      Items: [{ DeploymentName: 'shop' }],
    });
    expect((await cluster.send('POST', `/ComposeDeployments/shop/$/Delete${api}`)).status).toBe(202);
    expect(await status()).toContain('"Deleting"');
    expect(code(await cluster.send('GET', `${progressPath('shop')}&timeout=5`))).toBe('FABRIC_E_TIMEOUT');
    expect(code(await cluster.send('GET', progressPath('shop')))).toBe(
      'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    );
    expect(await cluster.send('GET', `/ComposeDeployments/shop${api}`)).toMatchObject({
      status: 204,
      text: '',
    });
  });

  it('a creation that fails leaves a deployment that says so', async () => {
    const cluster = await simulatedCluster('missing');
    await cluster.send('PUT', `/ComposeDeployments/$/Create${api}`, {
      DeploymentName: 'web',
      ComposeFileContent: 'nothing',
    });
    cluster.at(60);
    expect(summary(await cluster.progress())).toBe('RollingForwardCompleted Invalid v1 -()');
    const { text } = await cluster.send('GET', `/ComposeDeployments/web${api}`);
    expect(JSON.parse(text)).toMatchObject({ ComposeDeploymentStatus: 'Failed', StatusDetails: /services/ });
  });

  it('a deletion fails the upgrade first', async () => {
    const cluster = await simulatedCluster('happy');
    cluster.at(200);
    await post(cluster, 'Delete');
    expect(summary(await cluster.progress())).toBe('Failed Invalid v2 -()');
    cluster.at(300);
    expect((await cluster.send('GET', progressPath('web'))).status).toBe(404);
  });
});

describe('beside the upgrade it serves', () => {
  it("the application's own view, with all domains and real times", async () => {
    const cluster = await simulatedCluster('timeout');
    cluster.at(350);
    const view = async () =>
      JSON.parse((await cluster.send('GET', '/Applications/web/$/GetUpgradeProgress?api-version=6.0')).text);
    expect(Object.keys(await view())).toEqual([
      'Name',
      'TypeName',
      'TargetApplicationTypeVersion',
      'UpgradeDomains',
      'UpgradeState',
      'NextUpgradeDomain',
      'RollingUpgradeMode',
      'UpgradeDescription',
      'UpgradeDurationInMilliseconds',
      'UpgradeDomainDurationInMilliseconds',
      'UnhealthyEvaluations',
      'CurrentUpgradeDomainProgress',
      'StartTimestampUtc',
      'FailureTimestampUtc',
      'FailureReason',
      'UpgradeDomainProgressAtFailure',
      'UpgradeStatusDetails',
    ]);
    expect(await view()).toMatchObject({
      Name: 'fabric:/web',
      TypeName: 'Compose_0',
      UpgradeDomains: [
        { Name: 'UD1', State: 'InProgress' },
        { Name: 'UD2', State: 'Pending' },
        { Name: 'UD0', State: 'Completed' },
      ],
      NextUpgradeDomain: 'UD2',
      StartTimestampUtc: '2026-11-24T07:00:30.149Z',
      FailureReason: 'None',
    });
    cluster.at(600);
    expect(await view()).toMatchObject({
      TargetApplicationTypeVersion: 'v1',
      UpgradeState: 'RollingBackInProgress',
      FailureReason: 'UpgradeDomainTimeout',
      FailureTimestampUtc: expect.stringMatching(/^2026-11-24T07:09:3\d/),
    });
  });

  it('status, version and the way to sign in', async () => {
    const cluster = await simulatedCluster('failed');
    cluster.at(60);
    expect((await cluster.send('GET', `/ComposeDeployments/web${api}`)).text).toMatch(
      /^{"DeploymentName":"web","ApplicationName":"fabric:\\\/web","ComposeDeploymentStatus":"Ready","StatusDetails":"The upgrade to v2 failed: /,
    );
    expect((await cluster.send('GET', '/$/GetClusterVersion?api-version=6.4')).text).toMatch(
      /^{"Version":"6\.4\.\d+\.\d+"}$/,
    );
    expect((await cluster.send('GET', '/$/GetAadMetadata?api-version=1.0')).text).toBe(
      '{"type":"","metadata":{}}',
    );
  });
});

describe('the service of a partition', () => {
  const path = (partition: string) => `/Partitions/${partition}/$/GetServiceName?api-version=6.0`;

  it('is told, with its id', async () => {
    const cluster = await simulatedCluster('stuck');
    cluster.at(400);
    const { CurrentUpgradeDomainProgress: domain } = await cluster.progress();
    const [, partition = ''] = /"PartitionId":"([^"]+)"/.exec(JSON.stringify(domain)) ?? [];
    const { status, text } = await cluster.send('GET', path(partition));
    expect(status).toBe(200);
    expect(text).toBe('{"Id":"web~web","Name":"fabric:\\/web\\/web"}');
  });

  it('of a partition that there is not is not found', async () => {
    const cluster = await simulatedCluster('happy');
    const { status, reason } = await cluster.send('GET', path('4ee87f08-0000-0000-0000-d29d532e344b'));
    expect([status, reason]).toEqual([404, 'FABRIC_E_PARTITION_NOT_FOUND']);
  });
});

describe('a gateway that', () => {
  it('refuses everybody says so with nothing but a status, after the URL and except for what is anonymous', async () => {
    const cluster = await simulatedCluster('unauthorized');
    const answer = await cluster.send('GET', progressPath('web'));
    expect([answer.status, answer.reason, answer.text]).toEqual([403, 'Client certificate required', '']);
    expect(answer.headers.slice(0, -1)).toEqual([
      'Content-Length',
      '0',
      'Server',
      'Microsoft-HTTPAPI/2.0',
      'Date',
    ]);
    expect((await cluster.send('GET', '/nowhere')).status).toBe(400);
    expect((await cluster.send('GET', '/$/GetAadMetadata?api-version=1.0')).status).toBe(200);
  });

  it('falters gives 503, 504, resets and late answers, never more than two bad ones in a row', async () => {
    const cluster = await simulatedCluster('flaky');
    const seen: string[] = [];
    for (let count = 0; count < 20; count++) {
      seen.push(
        await cluster.send('GET', progressPath('web')).then(
          ({ status }) => String(status),
          ({ code }) => code,
        ),
      );
    }
    expect(seen.slice(0, 10)).toEqual(seen.slice(10));
    expect(new Set(seen)).toEqual(new Set(['200', '503', '504', 'ECONNRESET']));
    expect(seen.join(' ').replaceAll(/\b(?!200)\w+/g, 'bad')).not.toContain('bad bad bad');
  });
});
