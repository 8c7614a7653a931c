/** What can come next on a command line, and the scripts that ask for it. */
import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../support/authority.ts';
import { createFolder } from '../support/folder.ts';
import { createTestTime, type RunOptions, run } from '../support/run.ts';
import {
  answer,
  answerError,
  repeat,
  type Script,
  startGateway,
  startTlsGateway,
} from '../support/scripted-gateway.ts';

/** @param typed the words up to the cursor, the last of which is to be completed */
async function completed(typed: readonly string[], options: RunOptions = {}) {
  const { exitCode, stdout, stderr } = await run(['__complete', ...typed.map((word) => `_${word}`)], options);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const [kind, ...lines] = stdout.replace(/\n$/, '').split('\n');
  const candidates = lines.map((line) => line.split('\t'));
  return { kind, candidates, words: candidates.map(([word]) => word) };
}

const formats = ['table', 'plain', 'json', 'ndjson'];

describe('what the command line itself tells', () => {
  it.each<[string, string[]]>([
    ['upg', ['upgrade-progress']],
    ['-', ['--version', '--help', '-V', '-h']],
    ['nonsense |', []],
    ['help con', ['connection']],
    ['help connection |', []],
    ['completion |', ['bash', 'zsh', 'fish', 'powershell']],
    ['upgrade-progress --out', ['--output']],
    ['upgrade-progress -o |', formats],
    ['upgrade-progress -wo |', formats],
    ['upgrade-progress --output |', formats],
    ['upgrade-progress --output j', ['json']],
    ['upgrade-progress --output=', formats.map((format) => `--output=${format}`)],
    ['upgrade-progress --output=nd', ['--output=ndjson']],
    ['upgrade-progress -op', ['-oplain']],
    ['upgrade-progress -wqop', ['-wqoplain']],
    ['upgrade-progress -wx', []],
    ['upgrade-progress --watch=', []],
    ['upgrade-progress --nonsense=', []],
    ['upgrade-progress --nonsense --color |', ['auto', 'always', 'never']],
    ['upgrade-progress --ci |', ['auto', 'none', 'github', 'azure']],
    ['upgrade-progress -e |', []],
    ['upgrade-progress web -o json --outp', []],
    ['upgrade-progress web --no-color --color', []],
    ['upgrade-progress -- --outp', []],
    ['upgrade-progress --retr', ['--retries']],
    ['simulate ro', ['rollback']],
    ['simulate --name a --name b --name', ['--name']],
    ['demo rollback |', ['--help']],
    ['connection --verb', ['--verbose']],
  ])('%s', async (line, expected) => {
    expect(await completed(line.replace('|', '').split(' '))).toMatchObject({
      kind: ':words',
      words: expected,
    });
  });

  it('is every command of the help, with the same description', async () => {
    const { candidates } = await completed(['']);
    const { stdout } = await run(['--help']);
    for (const [name, meaning] of candidates)
      expect(stdout).toMatch(new RegExp(`^  ${name}[^\\n]*  ${meaning}$`.replaceAll(',', ','), 'm'));
    const told = stdout.split('Commands:')[1]?.split('\n\n')[0]?.trim().split('\n') ?? [];
    expect(candidates).toHaveLength(told.length);
  });

  it.each(['upgrade-progress', 'list', 'connection', 'simulate', 'demo'])(
    'is every option of %s --help',
    async (command) => {
      const { words } = await completed([command, '-']);
      const { stdout } = await run([command, '--help']);
      const told = [...stdout.matchAll(/^ {2}(?:(-\w), )?(--[\w-]+)/gm)];
      expect(words).toEqual([...told.map(([, , long]) => long), ...told.flatMap(([, short]) => short ?? [])]);
    },
  );

  it('is what each scenario is about', async () => {
    expect((await completed(['demo', 'st'])).candidates).toEqual([
      ['stuck', 'a safety check in the second domain never clears'],
    ]);
  });

  it.each([
    ['--cert-file', ''],
    ['--pfx-file', 'cl'],
    ['--token-file=', undefined],
    ['--ca-file=../c', undefined],
  ])('that %s takes a file', async (option, value) => {
    const typed = ['upgrade-progress', option, ...(value === undefined ? [] : [value])];
    expect(await completed(typed)).toEqual({ kind: ':files', candidates: [], words: [] });
  });
});

