/** The promises of the commands that act: what they refuse, what they never print, what an interrupt leaves. */
import { describe, expect, it } from 'vitest';
import { act, composeText } from '../support/acting.ts';
import { createFolder } from '../support/folder.ts';
import { run } from '../support/run.ts';

const password = 'correct-horse-battery';
const registry = ['--registry-user', 'ci'];
const credentials = { SFCOMPOSE_REGISTRY_PASSWORD: password };

/** A simulated deployment whose version has registry credentials. */
async function createWithCredentials() {
  const first = await act('never-upgraded', 0, ['upgrade', 'web', '-f', '-', ...registry], {
    env: credentials,
  });
  expect(first.exitCode).toBe(0);
  first.cluster.at(3600);
  return first.cluster;
}

describe('upgrade', () => {
  it.each([
    { name: 'a file without a version', stdin: 'services: {web: {image: web}}\n', exitCode: 10 },
    { name: 'a key twice', stdin: `${composeText}version: '3'\n`, exitCode: 10 },
    { name: 'a variable', stdin: composeText.replace('web:2', 'web:$TAG'), exitCode: 10 },
    { name: 'a service less', stdin: "version: '3'\nservices: {web: {image: web}}\n", exitCode: 2 },
    { name: 'another version', argv: ['--expect-current', 'v7'], exitCode: 11 },
    { name: 'another next version', argv: ['--expect-version', 'v7'], exitCode: 9 },
    { name: 'a long time limit', argv: ['--timeout', '6m'], exitCode: 2 },
    { name: 'an option of another mode', argv: ['--mode', 'auto', '--upgrade-timeout', '1h'], exitCode: 2 },
    { name: 'two files', argv: ['-f', 'other.yml'], exitCode: 2 },
    { name: 'a user of a registry without a password', argv: registry, exitCode: 2 },
  ])('sends nothing for $name', async ({ stdin = composeText, argv = [], exitCode }) => {
    const ended = await act('never-upgraded', 0, ['upgrade', 'web', '-f', '-', ...argv], { stdin });
    expect(ended).toMatchObject({ exitCode, postCount: 0, stdout: '' });
    expect(ended.stderr).toMatch(/^sfcompose: \S/);
  });

  it.each(['json', 'ndjson', 'plain', 'table'])(
    'prints no value of the environment in %s',
    async (format) => {
      const ended = await act('never-upgraded', 0, ['upgrade', 'web', '-f', '-', '-o', format, '-v']);
      expect(ended.exitCode).toBe(0);
      expect(ended.stdout + ended.stderr).not.toContain('do-not-print');
    },
  );

  it('prints the password of the registry nowhere but in the command that masks it', async () => {
    const argv = ['upgrade', 'web', '-f', '-', ...registry, '-v'];
    const plain = await act('never-upgraded', 0, argv, { env: credentials });
    expect(plain).toMatchObject({ exitCode: 0, postCount: 1 });
    expect(plain.stdout + plain.stderr).not.toContain(password);
    expect(plain.stderr).toContain('--registry-password-encrypted');
    for (const ci of ['github', 'azure'] as const) {
      const { stdout, stderr } = await act('never-upgraded', 0, argv, { env: credentials, ci });
      const [mask = '', ...others] = stderr.split('\n');
      expect(mask).toBe(ci === 'github' ? `::add-mask::${password}` : `##vso[task.setsecret]${password}`);
      expect(others.join('\n') + stdout).not.toContain(password);
    }
  });

  it('asks for the password on a terminal, and hides the answer', async () => {
    const file = await act('never-upgraded', 0, ['upgrade', 'web', '-f', 'no-such-file', ...registry]);
    expect(file.exitCode).toBe(2);
    const { prompts, exitCode } = await run(
      ['upgrade', 'web', '-f', 'README.md', ...registry, '--no-interpolate'],
      { answer: () => password },
    );
    expect({ prompts, exitCode }).toMatchObject({ exitCode: 10, prompts: [] });
  });

  it('refuses to lose credentials of the registry, unless told so', async () => {
    const cluster = await createWithCredentials();
    const env = { SFCOMPOSE_ENDPOINT: cluster.url };
    const refused = await run(['upgrade', 'web', '-f', '-'], { stdin: composeText, env });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('--no-registry');
    expect(cluster.writes).toHaveLength(1);
    const told = await run(['upgrade', 'web', '-f', '-', '--no-registry'], { stdin: composeText, env });
    expect(told.exitCode).toBe(0);
    expect(cluster.writes).toHaveLength(2);
  });

  it.each([
    { answer: 'y', exitCode: 0, postCount: 1 },
    { answer: 'n', exitCode: 2, postCount: 0 },
    { answer: '', exitCode: 2, postCount: 0 },
  ])('deletes services only after the answer y: "$answer"', async ({ answer, exitCode, postCount }) => {
    const argv = ['upgrade', 'web', '-f', 'test/support/compose-web.yml'];
    const ended = await act('never-upgraded', 0, argv, { answer: () => answer });
    expect(ended).toMatchObject({ exitCode, postCount });
    expect(ended.prompts).toMatchObject([{ kind: 'visible' }]);
    expect(ended.prompts[0]?.question).toContain(
      'would delete 1 service of web that the compose file does not have: api.',
    );
  });

  it('waits for the current upgrade to end if asked, and then starts', async () => {
    const argv = ['upgrade', 'web', '-f', '-', '--wait-for-current', '--interval', '20s', '-o', 'plain'];
    const ended = await act('happy', 200, argv);
    expect(ended).toMatchObject({ exitCode: 0, postCount: 1 });
    expect(ended.stdout).toMatch(
      /web to v2: upgraded[\s\S]*web: upgrade from v2 to v3[\s\S]*Upgrade of web to v3 accepted/,
    );
  });

  it('starts nothing if the current upgrade does not end in time', async () => {
    const argv = ['upgrade', 'web', '-f', '-', '--wait-for-current', '--max-wait', '2m'];
    const ended = await act('happy', 200, argv);
    expect(ended).toMatchObject({ exitCode: 11, postCount: 0 });
    expect(ended.stderr).toContain('did not end within 2m (--max-wait). Nothing was started.');
  });

  it('says after an interrupt that nothing was started, or that the upgrade continues', async () => {
    const early = new AbortController();
    early.abort('SIGINT');
    const before = await act('never-upgraded', 0, ['upgrade', 'web', '-f', '-'], { interrupt: early.signal });
    expect(before).toMatchObject({ exitCode: 130, postCount: 0 });
    expect(before.stderr).toContain('Nothing was started.');
    const late = new AbortController();
    const after = await act('never-upgraded', 0, ['upgrade', 'web', '-f', '-', '--watch'], {
      interrupt: late.signal,
      onOutput(text) {
        if (text.includes('provisioning')) late.abort('SIGINT');
      },
    });
    expect(after).toMatchObject({ exitCode: 130, postCount: 1 });
    expect(after.stderr).toContain('The upgrade continues on the cluster.');
    expect(after.stderr).toMatch(
      /--watch -e \S+ --expect-version v2\n {2}Roll back\n {4}sfcompose rollback web /,
    );
  });
});

