/**
 * Properties of whole commands, for anything that a gateway may send or a user may type. SOAK_SECONDS runs them for that
 * long in total, with a random seed; SOAK_SEED sets the seed.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc, { type Arbitrary } from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { outcomes } from '../../src/platform/outcome.ts';
import {
  anyAnswer,
  anyUnit,
  faultReply,
  goodApplication,
  goodEvents,
  goodStatus,
  goodUpgrade,
  hostileText,
  looseApplication,
  looseEvents,
  looseService,
  looseStatus,
  looseUpgrade,
  type Reply,
  replyWith,
  toJson,
} from '../support/arbitraries.ts';
import { completedUpgrade, runningUpgrade, toWire } from '../support/documents.ts';
import {
  agentCommand,
  findBroken,
  findHarmful,
  githubCommand,
  ownCommands,
  stripColors,
} from '../support/hostile-text.ts';
import { createTestTime, type Run, type RunOptions, run } from '../support/run.ts';

const soakSeconds = Number(process.env['SOAK_SECONDS'] ?? 0);
const usualSeed = 20261124;
const seed = Number(process.env['SOAK_SEED'] ?? (soakSeconds ? Date.now() % 2 ** 31 : usualSeed));
const propertyCount = 5;

/** Milliseconds for one property. A slow machine has fewer runs. */
const maxPropertyMs = soakSeconds ? (soakSeconds * 1000) / propertyCount : 10_000;

/** Checks a property. @param runs the number of runs, unless SOAK_SECONDS limits the time instead */
async function checkProperty<T>(
  runs: number,
  arbitrary: Arbitrary<T>,
  property: (value: T) => Promise<void>,
): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, property), {
    seed,
    numRuns: soakSeconds ? Number.MAX_SAFE_INTEGER : runs,
    interruptAfterTimeLimit: maxPropertyMs,
    markInterruptAsFailure: false,
    // Clocks take no real time here, so that a run that takes a minute hangs.
    timeout: 60_000,
  });
}

const timeLimit = { timeout: maxPropertyMs + 120_000 };

interface Replies {
  /** Replies to reads of the upgrade in turn, the last of which is repeated. */
  readonly upgrade: readonly Reply[];
  readonly status?: readonly Reply[];
  readonly application?: readonly Reply[];
  readonly service?: readonly Reply[];
  readonly events?: readonly Reply[];
  /** Called before each read of the upgrade with its number, from 0. */
  readonly onRead?: (nth: number) => void;
}

interface Played extends Run {
  /** Milliseconds on the virtual clock. */
  readonly took: number;
  /** Replies to reads of the upgrade. */
  readonly upgrades: readonly Reply[];
}

interface Loopback {
  readonly origin: string;
  /**
   * Runs a command against these replies. `{endpoint}` in the command line and the environment stands for the server.
   * @param timeout the command's timeout for the server, in seconds
   */
  play(argv: readonly string[], replies: Replies, timeout: number, options?: RunOptions): Promise<Played>;
}

const notThere: Reply = {
  kind: 'answer',
  status: 404,
  reason: 'FABRIC_E_APPLICATION_NOT_FOUND',
  headers: {},
  body: '{"Error":{"Code":"FABRIC_E_APPLICATION_NOT_FOUND","Message":"It is not there."}}',
};

/** Replies to the requests of `connection`. */
const facts: Readonly<Record<string, string>> = {
  GetAadMetadata: '{"type":"","metadata":{}}',
  GetClusterVersion: '{"Version":"6.4.617.9590"}',
};

/** Milliseconds that a client waits after the server's timeout. */
const graceMs = 5000;

/** Milliseconds after which a related read times out. */
const relatedTimeoutMs = 2000;

