/** Wrong command lines: one message, with the nearest right one and the help to read; nothing is sent. */
import { describe, expect, it } from 'vitest';
import { run } from '../support/run.ts';
import { startGateway } from '../support/scripted-gateway.ts';

interface WrongLine {
  readonly line: string;
  readonly said: string;
}

const status = 'sfcompose upgrade-progress --help';

describe('a wrong command line', () => {
  it.each<WrongLine>([
    { line: 'lst', said: 'Unknown command "lst". Did you mean list? See sfcompose --help.' },
    { line: 'ps', said: 'Unknown command "ps". Did you mean list? See sfcompose --help.' },
    { line: 'up', said: 'Unknown command "up". Did you mean upgrade-progress? See sfcompose --help.' },
    {
      line: 'progress',
      said: 'Unknown command "progress". Did you mean upgrade-progress? See sfcompose --help.',
    },
    {
      line: 'web --watch',
      said: 'Unknown command "web". To see the deployment of that name: sfcompose status web. See sfcompose --help.',
    },
    {
      line: "'web'",
      said: `Unknown command "'web'". To see the deployment of that name: sfcompose status "'web'". See sfcompose --help.`,
    },
    { line: '-v', said: 'Unknown option -v. Did you mean --version? See sfcompose --help.' },
    {
      line: '-e http://host:19080 list',
      said: '-e belongs after the command, as in "sfcompose list -e". See sfcompose --help.',
    },
    {
      line: '--json',
      said: '--json belongs after the command, as in "sfcompose list --json". See sfcompose --help.',
    },
    { line: 'help foo', said: 'No help on "foo". See sfcompose --help.' },
    { line: 'help exit', said: 'No help on "exit". Did you mean exit-codes? See sfcompose --help.' },
    {
      line: 'cluster ad',
      said: 'Unknown command "cluster ad". Did you mean add? See sfcompose cluster --help.',
    },
    {
      line: 'cluster delete',
      said: 'Unknown command "cluster delete". Did you mean remove? See sfcompose cluster --help.',
    },
    { line: 'cluster zzz', said: 'Unknown command "cluster zzz". See sfcompose cluster --help.' },
    { line: 'help cluster ad', said: 'No help on "cluster ad". Did you mean add? See sfcompose --help.' },
    { line: 'help list more', said: 'No help on "list more". See sfcompose --help.' },
    {
      line: 'cluster --json',
      said: '--json belongs after the command, as in "sfcompose cluster list --json". See sfcompose cluster --help.',
    },
    { line: 'cluster add', said: 'Missing <name>: use NAME. See sfcompose cluster add --help.' },
    {
      line: 'cluster add -e http://host:19080 -- -x',
      said: 'Invalid <name> "-x": use NAME. See sfcompose cluster add --help.',
    },
    {
      line: 'list -c .x',
      said: 'Invalid --cluster ".x": use NAME. See sfcompose list --help.',
    },
    { line: 'list -c', said: 'Missing value for --cluster: use NAME. See sfcompose list --help.' },
    {
      line: 'list -c prod -e http://host:19080',
      said: '--cluster "prod" and --endpoint "http://host:19080" contradict each other: use one of them. See sfcompose list --help.',
    },
    {
      line: 'list --context prod',
      said: 'Unknown option --context. Did you mean --cluster? See sfcompose list --help.',
    },
    {
      line: 'connection -c eu -c us',
      said: 'Only one --cluster can be given here, but there are 2: eu, us. See sfcompose connection --help.',
    },
    {
      line: 'cluster use',
      said: 'Missing <name>, or --none to use no stored cluster. See sfcompose cluster use --help.',
    },
    {
      line: 'cluster use prod --none',
      said: '--none and the name "prod" contradict each other: use one of them. See sfcompose cluster use --help.',
    },
    {
      line: 'cluster add prod',
      said: 'Missing --endpoint: only options are stored, not variables or defaults. See sfcompose cluster add --help.',
    },
    {
      line: 'cluster add prod -e http://host:19080 --from-sfctl',
      said: '--from-sfctl and --endpoint contradict each other: use one of them. See sfcompose cluster add --help.',
    },
    {
      line: 'cluster list prod',
      said: 'cluster list takes no arguments. See sfcompose cluster list --help.',
    },
    { line: 'help ps', said: 'No help on "ps". Did you mean list? See sfcompose --help.' },
    {
      line: 'list web',
      said: 'list takes no arguments. To see one deployment: sfcompose status <deployment>. See sfcompose list --help.',
    },
    { line: 'demo happy happy', said: 'demo takes only one argument. See sfcompose demo --help.' },
    {
      line: 'demo rolback',
      said: 'Invalid [scenario] "rolback": use happy, rollback, timeout, failed, manual, stuck, never-upgraded, history, missing, unauthorized, flaky, busy, lost-answer, lost-request, late-accept or stolen. Did you mean rollback? See sfcompose demo --help.',
    },
    {
      line: 'completion',
      said: 'Missing <shell>: use bash, zsh, fish or powershell. See sfcompose completion --help.',
    },
    { line: 'status', said: `Missing <deployment>. See ${status}.` },
    { line: 'status web --whatch', said: `Unknown option --whatch. Did you mean --watch? See ${status}.` },
    {
      line: 'upgrade-progress web --wait',
      said: `Unknown option --wait. Did you mean --watch? See ${status}.`,
    },
    { line: 'status web -watch', said: `Unknown option -atch. Did you mean --watch? See ${status}.` },
    { line: 'status web --watch=yes', said: `--watch takes no value. See ${status}.` },
    {
      line: 'status web --expect v2',
      said: `Unknown option --expect. Did you mean --expect-version? See ${status}.`,
    },
    { line: 'status web --zzzzzz', said: `Unknown option --zzzzzz. See ${status}.` },
    {
      line: 'status web -w --interval',
      said: `Missing value for --interval: use a duration of at least 200ms, such as 90s, 5m or 1h30m. See ${status}.`,
    },
    {
      line: 'status web -o jsn',
      said: `Invalid --output "jsn": use table, plain, json, ndjson or tsv. Did you mean json? See ${status}.`,
    },
    {
      line: 'status web -output json',
      said: `Invalid --output "utput": use table, plain, json, ndjson or tsv. Did you mean --output? See ${status}.`,
    },
    {
      line: 'status web --color yes',
      said: `Invalid --color "yes": use auto, always or never. Did you mean always? See ${status}.`,
    },
    {
      line: 'status web -q -v',
      said: `--quiet and --verbose contradict each other: use one of them. See ${status}.`,
    },
    {
      line: 'status web --json -o plain',
      said: `--json and --output "plain" contradict each other: use one of them. See ${status}.`,
    },
    {
      line: 'status web -o tsv',
      said: `-o tsv needs --query, which selects the values to print. See ${status}.`,
    },
    {
      line: 'status web -e host:19080',
      said: `Invalid --endpoint "host:19080": use an http:// or https:// URL with a host and optionally a port and a path, without user, password or query. Did you mean http://host:19080, or https://host:19080? See ${status}.`,
    },
    {
      line: 'status fabric:/web',
      said: `Invalid <deployment> "fabric:/web": use the name of the deployment, not of its application. Did you mean web? See ${status}.`,
    },
    {
      line: 'watch fabric:/shop/front Fabric:%2Forders web fabric:/shop',
      said: 'Invalid <deployment> "fabric:/shop/front": use the name of the deployment, not of its application. Did you mean shop, orders, web? See sfcompose watch --help.',
    },
    {
      line: 'status https://sf.example:19080/Explorer/index.html#/apptype/T/app/fabric%253A%252Fshop',
      said: `Invalid <deployment> "https://sf.example:19080/Explorer/index.html#/apptype/T/app/fabric%253A%252Fshop": use the name of the deployment, not of its application. Did you mean shop? See ${status}.`,
    },
    {
      line: 'status fabric:/',
      said: `Invalid <deployment> "fabric:/": use the name of the deployment, not of its application. See ${status}.`,
    },
    {
      line: 'list -e tcp://sf.example:19000',
      said: 'Invalid --endpoint "tcp://sf.example:19000": use an http:// or https:// URL with a host and optionally a port and a path, without user, password or query. Did you mean http://sf.example:19080, or https://sf.example:19080? See sfcompose list --help.',
    },
    { line: 'status web --max-wait 5m', said: `--max-wait needs --watch. See ${status}.` },
    {
      line: 'watch web --max-wait 1 h',
      said: 'Invalid --max-wait "1 h": use one word. Did you mean 1h? See sfcompose watch --help.',
    },
    {
      line: 'watch web --max-wait=90 Minutes',
      said: 'Invalid --max-wait "90 Minutes": use one word. Did you mean 90m? See sfcompose watch --help.',
    },
    { line: 'list --full', said: 'Unknown option --full. See sfcompose list --help.' },
    {
      line: 'list -t 2 m',
      said: 'Invalid --timeout "2 m": use one word. Did you mean 2m? See sfcompose list --help.',
    },
    {
      line: 'watch web --interval 10min',
      said: 'Invalid --interval "10min": use a duration of at least 200ms, such as 90s, 5m or 1h30m. Did you mean 10m? See sfcompose watch --help.',
    },
    {
      line: 'watch web --max-wait 1.5h',
      said: 'Invalid --max-wait "1.5h": use a duration of at least 1s, such as 90s, 5m or 1h30m. Did you mean 1h30m? See sfcompose watch --help.',
    },
    {
      line: 'watch web --max-wait PT90M',
      said: 'Invalid --max-wait "PT90M": use a duration of at least 1s, such as 90s, 5m or 1h30m. Did you mean 1h30m? See sfcompose watch --help.',
    },
    {
      line: 'list --timeout 1500ms',
      said: 'Invalid --timeout "1500ms": use whole seconds from 1 to 4294967295, or a duration such as 90s or 2m. Did you mean 2s? See sfcompose list --help.',
    },
    {
      line: 'watch web --heartbeat 800ms',
      said: 'Invalid --heartbeat "800ms": use a duration of at least 1s, such as 90s, 5m or 1h30m. Did you mean 1s? See sfcompose watch --help.',
    },
    {
      line: 'watch web --interval 0.05s',
      said: 'Invalid --interval "0.05s": use a duration of at least 200ms, such as 90s, 5m or 1h30m. Did you mean 200ms? See sfcompose watch --help.',
    },
  ])('is explained: sfcompose $line', async ({ line, said }) => {
    const { url, requests } = await startGateway();
    const { exitCode, stdout, stderr } = await run(line.split(' '), { env: { SFCOMPOSE_ENDPOINT: url } });
    const name =
      'at most 64 letters, digits, dots, underscores and hyphens, without a dot or hyphen at the beginning';
    expect(stderr).toBe(`sfcompose: ${said.replace('NAME', name)}\n`);
    expect(exitCode).toBe(2);
    expect(requests).toHaveLength(0);
    if (!line.includes('json')) expect(stdout).toBe('');
  });

  it('never has a password in what it suggests', async () => {
    const { stderr } = await run(['status', 'web', '-e', 'me:secret@host:19080']);
    expect(stderr).not.toMatch(/secret|Did you mean/);
  });

  it('is no deployment that has the name of a unit', async () => {
    const { requests, url } = await startGateway();
    const argv = ['status', 'h', 'm', '-e', url, '--retries', '0'];
    expect((await run(argv)).exitCode).toBe(6);
    expect(requests.length).toBeGreaterThan(0);
  });
});