/** A page of the list, with what leads to the next. */
function page(names: readonly string[], ContinuationToken = ''): Script {
  const Items = names.map((DeploymentName) => ({
    DeploymentName,
    ApplicationName: `fabric:/${DeploymentName}`,
    ComposeDeploymentStatus: 'Upgrading',
  }));
  return answer(JSON.stringify({ ContinuationToken, Items }));
}

interface NamesCase {
  readonly name: string;
  readonly typed: readonly string[];
  readonly words: readonly string[];
}

interface OddName {
  readonly kind: string;
  readonly name: string;
}

describe('the deployments of the cluster', () => {
  it('are all of its pages, with their status', async () => {
    const { url, requests } = await startGateway(page(['api', 'web'], 'web'), page(['web-2']));
    expect(await completed(['upgrade-progress', '-e', url, ''])).toMatchObject({
      kind: ':words',
      candidates: [
        ['api', 'Upgrading'],
        ['web', 'Upgrading'],
        ['web-2', 'Upgrading'],
      ],
    });
    expect(requests).toHaveLength(2);
  });

  it.each<NamesCase>([
    { name: 'begin with what is typed', typed: ['w'], words: ['web', 'web-2'] },
    { name: 'follow --', typed: ['--', 'a'], words: ['api'] },
    { name: 'follow options', typed: ['--watch', '-o', 'json', 'a'], words: ['api'] },
  ])('$name', async ({ typed, words }) => {
    const { url } = await startGateway(page(['api', 'web', 'web-2']));
    expect((await completed(['upgrade-progress', '-e', url, ...typed])).words).toEqual(words);
  });

  it('are not looked for where none can stand', async () => {
    const { url, requests } = await startGateway();
    await completed(['upgrade-progress', '-e', url, '-']);
    await completed(['upgrade-progress', '-e', url, '--interval', '']);
    await completed(['connection', '-e', url, '']);
    expect(requests).toHaveLength(0);
  });

  it.each<OddName>([
    { kind: 'control characters', name: 'a\u0007b\u001b[2Jc' },
    { kind: 'line ends', name: 'a\nb' },
    { kind: 'tabs', name: 'a\tb' },
    { kind: 'what turns the writing around', name: 'a\u202eb' },
    { kind: 'halves of characters', name: 'a\ud800b' },
    { kind: 'a hyphen at the beginning', name: '-rf' },
    { kind: 'nothing', name: '' },
  ])('are left out where their names have $kind', async ({ name }) => {
    const { url } = await startGateway(page([name, 'web', "it's $(here)"]));
    expect((await completed(['upgrade-progress', '-e', url, ''])).words).toEqual(['web', "it's $(here)"]);
  });

  it("are those of sfctl's cluster, and of the environment before", async () => {
    const chosen = await startGateway(...repeat(page(['chosen'])));
    const own = await startGateway(page(['own']));
    const home = createFolder({
      '.sfctl/config': `[servicefabric]\nendpoint = ${chosen.url}\nsecurity = none\n`,
    });
    expect((await completed(['upgrade-progress', ''], { home })).words).toEqual(['chosen']);
    const env = { SFCOMPOSE_ENDPOINT: own.url };
    expect((await completed(['upgrade-progress', ''], { home, env })).words).toEqual(['own']);
  });

  it.each<[string, Script[]]>([
    ['refuses', [answerError(403, 'E_ACCESSDENIED')]],
    ['is no gateway', [answer('<html>')]],
    ['breaks off', [(response) => response.destroy()]],
  ])('are none, and nothing is said, when the cluster %s', async (_, scripts) => {
    const { url } = await startGateway(...scripts);
    expect(await completed(['upgrade-progress', '-e', url, ''])).toMatchObject({ kind: ':words', words: [] });
  });

  it.each<[string, string[]]>([
    ['no address', ['-e', 'nonsense']],
    ['no file', ['-e', 'https://127.0.0.1:1', '--cert-file', 'not-there.pem']],
    ['what contradicts itself', ['-e', 'https://127.0.0.1:1', '--insecure', '--ca-file', 'x']],
  ])('are none, and nothing is said, for %s', async (_, typed) => {
    expect(await completed(['upgrade-progress', ...typed, ''])).toMatchObject({ kind: ':words', words: [] });
  });

  it('are those that came within a second and a half', async () => {
    const time = createTestTime();
    const { url } = await startGateway(page(['api'], 'api'), () => time.pass(1500));
    expect((await completed(['upgrade-progress', '-e', url, ''], { time })).words).toEqual(['api']);
  });

  it('are asked for with the token that is there', async () => {
    const { url, requests } = await startGateway(page(['web']));
    const env = { SFCOMPOSE_TOKEN: 'eyJ0.eyJ0.sig' };
    expect((await completed(['upgrade-progress', '-e', url, ''], { env })).words).toEqual(['web']);
    expect(requests[0]?.headers.authorization).toBe('Bearer eyJ0.eyJ0.sig');
  });

  it('are not looked for where a program would have to be run for that', async () => {
    const { url, requests } = await startGateway();
    const programs: string[] = [];
    const spy = async (program: string) => {
      programs.push(program);
      return 'eyJ0.eyJ0.sig';
    };
    const typed = ['upgrade-progress', '-e', url, '--token-command', 'az token', ''];
    expect((await completed(typed, { run: spy })).words).toEqual([]);
    expect({ programs, requests }).toEqual({ programs: [], requests: [] });
  });

  it('are not looked for on a server that nobody checks', async () => {
    const server = createAuthority('Cluster');
    const { url, requests } = await startTlsGateway(server.itself, page(['web']));
    const namesWith = async (...trust: string[]) =>
      (await completed(['upgrade-progress', '-e', url, ...trust, ''])).words;
    expect(await namesWith('--insecure')).toEqual([]);
    expect(requests).toHaveLength(0);
    const { fingerprint256 } = new X509Certificate(server.pem);
    expect(await namesWith('--server-thumbprint', fingerprint256)).toEqual(['web']);
  });

  it('are found with files in the home folder, as they are typed', async () => {
    const { url, requests } = await startGateway(page(['web']));
    const home = createFolder({ 'token.txt': 'eyJ0.eyJ0.sig' });
    const typed = ['upgrade-progress', '-e', url, '--token-file', '~/token.txt', ''];
    expect((await completed(typed, { home })).words).toEqual(['web']);
    expect(requests).toHaveLength(1);
  });
});