/** Starts one server for all runs of a property. */
async function startLoopback(): Promise<Loopback> {
  let nth = 0;
  let listener: (path: string, request: IncomingMessage, response: ServerResponse) => void = () => {};
  const server = createServer((request, response) => {
    const [, name, path = ''] = /^\/run(\d+)(\/.*)$/.exec(request.url ?? '') ?? [];
    // Requests of earlier runs have no client any more.
    if (name === String(nth).padStart(6, '0')) listener(path, request, response);
    else request.socket.destroy();
  });
  server.on('clientError', (_, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    async play(argv, replies, timeout, options = {}) {
      nth++;
      const endpoint = `${origin}/run${String(nth).padStart(6, '0')}`;
      const time = options.time ?? createTestTime();
      const counts = { upgrade: 0, status: 0, application: 0, service: 0, events: 0 };
      const upgrades: Reply[] = [];
      listener = (path, _, response) => {
        const fact = facts[/^\/\$\/(\w+)\?/.exec(path)?.[1] ?? ''];
        if (fact !== undefined) return sendReply(replyWith(fact), response);
        const kind = classifyPath(path);
        const own = replies[kind] ?? [];
        if (kind === 'upgrade') replies.onRead?.(counts.upgrade);
        const reply = own[Math.min(counts[kind]++, own.length - 1)] ?? notThere;
        if (kind === 'upgrade') upgrades.push(reply);
        sendReply(reply, response);
        if (reply.kind !== 'silence') return;
        const isRelated = kind === 'application' || kind === 'service' || kind === 'events';
        time.pass(isRelated ? relatedTimeoutMs : timeout * 1000 + graceMs);
      };
      const fillEndpoint = (text: string) => text.replaceAll('{endpoint}', endpoint);
      const env = Object.entries(options.env ?? {}).map(([name, value]) => [
        name,
        value && fillEndpoint(value),
      ]);
      const ended = await run(argv.map(fillEndpoint), { ...options, env: Object.fromEntries(env), time });
      return { ...ended, took: time.clock.monotonic(), upgrades };
    },
  };
}

function classifyPath(path: string): keyof Omit<Replies, 'onRead'> {
  if (path.startsWith('/EventsStore/')) return 'events';
  if (path.startsWith('/Applications/')) return 'application';
  if (path.startsWith('/Partitions/')) return 'service';
  return path.includes('/$/GetUpgradeProgress?') ? 'upgrade' : 'status';
}

function sendReply(reply: Reply, response: ServerResponse): void {
  const { socket } = response;
  switch (reply.kind) {
    case 'reset':
      return void socket?.resetAndDestroy();
    case 'raw':
      return void socket?.end(Buffer.from(reply.bytes, 'latin1'));
    case 'silence':
      if (reply.body === undefined) return;
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.write(reply.body);
      return;
    case 'answer': {
      const { status, reason, headers, body, whole } = reply;
      const bytes = Buffer.from(body, 'latin1');
      response.writeHead(status, reason, { ...headers, 'Content-Length': bytes.length });
      if (whole === undefined || whole >= bytes.length) response.end(bytes);
      else response.write(bytes.subarray(0, whole), () => socket?.destroy());
    }
  }
}

type Format = 'table' | 'plain' | 'json' | 'ndjson';

const formats = ['table', 'plain', 'json', 'ndjson'] as const;
const agents = ['none', 'github', 'azure'] as const;

/** The environment of a GitHub agent that wants outputs and a summary. */
const forAgent = { GITHUB_OUTPUT: 'outputs', GITHUB_STEP_SUMMARY: 'summary' };

interface Asked {
  /** `undefined` if it is unknown, or help may be printed. */
  readonly format: Format | undefined;
  readonly ci?: string;
  readonly colored?: boolean;
  /** Whether stdout is a terminal, which no build agent reads. */
  readonly isTerminal?: boolean;
}

const codes = new Set(
  Object.values(outcomes)
    .map(({ exitCode }) => exitCode as number)
    .filter((code) => code !== outcomes.internal.exitCode),
);

/** Checks what holds for every command. */
function expectSound(
  { exitCode, stdout, stderr, files }: Run,
  { format, ci, colored = false, isTerminal = false }: Asked,
): void {
  const all = stdout + stderr + Object.values(files).join('');
  expect(all).not.toContain('This is a bug in sfcompose');
  expect(all).not.toMatch(/^ {4}at .*:\d+:\d+\)?$/m);
  expect(codes).toContain(exitCode);
  for (const text of [stdout, stderr]) expect(text).toMatch(/^$|\n$/);
  expect(findHarmful(colored ? stripColors(all) : all)).toEqual([]);
  expect(findBroken(all)).toEqual([]);
  const own = ownCommands[ci ?? ''];
  for (const text of [stdout, own ? stderr.replace(own, '') : stderr]) {
    expect(text).not.toMatch(agentCommand);
    if (!isTerminal) expect(text).not.toMatch(githubCommand);
  }
  const outputs = files[forAgent.GITHUB_OUTPUT];
  if (outputs) expect(outputs).toMatch(/^outcome=.*\nexit-code=\d+\ntarget-version=[\w.+-]*\n$/);
  if (format === 'json') expectDocument(stdout);
  if (format === 'ndjson') expectRecords(stdout, exitCode);
}

