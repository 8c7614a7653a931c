/** `--query` in whole commands. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyUnit, hostileText, looseUpgrade, toJson } from '../support/arbitraries.ts';
import {
  completedUpgrade,
  createNeverUpgraded,
  rolledBackUpgrade,
  runningUpgrade,
} from '../support/documents.ts';
import { findHarmful } from '../support/hostile-text.ts';
import { type RunOptions, run } from '../support/run.ts';
import {
  answer,
  answerError,
  answerWith,
  repeat,
  type Script,
  startGateway,
} from '../support/scripted-gateway.ts';

async function ask(script: Script, argv: readonly string[], options: RunOptions = {}) {
  const gateway = await startGateway(...repeat(script));
  const ended = await run(['upgrade-progress', 'web', '-e', gateway.url, '--no-domains', ...argv], options);
  return { ...ended, requests: gateway.requests.length };
}

interface QueriedUpgrade {
  readonly name: string;
  readonly document: unknown;
  readonly argv: readonly string[];
  readonly code: number;
  readonly printed: string;
}

describe('--query of a document', () => {
  it.each([
    ['UpgradeState', '"RollingForwardInProgress"\n'],
    ['nothing.of.the.kind', 'null\n'],
    ['constructor', 'null\n'],
    ['{a: DeploymentName, b: `[1, {}]`}', '{\n  "a": "web",\n  "b": [\n    1,\n    {}\n  ]\n}\n'],
    ["UpgradeState | starts_with(@, 'Rolling')", 'true\n'],
    ['Error', 'null\n'],
    ['{Error: UpgradeState}', '{\n  "Error": "RollingForwardInProgress"\n}\n'],
    [
      "CurrentUpgradeDomainProgress.NodeUpgradeProgressList[?UpgradePhase == 'Upgrading'].NodeName",
      '[\n  "_node_1"\n]\n',
    ],
  ])('prints only the result of %s', async (query, printed) => {
    expect(await ask(answerWith(runningUpgrade), ['--json', '--query', query])).toMatchObject({
      exitCode: 0,
      stdout: printed,
      stderr: '',
    });
  });

  it.each<QueriedUpgrade>([
    {
      name: 'that completed',
      document: completedUpgrade,
      argv: ['--watch'],
      code: 0,
      printed: '"RollingForwardCompleted"\n',
    },
    {
      name: 'that was rolled back',
      document: rolledBackUpgrade,
      argv: ['--watch'],
      code: 3,
      printed: '"RollingBackCompleted"\n',
    },
    {
      name: 'that was rolled back, without a watch',
      document: rolledBackUpgrade,
      argv: ['--exit-status'],
      code: 3,
      printed: '"RollingBackCompleted"\n',
    },
    {
      name: 'that is in progress',
      document: runningUpgrade,
      argv: ['--watch', '--max-wait', '1s'],
      code: 124,
      printed: '"RollingForwardInProgress"\n',
    },
  ])('prints its result for an upgrade $name', async ({ document, argv, code, printed }) => {
    const { exitCode, stdout } = await ask(answerWith(document), [
      '-o',
      'json',
      '--query',
      'UpgradeState',
      ...argv,
    ]);
    expect([exitCode, stdout]).toEqual([code, printed]);
  });

  it('does not apply to an error', async () => {
    const script = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND', 'It is not there.');
    const { exitCode, stdout } = await ask(script, ['--json', '--query', 'UpgradeState']);
    expect(exitCode).toBe(5);
    expect(JSON.parse(stdout)).toEqual({
      Error: { Code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND', Message: 'It is not there.' },
    });
  });

  it('applies to a connection, unless that failed', async () => {
    const query = ['connection', '--json', '--query', 'settings.timeoutSeconds.value'];
    const gateway = await startGateway(answer('{"type":"","metadata":{}}'), answer('{"Version":"6.4"}'));
    expect((await run([...query, '-e', gateway.url])).stdout).toBe('60\n');
    const other = await startGateway(answerError(403, 'E_ACCESSDENIED'), answerError(403, 'E_ACCESSDENIED'));
    const { exitCode, stdout } = await run([...query, '-e', other.url]);
    expect(exitCode).toBe(7);
    expect(JSON.parse(stdout)).toMatchObject({
      settings: expect.any(Object),
      Error: { Code: 'E_ACCESSDENIED' },
    });
  });
});

describe('--query of records', () => {
  it('applies to each record, and leaves out empty results', async () => {
    const argv = ['-o', 'ndjson', '--exit-status', '--query'];
    const states = await ask(answerWith(rolledBackUpgrade), [...argv, 'progress.UpgradeState']);
    expect(states).toMatchObject({ exitCode: 3, stdout: '"RollingBackCompleted"\n' });
    const outcomes = await ask(answerWith(rolledBackUpgrade), [...argv, '[type, outcome]']);
    expect(outcomes.stdout).toBe('["progress",null]\n["outcome","rolled-back"]\n');
  });

  it('applies to the outcome after an error', async () => {
    const argv = ['-o', 'ndjson', '--query', 'outcome'];
    expect((await ask(answerError(403, 'E_ACCESSDENIED'), argv)).stdout).toBe('"unauthorized"\n');
    expect((await ask(answerWith(runningUpgrade), [...argv, '--interval', '5s'])).stdout).toBe('"usage"\n');
  });

  it('leaves out records that it does not fit, with one message and the same exit code', async () => {
    const argv = ['-o', 'ndjson', '--watch', '--query', 'ceil(elapsedSeconds)'];
    const { exitCode, stdout, stderr } = await ask(answerWith(completedUpgrade), [
      ...argv,
      '--expect-version',
      'v2',
    ]);
    expect([exitCode, stdout]).toEqual([0, '0\n']);
    expect(stderr).toBe(
      'sfcompose: --query "ceil(elapsedSeconds)" does not fit what was read: Invalid type: ceil() expected argument 1 to be type (number) but received type null instead. Records that do not fit are omitted.\n',
    );
  });
});

describe('the expression of --query', () => {
  it.each([
    ['', 'invalid token (EOF): ""'],
    ['a[', 'expected Star, got: EOF'],
    ['a..b', 'unexpected token: .(Dot)'],
    ['`x`', 'unexpected end of JSON input or invalid format for a JSON literal: `'],
    ['soonest(@)', 'there is no function soonest()'],
    ['a[?toString(b)]', 'there is no function toString()'],
    ["a[?b = 'c']", 'use "==" to compare, not "="'],
    ['let $a = b[?c = d] in $a', 'use "==" to compare, not "="'],
    ['('.repeat(100_000), 'it is too long or too deeply nested'],
  ])('is refused before any request if it is malformed (%#)', async (query, why) => {
    const { exitCode, stdout, stderr, requests } = await ask(answerWith(runningUpgrade), [
      '--json',
      '--query',
      query,
    ]);
    expect([exitCode, requests]).toEqual([2, 0]);
    expect(stderr).toBe(
      `sfcompose: Invalid --query "${query}": use a JMESPath expression (${why}). See sfcompose upgrade-progress --help.\n`,
    );
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_USAGE');
  });

  it.each([['table'], ['plain']])('is refused with -o %s', async (format) => {
    const { exitCode, stdout, stderr, requests } = await ask(answerWith(runningUpgrade), [
      '-o',
      format,
      '--query',
      'a',
    ]);
    expect([exitCode, requests, stdout]).toEqual([2, 0, '']);
    expect(stderr).toBe(
      `sfcompose: --query needs -o json, ndjson or tsv, but the output format is ${format}. See sfcompose upgrade-progress --help.\n`,
    );
  });

  it('is accepted when the environment asks for ndjson', async () => {
    const gateway = await startGateway(answerWith(runningUpgrade));
    const env = { SFCOMPOSE_OUTPUT: 'ndjson', SFCOMPOSE_ENDPOINT: gateway.url };
    const { stdout } = await run(['upgrade-progress', 'web', '--no-domains', '--query=type'], { env });
    expect(stdout).toBe('"progress"\n"outcome"\n');
  });
});

interface BadUpgrade {
  readonly name: string;
  readonly document: unknown;
  readonly code: number;
  readonly text: string;
}

describe('a --query that does not fit the document', () => {
  const message =
    '--query "sum(UpgradeState)" does not fit what was read: Invalid type: sum() expected argument 1 to be type (Array<number>) but received type string instead.';
  const query = ['-o', 'json', '--query', 'sum(UpgradeState)'];
  const errorDocument = `${JSON.stringify({ Error: { Code: 'SFCOMPOSE_E_USAGE', Message: message } }, null, 2)}\n`;

  it.each([['--exit-status'], ['--watch']])('is an error with %s', async (flag) => {
    const argv = [...query, flag, '--expect-version', 'v2'];
    const { exitCode, stdout, stderr } = await ask(answerWith(completedUpgrade), argv);
    expect([exitCode, stdout, stderr]).toEqual([2, errorDocument, `sfcompose: ${message}\n`]);
  });

  it.each<BadUpgrade>([
    { name: 'rolled back', document: rolledBackUpgrade, code: 3, text: 'web: rolled back to v1' },
    { name: 'never upgraded', document: createNeverUpgraded(), code: 5, text: 'web: never upgraded' },
  ])('does not hide that the upgrade was $name', async ({ document, code, text }) => {
    const { exitCode, stdout, stderr } = await ask(answerWith(document), [...query, '--exit-status']);
    expect([exitCode, stdout]).toEqual([code, errorDocument]);
    expect(stderr).toContain(`sfcompose: ${message}\nsfcompose: ${text}`);
  });

  it('is reported to the build agent', async () => {
    const env = { GITHUB_OUTPUT: 'outputs' };
    const { files } = await ask(answerWith(completedUpgrade), query, { ci: 'github', env });
    expect(files['outputs']).toContain('outcome=usage\nexit-code=2\n');
  });
});

describe('--query of any document', () => {
  it('prints one JSON document without harmful characters', async () => {
    const expression = fc.oneof(
      fc.constantFrom('@', '*', '*.*', '[*]', 'keys(@)', 'values(@)[]', 'max(keys(@))', 'to_string(@)'),
      fc.constantFrom('merge(@, @)', 'from_items(items(@))', 'sort(values(@))', 'join(`":"`, values(@))'),
      fc.string({ unit: anyUnit, maxLength: 6 }),
      hostileText.map((text) => `{a: "${JSON.stringify(text).slice(1, -1)}"}`),
    );
    await fc.assert(
      fc.asyncProperty(expression, looseUpgrade, async (query, document) => {
        const script = answer(toJson(document));
        const { exitCode, stdout, stderr } = await ask(script, [
          '--json',
          '--retries',
          '0',
          '--query',
          query,
        ]);
        expect([0, 2, 6]).toContain(exitCode);
        JSON.parse(stdout);
        expect(findHarmful(stdout + stderr)).toEqual([]);
        expect(stderr).not.toContain('bug in sfcompose');
      }),
      { numRuns: 60, seed: 20261124 },
    );
  });
});

interface SelectedValues {
  readonly query: string;
  readonly printed: string;
}

describe('-o tsv', () => {
  it.each<SelectedValues>([
    { query: 'UpgradeState', printed: 'RollingForwardInProgress\n' },
    { query: "starts_with(UpgradeState, 'Rolling')", printed: 'true\n' },
    { query: 'length(DeploymentName)', printed: '3\n' },
    { query: 'nothing.of.the.kind', printed: '' },
    { query: '`[]`', printed: '' },
    { query: '`["a", null, "b"]`', printed: 'a\n\nb\n' },
    { query: '`[["a", 1], ["b", null], [true, [2]]]`', printed: 'a\t1\nb\t\ntrue\t[2]\n' },
    { query: '[].{name: DeploymentName}', printed: '' },
    { query: '{name: DeploymentName, state: UpgradeState}', printed: 'web\tRollingForwardInProgress\n' },
    { query: '`"a\\tb\\nc"`', printed: 'a\\tb\\nc\n' },
    { query: '`[["a\\tb", "c"]]`', printed: 'a\\tb\tc\n' },
  ])('prints raw values: $query', async ({ query, printed }) => {
    const { exitCode, stdout, stderr } = await ask(answerWith(runningUpgrade), [
      '-o',
      'tsv',
      '--query',
      query,
    ]);
    expect([exitCode, stdout, stderr]).toEqual([0, printed, '']);
  });

  it('prints the verdict of a watch, with its exit code', async () => {
    const argv = ['-o', 'tsv', '--query', 'UpgradeState', '--watch'];
    const { exitCode, stdout } = await ask(answerWith(rolledBackUpgrade), argv);
    expect([exitCode, stdout]).toEqual([3, 'RollingBackCompleted\n']);
  });

  it.each([
    ['the cluster', answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'), 'UpgradeState', 5],
    ['a query that does not fit', answerWith(runningUpgrade), 'sum(UpgradeState)', 2],
    ['a malformed query', answerWith(runningUpgrade), 'a[', 2],
  ] as const)('prints no error document for an error of %s', async (_, script, query, code) => {
    const { exitCode, stdout, stderr } = await ask(script, ['-o', 'tsv', '--query', query]);
    expect([exitCode, stdout]).toEqual([code, '']);
    expect(stderr).not.toBe('');
  });
});
