/** Every fault at every place: what becomes of a command when one request goes wrong. */
import dns from 'node:dns';
import { type AddressInfo, createServer } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { applicationForm, fullForm, neverUpgraded, wire } from '../support/documents.ts';
import {
  body,
  bomb,
  bytes,
  dripping,
  type Fault,
  fabric,
  flood,
  following,
  head,
  joined,
  nested,
  neverConnected,
  noConnection,
  reset,
  silent,
  status,
  webPage,
  whole,
  withMember,
} from '../support/faults.ts';
import { unfolded } from '../support/printed-output.ts';
import { run, testTime } from '../support/run.ts';
import {
  always,
  answer,
  gatewayBeside,
  type Script,
  type ScriptedGateway,
  scriptedGateway,
} from '../support/scripted-gateway.ts';

/** What becomes of a command. */
interface Expected {
  /** The exit code of a single read that meets the fault each time. */
  readonly read: number;
  /** How often it tries. */
  readonly tries: number;
  /** What it says on stderr. */
  readonly says: string;
  /** The exit code of a watch that meets it once: 0 where it goes on. */
  readonly watch: number;
  /** Whether that says that contact was lost, and regained. */
  readonly lost: boolean;
  /** The exit code where the watch asks for the status of the deployment. */
  readonly status: number;
}

/** It is as good as none. */
const harmless: Expected = { read: 0, tries: 1, says: '', watch: 0, lost: false, status: 0 };

/** It may pass: it is met as often as `--retries` lets it, and a watch goes on. */
const passing = (says: string, tries = 3): Expected => ({
  read: 6,
  tries,
  says,
  watch: 0,
  lost: true,
  status: 0,
});

/** It ends everything at once. */
const final = (code: number, says: string, elsewhere: Partial<Expected> = {}): Expected => ({
  read: code,
  tries: 1,
  says,
  watch: code,
  lost: false,
  status: code,
  ...elsewhere,
});

const tooLate = passing('no whole answer within 6 s');
const brokenOff = passing('broke the connection off');
const notHttp = final(6, 'does not answer in HTTP');
const tooLarge = final(6, 'more than the 64 MiB');
const notOurs = final(6, 'not what a Service Fabric gateway sends');
const sentElsewhere = final(6, 'sends us elsewhere, to http://elsewhere.example/');
const page = 'answered a web page';
const empty = 'answered an empty answer';

const location = { Location: 'http://elsewhere.example/' };
const chunked = head('Transfer-Encoding: chunked');
const upgrade = head('Connection: Upgrade\r\nUpgrade: x', 'HTTP/1.1 101 Switching Protocols');
const inherited = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';

function halfPacked(document: string): Buffer {
  const packed = gzipSync(document);
  const start = head(`Content-Encoding: gzip\r\nContent-Length: ${packed.length}`);
  return Buffer.concat([Buffer.from(start), packed.subarray(0, packed.length / 2)]);
}

/** The other would end everything if it were taken for the answer to the next request. */
function twoAnswers(document: string): string {
  return whole(document, 'keep-alive') + whole('{"UpgradeState":"Failed"}');
}

