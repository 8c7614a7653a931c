/** Poison in the responses to `sfcompose history`. */
import { describe, expect, it } from 'vitest';
import { findHarm, formats, type OutputShape } from '../../support/harm.ts';
import { allPoisons, listPlaces } from '../../support/poison.ts';
import { run } from '../../support/run.ts';
import { answer, type Script, startGatewayWith } from '../../support/scripted-gateway.ts';

const base = { EventInstanceId: 'a', CurrentApplicationTypeVersion: 'v1', ApplicationTypeVersion: 'v2' };
const at = (time: string) => ({ ...base, TimeStamp: `2026-11-24T${time}Z` });

/** Events of an upgrade that was rolled back, with every member that is read. */
const events = [
  {
    Kind: 'ApplicationUpgradeStarted',
    ...at('07:00:00'),
    RollingUpgradeMode: 'Monitored',
    FailureAction: 'Rollback',
  },
  {
    Kind: 'ApplicationUpgradeDomainCompleted',
    ...at('07:02:00'),
    UpgradeState: 'RollingForward',
    UpgradeDomains: '(UD0)',
    UpgradeDomainElapsedTimeInMs: 120_000,
  },
  {
    Kind: 'ApplicationContainerInstanceExited',
    ...at('07:03:00'),
    ServiceName: 'fabric:/web/api',
    ServicePackageName: 'apiPkg',
    CodePackageName: 'api',
    ImageName: 'api',
    ExitCode: 137,
    UnexpectedTermination: true,
  },
  {
    Kind: 'DeployedServicePackageNewHealthReport',
    ...at('07:03:01'),
    NodeName: '_node_1',
    ServiceManifestName: 'apiPkg',
    SourceId: 'System.Hosting',
    HealthState: 'Error',
    SourceUtcTimestamp: '2026-11-24T07:03:00Z',
  },
  {
    Kind: 'ApplicationUpgradeRollbackStarted',
    ...at('07:04:00'),
    FailureReason: 'HealthCheck',
    OverallUpgradeElapsedTimeInMs: 240_000,
  },
  {
    Kind: 'ApplicationUpgradeRollbackCompleted',
    ...at('07:06:00'),
    FailureReason: 'HealthCheck',
    OverallUpgradeElapsedTimeInMs: 360_000,
  },
];

const status = {
  DeploymentName: 'web',
  ApplicationName: 'fabric:/web',
  ComposeDeploymentStatus: 'Ready',
  StatusDetails: 'x',
};

// Lines begin with the start of the upgrade.
const shapes = Object.entries<OutputShape>({
  ...formats,
  plain: { lines: /^(?:2026-11-24T07:00:00Z|-) web/ },
});

describe('sfcompose history', () => {
  it.each([
    [
      'an event',
      20,
      listPlaces(events).map((place) => [place.name, status, place.with(allPoisons)] as const),
    ],
    [
      'the status',
      0,
      listPlaces(status).map((place) => [place.name, place.with(allPoisons), events] as const),
    ],
    ['an error', 2, [['error', status, { Error: { Code: allPoisons, Message: allPoisons } }] as const]],
  ])('does no harm with poison anywhere in %s', async (_, minShown, cases) => {
    let shown = 0;
    for (const [place, deployment, past] of cases) {
      const script: Script = (response, request) =>
        answer(JSON.stringify(request.url?.startsWith('/EventsStore') ? past : deployment))(
          response,
          request,
        );
      const { url } = await startGatewayWith({ events: 'in-turn' }, ...Array<Script>(60).fill(script));
      const harm: string[] = [];
      for (const [format, shape] of shapes) {
        for (const more of [[], ['--full']]) {
          const color = shape.isColored ? ['--color', 'always'] : [];
          const argv = ['history', 'web', '-e', url, '-o', format, '-v', '--retries', '0', ...color, ...more];
          const result = await run(argv);
          if (result.stdout.includes('pwned')) shown++;
          harm.push(...findHarm(result, shape).map((one) => `${format}: ${one}`));
        }
      }
      expect({ place, harm }).toEqual({ place, harm: [] });
    }
    expect(shown).toBeGreaterThanOrEqual(minShown);
  });
});