function expectDocument(stdout: string): void {
  expect(stdout).not.toMatch(/^\s|\n\n$/);
  // Throws unless there is exactly one document.
  JSON.parse(stdout);
}

interface Outgoing {
  readonly type: string;
  readonly time: string;
  readonly schema: number;
  readonly exitCode?: number;
  readonly state?: string;
  readonly progress?: unknown;
}

function parseRecords(stdout: string): Outgoing[] {
  return stdout
    .slice(0, -1)
    .split('\n')
    .map((line) => JSON.parse(line));
}

function expectRecords(stdout: string, exitCode: number): void {
  const records = parseRecords(stdout);
  for (const { time, schema } of records) {
    expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(schema).toBe(1);
  }
  const types = records.map(({ type }) => type);
  expect(types.filter((type) => type === 'outcome')).toHaveLength(1);
  expect(records.at(-1)).toMatchObject({ type: 'outcome', exitCode });
  const knownTypes = ['progress', 'contact', 'outcome', 'connection'];
  expect(types.filter((type) => !knownTypes.includes(type))).toEqual([]);
  const contacts = records.filter(({ type }) => type === 'contact').map(({ state }) => state);
  expect(contacts).toEqual(contacts.map((_, index) => (index % 2 ? 'regained' : 'lost')));
}

