/** Limits: of documents, lists, names and texts, and of time. */
import { describe, expect, it } from 'vitest';
import {
  completedUpgrade,
  createUpgrade,
  type Members,
  runningUpgrade,
  toWire,
  unhealthyEvent,
} from '../support/documents.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { createTestTime, run } from '../support/run.ts';
import {
  answer,
  answerError,
  answerWith,
  repeat,
  type Script,
  startGateway,
} from '../support/scripted-gateway.ts';

const second = 1000;
const hour = 3600 * second;
const day = 24 * hour;

const createMany = <T>(count: number, of: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => of(index));

const createNode = (name: string) => ({ NodeName: name, UpgradePhase: 'Upgrading', PendingSafetyChecks: [] });
const createDomain = (nodes: object[]) => ({
  CurrentUpgradeDomainProgress: { DomainName: 'UD1', NodeUpgradeProgressList: nodes },
});
const createHealthEvent = (of: object) => ({ ...unhealthyEvent.HealthEvaluation.UnhealthyEvent, ...of });
const createEvaluation = (of: object) => ({
  HealthEvaluation: { ...unhealthyEvent.HealthEvaluation, UnhealthyEvent: createHealthEvent(of) },
});

interface Excess {
  readonly name: string;
  readonly members: Members;
  readonly text: RegExp;
}

/** Documents far beyond what a runtime sends. */
const excesses: readonly Excess[] = [
  {
    name: '3,500 nodes',
    members: createDomain(createMany(3500, (index) => createNode(`_node_${index}`))),
    text: /no more than 3000 are read/,
  },
  {
    name: '5,000 safety checks of a node',
    members: createDomain([
      {
        NodeName: '_node_1',
        UpgradePhase: 'PreUpgradeSafetyCheck',
        PendingSafetyChecks: createMany(5000, (index) => ({
          SafetyCheck: { Kind: 'EnsureAvailability', PartitionId: `p${index}` },
        })),
      },
    ]),
    text: /EnsureAvailability/,
  },
  {
    name: '3,001 health evaluations',
    members: {
      ApplicationUnhealthyEvaluations: createMany(3001, (index) =>
        createEvaluation({ Property: `p${index}` }),
      ),
    },
    text: /no more than 3000 are read/,
  },
  {
    name: '5,000 unknown members',
    members: Object.fromEntries(createMany(5000, (index) => [`m${index}`, index])),
    text: /4900 more members/,
  },
  {
    name: '100,000 words',
    members: { UpgradeStatusDetails: 'word '.repeat(100_000) },
    text: /more characters\)/,
  },
  {
    name: '50,000 marks on a letter',
    members: { UpgradeStatusDetails: `${'x'.repeat(100)}${'\u0301\u0323'.repeat(25_000)}` },
    text: /more characters\)/,
  },
  {
    name: '30 health reports of 4,095 marks',
    members: {
      ApplicationUnhealthyEvaluations: createMany(30, (index) =>
        createEvaluation({ Property: `p${index}`, Description: `x${'\u0301'.repeat(4095)}` }),
      ),
    },
    text: /more lines; --full/,
  },
  {
    name: 'a word of 500,000 letters',
    members: { UpgradeStatusDetails: 'x'.repeat(500_000) },
    text: /more characters\)/,
  },
  {
    name: 'a health report of 100,000 words',
    members: {
      ApplicationUnhealthyEvaluations: [createEvaluation({ Description: 'word '.repeat(100_000) })],
    },
    text: /more characters\)/,
  },
  {
    name: 'a version of 500,000 letters',
    members: { TargetApplicationTypeVersion: 'v'.repeat(500_000) },
    text: /RollingForwardInProgress/,
  },
  { name: 'a state of 500,000 letters', members: { UpgradeState: 'R'.repeat(500_000) }, text: /not sent/ },
  {
    name: 'a number of 500,000 digits',
    members: { UpgradeReplicaSetCheckTimeoutInSeconds: '9'.repeat(500_000) },
    text: /RollingForwardInProgress/,
  },
  {
    name: 'a duration of 500,000 digits',
    members: { UpgradeDuration: `PT${'9'.repeat(500_000)}S` },
    text: /RollingForwardInProgress/,
  },
];

