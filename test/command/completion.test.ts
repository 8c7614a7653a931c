/** Shell completion: candidates for the next word, and the scripts for each shell. */
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

/** Completes a command line. @param typed the words up to the cursor, the last of which is completed */
async function complete(typed: readonly string[], options: RunOptions = {}) {
  const { exitCode, stdout, stderr } = await run(['__complete', ...typed.map((word) => `_${word}`)], options);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const [kind, ...lines] = stdout.replace(/\n$/, '').split('\n');
  const candidates = lines.map((line) => line.split('\t'));
  return { kind, candidates, words: candidates.map(([word]) => word) };
}

const formats = ['table', 'plain', 'json', 'ndjson', 'tsv'];

describe('completion of commands and options', () => {
  it.each<[string, string[]]>([
    ['upg', ['upgrade-progress', 'upgrade']],
    ['-', ['--version', '--help', '-V', '-h']],
    ['nonsense |', []],
    ['wa', ['watch']],
    ['help con', ['connection']],
    ['help e', ['exit-codes', 'environment']],
    ['help connection |', ['--help']],
    ['help cluster u', ['use']],
    ['help cluster use |', ['--help']],
    ['help exit-codes |', ['--help']],
    ['clus', ['cluster']],
    ['cluster r', ['remove', 'rm']],
    ['cluster -', ['--help', '-h']],
    ['cluster nonsense |', []],
    ['cluster add |', []],
    ['cluster add prod --fr', ['--from-sfctl']],
    ['cluster rm prod --js', ['--json']],
    ['status web --outp', ['--output']],
    ['watch web --fail', ['--fail-fast']],
    ['watch web --wa', []],
    ['ls --retr', ['--retries']],
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
  ])('completes "%s"', async (line, expected) => {
    expect(await complete(line.replace('|', '').split(' '))).toMatchObject({
      kind: ':words',
      words: expected,
    });
  });

  it('offers every command in the help, with the same description', async () => {
    const { candidates } = await complete(['']);
    const { stdout } = await run(['--help']);
    const documented = [...stdout.matchAll(/^ {2}([a-z-]+(?:, [a-z-]+)*) {2,}(.+)$/gm)];
    expect(candidates).toEqual([
      ...documented.flatMap(([, names = '', meaning]) => names.split(', ').map((name) => [name, meaning])),
      // The help of the program says how to get help.
      ['help', 'Show help on a command or topic'],
    ]);
  });

  it.each(['upgrade-progress', 'status', 'watch', 'list', 'connection', 'cluster add', 'cluster ls', 'demo'])(
    'offers every option of %s --help',
    async (command) => {
      const { words } = await complete([...command.split(' '), '-']);
      const { stdout } = await run([...command.split(' '), '--help']);
      const documented = [...stdout.matchAll(/^ {2}(?:(-\w), | {4})?(--[\w-]+)/gm)];
      expect(words).toEqual([
        ...documented.map(([, , long]) => long),
        ...documented.flatMap(([, short]) => short ?? []),
      ]);
    },
  );

  it('describes scenarios', async () => {
    expect((await complete(['demo', 'st'])).candidates).toEqual([
      ['stuck', 'a safety check in the second domain never clears'],
      ['stolen', 'an upgrade of another client starts just before yours'],
    ]);
  });

  it.each([
    ['--cert-file', ''],
    ['--pfx-file', 'cl'],
    ['--token-file=', undefined],
    ['--ca-file=../c', undefined],
  ])('offers files for %s', async (option, value) => {
    const typed = ['upgrade-progress', option, ...(value === undefined ? [] : [value])];
    expect(await complete(typed)).toEqual({ kind: ':files', candidates: [], words: [] });
  });
});

/** Creates a home with these stored clusters. */
function storeClusters(clusters: Readonly<Record<string, object>>): string {
  const document = JSON.stringify({ version: 1, clusters });
  return createFolder({ '.config/sfcompose/config.json': document });
}