describe('a compose file that is not valid', () => {
  const bad = "version: '3'\nservices:\n  web:\n    image: web:$TAG\n";

  it.each([
    { ci: 'github', start: /^::error file=FILE,line=4,title=sfcompose%3A FILE%3A4%3A / },
    {
      ci: 'azure',
      start: /^##vso\[task\.logissue type=error;sourcepath=FILE;linenumber=4\]sfcompose: FILE:4: /,
    },
  ] as const)('is annotated at its line on $ci', async ({ ci, start }) => {
    const file = `${createFolder({ 'compose.yml': bad })}/compose.yml`;
    const ended = await act('never-upgraded', 0, ['upgrade', 'web', '-f', file, '-o', 'plain'], { ci });
    expect(ended).toMatchObject({ exitCode: 10, postCount: 0 });
    expect(ended.stderr.replaceAll(file, 'FILE')).toMatch(start);
  });

  it('is annotated at its line where the cluster refuses it', async () => {
    const file = `${createFolder({ 'compose.yml': `${composeText}  extra:\n    image: extra\n    ports: ['80-90']\n` })}/compose.yml`;
    const ended = await act('never-upgraded', 0, ['upgrade', 'web', '-f', file, '-o', 'plain'], {
      ci: 'github',
    });
    expect(ended).toMatchObject({ exitCode: 10, postCount: 1 });
    expect(ended.stderr.replaceAll(file, 'FILE')).toMatch(/^::error file=FILE,line=11,/);
    expect(ended.stderr).toContain('Nothing was started.');
  });
});

describe('a client that may only read', () => {
  it.each([
    { command: ['upgrade', 'web', '-f', '-'], scenario: 'never-upgraded' },
    { command: ['rollback', 'web'], scenario: 'happy' },
    { command: ['resume', 'web'], scenario: 'manual' },
  ] as const)('is told which role $command needs', async ({ command, scenario }) => {
    const ended = await act(scenario, 200, command, { simulator: { role: 'user' } });
    expect(ended).toMatchObject({ exitCode: 7, postCount: 1 });
    expect(ended.stderr).toMatch(/Admin role[\s\S]*/);
    expect(ended.stderr).toContain('Nothing was started.');
  });
});

describe('rollback and resume', () => {
  it.each([
    { command: 'rollback web --expect-version v9', scenario: 'happy', exitCode: 9 },
    { command: 'resume web --expect-version v9', scenario: 'manual', exitCode: 9 },
    { command: 'resume web UD2', scenario: 'manual', exitCode: 11 },
    { command: 'resume web UD1', scenario: 'manual', exitCode: 0 },
    { command: 'rollback web --expect-version v2', scenario: 'happy', exitCode: 0 },
  ] as const)('end with $exitCode: $command', async ({ command, scenario, exitCode }) => {
    const ended = await act(scenario, 200, command.split(' '));
    expect(ended).toMatchObject({ exitCode, postCount: exitCode === 0 ? 1 : 0 });
  });

  it('needs no request for a rollback that is under way', async () => {
    const ended = await act('rollback', 600, ['rollback', 'web', '-o', 'json']);
    expect(ended).toMatchObject({ exitCode: 0, postCount: 0 });
    expect(JSON.parse(ended.stdout).Request).toMatchObject({ Result: 'not-needed', RequestId: null });
  });

  it('follow the upgrade from approval to approval to its end', async () => {
    const first = await act('manual', 200, ['resume', 'web', '--watch', '--interval', '20s', '-o', 'plain']);
    expect(first.exitCode).toBe(8);
    const last = await act('manual', 200, ['rollback', 'web', '--watch', '--interval', '20s']);
    expect(last.exitCode).toBe(0);
  });
});
