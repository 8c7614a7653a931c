/** `--query`: JMESPath of a document or of each record, as whole commands. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyUnit } from './arbitraries.ts';
import { fullForm, midway, rollingBack, wire } from './documents.ts';
import { run } from './run.ts';
import { answer, fabricError, type Script, scriptedGateway } from './scripted-gateway.ts';

const completed = fullForm({ UpgradeState: 'RollingForwardCompleted' });
const rolledBack = { ...rollingBack, UpgradeState: 'RollingBackCompleted' };

async function queried(expression: string, argv: readonly string[], ...scripts: readonly Script[]) {
  const { url, requests } = await scriptedGateway(...scripts);
  const command = ['upgrade-progress', 'web', '-e', url, '--no-domains', '--query', expression, ...argv];
  return { ...(await run(command)), requests };
}

describe('of one document', () => {
  it.each<[string, unknown]>([
    ['UpgradeState', midway['UpgradeState']],
    ['nowhere', null],
    ['MonitoringPolicy.FailureAction', 'Rollback'],
    ['CurrentUpgradeDomainProgress.NodeUpgradeProgressList[].NodeName', ['_node_1', '_node_4']],
    ["CurrentUpgradeDomainProgress.NodeUpgradeProgressList[?UpgradePhase=='Upgrading'] | length(@)", 1],
    ['{to: TargetApplicationTypeVersion, state: UpgradeState}', { to: 'v2', state: midway['UpgradeState'] }],
  ])('%s', async (expression, result) => {
    const { exitCode, stdout, stderr } = await queried(expression, ['--json'], answer(wire(midway)));
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: `${JSON.stringify(result, null, 2)}\n`,
      stderr: '',
    });
  });

  it('leaves the verdict as it is, and what is said of it', async () => {
    const script = answer(wire(rolledBack));
    const { exitCode, stdout, stderr } = await queried('UpgradeState', ['--json', '--exit-status'], script);
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '"RollingBackCompleted"\n' });
    expect(stderr).toContain('rolled back');
  });

  it('leaves an error whole', async () => {
    const script = fabricError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
    const { exitCode, stdout } = await queried('UpgradeState', ['--json'], script);
    expect(exitCode).toBe(5);
    expect(JSON.parse(stdout).Error.Code).toBe('FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
  });

  it('tells where it does not fit the document', async () => {
    const { exitCode, stdout, stderr } = await queried('abs(UpgradeState)', ['--json'], answer(wire(midway)));
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_USAGE');
    expect(stderr).toMatch(/^sfcompose: --query is "abs\(UpgradeState\)", which does not work: .+\n$/);
  });

  it('never hides a verdict', async () => {
    const script = answer(wire(rolledBack));
    const { exitCode, stdout } = await queried('abs(UpgradeState)', ['--json', '--exit-status'], script);
    expect(exitCode).toBe(3);
    expect(JSON.parse(stdout).Error.Code).toBe('SFCOMPOSE_E_USAGE');
  });

  it('lets nothing harm a terminal', async () => {
    const script = answer(wire({ ...midway, UpgradeStatusDetails: '\u001b[31m##[error]' }));
    const { stdout } = await queried('UpgradeStatusDetails', ['--json'], script);
    expect(stdout).toBe('"\\u001b[31m\\u0023#[error]"\n');
  });
});

describe('of records', () => {
  it('is of each, and leaves out those of which nothing is left', async () => {
    const argv = ['-o', 'ndjson', '--watch'];
    const scripts = [answer(wire(midway)), answer(wire(completed))];
    const states = await queried('progress.UpgradeState', argv, ...scripts);
    expect(states).toMatchObject({
      exitCode: 0,
      stdout: '"RollingForwardInProgress"\n"RollingForwardCompleted"\n',
      stderr: '',
    });
    const outcome = await queried('exitCode && {outcome: outcome, code: exitCode}', argv, ...scripts);
    expect(outcome).toMatchObject({ exitCode: 0, stdout: '{"outcome":"completed","code":0}\n' });
  });

  it('tells of the first that it does not fit, and then of the outcome', async () => {
    const argv = ['-o', 'ndjson', '--watch'];
    const { exitCode, stdout } = await queried('abs(type)', argv, answer(wire(midway)));
    expect(exitCode).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'outcome', outcome: 'usage', exitCode: 2 });
  });
});

describe('refuses, and sends nothing', () => {
  it.each<[string, readonly string[], RegExp]>([
    ['a[', ['--json'], /^sfcompose: --query is "a\[", which does not work: .+\n$/],
    ['', ['--json'], /^sfcompose: --query is "", which does not work: .+\n$/],
    ['nothing(a', ['--json'], /^sfcompose: --query is "nothing\(a", which does not work: .+\n$/],
    ['a', [], /^sfcompose: --query needs -o json or -o ndjson\.\n$/],
    ['a', ['-o', 'plain'], /^sfcompose: --query needs -o json or -o ndjson\.\n$/],
    ['a', ['-o', 'yaml'], /^sfcompose: --output is "yaml"/],
  ])('%s with %j', async (expression, argv, said) => {
    const { exitCode, stderr, requests } = await queried(expression, argv, answer(wire(midway)));
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(said);
    expect(requests).toEqual([]);
  });

  it('anything else, in one line', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: anyUnit, minLength: 1, maxLength: 20 }), async (expression) => {
        const argv = ['connection', '-e', 'http://127.0.0.1:1', '-o', 'json', `--query=${expression}`];
        const { exitCode, stdout, stderr } = await run(argv);
        // What is JMESPath after all is asked of a cluster that is not there.
        expect([2, 6]).toContain(exitCode);
        expect(() => JSON.parse(stdout)).not.toThrow();
        if (exitCode === 2) expect(stderr.trimEnd()).not.toContain('\n');
      }),
      { numRuns: 50 },
    );
  });
});