describe('a document with', () => {
  it.each(excesses)(
    '$name fits into 200 lines of a table and into one plain line, and is complete in JSON',
    async ({ members, text }) => {
      const document = toWire(createUpgrade(members));
      const { url } = await startGateway(...repeat(answer(document)));
      const read = (...argv: string[]) => run(['upgrade-progress', 'web', '-e', url, ...argv]);
      const table = await read();
      expect(table.stdout.split('\n').length).toBeLessThanOrEqual(201);
      // The texts themselves would be too long for an assertion message, here and below.
      const full = await read('--full');
      expect(text.test(unfoldTable(`${table.stdout}\n${full.stdout}`))).toBe(true);
      expect(full.stdout.split('\n').length).toBeLessThanOrEqual(20_001);
      // Measuring a line that has far more characters than columns takes quadratic time.
      const longest = Math.max(
        ...[table, full].flatMap(({ stdout }) => stdout.split('\n')).map(({ length }) => length),
      );
      expect(longest).toBeLessThan(500);
      expect(/^[^\n]{1,60000}\n$/.test((await read('-o', 'plain')).stdout)).toBe(true);
      const json = await read('-o', 'json');
      expect(JSON.stringify(JSON.parse(json.stdout)) === JSON.stringify(JSON.parse(document))).toBe(true);
      expect([table, full, json].map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(
        createMany(3, () => [0, '']),
      );
    },
  );

  it('more than 20 unknown states causes no more than 20 warnings', async () => {
    const scripts = createMany(40, (index) =>
      answerWith({ ...runningUpgrade, UpgradeState: `State${index}` }),
    );
    const { url } = await startGateway(...scripts, answerWith({ ...runningUpgrade, UpgradeState: 'Failed' }));
    const { stderr } = await run(['upgrade-progress', 'web', '-e', url, '--watch', '--no-domains']);
    expect(stderr.match(/Unknown upgrade state/g)).toHaveLength(20);
  });
});

/** Watches a gateway that plays one script for every request. */
async function watchScript(script: Script, time: ReturnType<typeof createTestTime>, ...argv: string[]) {
  const { url, requests } = await startGateway(...createMany(2000, () => script));
  const watching = ['upgrade-progress', 'web', '-e', url, '--watch', '--no-domains', '-o', 'plain', ...argv];
  return { ...(await run(watching, { time })), requests };
}

describe('a watch that lasts for days', () => {
  it('reads exactly once per interval', async () => {
    const time = createTestTime();
    const readAt: number[] = [];
    const script: Script = (response, request) => {
      readAt.push(time.clock.monotonic());
      answerWith(runningUpgrade)(response, request);
    };
    const { exitCode } = await watchScript(
      script,
      time,
      '--interval',
      '10m',
      '--max-wait',
      '72h',
      '--heartbeat',
      '7m',
    );
    expect(readAt).toEqual(createMany(6 * 72, (index) => index * 600 * second));
    expect(time.clock.monotonic()).toBe(3 * day);
    expect(exitCode).toBe(124);
  });

  it('does not depend on changes of the wall clock', async () => {
    const time = createTestTime();
    let reads = 0;
    const script: Script = (response, request) => {
      reads++;
      if (reads === 2) time.set(-30 * day);
      if (reads === 4) time.set(400 * day);
      answerWith({ ...runningUpgrade, UpgradeStatusDetails: `${reads}` })(response, request);
    };
    const { exitCode, stdout, stderr } = await watchScript(
      script,
      time,
      ...['--interval', '1m', '--max-wait', '9m30s', '--stall-after', '5m', '--heartbeat', '1h'],
    );
    expect(reads).toBe(10);
    expect(stdout).toMatch(/^2026-11-24T08:00:00Z [^\n]*\n$/);
    expect(stderr).toContain('Nothing has changed for 5m');
    expect(stderr).toContain('Stopped watching after 9m 30s');
    expect(exitCode).toBe(124);
  });

  it('continues at once when a laptop wakes up', async () => {
    const time = createTestTime();
    const answers: Script[] = [
      answerWith(runningUpgrade),
      // The laptop sleeps in the middle of a request.
      (response) => {
        time.pass(8 * hour);
        response.destroy();
      },
      answerError(503, 'E_ABORT'),
      answerWith(runningUpgrade),
      answerWith(completedUpgrade),
    ];
    const { url, requests } = await startGateway(...answers);
    const argv = ['upgrade-progress', 'web', '-e', url, '--watch', '--no-domains', '-o', 'plain'];
    const { exitCode, stdout, stderr } = await run(argv, { time });
    expect(exitCode).toBe(0);
    expect(requests).toHaveLength(5);
    expect(stdout.trim().split('\n').at(-1)).toContain('RollingForwardCompleted');
    expect(stderr).toContain('Contact lost');
    expect(stderr).toContain('Contact regained');
    expect(time.clock.monotonic()).toBeLessThan(8 * hour + 60 * second);
  });
});
