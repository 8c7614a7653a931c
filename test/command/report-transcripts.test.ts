/** Transcripts of health reports as operators meet them. `npx vitest run -u` updates them: review the difference. */
import { describe, expect, it } from 'vitest';
import {
  createApplication,
  createDomainEvaluation,
  createPackageEvaluation,
  createServiceEvaluation,
  type Members,
  rolledBackUpgrade,
  rollingBackUpgrade,
} from '../support/documents.ts';
import { run } from '../support/run.ts';
import { answerWith, repeat, startGatewayWith } from '../support/scripted-gateway.ts';

const checking = {
  ...rollingBackUpgrade,
  UpgradeState: 'RollingForwardPending',
  RollingUpgradeMode: 'Monitored',
  TargetApplicationTypeVersion: 'v2',
  CurrentUpgradeDomainProgress: { DomainName: 'UD2', NodeUpgradeProgressList: [] },
};

const frames = Array.from(
  { length: 90 },
  (_, index) => `   at Bakery.Oven.<Heat>d__${index}.MoveNext() in C:\\src\\Oven.cs:line ${index}`,
);

interface Situation {
  readonly file: string;
  readonly document: Members;
  readonly evaluations: readonly object[];
}

describe('a transcript of a health report', () => {
  it.each<Situation>([
    {
      file: 'report-image-download',
      document: checking,
      evaluations: [
        createDomainEvaluation(
          ['_node_1', '_node_4'].map((node, index) =>
            createPackageEvaluation(node, 'oven', {
              Property: `Download:1.0:1.0:c0ffee0${index}-1234-4abc-8def-0123456789ab`,
              Description:
                'There was an error during download. Failed to download container image bakery.example/oven:12. DockerRequest returned StatusCode=NotFound with ResponseBody={"message":"manifest for bakery.example/oven:12 not found: manifest unknown"}',
            }),
          ),
        ),
      ],
    },
    {
      file: 'report-same-fault-on-four-nodes',
      document: rolledBackUpgrade,
      evaluations: [
        createDomainEvaluation(
          ['_node_1', '_node_4', '_node_7', '_node_10'].map((node, index) =>
            createPackageEvaluation(node, 'oven', {
              Property: `CodePackageActivation:oven.Code:EntryPoint:13386000000000${index}000`,
              Description: `The process/container terminated with exit code:3221225781. ContainerName=sf-1${index}-c0ffee0${index}-1234-4abc-8def-0123456789ab_c0ffee0${index}-1234-4abc-8def-0123456789ab`,
            }),
          ),
        ),
      ],
    },
    {
      file: 'report-stack-trace',
      document: checking,
      evaluations: [
        createServiceEvaluation('fabric:/web/oven', {
          SourceId: 'System.RA',
          Property: 'ReplicaOpenStatus',
          HealthState: 'Warning',
          Description: [
            'Replica had multiple failures during open on _node_4. API call: IStatelessServiceInstance.Open(); Error = System.AggregateException (-2146233088)',
            'One or more errors occurred. (The mill does not answer)',
            ...frames,
            'For more information see: http://aka.ms/sfhealth',
          ].join('\r\n'),
        }),
      ],
    },
    {
      file: 'report-older-than-the-upgrade',
      document: checking,
      evaluations: [
        createServiceEvaluation('fabric:/web/till', {
          SourceId: 'Bakery.Watchdog',
          Property: 'Drawer',
          Description: 'The drawer is stuck.',
          LastErrorTransitionAt: '2026-11-24T05:00:00.000Z',
        }),
      ],
    },
    {
      file: 'report-warnings',
      document: { ...checking, UpgradeState: 'RollingForwardInProgress' },
      evaluations: [
        {
          HealthEvaluation: {
            ...createDomainEvaluation([createPackageEvaluation('_node_4', 'oven', {})], 5).HealthEvaluation,
            AggregatedHealthState: 'Warning',
          },
        },
      ],
    },
  ])('is unchanged: $file', async ({ file, document, evaluations }) => {
    const answer = answerWith({ ...document, ApplicationUnhealthyEvaluations: evaluations });
    const isRolledBack = document === rolledBackUpgrade;
    const application = answerWith(
      createApplication(
        isRolledBack ? { UpgradeState: 'RollingBackCompleted', TargetApplicationTypeVersion: 'v1' } : {},
      ),
    );
    const { url } = await startGatewayWith({ application }, ...repeat(answer));
    const transcript: string[] = [];
    for (const argv of [[], ['-o', 'plain']]) {
      const command = ['upgrade-progress', 'web', ...argv];
      const { stdout, stderr, exitCode } = await run([...command, '-e', url]);
      transcript.push(`$ sfcompose ${command.join(' ')}`, `${stdout}${stderr}exit code ${exitCode}`, '');
    }
    const text = transcript.join('\n').replaceAll(new URL(url).host, '127.0.0.1:19080');
    await expect(text).toMatchFileSnapshot(`../golden/${file}.txt`);
  });
});