describe('completion of stored clusters', () => {
  it.each([
    ['list -c |', ['eu', 'eu-test', 'us']],
    ['list --cluster u', ['us']],
    ['list --cluster=eu', ['--cluster=eu', '--cluster=eu-test']],
    ['list -cu', ['-cus']],
    ['watch web -c eu -c |', ['eu', 'eu-test', 'us']],
    ['watch web -c eu --clus', ['--cluster']],
    ['cluster use u', ['us']],
    ['cluster rm |', ['eu', 'eu-test', 'us']],
    ['cluster use us |', ['--none', '--output']],
  ])('completes "%s"', async (line, expected) => {
    const [eu, us] = ['http://eu.example:19080', 'http://us.example:19080'];
    const home = storeClusters({ eu: { endpoint: eu }, 'eu-test': { endpoint: eu }, us: { endpoint: us } });
    const { words } = await complete(line.replace('|', '').split(' '), { home });
    expect(words.slice(0, line.includes('use us') ? 2 : undefined)).toEqual(expected);
  });

  it('describes them by their endpoints', async () => {
    const home = storeClusters({ eu: { endpoint: 'http://eu.example:19080' } });
    const { candidates } = await complete(['list', '-c', ''], { home });
    expect(candidates).toEqual([['eu', 'http://eu.example:19080']]);
  });

  it('offers nothing, without a message, when the file is broken', async () => {
    const home = createFolder({ '.config/sfcompose/config.json': '{' });
    expect(await complete(['list', '-c', ''], { home })).toMatchObject({ kind: ':words', words: [] });
  });

  it('offers the deployments of all given clusters', async () => {
    const eu = await startGateway(answerPage(['api', 'web']));
    const us = await startGateway(answerPage(['web', 'mail']));
    const home = storeClusters({ eu: { endpoint: eu.url }, us: { endpoint: us.url } });
    const { words } = await complete(['watch', '-c', 'eu', '-c', 'us', ''], { home });
    expect(words.toSorted()).toEqual(['api', 'mail', 'web']);
  });

  it('does not run the command for a token that a cluster stores', async () => {
    const { url, requests } = await startGateway();
    const programs: string[] = [];
    const spy = async (program: string) => {
      programs.push(program);
      return 'eyJ0.eyJ0.sig';
    };
    const home = storeClusters({ eu: { endpoint: url, tokenCommand: 'az token' } });
    const { words } = await complete(['watch', '-c', 'eu', ''], {
      home,
      run: spy,
      findUnsafePath: async () => undefined,
    });
    expect({ words, programs, requests }).toEqual({ words: [], programs: [], requests: [] });
  });
});