/** Lists the numbers in a JSON text with all their digits. */
function listNumbers(json: string): readonly string[] {
  return json.replace(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? [];
}

/** Normalizes JSON, apart from the order of members. Digits that JavaScript cannot represent are lost. */
const normalize = (json: string) => JSON.stringify(JSON.parse(json));

/** A way of reading an upgrade. */
interface ReadMode {
  readonly name: string;
  readonly argv: readonly string[];
  /** Failed reads after which the command gives up. */
  readonly tries: number;
  readonly interval: number;
  readonly maxWait: number;
}

const once: ReadMode = { name: 'once', argv: [], tries: 3, interval: 0, maxWait: 0 };
const modes: readonly ReadMode[] = [
  once,
  { ...once, name: 'exit status', argv: ['--exit-status'] },
  {
    name: 'watch',
    argv: ['--watch', '--retries', '1', '--interval', '5s', '--max-wait', '12s'],
    tries: 2,
    interval: 5000,
    maxWait: 12_000,
  },
];

const serverTime = 10;

/** Computes the longest time in milliseconds that a command may take: for all its waits. */
function getMaxDuration({ tries, interval, maxWait }: ReadMode): number {
  const enquiry = 5000;
  const read = 2 * (serverTime * 1000 + graceMs) + 7 * relatedTimeoutMs + enquiry;
  const pause = Math.max(30_000, serverTime * 1000, interval);
  // A read that is open when the time is up still advances the clock by its own timeouts.
  return maxWait ? maxWait + read + pause : tries * (read + pause);
}

const mode = fc.constantFrom(...modes);
const format = fc.constantFrom(...formats);
const ci = fc.constantFrom(...agents);
/** The width of a terminal, or `undefined` for a pipe. */
const columns = fc.constantFrom(undefined, undefined, 0, 1, 20, 80, 200);

describe(`a whole command (seed ${seed})`, () => {
  it('survives any bytes instead of a document', timeLimit, async () => {
    const server = await startLoopback();
    const inputs = fc.record({ mode, format, ci, reply: anyAnswer, beside: fc.boolean() });
    await checkProperty(120, inputs, async ({ mode, format, ci, reply, beside }) => {
      const others = beside ? [reply] : [];
      const replies = {
        upgrade: [reply],
        status: others,
        application: others,
        service: others,
        events: others,
      };
      const argv = [...createCommand(format, ci), ...mode.argv];
      const ended = await server.play(argv, replies, serverTime);
      expectSound(ended, { format, ci });
      expect(ended.exitCode).not.toBe(2);
      expect(ended.took).toBeLessThanOrEqual(getMaxDuration(mode));
    });
  });

  it('prints any document of the right form, and loses none of its members', timeLimit, async () => {
    const server = await startLoopback();
    const inputs = fc.record({
      mode,
      format,
      ci,
      columns,
      full: fc.boolean(),
      colored: fc.boolean(),
      upgrade: looseUpgrade,
      application: fc.oneof(looseApplication, goodApplication),
      status: looseStatus,
      service: looseService,
      events: fc.oneof(looseEvents, goodEvents),
    });
    await checkProperty(110, inputs, async ({ mode, format, ci, columns, full, colored, ...documents }) => {
      const json = toJson(documents.upgrade);
      const replies = {
        upgrade: [replyWith(json)],
        application: [replyWith(toJson(documents.application))],
        status: [replyWith(toJson(documents.status))],
        service: [replyWith(toJson(documents.service))],
        events: [replyWith(toJson(documents.events))],
      };
      const argv = [...createCommand(format, ci), ...mode.argv, ...(full ? ['--full'] : [])];
      // Live views contain control characters.
      const width = mode.maxWait || columns === undefined ? {} : { columns };
      const ended = await server.play(argv, replies, serverTime, {
        ...width,
        env: { ...forAgent, ...(colored ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }) },
      });
      expectSound(ended, { format, ci, colored, isTerminal: 'columns' in width });
      expect(ended.exitCode).not.toBe(2);
      expect(ended.took).toBeLessThanOrEqual(getMaxDuration(mode));
      if (ended.exitCode !== 0) return;
      const { stdout } = ended;
      if (format === 'json') {
        expect(normalize(stdout)).toBe(normalize(json));
        expect(listNumbers(stdout)).toEqual(listNumbers(json));
      }
      if (format === 'ndjson') {
        const read = parseRecords(stdout).find(({ type }) => type === 'progress');
        expect(JSON.stringify(read?.progress)).toBe(normalize(json));
      }
      if (format === 'plain' && mode === once) expect(stdout).toMatch(/^\d{4}-\S+Z [^\n]*\n$/);
    });
  });

  it(
    'watches an upgrade through any replies and faults, and takes only its completion for success',
    timeLimit,
    async () => {
      const server = await startLoopback();
      const maxWait = 180_000;
      // A gateway or a proxy may reply with another deployment's document.
      const name = fc.constantFrom('web', 'web', 'web', 'api');
      const document = fc
        .tuple(goodUpgrade, name)
        .map(([upgrade, DeploymentName]) => replyWith(toWire({ ...upgrade, DeploymentName })));
      const looseReply = (loose: Arbitrary<unknown>) => loose.map((value) => replyWith(toJson(value)));
      const step = fc.oneof(
        { weight: 6, arbitrary: document },
        { weight: 5, arbitrary: faultReply },
        { weight: 1, arbitrary: anyAnswer },
      );
      const besides = (good: Arbitrary<unknown>, loose: Arbitrary<unknown>) =>
        fc.array(fc.oneof(looseReply(good), looseReply(loose), faultReply), { maxLength: 4 });
      const inputs = fc.record({
        format,
        ci,
        retries: fc.constantFrom(0, 1, 3, 10),
        random: fc.constantFrom(0, 0.5, 0.999),
        interval: fc.constantFrom(10_000, 45_000),
        more: fc.subarray(['--fail-fast', '--expect-version=v2', '--verbose', '--no-domains'], {
          maxLength: 2,
        }),
        upgrade: fc.array(step, { minLength: 1, maxLength: 8 }),
        application: besides(goodApplication, looseApplication),
        status: besides(goodStatus, looseStatus),
        service: fc.array(fc.oneof(looseReply(looseService), faultReply), { maxLength: 2 }),
        events: besides(goodEvents, looseEvents),
        interruptedAt: fc.option(fc.nat({ max: 8 }), { freq: 8 }),
        signal: fc.constantFrom('SIGINT', 'SIGTERM'),
      });
      await checkProperty(110, inputs, async (the) => {
        const { format, ci, retries, random, interval, more, interruptedAt, signal, ...parts } = the;
        const interrupt = new AbortController();
        const onRead = (nth: number) => nth === interruptedAt && interrupt.abort(signal);
        const options = [
          ...['--watch', '--max-wait', `${maxWait / 1000}s`, '--interval', `${interval}ms`],
          ...['--retries', String(retries), ...more],
        ];
        const argv = [...createCommand(format, ci), ...options];
        const replies = { ...parts, onRead };
        const ended = await server.play(argv, replies, serverTime, {
          env: forAgent,
          random,
          interrupt: interrupt.signal,
        });
        expectSound(ended, { format, ci });
        const { exitCode, took, upgrades } = ended;
        expect(exitCode).not.toBe(2);
        expect(took).toBeLessThanOrEqual(getMaxDuration({ ...once, interval, maxWait }));
        if (interrupt.signal.aborted) expect(exitCode).toBe(signal === 'SIGINT' ? 130 : 143);
        else expect([130, 143]).not.toContain(exitCode);
        if (exitCode === 124) expect(took).toBeGreaterThanOrEqual(maxWait);
        const last = upgrades.at(-1);
        if (exitCode !== 0) return;
        const body = last && 'body' in last && last.body;
        expect(body).toContain('RollingForwardCompleted');
        expect(body).not.toContain('"DeploymentName":"api"');
      });
    },
  );

  it('handles any command line', timeLimit, async () => {
    const server = await startLoopback();
    const inputs = fc.record({ line: anyLine, env: anyEnvironment });
    await checkProperty(200, inputs, async ({ line, env }) => {
      const { argv, environment } = restrictToLoopback(line, env, server.origin);
      const ended = await playCommand(server, argv, environment);
      const isColored =
        argv.some((word) => word.includes('color')) || environment['FORCE_COLOR'] !== undefined;
      const isAzures = argv.some((word) => word.includes('azure'));
      const isGithubs = argv.some((word) => word.includes('github'));
      const agent = isAzures ? 'azure' : isGithubs ? 'github' : 'none';
      expectSound(ended, { format: undefined, ci: agent, colored: isColored });
    });
  });

  it('prints JSON when it is requested, and names the wrong option', timeLimit, async () => {
    const server = await startLoopback();
    const inputs = fc.record({
      command: fc.constantFrom(
        ['upgrade-progress', 'web'],
        ['upgrade-progress', 'web', '--watch'],
        ['connection'],
      ),
      before: fc.array(fc.constantFrom(...harmlessPieces), { maxLength: 3 }),
      format,
      spelling: fc.constantFrom(...spellings),
      wrong: fc.option(fc.constantFrom(...wrongPieces)),
      isFirst: fc.boolean(),
    });
    await checkProperty(80, inputs, async ({ command, before, format, spelling, wrong, isFirst }) => {
      const words = spelling(format, command[0] === 'connection' ? '' : 'w');
      const mistake = wrong ?? [];
      const last = isFirst ? [...mistake, ...words] : [...words, ...mistake];
      const ended = await playCommand(
        server,
        [...command, '-e', '{endpoint}', ...before.flat(), ...last],
        {},
      );
      expectSound(ended, { format });
      expect(ended.exitCode).toBe(wrong === null ? 0 : 2);
      if (wrong !== null) expect(ended.stderr).toContain(wrong[0]?.replace(/=.*/, ''));
    });
  });
});

