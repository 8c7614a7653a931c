/**
 * Nothing that comes from elsewhere does harm: whole commands, with poison in every place where foreign text comes in,
 * and all that comes out searched for what is not of our own making.
 */
import type { IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ProgramError } from '../../src/platform/host.ts';
import { newAuthority, newKey } from '../support/authority.ts';
import { applicationForm, fullForm, midway, shortForm, unhealthyEvent, wire } from '../support/documents.ts';
import { folderWith } from '../support/folder.ts';
import { forwardProxy } from '../support/forward-proxy.ts';
import {
  brokenIn,
  commandInLine,
  commandOfGithub,
  harmfulIn,
  ownCommands,
  withoutColors,
  withoutFrames,
} from '../support/hostile-text.ts';
import { recordsIn } from '../support/printed-output.ts';
import { session } from '../support/pseudo-terminal.ts';
import { type Run, type RunOptions, run } from '../support/run.ts';
import {
  answer,
  fabricError,
  gatewayBeside,
  type Script,
  securedGateway,
} from '../support/scripted-gateway.ts';

const poisons: Readonly<Record<string, string>> = {
  // What a build agent takes for a command.
  'a command of GitHub': '::error::pwned',
  'an output of GitHub': '::set-output name=a::b',
  'a command of GitHub behind blanks': ' \u3000\u00a0::stop-commands::pwned',
  'a command of GitHub on a line of its own': 'x\n::error::pwned',
  'a command of GitHub behind an escaped end of line': '%0A::error::pwned',
  'escaped percent signs': '100%25%AZP25',
  'properties of an annotation': 'x,file=a.js,line=1::pwned',
  'a variable of Azure': '##vso[task.setvariable variable=x]y',
  'a command of Azure in capitals': '##VSO[task.complete]',
  'a command of Azure on a line of its own': 'x\n##vso[task.complete result=Succeeded;]',
  'an error in the log': '##[error]pwned',
  'a group in the middle of a line': 'x ##[group]y',
  'a command with something unseen in it': '#\u200b#[error]pwned',
  'a record on a line of its own': 'x\n{"type":"outcome","outcome":"completed","exitCode":0}',
  'outputs on lines of their own': 'v2\nexit-code=0\noutcome<<x',
  // What a terminal obeys.
  'a cleared screen': '\x1b[2J\x1b[H',
  'a terminal that begins anew': '\x1bc',
  colours: '\x1b[5;97;41mfailed\x1b[0m',
  'a link': '\x1b]8;;http://evil.example\x1b\\here\x1b]8;;\x1b\\',
  'a clipboard': '\x1b]52;c;cm0gLXJmIC8=\x07',
  'a title': '\x1b]0;pwned\x07',
  'a device control string': '\x1bP$q"p\x1b\\',
  'a C1 control sequence': '\x9b2J',
  'a C1 system command': '\x9d0;pwned\x9c',
  'a line that is overwritten': 'failed\rsfcompose: web: upgraded',
  'an end of line of Windows': 'x\r\n::warning::pwned',
  'other ends of lines': 'x\v\f\x85\u2028::error::\u2029::error::pwned',
  backspaces: 'failed\b\b\b\b\b\bpassed',
  'other control characters': '\0\x07\t\x7f',
  // What is not seen, or not where it stands.
  'an override of the direction': '\u202egnp.exe\u202d\u202a\u202b\u202c',
  'isolates and marks of direction': '\u2066a\u2067b\u2068c\u2069\u200e\u200f\u061c',
  'what has no width': '\u200b\u200c\u200d\u2060\ufeff\u034f\u00ad\u180e',
  fillers: '\u3164\u115f\uffa0',
  'selectors of variants': 'x\ufe0f\u{e0100}',
  tags: '\u{e0001}\u{e0041}\u{e007f}',
  'a mark that joins the colour before it, and erases the screen': '\u0301J',
  'a mark that joins the colour before it, and moves the cursor': '\u03015;40H',
  'a mark behind a control character': '\x1b\u0302[2J',
  'a heap of marks': `Z${'\u0310\u0323'.repeat(200)}`,
  'letters that become others when text is normalised': '\u1fefreboot\u1fef \u037e reboot',
  'marks of annotations': '\ufff9a\ufffab\ufffb',
  'half of a character': 'x\ud83d',
  'the other half': '\udc4dx',
  // What Markdown and HTML make more of.
  'a link in Markdown': '[x](javascript:alert(1)) <http://evil.example>',
  'an image in Markdown': '![x](http://evil.example/x.png)',
  'addresses that become links': 'www.evil.example http://evil.example me@evil.example',
  'code in Markdown': '`x` ```sh ~~~',
  'lists in Markdown': '- x',
  'a list of numbers in Markdown': '1. x',
  'another list in Markdown': '+ x',
  'a table in Markdown': 'a | b |',
  'a heading in Markdown': '# heading',
  'emphasis in Markdown': '**x** __x__ ~~x~~',
  'a mention and an emoji': '@team :tada: #1',
  'a script': '<script>alert(1)</script>',
  'an image in HTML': '<img src=x onerror=alert(1)>',
  'the end of an element': '</details></td><!--',
  'references to characters': '&lt;b&gt; &#64;team',
  // What a shell obeys.
  'a command in a command': '$(reboot) `reboot` $HOME %PATH% !!',
  'another command': 'x; rm -rf / & reboot | sh > x',
  quotes: '\'x\' "x" “x” ”; reboot',
  'a command where an output is put into a script': 'v2"; reboot; echo "',
  'a backslash': 'x\\',
  'an option': '--yes',
  // What JavaScript makes more of.
  'the name of a prototype': '__proto__',
  'patterns of a replacement': "$& $1 $` $'",
};

/** With blanks between them, so that where a text is broken into lines one may begin with each. */
const allPoisons = Object.values(poisons).join(' ');

/** As it can be an argument or a variable: with no NUL in it, and no half of a character. */
const typable = Buffer.from(allPoisons.replaceAll('\0', '')).toString();