/** Answers with a page of deployments, and the token of the next page. */
function answerPage(names: readonly string[], ContinuationToken = ''): Script {
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

describe('completion of deployments', () => {
  it('offers the deployments of all pages with their status', async () => {
    const { url, requests } = await startGateway(answerPage(['api', 'web'], 'web'), answerPage(['web-2']));
    expect(await complete(['upgrade-progress', '-e', url, ''])).toMatchObject({
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
    { name: 'that begin with the typed text', typed: ['w'], words: ['web', 'web-2'] },
    { name: 'after --', typed: ['--', 'a'], words: ['api'] },
    { name: 'for the name of an application', typed: ['fabric:/we'], words: ['web', 'web-2'] },
    { name: 'that are not given as an application', typed: ['fabric:/web', 'w'], words: ['web-2'] },
    { name: 'after options', typed: ['--watch', '-o', 'json', 'a'], words: ['api'] },
  ])('offers deployments $name', async ({ typed, words }) => {
    const { url } = await startGateway(answerPage(['api', 'web', 'web-2']));
    expect((await complete(['upgrade-progress', '-e', url, ...typed])).words).toEqual(words);
  });

  it('asks the cluster only where a deployment is expected', async () => {
    const { url, requests } = await startGateway();
    await complete(['upgrade-progress', '-e', url, '-']);
    await complete(['upgrade-progress', '-e', url, '--interval', '']);
    await complete(['connection', '-e', url, '']);
    expect(requests).toHaveLength(0);
  });

  it.each<OddName>([
    { kind: 'control characters', name: 'a\u0007b\u001b[2Jc' },
    { kind: 'line ends', name: 'a\nb' },
    { kind: 'tabs', name: 'a\tb' },
    { kind: 'bidirectional controls', name: 'a\u202eb' },
    { kind: 'lone surrogates', name: 'a\ud800b' },
    { kind: 'a hyphen at the beginning', name: '-rf' },
    { kind: 'no characters', name: '' },
  ])('leaves out names with $kind', async ({ name }) => {
    const { url } = await startGateway(answerPage([name, 'web', "it's $(here)"]));
    expect((await complete(['upgrade-progress', '-e', url, ''])).words).toEqual(['web', "it's $(here)"]);
  });

  it("asks sfctl's cluster, or rather the one in the environment", async () => {
    const chosen = await startGateway(...repeat(answerPage(['chosen'])));
    const own = await startGateway(answerPage(['own']));
    const home = createFolder({
      '.sfctl/config': `[servicefabric]\nendpoint = ${chosen.url}\nsecurity = none\n`,
    });
    expect((await complete(['upgrade-progress', ''], { home })).words).toEqual(['chosen']);
    const env = { SFCOMPOSE_ENDPOINT: own.url };
    expect((await complete(['upgrade-progress', ''], { home, env })).words).toEqual(['own']);
  });

  it.each<[string, Script[]]>([
    ['refuses', [answerError(403, 'E_ACCESSDENIED')]],
    ['is not a gateway', [answer('<html>')]],
    ['closes the connection', [(response) => response.destroy()]],
  ])('offers nothing, without a message, when the cluster %s', async (_, scripts) => {
    const { url } = await startGateway(...scripts);
    expect(await complete(['upgrade-progress', '-e', url, ''])).toMatchObject({ kind: ':words', words: [] });
  });

  it.each<[string, string[]]>([
    ['a bad endpoint', ['-e', 'nonsense']],
    ['a missing file', ['-e', 'https://127.0.0.1:1', '--cert-file', 'not-there.pem']],
    ['contradicting options', ['-e', 'https://127.0.0.1:1', '--insecure', '--ca-file', 'x']],
  ])('offers nothing, without a message, for %s', async (_, typed) => {
    expect(await complete(['upgrade-progress', ...typed, ''])).toMatchObject({ kind: ':words', words: [] });
  });

  it('offers the deployments that arrive within 1.5 seconds', async () => {
    const time = createTestTime();
    const { url } = await startGateway(answerPage(['api'], 'api'), () => time.pass(1500));
    expect((await complete(['upgrade-progress', '-e', url, ''], { time })).words).toEqual(['api']);
  });

  it('sends the token', async () => {
    const { url, requests } = await startGateway(answerPage(['web']));
    const env = { SFCOMPOSE_TOKEN: 'eyJ0.eyJ0.sig' };
    expect((await complete(['upgrade-progress', '-e', url, ''], { env })).words).toEqual(['web']);
    expect(requests[0]?.headers.authorization).toBe('Bearer eyJ0.eyJ0.sig');
  });

  it('does not run the command for a token', async () => {
    const { url, requests } = await startGateway();
    const programs: string[] = [];
    const spy = async (program: string) => {
      programs.push(program);
      return 'eyJ0.eyJ0.sig';
    };
    const typed = ['upgrade-progress', '-e', url, '--token-command', 'az token', ''];
    expect((await complete(typed, { run: spy })).words).toEqual([]);
    expect({ programs, requests }).toEqual({ programs: [], requests: [] });
  });

  it('does not ask a server whose certificate is not checked', async () => {
    const server = createAuthority('Cluster');
    const { url, requests } = await startTlsGateway(server.itself, answerPage(['web']));
    const completeWith = async (...trust: string[]) =>
      (await complete(['upgrade-progress', '-e', url, ...trust, ''])).words;
    expect(await completeWith('--insecure')).toEqual([]);
    expect(requests).toHaveLength(0);
    const { fingerprint256 } = new X509Certificate(server.pem);
    expect(await completeWith('--server-thumbprint', fingerprint256)).toEqual(['web']);
  });

  it('finds files in the home folder by ~', async () => {
    const { url, requests } = await startGateway(answerPage(['web']));
    const home = createFolder({ 'token.txt': 'eyJ0.eyJ0.sig' });
    const typed = ['upgrade-progress', '-e', url, '--token-file', '~/token.txt', ''];
    expect((await complete(typed, { home })).words).toEqual(['web']);
    expect(requests).toHaveLength(1);
  });
});

describe('completion for bash', () => {
  it('prints the text to insert, and files after a redirection', async () => {
    const { url } = await startGateway(answerPage(['my:own app', 'web']));
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
      stderr:
        'sfcompose: Invalid <shell> "csh": use bash, zsh, fish or powershell. Did you mean zsh? See sfcompose completion --help.\n',
    });
  });

  it('explains in its help how to install each script', async () => {
    const { stdout } = await run(['completion', '--help']);
    for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
      expect(stdout).toContain(`sfcompose completion ${shell}`);
  });

  it('prints this script for PowerShell', async () => {
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
              # Before version 7.3 PowerShell does not escape these for programs, and never for scripts of cmd.
              if ($word -match '["&|<>^%]|\\\\$') { continue }
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