function createCommand(format: Format, ci: string): string[] {
  return ['upgrade-progress', 'web', '-e', '{endpoint}', '-t', String(serverTime), '-o', format, '--ci', ci];
}

/** Runs a command against an upgrade that is about to end, and interrupts commands that serve. */
function playCommand(
  server: Loopback,
  argv: readonly string[],
  env: Record<string, string>,
): Promise<Played> {
  const interrupt = new AbortController();
  const serves = argv.some((word) => word === 'simulate' || word === 'demo');
  return server.play(
    argv,
    { upgrade: [replyWith(toWire(runningUpgrade)), replyWith(toWire(completedUpgrade))] },
    60,
    {
      env,
      interrupt: interrupt.signal,
      onOutput: () => {
        if (serves) interrupt.abort('SIGINT');
      },
      writeNew: async () => {
        throw Object.assign(new Error('nothing is written here'), { code: 'EACCES' });
      },
    },
  );
}

/** Spellings of the option for the format. @param watch a short option that may come first */
const spellings: readonly ((format: Format, watch: string) => readonly string[])[] = [
  (format) => ['-o', format],
  (format) => [`-o${format}`],
  (format) => ['--output', format],
  (format) => [`--output=${format}`],
  (format) => ['-qo', format],
  (format) => [`-vo${format}`],
  (format, watch) => [`-${watch}o`, format],
  (format, watch) => [`-q${watch}o${format}`],
  (format) => ['-o', 'table', '-o', format],
];