describe('a command line of bash', () => {
  it('is answered with what is to be inserted', async () => {
    const { url } = await startGateway(page(['my:own app', 'web']));
    const line = `_sfcompose upgrade-progress -e ${url} my:o`;
    expect(await run(['__complete', '--bash', line, '_o'])).toMatchObject({
      exitCode: 0,
      stdout: ':words\nown\\ app\n',
      stderr: '',
    });
    const redirected = await run(['__complete', '--bash', '_sfcompose demo > o', '_o']);
    expect(redirected).toMatchObject({ exitCode: 0, stdout: ':files\n', stderr: '' });
  });
});

describe('sfcompose completion', () => {
  it.each(['bash', 'zsh', 'fish', 'powershell'])('prints a script for %s', async (shell) => {
    const { exitCode, stdout, stderr } = await run(['completion', shell]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('sfcompose __complete');
  });

  it('refuses another shell', async () => {
    expect(await run(['completion', 'csh'])).toMatchObject({
      exitCode: 2,
      stdout: '',
      stderr: 'sfcompose: <shell> is "csh", but it takes one of bash, zsh, fish, powershell.\n',
    });
  });

  it('says in its help how to install each', async () => {
    const { stdout } = await run(['completion', '--help']);
    for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
      expect(stdout).toContain(`sfcompose completion ${shell}`);
  });

  it('tells PowerShell, which is on few machines, exactly this', async () => {
    expect((await run(['completion', 'powershell'])).stdout).toMatchInlineSnapshot(`
      "# PowerShell completion for sfcompose
      Register-ArgumentCompleter -Native -CommandName sfcompose -ScriptBlock {
          param($wordToComplete, $commandAst, $cursorPosition)
          $typed = @($commandAst.CommandElements | Select-Object -Skip 1 |
              Where-Object { $_.Extent.StartOffset -lt $cursorPosition } |
              ForEach-Object { if ($_.Value -is [string]) { "_$($_.Value)" } else { "_$_" } })
          if ($wordToComplete -eq '') { $typed += '_' }
          $kind, $candidates = @(sfcompose __complete @typed 2>$null)
          # Where nothing is returned files are offered.
          if ($kind -eq ':files') { return }
          if (-not $candidates) { return '' }
          foreach ($candidate in $candidates) {
              $word, $meaning = $candidate -split "\`t", 2
              $text = if ($word -match '^[-\\w./:=]+$') { $word } else {
                  "'" + [System.Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($word) + "'"
              }
              if (-not $meaning) { $meaning = $word }
              [System.Management.Automation.CompletionResult]::new($text, $word, 'ParameterValue', $meaning)
          }
      }
      "
    `);
  });
});