const faults: readonly (readonly [name: string, fault: Fault, expected: Expected])[] = [
  // On the way there.
  // Whoever knew it before has lost the network for a while.
  ['the host is not known', noConnection('ENOTFOUND'), final(6, 'is not known', { watch: 0, lost: true })],
  ['the resolver is busy', noConnection('EAI_AGAIN'), passing('is not known')],
  ['the connection is refused', noConnection('ECONNREFUSED'), passing('Nothing listens on')],
  ['the host cannot be reached', noConnection('EHOSTUNREACH'), passing('There is no way to')],
  ['the network cannot be reached', noConnection('ENETUNREACH'), passing('There is no way to')],
  ['the system gives up on connecting', noConnection('ETIMEDOUT'), tooLate],
  ['the connection never comes about', neverConnected, tooLate],

  // On the way back.
  ['it is silent', silent, tooLate],
  ['a byte of the head each second', dripping('HTTP/1.1 200 OK\r\nX: '), tooLate],
  ['a byte of the body each second', dripping(head('Content-Length: 99')), tooLate],
  ['a body without end', dripping(chunked, '1\r\n \r\n'), tooLate],
  ['a reset before the head', reset(), brokenOff],
  ['a reset in the head', reset('HTTP/1.1 200 OK\r\nContent-'), brokenOff],
  ['a reset in the body', reset(`${head('Content-Length: 99')}{"Upg`), brokenOff],
  ['an end before the head', bytes(''), brokenOff],
  ['an end in the head', bytes('HTTP/1.1 200 OK\r\nContent-'), brokenOff],
  ['an end in the body', bytes(`${head('Content-Length: 99')}{"Upg`), brokenOff],
  ['an end in a chunk', bytes(`${chunked}63\r\n{"Upg`), brokenOff],
  ['an end in a body that is packed', bytes(halfPacked), brokenOff],

  // HTTP, spoken badly.
  ['no HTTP', bytes('SSH-2.0-OpenSSH_9.6\r\n'), notHttp],
  ['TLS', bytes(Buffer.from('15030100020246', 'hex')), final(6, 'a port that speaks TLS')],
  ['a head of 100 kB', bytes(head(`X: ${'x'.repeat(100_000)}`)), notHttp],
  ['two lengths', bytes(head('Content-Length: 1\r\nContent-Length: 2')), notHttp],
  ['chunks without a size', bytes(`${chunked}x\r\n`), notHttp],
  ['more than the length says', bytes(`${head('Content-Length: 1')}{"Upgrade`), notHttp],
  ['neither a length nor chunks', bytes((document) => head('X: x', 'HTTP/1.0 200 OK') + document), harmless],
  ['two answers in one', bytes(twoAnswers), harmless],

  // Sizes and forms.
  ['gzip', body(gzipSync, { 'Content-Encoding': 'gzip' }), harmless],
  ['deflate', body(deflateSync, { 'Content-Encoding': 'deflate' }), harmless],
  ['deflate without its frame', body(deflateRawSync, { 'Content-Encoding': 'deflate' }), harmless],
  ['br', body(brotliCompressSync, { 'Content-Encoding': 'br' }), harmless],
  ['gzip that is none', body('{"Upgrade', { 'Content-Encoding': 'gzip' }), final(6, 'cannot be unpacked')],
  [
    'gzip that is not whole',
    body((document) => gzipSync(document).subarray(0, -20), { 'Content-Encoding': 'gzip' }),
    notOurs,
  ],
  ['a packing that nobody knows', body('{}', { 'Content-Encoding': 'x-none' }), notOurs],

  // Statuses below 400.
  ['100 twice, and then the answer', following('100 Continue', 2), harmless],
  ['102, and then the answer', following('102 Processing'), harmless],
  ['103, and then the answer', following('103 Early Hints'), harmless],
  ['101', bytes(upgrade), final(6, empty)],
  ['101 to nothing', bytes(head('X: x', 'HTTP/1.1 101 Switching Protocols')), final(6, empty)],
  // Of the status endpoint it means that there is no such deployment.
  ['204', status(204), final(6, empty, { status: 5 })],
  ['205', status(205), final(6, empty)],
  ['301', status(301, location), sentElsewhere],
  ['302', status(302, location), sentElsewhere],
  ['307', status(307, location), sentElsewhere],
  ['308', status(308, location), sentElsewhere],
  ['301 to nowhere', status(301), final(6, empty)],
  ['302 to nowhere', status(302), final(6, empty)],
  ['307 to nowhere', status(307), final(6, empty)],
  ['308 to nowhere', status(308), final(6, empty)],
  ['304', status(304), final(6, empty)],

  // What the gateway itself answers.
  ['400', fabric(400, 'E_INVALIDARG'), final(6, 'did not accept the request')],
  ['401', fabric(401, 'FABRIC_E_SERVER_AUTHENTICATION_FAILED'), final(7, 'SERVER_AUTHENTICATION_FAILED')],
  ['403', fabric(403, 'E_ACCESSDENIED'), final(7, 'does not allow this')],
  [
    '404 of the deployment',
    fabric(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'),
    final(5, 'deployment "web"'),
  ],
  // A watch asks how the deployment stands.
  ['404 of the record', fabric(404, 'NotFound'), final(6, 'no record of an application', { watch: 0 })],
  ['404 of something else', fabric(404, 'FABRIC_E_APPLICATION_NOT_FOUND'), final(6, 'APPLICATION_NOT_FOUND')],
  ['409', fabric(409, 'FABRIC_E_APPLICATION_UPGRADE_IN_PROGRESS'), final(6, 'UPGRADE_IN_PROGRESS')],
  ['413 of the name', fabric(413, 'FABRIC_E_VALUE_TOO_LARGE'), final(6, 'name is too long')],
  ['413 of the reply', fabric(413, 'FABRIC_E_MESSAGE_TOO_LARGE'), final(6, 'reply was too large')],
  ['500', fabric(500, 'E_FAIL'), passing('without saying why', 2)],
  ['501', fabric(501, 'E_NOTIMPL'), final(6, 'E_NOTIMPL')],
  ['502', fabric(502, 'FABRIC_E_GATEWAY_NOT_REACHABLE'), passing('cannot reach its own node')],
  ['503', fabric(503, 'E_ABORT'), passing('cannot answer just now')],
  ['503 of the quorum', fabric(503, 'FABRIC_E_NO_WRITE_QUORUM'), passing('cannot answer just now')],
  ['504', fabric(504, 'FABRIC_E_TIMEOUT'), passing('did not finish the request')],
  ['504 of the way', fabric(504, 'FABRIC_E_COMMUNICATION_ERROR'), passing('lost its connection')],
  ['a code that is a word of JavaScript', fabric(404, '__proto__'), final(6, '__proto__')],

  // What others answer.
  ['400 of Windows', status(400, webPage, '<h2>Bad Request</h2>'), final(6, page)],
  ['401 of Windows', status(401, { 'WWW-Authenticate': 'Negotiate' }), final(7, 'Windows authentication')],
  ['401 of a proxy', status(401, { 'WWW-Authenticate': 'Basic' }), final(7, 'wants us to log in')],
  ['403 without a word', status(403), final(7, 'No client certificate was presented')],
  ['403 as a web page', status(403, webPage, '<html>'), final(7, 'The cluster refused us')],
  ['404 as a web page', status(404, webPage, '<html>'), final(6, page)],
  ['407', status(407, { 'Proxy-Authenticate': 'Basic' }), final(6, empty)],
  ['408', status(408), passing(empty)],
  ['418', status(418), final(6, empty)],
  ['429', status(429, { 'Retry-After': '1' }), passing(empty)],
  ['500 as a web page', status(500, webPage, '<html>'), passing(page, 2)],
  ['502 as a web page', status(502, webPage, '<html>'), passing(page)],
  ['503 until a date', status(503, { 'Retry-After': 'Tue, 24 Nov 2026 08:00:01 GMT' }), passing(empty)],
  ['504 without a word', status(504), passing(empty)],
  ['599', status(599), final(6, empty)],
  ['999', status(999), final(6, empty)],

  // Bodies of a success that are no document.
  ['a web page', body('<!DOCTYPE html><html>', webPage), final(6, page)],
  ['nothing', body(''), final(6, empty)],
  ['null', body('null'), notOurs],
  ['a list', body('[]'), notOurs],
  ['a number', body('1'), notOurs],
  ['a string', body('"RollingForwardCompleted"'), notOurs],
  ['an object without members', body('{}'), notOurs],
  ['an error', body('{"Error":{"Code":"E_FAIL","Message":"Null"}}'), final(6, 'without saying why')],
  ['half a document', body((document) => document.slice(0, document.length / 2)), notOurs],
  ['a document and a half', body((document) => document + document.slice(0, 20)), notOurs],
  ['a list of 10,000 levels', body(nested('[', ']')), notOurs],
  ['an object of 10,000 levels', body(nested('{"Error":', '}').replace(':}', ':{}}')), notOurs],
  ['a document that is inherited', body((document) => `{"__proto__":${document}}`), notOurs],
  ['a raw NUL in a text', withMember('"Other":"\0"'), notOurs],
  ['a NUL after the document', body((document) => `${document}\0`), notOurs],
  ['UTF-16', body((document) => Buffer.from(`\ufeff${document}`, 'utf16le')), notOurs],

  // Documents that are odd.
  ['another content type', body(undefined, { 'Content-Type': 'text/plain' }), harmless],
  ['a web page by its content type alone', body(undefined, webPage), harmless],
  ['a byte order mark', body((document) => `\ufeff${document}`), harmless],
  ['members twice', withMember('"Other":1,"Other":2'), harmless],
  ['10,000 levels in a member', withMember(`"Other":${nested('[', ']')}`), harmless],
  ['members that others inherit', withMember(inherited), harmless],
  ['half a character, escaped', withMember('"Other":"\\ud800"'), harmless],
  ['half a character, in bytes', withMember('"Other":"\xed\xa0\x80"', 'latin1'), harmless],
  ['a NUL, escaped', withMember('"Other\\u0000":"\\u0000"'), harmless],
  ['bytes that are no UTF-8', withMember('"Other":"\xff\xc3"', 'latin1'), harmless],
];

/** It takes too long to meet these everywhere. */
const large: typeof faults = [
  ['20 MB', withMember(`"Other":"${'x'.repeat(20_000_000)}"`), harmless],
  ['200 MB', flood(200, { 'Content-Length': `${200 * 2 ** 20}` }), tooLarge],
  ['chunks for as long as they are taken', flood(1000), tooLarge],
  ['5 GB, packed into 5 MB', bomb, tooLarge],
  [
    '200,000 pieces',
    bytes(`${chunked}${'1\r\n \r\n'.repeat(200_001)}`),
    final(6, 'more than the 200,000 pieces'),
  ],
  ['3 million values', body(`[${'0,'.repeat(3_000_000)}0]`), final(6, 'more than the 3 million values')],
];

/** What one request may take of the clock, in milliseconds: `--timeout 1` and the grace. */
const patience = 6000;
/** The same for what only completes the reading. */
const longestAside = 2000;

const midway = wire(
  fullForm({
    CurrentUpgradeDomainProgress: {
      DomainName: 'UD1',
      NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
    },
  }),
);
const application = wire(applicationForm());
const upgrading = '{"DeploymentName":"web","ComposeDeploymentStatus":"Upgrading"}';

/** Each closes its connection, so that the next request needs a new one. */
const sends = (document: string): Script => answer(document, 200, 'OK', { Connection: 'close' });
const good = sends(midway);
const never = sends(wire(neverUpgraded()));
const completed = sends(wire(fullForm({ UpgradeState: 'RollingForwardCompleted' })));

/** All is well from here on, whatever is asked. */
const afterwards = always((response, request) =>
  (request.url?.includes('/$/') ? completed : sends(upgrading))(response, request),
);

interface Meeting {
  readonly argv: readonly string[];
  /** What the request asks for that goes wrong. */
  readonly document: string;
  /** The gateway, with what it does there; nothing if no request comes that far. */
  readonly gateway: (struck: Script | undefined) => Promise<ScriptedGateway>;
  /** Which connections go wrong; otherwise the second. */
  readonly strikes?: (connection: number) => boolean;
  readonly tries?: number;
  readonly longest?: number;
}

/** Runs a command that meets the fault, and proves what holds for every fault at every place. */
async function meet(fault: Fault, meeting: Meeting) {
  const { argv, document, gateway, tries = 1, longest = patience } = meeting;
  const { strikes = (connection) => connection === 1 } = meeting;
  const time = testTime();
  let met = 0;
  const count = (isMet: boolean) => {
    if (isMet) met++;
    return isMet;
  };
  const script = fault({ time, patience: longest, document, strikes: (number) => count(strikes(number)) });
  const counted: Script = (response, request) => {
    count(true);
    script?.(response, request);
  };
  const { url } = await gateway(script && counted);
  const result = await run(['upgrade-progress', 'web', '-e', url, '-t', '1', ...argv], { time });
  expect(met).toBeGreaterThanOrEqual(tries);
  expect(result.stderr).not.toMatch(/bug in sfcompose|^ +at /m);
  const paused = result.sleeps.reduce((sum, sleep) => sum + sleep, 0);
  expect(time.clock.monotonic() - paused).toBeLessThanOrEqual(tries * longest);
  expect('polluted' in {}).toBe(false);
  return result;
}

/** Plays the scripts that there are. */
function inTurn(...scripts: readonly (Script | undefined)[]): Promise<ScriptedGateway> {
  return scriptedGateway(...scripts.filter((script) => script !== undefined));
}

describe('a single read that meets it each time', () => {
  it.each([...faults, ...large])('%s', async (_, fault, { read, tries, says }) => {
    const { exitCode, stdout, stderr } = await meet(fault, {
      argv: ['-o', 'json'],
      document: midway,
      gateway: (struck) => inTurn(...(struck ? always(struck) : [])),
      strikes: () => true,
      tries,
    });
    const document = JSON.parse(stdout);
    if (read === 0) expect(document.UpgradeState).toBe('RollingForwardInProgress');
    else expect(document).toEqual({ Error: { Code: expect.any(String), Message: expect.any(String) } });
    expect(stderr).toMatch(read === 0 ? /^$/ : says);
    expect(/\((\d+) tries\)/.exec(stderr)?.[1] ?? '1').toBe(`${tries}`);
    expect(exitCode).toBe(read);
  });
});

describe('a watch that meets it once', () => {
  it.each(faults)('%s', async (_, fault, { watch, lost, says }) => {
    const { exitCode, stdout, stderr } = await meet(fault, {
      argv: ['--watch', '--no-domains', '-o', 'plain'],
      document: midway,
      gateway: (struck) => inTurn(good, struck, ...afterwards),
    });
    if (watch === 0) expect(stdout).toContain('RollingForwardCompleted');
    else expect(stderr).toMatch(says);
    expect(stderr.includes('Contact regained')).toBe(lost);
    expect(exitCode).toBe(watch);
  });
});

describe('a single read that meets it with the application', () => {
  it.each(faults)('%s', async (_, fault, { read }) => {
    const { exitCode, stdout, stderr } = await meet(fault, {
      argv: ['-o', 'plain'],
      document: application,
      gateway: (struck) => gatewayBeside(struck ? { application: struck } : {}, good),
      longest: longestAside,
    });
    const domain = read === 0 ? 'UD1, 2 of 3' : 'UD1';
    expect(stdout.slice('2026-11-24T08:00:00Z '.length)).toBe(
      `web to v2: rolling forward, upgrade domain ${domain} (RollingForwardInProgress); 1 node upgrading\n`,
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });
});

describe('a single read that meets it with the status', () => {
  it.each(faults)('%s', async (_, fault, { read }) => {
    const { exitCode, stdout, stderr } = await meet(fault, {
      argv: ['-o', 'plain'],
      document: upgrading,
      gateway: (struck) => inTurn(never, struck),
    });
    expect(stdout.slice('2026-11-24T08:00:00Z '.length)).toBe(
      read === 0
        ? 'web: an upgrade is just beginning (RollingForwardCompleted)\n'
        : 'web: never upgraded, or its creation failed (RollingForwardCompleted)\n',
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });
});

describe('a watch that meets it once with the status', () => {
  it.each(faults)('%s', async (_, fault, { read, tries, status, says }) => {
    const { exitCode, stdout, stderr } = await meet(fault, {
      argv: ['--watch', '--no-domains', '-o', 'plain'],
      document: upgrading,
      gateway: (struck) => inTurn(never, struck, ...afterwards),
    });
    if (status === 0) expect(stdout).toContain('RollingForwardCompleted');
    else if (status === read) expect(stderr).toMatch(says);
    // Nothing was read before.
    expect(stderr.includes('The cluster answers')).toBe(tries > 1);
    expect(exitCode).toBe(status);
  });
});

it('a connection that was closed while it was idle is opened anew, without a word', async () => {
  const hangUp: Script = (response) => response.destroy();
  // The third request comes on a new connection.
  const gateway = await scriptedGateway(answer(midway), hangUp, ...afterwards);
  const argv = ['--watch', '--no-domains', '-o', 'plain', '--retries', '0'];
  const { exitCode, stderr } = await run(['upgrade-progress', 'web', '-e', gateway.url, ...argv]);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(gateway.requests).toHaveLength(3);
});

describe('what is odd in a document', () => {
  const deep = nested('{"Deeper":[', ']}');
  const deepHealth = nested('{"HealthEvaluation":{"UnhealthyEvaluations":[', ']}}');
  it.each<[string, sent: string, printed?: string]>([
    ['members twice', '"Other":1,"Other":2'],
    ['members that others inherit', inherited],
    ['20,000 levels in a member', `"Other":${deep}`],
    ['30,000 levels of health', `"ApplicationUnhealthyEvaluations":[${deepHealth}]`],
    ['an escaped NUL', '"\\u0000":"\\u0000"'],
    ['half a character, escaped', '"Other":"\\ud800"'],
    ['half a character, in bytes', '"Other":"\xed\xa0\x80"', '"Other":"\ufffd\ufffd\ufffd"'],
    ['a whole character, each half in bytes', '"Other":"\xed\xa0\xbd\xed\xb8\x80"', '"Other":"😀"'],
    ['bytes that are no UTF-8', '"Other":"\xff"', '"Other":"\ufffd"'],
  ])('is given back whole by json, and harms no table: %s', async (_, sent, printed = sent) => {
    const gateway = await scriptedGateway(...always(answer(Buffer.from(joined(midway, sent), 'latin1'))));
    const argv = ['upgrade-progress', 'web', '-e', gateway.url];
    const json = await run([...argv, '-o', 'json']);
    const compact = json.stdout.replace(/\n *|(?<=":) /g, '');
    // Not toBe of the texts: nobody could read how they differ.
    expect(compact === joined(midway, printed).replaceAll('\\/', '/')).toBe(true);
    const table = await run(argv);
    expect(table.stdout).toContain('RollingForwardInProgress');
    expect([json.stderr, table.stderr]).toEqual(['', '']);
    expect('polluted' in {}).toBe(false);
  });
});

describe('without a server', () => {
  it('a port on which nobody listens any more', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { exitCode, stderr } = await run(['upgrade-progress', 'web', '-e', `http://127.0.0.1:${port}`]);
    expect(unfolded(stderr)).toContain(`Nothing listens on http://127.0.0.1:${port}. (3 tries)`);
    expect(exitCode).toBe(6);
  });

  it.each([
    ['ENOTFOUND', 1],
    ['EAI_AGAIN', 3],
  ])('a name to which the resolver says %s', async (code, tries) => {
    // Without a network it would be one or the other, sooner or later.
    const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
      name: string,
      _: dns.LookupOptions,
      done: (error: Error) => void,
    ) => {
      done(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }));
    }) as typeof dns.lookup);
    onTestFinished(() => lookup.mockRestore());
    const { exitCode, stderr } = await run(['upgrade-progress', 'web', '-e', 'http://nobody.invalid']);
    expect(unfolded(stderr)).toContain('The host of http://nobody.invalid:19080 is not known.');
    expect(lookup.mock.calls.map(([name]) => name)).toEqual(Array(tries).fill('nobody.invalid'));
    expect(exitCode).toBe(6);
  });
});