const harmlessPieces = [
  ['-t', '30'],
  ['--timeout=30'],
  ['--no-color'],
  ['--color', 'never'],
  ['-e', '{endpoint}'],
];

const wrongPieces = [
  ['--timeout', '0'],
  ['--timeout=1e3'],
  ['--color', 'blue'],
  ['--server-thumbprint', 'xyz'],
  ['--no-such-option'],
  ['--endpoint', 'ftp://127.0.0.1'],
  ['--endpoint=http://user:secret@127.0.0.1'],
  ['--insecure'],
];

const commands = [
  ['upgrade-progress', 'web'],
  ['upgrade-progress', 'web', '--watch'],
  ['upgrade-progress', 'web', '-w', '--max-wait', '5s'],
  ['upgrade-progress'],
  ['connection'],
  ['simulate', '--port', '0'],
  ['simulate', 'flaky', '--port', '0'],
  ['demo'],
  ['help'],
  [],
];

const pieces = [
  ...['-e', '--endpoint', '-o', '--output', '-t', '--interval', '--retries', '--color', '--ci', '--'].map(
    (o) => [o],
  ),
  ...['-w', '--watch', '-q', '-v', '--json', '--full', '--no-domains', '--no-color', '--fail-fast'].map(
    (o) => [o],
  ),
  ...['--exit-status', '--insecure', '-h', '--help', '-V', '--version', '-', '', '-wvo', '-qe'].map((o) => [
    o,
  ]),
  ...['table', 'plain', 'json', 'ndjson', '0', '1', '5s', '250ms', 'auto', 'always', 'azure', 'web'].map(
    (o) => [o],
  ),
  ...formats.map((name) => ['-o', name]),
  ['-e', '{endpoint}'],
  ['-e', '{endpoint}/'],
  ['-e', 'https://{host}'],
  ['-e', 'http://127.0.0.1:1', '--retries', '1'],
  ['--endpoint={endpoint}?x=1'],
  ['-t', '4294967295'],
  ['--interval', '200ms'],
  ['--interval', '199ms'],
  ['--max-wait', '1s'],
  ['--heartbeat', '1h30m'],
  ['--stall-after', '1s'],
  ['--expect-version', 'v2'],
  ['--expect-version', ' '],
  ['--exit-status', '--expect-version', 'v1'],
  ['--retries', '1000'],
  ['--token-file', 'no-such-file'],
  ['--token-command', 'no-such-program "'],
  ['--ca-file', '.'],
  ['--cert-file', 'package.json'],
  ['--pfx-file', 'package.json'],
  ['--passphrase-file', 'package.json'],
  ['--server-thumbprint', '0'.repeat(40)],
  ['--speed', '10000'],
  ['--name', '..'],
  ['--domains', '100'],
  ['--nodes', '3'],
  ['--client-certificate', 'no-such-file'],
];

const odd = fc.oneof(hostileText, fc.string({ unit: anyUnit, maxLength: 8 }), fc.string({ maxLength: 8 }));

type Edit =
  | { readonly what: 'drop' | 'double' | 'swap'; readonly at: number }
  | { readonly what: 'insert'; readonly at: number; readonly word: string }
  | { readonly what: 'mangle'; readonly at: number; readonly inside: number; readonly text: string };