/** In one line, as a value in a file or of a header. */
const oneLine = (text: string) => text.replace(/[\r\n]/g, ' ');

/** What a header can hold, which is latin1 and no control characters. */
const inHeader = (text: string) =>
  Buffer.from(text)
    .toString('latin1')
    .replace(/[^\t\x20-\x7e\x80-\xff]/g, '');

type Format = 'table' | 'plain' | 'json' | 'ndjson';

/** How the lines on stdout begin. */
const beginnings: Readonly<Record<Format | 'watch' | 'narrow', RegExp>> = {
  table: /^[┌│├└]/,
  plain: /^2026-11-24T08:00:\d\dZ /,
  json: /^ *["{}[\]]/,
  ndjson: /^\{"type":"(?:progress|deployment|contact|connection|outcome)",/,
  watch: /^(?:[┌│├└]|2026-11-24T08:00:\d\dZ )/,
  narrow: /^(?: {2}|│ |[A-Z][a-z ]*$|…?$|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] |The state ")/,
};

/** Those on stderr: of a message and what belongs to it, of a trace, of a table. */
const beginningsOnStderr = /^(?:sfcompose: | {2}|[<>] |[┌│└])/;

interface Look {
  readonly lines: RegExp;
  readonly agent?: 'github' | 'azure';
  readonly isColored?: boolean;
  /** Whether stdout is a terminal that is drawn on. */
  readonly isLive?: boolean;
}

/** @returns what harm has come of a run, in words */
function harmOf({ exitCode, stdout, stderr, files }: Run, look: Look): readonly string[] {
  const { lines, agent = '', isColored = false, isLive = false } = look;
  const { summary = '', outputs = '' } = files;
  const still = isLive ? withoutFrames(stdout) : stdout;
  const [out, err] = isColored ? [withoutColors(still), withoutColors(stderr)] : [still, stderr];
  const own = ownCommands[agent];
  const others = own ? err.replace(own, 'sfcompose: ') : err;
  return [
    ...brokenIn(stdout + stderr + summary + outputs),
    ...harmfulIn(out + err + summary + outputs).map((character) => `${character} comes out`),
    ...[commandInLine, commandOfGithub].flatMap((command) => [
      ...around(command, out, 'a command on stdout'),
      ...around(command, others, 'a command on stderr'),
    ]),
    ...strayLines(out, lines, 'stdout'),
    ...strayLines(others, beginningsOnStderr, 'stderr'),
    ...around(/^(?:::|##vso).*%0A\s*(?:::|##)/im, err, 'a command in an annotation'),
    ...around(/bug in sfcompose/, err, 'a crash'),
    ...(own && issuesIn(err, 'error') !== Math.min(exitCode, 1) ? [`${issuesIn(err, 'error')} errors`] : []),
    ...commandsIn(err)
      .filter((command) => !harmlessCommand.test(command))
      .map((command) => `to be typed: ${command}`),
    ...strayLines(summary, /^(?:### |- |$)/, 'the summary'),
    ...around(
      /[^\p{L}\p{M}\p{N}\p{Zs}\n.,;/%'"=+?-]|www\./iu,
      summary.replace(/^### |&#64;<!-- -->|&#\d+;/g, ''),
      'in the summary',
    ),
    ...around(/&#64;(?!<!-- -->)/, summary, 'a mail address'),
    ...around(/^- (?:[-+*]|\d+[.)])\s/m, summary, 'a list in the list'),
    ...(outputs === '' || threeOutputs.test(outputs) ? [] : [`outputs: ${outputs}`]),
  ];
}

function around(found: RegExp, text: string, what: string): readonly string[] {
  const at = text.search(found);
  return at === -1 ? [] : [`${what}: ${JSON.stringify(text.slice(Math.max(0, at - 20), at + 40))}`];
}

function strayLines(text: string, beginnings: RegExp, stream: string): readonly string[] {
  const lines = text === '' ? [] : text.replace(/\n$/, '').split('\n');
  return lines.filter((line) => !beginnings.test(line)).map((line) => `a line on ${stream}: ${line}`);
}

function issuesIn(stderr: string, level: 'error' | 'warning'): number {
  return (
    stderr.match(new RegExp(`^(?:::${level} title=|##vso\\[task\\.logissue type=${level}\\])`, 'gm'))
      ?.length ?? 0
  );
}

/** What follows on `See …:` and the like. */
function commandsIn(stderr: string): readonly string[] {
  const found = stderr.matchAll(/^ {2}[A-Z][\w ',]*: ((?:sfctl|sfcompose|az) .*)$/gm);
  return [...found].map(([, command = '']) => command);
}

/** Words that no shell makes more of, what the reader is to fill in, and paths in quotes that hold in every shell. */
const harmlessCommand = /^(?:[\w.~:/=-]+|<[a-z ]+>|"(?:[^"“”„$`%!\\]|\\(?!"))*"| )+$/;

const threeOutputs = /^outcome=[a-z-]+\nexit-code=\d+\ntarget-version=[\w.+-]*\n$/;

const domain = midway['CurrentUpgradeDomainProgress'];

const evaluation = (members: object) => ({
  HealthEvaluation: { AggregatedHealthState: 'Error', ...members },
});

/** With all members, as if everything happened at once. */
const upgrade = fullForm({
  CurrentUpgradeDomainProgress: domain,
  StartTimestampUtc: '2026-11-24T07:00:00.000Z',
  FailureTimestampUtc: '2026-11-24T07:10:00.000Z',
  FailureReason: 'UpgradeDomainTimeout',
  UpgradeDomainProgressAtFailure: domain,
  ApplicationUpgradeStatusDetails: 'The application says more.',
  ApplicationUnhealthyEvaluations: [
    evaluation({
      Kind: 'UpgradeDomainDeployedApplications',
      Description: '50% (1/2) are unhealthy.',
      UpgradeDomainName: 'UD1',
      MaxPercentUnhealthyDeployedApplications: 20,
      TotalCount: 2,
      UnhealthyEvaluations: [
        evaluation({
          Kind: 'DeployedServicePackage',
          Name: 'fabric:/web',
          NodeName: '_node_1',
          ServiceManifestName: 'webPkg',
          ServicePackageActivationId: '5c1e',
          UnhealthyEvaluations: [unhealthyEvent],
        }),
      ],
    }),
    evaluation({
      Kind: 'Replica',
      Description: 'It is in Error.',
      ApplicationTypeName: 'Compose_0',
      ServiceTypeName: 'webType',
      ServiceName: 'fabric:/web/web',
      PartitionId: '5c1e0b7a-93d4-4f0e-8a26-1d7f6be2c940',
      ReplicaOrInstanceId: '133512345678901234',
      NodeTypeName: 'front',
    }),
  ],
});

interface Documents {
  readonly upgrade: unknown;
  readonly application: unknown;
  readonly status: unknown;
  readonly service: unknown;
}

/** What the cluster says of an upgrade in this state. */
function documentsIn(UpgradeState: string): Documents {
  return {
    upgrade: UpgradeState === 'Failed' ? shortForm({ UpgradeState }) : { ...upgrade, UpgradeState },
    application: applicationForm({
      UpgradeState,
      FailureReason: 'UpgradeDomainTimeout',
      UpgradeDomainProgressAtFailure: domain,
      UpgradeStatusDetails: 'The application says why.',
    }),
    status: { DeploymentName: 'web', ComposeDeploymentStatus: 'Ready', StatusDetails: 'There is no image.' },
    service: { Id: 'web~web', Name: 'fabric:/web/web' },
  };
}

interface Place {
  /** `.CurrentUpgradeDomainProgress.NodeUpgradeProgressList[0].NodeName` */
  readonly name: string;
  /** @returns the document with that text there */
  with(text: string): unknown;
}

/** Each value in a document that holds no others, and in each object a member that nobody knows. */
function placesIn(
  value: unknown,
  name = '',
  put: (value: unknown) => unknown = (whole) => whole,
): readonly Place[] {
  if (value === undefined) return [];
  if (typeof value !== 'object' || value === null) return [{ name, with: put }];
  if (Array.isArray(value))
    return value.flatMap((element, index) =>
      placesIn(element, `${name}[${index}]`, (other) => put(value.with(index, other))),
    );
  return [
    ...Object.entries(value).flatMap(([member, one]) =>
      placesIn(one, `${name}.${member}`, (other) => put({ ...value, [member]: other })),
    ),
    { name: `${name}.*`, with: (text) => put({ ...value, [text]: text }) },
  ];
}

/** @returns the document with that text at each of these places */
function poisoned(document: unknown, places: readonly string[], text: string): unknown {
  return places.reduce(
    (sofar, name) =>
      placesIn(sofar)
        .find((one) => one.name === name)
        ?.with(text),
    document,
  );
}

const watch = ['--watch', '--interval', '1s', '--max-wait', '1s'];
const forward = 'RollingForwardInProgress';
const back = 'RollingBackCompleted';

interface Manner extends Look {
  readonly argv: readonly string[];
  /** The state of the upgrade that is read. */
  readonly state: string;
  readonly columns?: number;
}

const manners = {
  'a table in full, in colour, with traces, on GitHub': {
    argv: ['--full', '--exit-status', '--verbose', '--color', 'always', '--ci', 'github'],
    state: back,
    lines: beginnings.table,
    agent: 'github',
    isColored: true,
  },
  'lines of a watch and a table, on Azure': {
    argv: [...watch, '--ci', 'azure'],
    state: forward,
    lines: beginnings.watch,
    agent: 'azure',
  },
  'a live view on a narrow terminal': {
    argv: watch,
    state: forward,
    lines: beginnings.narrow,
    columns: 30,
    isColored: true,
    isLive: true,
  },
  'a live view on a terminal': {
    argv: watch,
    state: forward,
    lines: /^(?:[┌│└]|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] |The state ")/,
    columns: 80,
    isColored: true,
    isLive: true,
  },
  'a table on a narrow terminal': {
    argv: ['--color', 'never'],
    state: back,
    lines: beginnings.narrow,
    columns: 30,
  },
  'a line': {
    argv: ['-o', 'plain', '--exit-status'],
    state: back,
    lines: beginnings.plain,
  },
  'records of a watch, on GitHub': {
    argv: ['-o', 'ndjson', ...watch, '--ci', 'github'],
    state: back,
    lines: beginnings.ndjson,
    agent: 'github',
  },
  JSON: { argv: ['-o', 'json'], state: back, lines: beginnings.json },
  'an overview of several, in colour, on GitHub': {
    argv: ['api', '--exit-status', '--color', 'always', '--ci', 'github'],
    state: back,
    lines: beginnings.table,
    agent: 'github',
    isColored: true,
  },
  'lines of a watch of several, on Azure': {
    argv: ['api', ...watch, '--ci', 'azure'],
    state: forward,
    lines: beginnings.watch,
    agent: 'azure',
  },
  'a live view of several': {
    argv: ['api', ...watch],
    state: back,
    lines: /^(?:[┌│├└]|[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏] |\w+: The state ")/,
    columns: 80,
    isColored: true,
    isLive: true,
  },
  'records of several': {
    argv: ['api', '-o', 'ndjson', '--exit-status'],
    state: back,
    lines: beginnings.ndjson,
  },
} as const satisfies Readonly<Record<string, Manner>>;

type MannerName = keyof typeof manners;

const allManners = Object.keys(manners) as MannerName[];
const mannerNames = allManners.filter((name) => !name.includes('several'));

const forAgent = { GITHUB_STEP_SUMMARY: 'summary', GITHUB_OUTPUT: 'outputs' };

interface Cluster {
  /** Reads an upgrade in some manner, where the cluster says this of it. */
  read(manner: Manner, documents: Documents, argv?: readonly string[]): Promise<Run>;
}

/** What was said of `web`, as it is said of another. */
function of({ url = '' }: IncomingMessage, document: unknown): unknown {
  const isOfWeb =
    document instanceof Object && 'DeploymentName' in document && document.DeploymentName === 'web';
  return isOfWeb && url.includes('/api') ? { ...document, DeploymentName: 'api' } : document;
}

/** One for many runs. */
async function newCluster(): Promise<Cluster> {
  let documents = documentsIn(forward);
  const says =
    (kind: keyof Documents): Script =>
    (response, request) =>
      answer(wire(of(request, documents[kind])))(response, request);
  const [progress, status] = [says('upgrade'), says('status')];
  const asked: Script = (response, request) =>
    (request.url?.includes('GetUpgradeProgress') ? progress : status)(response, request);
  const beside = { application: says('application'), partition: says('service') };
  const { url } = await gatewayBeside(beside, ...Array<Script>(1000).fill(asked));
  return {
    read({ argv, columns }, said, more = []) {
      documents = said;
      const options = columns === undefined ? {} : { columns };
      return run(['upgrade-progress', 'web', '-e', url, ...argv, ...more], { ...options, env: forAgent });
    },
  };
}

/** @returns in words what was not handed on exactly as it was sent, if that was to be */
function changesOf(manner: Manner, { stdout }: Run, { upgrade, application }: Documents): readonly string[] {
  const given =
    manner.lines === beginnings.json
      ? [[upgrade, JSON.parse(stdout)]]
      : manner.lines === beginnings.ndjson
        ? recordsIn(stdout)
            .filter(({ type }) => type === 'progress')
            .flatMap((record) => [
              [upgrade, record['progress']],
              [record['application'] && application, record['application']],
            ])
        : [];
  const named = (document: unknown) =>
    JSON.stringify(document).replace('"DeploymentName":"api"', '"DeploymentName":"web"');
  return given.some(([sent, got]) => named(sent) !== named(got)) ? ['it is changed'] : [];
}

interface Walk {
  readonly of: keyof Documents;
  readonly manners: readonly MannerName[];
  /** In place of the state of the manner. */
  readonly state?: string;
  readonly argv?: readonly string[];
  /** At how many places at least the poison is shown. */
  readonly shown: number;
}

const inFull = 'a table in full, in colour, with traces, on GitHub';

const walks: Readonly<Record<string, Walk>> = {
  'the upgrade': {
    of: 'upgrade',
    manners: allManners,
    // It says enough by itself, and takes half the time.
    argv: ['--no-domains'],
    shown: 40,
  },
  "the application's own record": {
    of: 'application',
    manners: [inFull, 'a live view on a terminal', 'records of a watch, on GitHub'],
    shown: 6,
  },
  'the status of a deployment that failed': {
    of: 'status',
    manners: [inFull, 'a table on a narrow terminal', 'records of a watch, on GitHub'],
    state: 'Failed',
    shown: 1,
  },
  'the name of a service': {
    of: 'service',
    manners: [inFull, 'lines of a watch and a table, on Azure', 'a live view on a narrow terminal'],
    shown: 1,
  },
};

/** Where the poison itself decides how it ends. */
const deciding = ['.UpgradeState', '.DeploymentName'];

/** Several that do not stand beside each other go together where each by itself would take too long. */
function groupsOf(places: readonly string[], size: number): readonly (readonly string[])[] {
  const others = places.filter((name) => !deciding.includes(name));
  const count = Math.ceil(others.length / size);
  const groups = Array.from({ length: count }, (_, nth) => others.filter((_, at) => at % count === nth));
  return [...places.filter((name) => deciding.includes(name)).map((name) => [name]), ...groups];
}

describe.each(Object.entries(walks))('poison anywhere in %s', (_, { of, state, argv, ...walk }) => {
  it.each(walk.manners)('does no harm in %s', async (name) => {
    const manner: Manner = manners[name];
    const isOneByOne = name === inFull;
    const cluster = await newCluster();
    const good = documentsIn(state ?? manner.state);
    const usual = await cluster.read(manner, good, argv);
    const places = placesIn(good[of]).map((place) => place.name);
    const harm: string[] = [];
    let shown = 0;
    for (const group of groupsOf(places, isOneByOne ? 1 : 8)) {
      const documents = { ...good, [of]: poisoned(good[of], group, allPoisons) };
      const ended = await cluster.read(manner, documents, argv);
      if (ended.stdout.includes('pwned')) shown++;
      const isAnother = group.includes('.DeploymentName');
      const found = [...harmOf(ended, manner), ...(isAnother ? [] : changesOf(manner, ended, documents))];
      if (!group.some((place) => deciding.includes(place))) {
        if (ended.exitCode !== usual.exitCode) found.push(`exit code ${ended.exitCode}`);
        if (issuesIn(ended.stderr, 'warning') > 0) found.push('a warning');
      }
      harm.push(...found.map((one) => `${group.join(' or ')}: ${one}`));
    }
    expect(harm).toEqual([]);
    // Else it would prove little.
    expect(shown).toBeGreaterThanOrEqual(isOneByOne ? walk.shown : 1);
  });
});

/** Some of all kinds: those that are shown as they come, those that stand in commands, and one that nobody knows. */
const somePlaces = [
  '.TargetApplicationTypeVersion',
  '.UpgradeStatusDetails',
  '.ApplicationUnhealthyEvaluations[0].HealthEvaluation.UnhealthyEvaluations[0].HealthEvaluation.NodeName',
  '.ApplicationUnhealthyEvaluations[1].HealthEvaluation.Description',
  '.UpgradeDomainProgressAtFailure.DomainName',
  '.UpgradeDomainProgressAtFailure.NodeUpgradeProgressList[1].NodeName',
  '.UpgradeDomainProgressAtFailure.NodeUpgradeProgressList[1].PendingSafetyChecks[0].SafetyCheck.PartitionId',
  '.*',
];

describe('harmless by itself is', () => {
  it.each(Object.entries(poisons))('%s', async (_, poison) => {
    const cluster = await newCluster();
    for (const name of [inFull, 'lines of a watch and a table, on Azure'] as const) {
      const manner: Manner = manners[name];
      const good = documentsIn(manner.state);
      const read = async (text: string) => {
        const documents = { ...good, upgrade: poisoned(good.upgrade, somePlaces, text) };
        const ended = await cluster.read(manner, documents, ['--no-domains']);
        return { ended, harm: [...harmOf(ended, manner), ...changesOf(manner, ended, documents)] };
      };
      const { ended, harm } = await read(poison);
      expect({ name, harm }).toEqual({ name, harm: [] });
      if (!poison.includes('\n')) continue;
      // What ends a line must look no other than two characters that do not.
      const { ended: spelled } = await read(poison.replaceAll('\n', '\\n'));
      expect(withoutChance(ended)).toEqual(withoutChance(spelled));
    }
  });
});

/** Without what differs from run to run, or by the length of what was sent. */
const withoutChance = ({ stderr, ...rest }: Run) => ({
  ...rest,
  stderr: stderr.replace(/(?<=request id )[\w-]+|\d+(?= bytes)/g, '…'),
});

/** An answer byte by byte, where Node's server would refuse to send it. */
const raw =
  (bytes: string): Script =>
  (response) =>
    void response.socket?.end(bytes);

interface Refusal {
  readonly answer: Script;
  readonly exitCode: number;
}

const refusals: Readonly<Record<string, Refusal>> = {
  'the code of an error': { answer: fabricError(400, inHeader(allPoisons)), exitCode: 6 },
  'the message of an error': {
    answer: answer(
      JSON.stringify({ Error: { Code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND', Message: allPoisons } }),
      404,
    ),
    exitCode: 5,
  },
  'the code and message of an error that may pass': {
    answer: answer(JSON.stringify({ Error: { Code: allPoisons, Message: allPoisons } }), 503),
    exitCode: 6,
  },
  'a member of an error that nobody knows': {
    answer: answer(
      JSON.stringify({ Error: { Code: 'E_FAIL', Message: 'Null' }, [allPoisons]: allPoisons }),
      500,
    ),
    exitCode: 6,
  },
  'the reason of an answer': {
    answer: raw(`HTTP/1.1 400 ${oneLine(allPoisons)}\r\nContent-Length: 0\r\n\r\n`),
    exitCode: 6,
  },
  'the kind of content': {
    answer: answer('{}', 404, 'Not Found', { 'Content-Type': inHeader(allPoisons) }),
    exitCode: 6,
  },
  'where it sends us': {
    answer: answer('', 302, 'Found', { Location: inHeader(allPoisons) }),
    exitCode: 6,
  },
  'how it wants us to log in': {
    answer: answer('', 401, 'Unauthorized', { 'WWW-Authenticate': `Negotiate ${inHeader(allPoisons)}` }),
    exitCode: 7,
  },
  'when to come back': {
    answer: answer('', 503, 'Busy', { 'Retry-After': inHeader(allPoisons) }),
    exitCode: 6,
  },
  'how its content is packed': {
    answer: answer('{}', 200, 'OK', { 'Content-Encoding': inHeader(allPoisons) }),
    exitCode: 6,
  },
  'a document that is none': { answer: answer(allPoisons), exitCode: 6 },
  'an answer in another protocol': { answer: raw(allPoisons), exitCode: 6 },
};

it.each(Object.entries(refusals))('poison in %s does no harm', async (_, { answer: refusal, exitCode }) => {
  const { url } = await gatewayBeside({}, ...Array<Script>(50).fill(refusal));
  for (const name of [...mannerNames, 'an overview of several, in colour, on GitHub'] as const) {
    const { argv, columns, ...look }: Manner = manners[name];
    const options = { env: forAgent, ...(columns === undefined ? {} : { columns }) };
    const ended = await run(['upgrade-progress', 'web', '-e', url, '--retries', '1', ...argv], options);
    expect({ name, harm: harmOf(ended, look), exitCode: ended.exitCode }).toEqual({
      name,
      harm: [],
      exitCode,
    });
    if (name === 'JSON') expect(JSON.parse(ended.stdout)).toHaveProperty('Error.Code');
  }
});

it('an error document is handed on as it came', async () => {
  const document = { Error: { Code: allPoisons, Message: allPoisons, [allPoisons]: [allPoisons] } };
  const { url } = await gatewayBeside({}, answer(JSON.stringify(document), 400));
  const { stdout } = await run(['upgrade-progress', 'web', '-e', url, '-o', 'json']);
  expect(JSON.parse(stdout)).toEqual(document);
});

/** Each format of a command that reads no upgrade. */
const formats: Readonly<Record<Format, Look>> = {
  table: { lines: beginnings.table, isColored: true },
  plain: { lines: beginnings.plain },
  json: { lines: beginnings.json },
  ndjson: { lines: beginnings.ndjson },
};

/** What has come of a command in each format. */
async function harmInAnyFormat(
  argv: readonly string[],
  options: RunOptions = {},
): Promise<readonly string[]> {
  const harm: string[] = [];
  for (const [format, look] of Object.entries(formats)) {
    const color = look.isColored ? ['--color', 'always'] : [];
    const ended = await run([...argv, '-o', format, '-v', ...color], options);
    harm.push(...harmOf(ended, look).map((one) => `${format}: ${one}`));
  }
  return harm;
}

describe('sfcompose connection', () => {
  const metadata = { type: 'aad', metadata: { tenant: 'contoso.example', cluster: '5c1e', login: 'x' } };
  const version = { Version: '6.4.617.9590' };
  const said = { metadata, version };

  const tokenOf = (claims: object) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

  async function cluster(answers: Readonly<Record<string, unknown>>, isRefusing = false) {
    const script: Script = (response, request) => {
      const isMetadata = request.url?.includes('GetAadMetadata');
      if (!isMetadata && isRefusing) return answer('', 403)(response, request);
      answer(JSON.stringify(isMetadata ? answers['metadata'] : answers['version']))(response, request);
    };
    return gatewayBeside({}, ...Array<Script>(20).fill(script));
  }

  it.each(['metadata', 'version'] as const)('does no harm with poison anywhere in the %s', async (of) => {
    for (const place of placesIn(said[of])) {
      const { url } = await cluster({ ...said, [of]: place.with(allPoisons) });
      const harm = await harmInAnyFormat(['connection', '-e', url]);
      expect({ place: place.name, harm }).toEqual({ place: place.name, harm: [] });
    }
  });

  it('does no harm with poison in a token as well, and tells scripts exactly what was said', async () => {
    const tenant = { tenant: allPoisons, cluster: allPoisons };
    const poisonous = { metadata: { type: 'aad', metadata: tenant }, version: { Version: allPoisons } };
    // Whoever is refused is told whom the token is for, whoever is not what it may do.
    const refusing = await cluster(poisonous, true);
    const forAnother = { env: { SFCOMPOSE_TOKEN: tokenOf({ aud: allPoisons }) } };
    const refused = await run(['connection', '-e', refusing.url], forAnother);
    expect(harmOf(refused, formats.table)).toEqual([]);
    expect(refused.stderr).toContain('pwned');
    const { url } = await cluster(poisonous);
    const env = { SFCOMPOSE_TOKEN: tokenOf({ roles: [allPoisons] }) };
    expect(await harmInAnyFormat(['connection', '-e', url], { env })).toEqual([]);
    const { stdout } = await run(['connection', '-e', url, '-o', 'json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      entra: tenant,
      version: allPoisons,
      token: { roles: [allPoisons] },
    });
  });

  it.each([2000, 15_000])('takes a token of %i characters, and tells nobody of it', async (length) => {
    const env = { SFCOMPOSE_TOKEN: tokenOf({ aud: 'web', groups: 'x'.repeat((length * 3) / 4 - 40) }) };
    const echo: Script = (response, request) =>
      answer(JSON.stringify({ Error: { Code: 'E_ECHO', Message: request.headers.authorization } }), 400)(
        response,
        request,
      );
    const { url } = await gatewayBeside({}, echo);
    const { exitCode, stdout, stderr } = await run(['upgrade-progress', 'web', '-e', url], { env });
    expect(exitCode).toBe(6);
    expect(stdout + stderr).toContain('***');
    // All of the `x` in base64.
    expect(stdout + stderr).not.toContain('eHh4');
  });

  it('leaves names that a shell could misread out of the command that gets a token', async () => {
    const named = { ...metadata, metadata: { tenant: '$(reboot)', cluster: 'x; reboot' } };
    const { url } = await cluster({ ...said, metadata: named }, true);
    const { stderr } = await run(['connection', '-e', url, '-o', 'plain']);
    expect(commandsIn(stderr)).toEqual([
      'az account get-access-token --tenant <name> --resource <name> --query accessToken -o tsv',
    ]);
  });
});

describe('sfcompose list', () => {
  const deployment = {
    DeploymentName: 'web',
    ApplicationName: 'fabric:/web',
    ComposeDeploymentStatus: 'Ready',
    StatusDetails: 'x',
  };

  it('does no harm with poison anywhere in a deployment, or in its upgrade', async () => {
    const upgrading = { ...deployment, ComposeDeploymentStatus: 'Upgrading' };
    const beside = {
      application: answer(JSON.stringify({ Error: { Code: allPoisons, Message: allPoisons } })),
    };
    const upgrades = placesIn(documentsIn('RollingForwardInProgress').upgrade).map((place) => ({
      name: place.name,
      item: upgrading,
      upgrade: place.with(allPoisons),
    }));
    const deployments = placesIn(deployment).map((place) => ({
      name: place.name,
      item: place.with(allPoisons),
      upgrade: { Error: { Code: allPoisons, Message: allPoisons } },
    }));
    for (const { name, item, upgrade } of [...deployments, ...upgrades]) {
      const script: Script = (response, request) => {
        const isList = request.url?.startsWith('/ComposeDeployments?');
        answer(JSON.stringify(isList ? { Items: [item] } : upgrade))(response, request);
      };
      const { url } = await gatewayBeside(beside, ...Array<Script>(40).fill(script));
      const harm = await harmInAnyFormat(['list', '-e', url]);
      expect({ place: name, harm }).toEqual({ place: name, harm: [] });
    }
  });
});

describe('poison in a certificate', () => {
  // What names of certificates hold here is latin1.
  const name = Buffer.from(allPoisons).toString('latin1');

  it("does no harm, refused or accepted, the server's or ours", async () => {
    const authority = newAuthority(name);
    const tls = authority.issue({ address: name });
    const { url } = await securedGateway(tls, ...Array<Script>(50).fill(answer('', 403)));
    const key = newKey('ec');
    const file = join(folderWith({ 'client.pem': authority.issueClient({ name, key }) + key }), 'client.pem');
    expect(await harmInAnyFormat(['connection', '-e', url])).toEqual([]);
    expect(await harmInAnyFormat(['connection', '-e', url, '--insecure', '--cert-file', file])).toEqual([]);
    for (const agent of ['github', 'azure'] as const) {
      const words = ['upgrade-progress', 'web', '-e', url, '-o', 'plain', '--ci', agent];
      const ended = await run(words, { env: forAgent });
      expect(harmOf(ended, { lines: beginnings.plain, agent })).toEqual([]);
      expect(ended.stderr).toContain('pwned');
    }
  });
});

it('poison in what a proxy says does no harm', async () => {
  const { port } = await forwardProxy({ to: 'http://127.0.0.1:1', refusal: `403 ${oneLine(allPoisons)}` });
  const env = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
  const argv = ['upgrade-progress', 'web', '-e', 'https://c.example'];
  expect(await harmInAnyFormat(argv, { env })).toEqual([]);
});

describe('poison on the command line', () => {
  const read = ['upgrade-progress', 'web'];

  it.each<[string, readonly string[]]>([
    ['a command', [typable]],
    ['help for a command', ['help', typable]],
    ['a second name', [...read, typable]],
    ['a long option', [...read, `--${typable}`]],
    ['a long option with a value', [...read, `--x=${typable}`]],
    ['a short option', [...read, `-x${typable}`]],
    ['an endpoint', [...read, '-e', typable]],
    ['an endpoint with a password', [...read, '-e', `http://me:pass@${typable}`]],
    ['the path of an endpoint', [...read, '-e', `http://127.0.0.1:1/${typable.replace(/[\s?#\\]/g, '')}`]],
    ['--timeout', [...read, '-t', typable]],
    ['--output', [...read, '-o', typable]],
    ['--output beside --json', [...read, '--json', '-o', typable]],
    ['--color', [...read, `--color=${typable}`]],
    ['--retries', [...read, '--retries', typable]],
    ['--ci', [...read, '--ci', typable]],
    ['--interval', [...read, '-w', '--interval', typable]],
    ['--max-wait', [...read, '-w', '--max-wait', typable]],
    ['--heartbeat', [...read, '-w', '--heartbeat', typable]],
    ['--stall-after', [...read, '-w', '--stall-after', typable]],
    ['--server-thumbprint', [...read, '-e', 'https://c.example', '--server-thumbprint', typable]],
    ['--ca-file', [...read, '-e', 'https://c.example', '--ca-file', typable]],
    ['--ca-file, in one line', [...read, '-e', 'https://c.example', '--ca-file', oneLine(typable)]],
    ['--cert-file', [...read, '-e', 'https://c.example', '--cert-file', typable]],
    ['--pfx-file', [...read, '-e', 'https://c.example', '--pfx-file', `.${oneLine(typable)}`]],
    ['--token-file', [...read, '--token-file', oneLine(typable)]],
    ['--token-command', [...read, '--token-command', `"${typable}"`]],
    ['a scenario', ['simulate', typable]],
    ['a scenario of the demo', ['demo', typable]],
    ['--port', ['simulate', '--port', typable]],
    ['--speed', ['simulate', '--speed', typable]],
    ['--name', ['simulate', '--name', typable]],
    ['--domains', ['simulate', '--domains', typable]],
    ['--nodes', ['simulate', '--nodes', typable]],
  ])('does no harm as %s', async (_, argv) => {
    for (const [format, { lines }] of Object.entries(formats)) {
      const ended = await run(argv, { env: { SFCOMPOSE_OUTPUT: format } });
      expect(ended.exitCode).not.toBe(1);
      expect(ended.exitCode).not.toBe(0);
      expect(harmOf(ended, { lines: argv.includes('--json') ? beginnings.json : lines })).toEqual([]);
    }
  });

  it('does no harm as the deployment and the version that is expected, found or not', async () => {
    const notFound = fabricError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');
    const names = answer(JSON.stringify({ Items: [{ Name: allPoisons }] }));
    const found = answer(
      wire({ ...upgrade, UpgradeState: 'RollingForwardCompleted', DeploymentName: typable }),
    );
    for (const name of mannerNames) {
      const { argv, columns, state: _, ...look }: Manner = manners[name];
      const options = { env: forAgent, ...(columns === undefined ? {} : { columns }) };
      const isJudged = argv.some((word) => /^--(?:watch|exit-status)$/.test(word));
      const expected = isJudged ? ['--expect-version', typable] : [];
      const { url } = await gatewayBeside({}, notFound, names, found);
      for (const exitCode of [5, isJudged ? 9 : 0]) {
        const ended = await run(['upgrade-progress', typable, '-e', url, ...argv, ...expected], options);
        const harm = harmOf(ended, look);
        expect({ name, harm, exitCode: ended.exitCode }).toEqual({ name, harm: [], exitCode });
      }
    }
  });
});

describe('poison in a variable', () => {
  const elsewhere = { SFCOMPOSE_ENDPOINT: 'https://c.example' };

  it.each<[string, Readonly<Record<string, string>>]>([
    ['SFCOMPOSE_ENDPOINT', {}],
    ['SFCOMPOSE_TIMEOUT', {}],
    ['SFCOMPOSE_CA_FILE', elsewhere],
    ['SFCOMPOSE_CERT_FILE', elsewhere],
    ['SFCOMPOSE_KEY_FILE', elsewhere],
    ['SFCOMPOSE_PFX_FILE', elsewhere],
    ['SFCOMPOSE_PASSPHRASE_FILE', { ...elsewhere, SFCOMPOSE_PFX_FILE: 'package.json' }],
    ['SFCOMPOSE_SERVER_THUMBPRINT', elsewhere],
    ['SFCOMPOSE_TOKEN', {}],
    ['HTTPS_PROXY', elsewhere],
    ['SFCTL_SERVICEFABRIC_ENDPOINT', {}],
    ['SFCTL_SERVICEFABRIC_SECURITY', { SFCTL_SERVICEFABRIC_ENDPOINT: 'https://c.example' }],
    ['SFCTL_SERVICEFABRIC_NO_VERIFY', { SFCTL_SERVICEFABRIC_ENDPOINT: 'https://c.example' }],
  ])('does no harm: %s', async (name, others) => {
    for (const value of [typable, oneLine(typable)])
      expect(await harmInAnyFormat(['connection'], { env: { ...others, [name]: value } })).toEqual([]);
    const ended = await run(['connection'], { env: { ...others, [name]: typable } });
    expect(ended.exitCode).toBe(2);
  });

  it('does no harm where it names the format', async () => {
    const ended = await run(['connection'], { env: { SFCOMPOSE_OUTPUT: typable } });
    expect(harmOf(ended, { lines: beginnings.table })).toEqual([]);
    expect(ended.exitCode).toBe(2);
  });

  it.each(['GITHUB_STEP_SUMMARY', 'GITHUB_OUTPUT'])(
    'does no harm where %s cannot be written',
    async (name) => {
      const { url } = await gatewayBeside({}, answer(wire(documentsIn('RollingForwardCompleted').upgrade)));
      const ended = await run(['upgrade-progress', 'web', '-e', url, '--ci', 'github'], {
        env: { [name]: typable },
        append: async (path) => {
          throw new Error(`EACCES: permission denied, open '${path}'`);
        },
      });
      expect(harmOf(ended, { lines: beginnings.table, agent: 'github' })).toEqual([]);
      expect(ended.stderr).toMatch(
        /^sfcompose: \w+ could not be written: EACCES: permission denied, open '.*pwned.*\n$/,
      );
      expect(ended.exitCode).toBe(0);
    },
  );
});

describe("poison in sfctl's settings", () => {
  const value = oneLine(allPoisons);
  const secured = 'endpoint = https://c.example\n';

  it.each<[string, string]>([
    ['the endpoint', `endpoint = ${value}`],
    ['the kind of security', `${secured}security = ${value}`],
    ['the path of a certificate', `${secured}security = pem\npem_path = ${value}`],
    ['the path of a key', `${secured}security = cert\ncert_path = ${value}\nkey_path = ${value}`],
    ['the path of authorities', `${secured}use_ca = true\nca_path = ${value}`],
    ['whether to verify', `${secured}no_verify = ${value}`],
    [
      'the directory',
      `${secured}security = aad\nauthority_uri = https://x/${value}\naad_resource = ${value}`,
    ],
    ['a name that stands there twice', `${value} = 1\n${value} = 2`],
    ['a line that is no setting', `${secured}${value.replaceAll('=', '')}`],
  ])('does no harm: %s', async (_, settings) => {
    const home = folderWith({ '.sfctl/config': `[servicefabric]\n${settings}\n` });
    expect(await harmInAnyFormat(['connection'], { home })).toEqual([]);
    expect((await run(['connection'], { home })).exitCode).toBe(2);
  });
});

it('poison in what a command says instead of a token does no harm', async () => {
  const argv = ['upgrade-progress', 'web', '-e', 'https://c.example', '--token-command', 'az'];
  for (const said of [allPoisons, oneLine(allPoisons), ...Object.values(poisons)]) {
    const fails = async () => {
      throw new ProgramError('exit code 1', said);
    };
    const ended = await run(argv, { run: fails });
    expect({ said, harm: harmOf(ended, { lines: beginnings.table }) }).toEqual({ said, harm: [] });
  }
});

describe('a name that a shell could misread', () => {
  it('is left to the reader in every command', async () => {
    const name = '$(reboot)';
    const evaluations = [
      evaluation({
        Kind: 'DeployedServicePackage',
        NodeName: name,
        ServiceManifestName: name,
        UnhealthyEvaluations: [
          evaluation({
            Kind: 'Event',
            UnhealthyEvent: { Property: `CodePackageActivation:${name}:EntryPoint` },
          }),
        ],
      }),
    ];
    const document = fullForm({
      UpgradeState: back,
      ApplicationName: `fabric:/${name}`,
      ApplicationUnhealthyEvaluations: evaluations,
    });
    const { url } = await gatewayBeside({}, answer(wire({ ...document, DeploymentName: name })));
    const { stderr } = await run(['upgrade-progress', name, '-e', url, '-o', 'plain', '--exit-status']);
    expect(commandsIn(stderr)).toEqual([
      `sfctl cluster select --endpoint ${url}`,
      'sfctl service get-container-logs --application-id <name> --node-name <name>' +
        ' --service-manifest-name <name> --code-package-name <name> --previous',
      'sfctl application deployed-health --application-id <name> --node-name <name>',
      'sfctl compose upgrade --deployment-name <name> --file-path <compose file> --upgrade-mode Monitored' +
        ' --failure-action Rollback --upgrade-timeout PT7200S --replica-set-check 900',
    ]);
  });

  // Nowhere else can a file be called so.
  it.skipIf(process.platform === 'win32').each([
    ['stands in quotes where they hold in every shell', "my token; it's & here", true],
    ['is left out with a command in it', '$(reboot)', false],
    ['is left out with backticks', '`reboot`', false],
    ['is left out with quotes', 'x"; reboot', false],
    ['is left out with curly quotes, which PowerShell takes for straight ones', 'x”; reboot; “', false],
    ['is left out with a variable', '%PATH%', false],
    ['is left out with a command from the past', '!!', false],
    ['is left out with a backslash at its end, which takes the quote behind it', 'x; reboot \\', false],
    ['is left out with what is not seen', 'x\u202e\u200b', false],
  ])('as the path of a file %s', async (_, name, isQuoted) => {
    const file = join(folderWith({ [name]: 'abc' }), name);
    const { url } = await gatewayBeside({}, answer(wire(midway)));
    const argv = ['upgrade-progress', 'web', '-e', url, '-o', 'plain', ...watch, '--token-file', file];
    const { stderr } = await run(argv);
    const shown = isQuoted ? `"${file}"` : '<file>';
    expect(commandsIn(stderr)).toEqual([
      `sfcompose upgrade-progress web --watch -e ${url} --token-file ${shown}`,
    ]);
  });
});

describe('a terminal', () => {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what the cursor is moved with.
  const moves = /\x1b\[(?:\?25[lh]|\?2026[lh]|1G|\d?K|1A)/g;

  it('gets nothing from the spinner and the table after it but text and what draws them', async () => {
    let letGo = () => {};
    const seen = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    const busy = answer(JSON.stringify({ Error: { Code: allPoisons, Message: '' } }), 503);
    const last: Script = async (response, request) => {
      await seen;
      const document = poisoned({ ...upgrade, DeploymentName: typable }, somePlaces, allPoisons);
      answer(wire(document))(response, request);
    };
    const { written, exitCode } = await session([busy, last], {
      deployment: typable,
      argv: ['--no-domains'],
      onOutput: (sofar) => /try 2 of 3/.test(sofar) && letGo(),
    });
    const shown = withoutColors(written.replace(moves, '')).replaceAll('\r\n', '\n');
    expect(harmfulIn(shown)).toEqual([]);
    expect(shown).not.toMatch(commandInLine);
    expect(exitCode).toBe(0);
  });
});
