/** What is too much of anything: documents, lists, names and texts, and days. */
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

const many = <T>(count: number, of: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => of(index));

const node = (name: string) => ({ NodeName: name, UpgradePhase: 'Upgrading', PendingSafetyChecks: [] });
const domain = (nodes: object[]) => ({
  CurrentUpgradeDomainProgress: { DomainName: 'UD1', NodeUpgradeProgressList: nodes },
});
const named = (of: object) => ({ ...unhealthyEvent.HealthEvaluation.UnhealthyEvent, ...of });
const event = (of: object) => ({
  HealthEvaluation: { ...unhealthyEvent.HealthEvaluation, UnhealthyEvent: named(of) },
});

interface Excess {
  readonly name: string;
  readonly members: Members;
  readonly text: RegExp;
}

/** Each far beyond what a runtime sends. */
const excesses: readonly Excess[] = [
  {
    name: 'nodes',
    members: domain(many(3500, (index) => node(`_node_${index}`))),
    text: /no more than 3000 are read/,
  },
  {
    name: 'safety checks of a node',
    members: domain([
      {
        NodeName: '_node_1',
        UpgradePhase: 'PreUpgradeSafetyCheck',
        PendingSafetyChecks: many(5000, (index) => ({
          SafetyCheck: { Kind: 'EnsureAvailability', PartitionId: `p${index}` },
        })),
      },
    ]),
    text: /EnsureAvailability/,
  },
  {
    name: 'evaluations',
    members: { ApplicationUnhealthyEvaluations: many(3001, (index) => event({ Property: `p${index}` })) },
    text: /no more than 3000 are read/,
  },
  {
    name: 'members that nobody knows',
    members: Object.fromEntries(many(5000, (index) => [`m${index}`, index])),
    text: /4900 more members/,
  },
  {
    name: 'a sentence',
    members: { UpgradeStatusDetails: 'word '.repeat(100_000) },
    text: /more lines; --full/,
  },
  {
    name: 'marks on a letter',
    members: { UpgradeStatusDetails: `${'x'.repeat(100)}${'\u0301\u0323'.repeat(25_000)}` },
    text: /more lines; --full/,
  },
  {
    name: 'health reports of nothing but marks',
    members: {
      ApplicationUnhealthyEvaluations: many(30, (index) =>
        event({ Property: `p${index}`, Description: `x${'\u0301'.repeat(4095)}` }),
      ),
    },
    text: /more lines; --full/,
  },
  { name: 'a word', members: { UpgradeStatusDetails: 'x'.repeat(500_000) }, text: /more lines; --full/ },
  {
    name: 'what a health report says',
    members: { ApplicationUnhealthyEvaluations: [event({ Description: 'word '.repeat(100_000) })] },
    text: /more characters\)/,
  },
  {
    name: 'a version',
    members: { TargetApplicationTypeVersion: 'v'.repeat(500_000) },
    text: /RollingForwardInProgress/,
  },
  { name: 'a state', members: { UpgradeState: 'R'.repeat(500_000) }, text: /not sent/ },
  {
    name: 'a number',
    members: { UpgradeReplicaSetCheckTimeoutInSeconds: '9'.repeat(500_000) },
    text: /RollingForwardInProgress/,
  },
  {
    name: 'a duration',
    members: { UpgradeDuration: `PT${'9'.repeat(500_000)}S` },
    text: /RollingForwardInProgress/,
  },
];

describe('far too many or too long', () => {
  it.each(excesses)(
    '$name: a table of 200 lines says so, a line stays one, and json has all',
    async ({ members, text }) => {
      const document = toWire(createUpgrade(members));
      const { url } = await startGateway(...repeat(answer(document)));
      const read = (...argv: string[]) => run(['upgrade-progress', 'web', '-e', url, ...argv]);
      const table = await read();
      expect(table.stdout.split('\n').length).toBeLessThanOrEqual(201);
      // Not of the texts themselves, here and below: nobody could read what is wrong with them.
      expect(text.test(unfoldTable(table.stdout))).toBe(true);
      const full = await read('--full');
      expect(full.stdout.split('\n').length).toBeLessThanOrEqual(20_001);
      // A line that is far longer than it is wide takes the square of its length to be measured.
      const longest = Math.max(
        ...[table, full].flatMap(({ stdout }) => stdout.split('\n')).map(({ length }) => length),
      );
      expect(longest).toBeLessThan(500);
      expect(/^[^\n]{1,60000}\n$/.test((await read('-o', 'plain')).stdout)).toBe(true);
      const json = await read('-o', 'json');
      expect(JSON.stringify(JSON.parse(json.stdout)) === JSON.stringify(JSON.parse(document))).toBe(true);
      expect([table, full, json].map(({ exitCode, stderr }) => [exitCode, stderr])).toEqual(
        many(3, () => [0, '']),
      );
    },
  );

  it('names that are not known are warned about no more than 20 times', async () => {
    const scripts = many(40, (index) => answerWith({ ...runningUpgrade, UpgradeState: `State${index}` }));
    const { url } = await startGateway(...scripts, answerWith({ ...runningUpgrade, UpgradeState: 'Failed' }));
    const { stderr } = await run(['upgrade-progress', 'web', '-e', url, '--watch', '--no-domains']);
    expect(stderr.match(/is not known to this version/g)).toHaveLength(20);
  });
});

/** Plays one script for as long as it takes. */
async function watchOf(script: Script, time: ReturnType<typeof createTestTime>, ...argv: string[]) {
  const { url, requests } = await startGateway(...many(2000, () => script));
  const watching = ['upgrade-progress', 'web', '-e', url, '--watch', '--no-domains', '-o', 'plain', ...argv];
  return { ...(await run(watching, { time })), requests };
}

describe('a watch of days', () => {
  it('reads at each interval, and at no other time', async () => {
    const time = createTestTime();
    const readAt: number[] = [];
    const script: Script = (response, request) => {
      readAt.push(time.clock.monotonic());
      answerWith(runningUpgrade)(response, request);
    };
    const { exitCode } = await watchOf(
      script,
      time,
      '--interval',
      '10m',
      '--max-wait',
      '72h',
      '--heartbeat',
      '7m',
    );
    expect(readAt).toEqual(many(6 * 72, (index) => index * 600 * second));
    expect(time.clock.monotonic()).toBe(3 * day);
    expect(exitCode).toBe(124);
  });

  it('does not care how the clock on the wall is set', async () => {
    const time = createTestTime();
    let reads = 0;
    const script: Script = (response, request) => {
      reads++;
      if (reads === 2) time.set(-30 * day);
      if (reads === 4) time.set(400 * day);
      answerWith({ ...runningUpgrade, UpgradeStatusDetails: `${reads}` })(response, request);
    };
    const { exitCode, stdout, stderr } = await watchOf(
      script,
      time,
      ...['--interval', '1m', '--max-wait', '9m30s', '--stall-after', '5m', '--heartbeat', '1h'],
    );
    expect(reads).toBe(10);
    expect(stdout).toMatch(/^2026-11-24T08:00:00Z [^\n]*\n$/);
    expect(stderr).toContain('Nothing has changed for 5m 00s');
    expect(stderr).toContain('Gave up watching after 9m 30s');
    expect(exitCode).toBe(124);
  });

  it('goes on when a laptop wakes up: what was under way is lost, and the next read is made at once', async () => {
    const time = createTestTime();
    const answers: Script[] = [
      answerWith(runningUpgrade),
      // It sleeps in the middle of a request.
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