const edit: Arbitrary<Edit> = fc.oneof(
  fc.record({ what: fc.constantFrom('drop' as const, 'double' as const, 'swap' as const), at: fc.nat() }),
  fc.record({ what: fc.constant('insert' as const), at: fc.nat(), word: odd }),
  fc.record({ what: fc.constant('mangle' as const), at: fc.nat(), inside: fc.nat(), text: odd }),
);

function applyEdit(words: readonly string[], one: Edit): readonly string[] {
  const at = one.at % (words.length + 1);
  const [before, [word, ...after]] = [words.slice(0, at), words.slice(at)];
  if (one.what === 'insert') return [...before, one.word, ...words.slice(at)];
  if (word === undefined) return words;
  switch (one.what) {
    case 'drop':
      return [...before, ...after];
    case 'double':
      return [...before, word, word, ...after];
    case 'swap':
      return [...before, ...after.slice(0, 1), word, ...after.slice(1)];
    case 'mangle': {
      const inside = one.inside % (word.length + 1);
      return [...before, word.slice(0, inside) + one.text + word.slice(inside + 1), ...after];
    }
  }
}

const anyLine: Arbitrary<readonly string[]> = fc
  .tuple(
    fc.constantFrom(...commands),
    fc.array(fc.constantFrom(...pieces), { maxLength: 5 }),
    fc.array(edit, { maxLength: 2 }),
  )
  .map(([command, more, edits]) => edits.reduce(applyEdit, [...command, ...more.flat()]));

/** Text for environment variables: without NUL and lone surrogates. */
const variableText = odd.map((text) => Buffer.from(text.replaceAll('\0', '')).toString());

const anyEnvironment: Arbitrary<Record<string, string>> = fc
  .array(
    fc.oneof(
      fc.tuple(
        fc.constantFrom(
          ...['ENDPOINT', 'TIMEOUT', 'OUTPUT', 'CA_FILE', 'CERT_FILE', 'KEY_FILE', 'PFX_FILE', 'TOKEN'].map(
            (name) => `SFCOMPOSE_${name}`,
          ),
          ...['SFCOMPOSE_PASSPHRASE_FILE', 'SFCOMPOSE_PASSPHRASE', 'SFCOMPOSE_SERVER_THUMBPRINT'],
          ...['SFCTL_CONFIG_DIR', 'SFCTL_SERVICEFABRIC_SECURITY', 'TERM'],
        ),
        variableText,
      ),
      fc.constantFrom<[string, string]>(
        ['SFCOMPOSE_OUTPUT', 'json'],
        ['SFCOMPOSE_OUTPUT', 'ndjson'],
        ['SFCOMPOSE_TIMEOUT', '1'],
        ['SFCOMPOSE_ENDPOINT', 'https://{host}'],
        ['SFCOMPOSE_TOKEN', 'eyJhbGciOiJub25lIn0.eyJleHAiOjF9.x'],
        ['NO_COLOR', '1'],
        ['FORCE_COLOR', '1'],
      ),
    ),
    { maxLength: 3 },
  )
  .map((entries) => Object.fromEntries(entries));

/** Restricts a command line to this machine: requests go to the loopback server, and servers get a free port. */
function restrictToLoopback(line: readonly string[], env: Record<string, string>, origin: string) {
  const host = new URL(origin).host;
  const restrict = (text: string) => {
    const filled = text.replaceAll('{host}', host);
    const isElsewhere = new RegExp(`https?://(?!(?:${host}|127\\.0\\.0\\.1:1)(?:[/?#]|$))`, 'i').test(filled);
    return isElsewhere ? '{endpoint}' : filled;
  };
  const argv = line.map(restrict);
  const at = argv.indexOf('simulate');
  if (at !== -1 && !argv.includes('--port')) argv.splice(at + 1, 0, '--port', '0');
  const variables = Object.entries(env).map(([name, value]) => [name, restrict(value)]);
  const environment: Record<string, string> = Object.fromEntries(variables);
  environment['SFCOMPOSE_ENDPOINT'] ||= '{endpoint}';
  return { argv, environment };
}
