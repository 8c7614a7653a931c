/** Every fault at every place: what becomes of a command when one request goes wrong. */
import dns from 'node:dns';
import { type AddressInfo, createServer } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  completedUpgrade,
  createApplication,
  createNeverUpgraded,
  createUpgrade,
  toWire,
} from '../support/documents.ts';
import {
  drip,
  type Fault,
  failConnecting,
  flood,
  formatHead,
  formatResponse,
  hangConnecting,
  insertMember,
  nest,
  resetConnection,
  sendBody,
  sendBomb,
  sendBytes,
  sendFabricError,
  sendInterim,
  sendMember,
  sendStatus,
  staySilent,
  webPageHeaders,
} from '../support/faults.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { createTestTime, run } from '../support/run.ts';
import {
  answer,
  repeat,
  type Script,
  type ScriptedGateway,
  startGateway,
  startGatewayWith,
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
const chunked = formatHead('Transfer-Encoding: chunked');
const upgrade = formatHead('Connection: Upgrade\r\nUpgrade: x', 'HTTP/1.1 101 Switching Protocols');
const inherited = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';

function halfPacked(document: string): Buffer {
  const packed = gzipSync(document);
  const start = formatHead(`Content-Encoding: gzip\r\nContent-Length: ${packed.length}`);
  return Buffer.concat([Buffer.from(start), packed.subarray(0, packed.length / 2)]);
}

/** The other would end everything if it were taken for the answer to the next request. */
function twoAnswers(document: string): string {
  return formatResponse(document, 'keep-alive') + formatResponse('{"UpgradeState":"Failed"}');
}

interface FaultCase {
  readonly name: string;
  readonly fault: Fault;
  readonly expected: Expected;
}

const faults: readonly FaultCase[] = [
  // On the way there.
  // Whoever knew it before has lost the network for a while.
  {
    name: 'the host is not known',
    fault: failConnecting('ENOTFOUND'),
    expected: final(6, 'is not known', { watch: 0, lost: true }),
  },
  { name: 'the resolver is busy', fault: failConnecting('EAI_AGAIN'), expected: passing('is not known') },
  {
    name: 'the connection is refused',
    fault: failConnecting('ECONNREFUSED'),
    expected: passing('Nothing listens on'),
  },
  {
    name: 'the host cannot be reached',
    fault: failConnecting('EHOSTUNREACH'),
    expected: passing('There is no way to'),
  },
  {
    name: 'the network cannot be reached',
    fault: failConnecting('ENETUNREACH'),
    expected: passing('There is no way to'),
  },
  { name: 'the system gives up on connecting', fault: failConnecting('ETIMEDOUT'), expected: tooLate },
  { name: 'the connection never comes about', fault: hangConnecting, expected: tooLate },

  // On the way back.
  { name: 'it is silent', fault: staySilent, expected: tooLate },
  { name: 'a byte of the head each second', fault: drip('HTTP/1.1 200 OK\r\nX: '), expected: tooLate },
  {
    name: 'a byte of the body each second',
    fault: drip(formatHead('Content-Length: 99')),
    expected: tooLate,
  },
  { name: 'a body without end', fault: drip(chunked, '1\r\n \r\n'), expected: tooLate },
  { name: 'a reset before the head', fault: resetConnection(), expected: brokenOff },
  { name: 'a reset in the head', fault: resetConnection('HTTP/1.1 200 OK\r\nContent-'), expected: brokenOff },
  {
    name: 'a reset in the body',
    fault: resetConnection(`${formatHead('Content-Length: 99')}{"Upg`),
    expected: brokenOff,
  },
  { name: 'an end before the head', fault: sendBytes(''), expected: brokenOff },
  { name: 'an end in the head', fault: sendBytes('HTTP/1.1 200 OK\r\nContent-'), expected: brokenOff },
  {
    name: 'an end in the body',
    fault: sendBytes(`${formatHead('Content-Length: 99')}{"Upg`),
    expected: brokenOff,
  },
  { name: 'an end in a chunk', fault: sendBytes(`${chunked}63\r\n{"Upg`), expected: brokenOff },
  { name: 'an end in a body that is packed', fault: sendBytes(halfPacked), expected: brokenOff },

  // HTTP, spoken badly.
  { name: 'no HTTP', fault: sendBytes('SSH-2.0-OpenSSH_9.6\r\n'), expected: notHttp },
  {
    name: 'TLS',
    fault: sendBytes(Buffer.from('15030100020246', 'hex')),
    expected: final(6, 'a port that speaks TLS'),
  },
  { name: 'a head of 100 kB', fault: sendBytes(formatHead(`X: ${'x'.repeat(100_000)}`)), expected: notHttp },
  {
    name: 'two lengths',
    fault: sendBytes(formatHead('Content-Length: 1\r\nContent-Length: 2')),
    expected: notHttp,
  },
  { name: 'chunks without a size', fault: sendBytes(`${chunked}x\r\n`), expected: notHttp },
  {
    name: 'more than the length says',
    fault: sendBytes(`${formatHead('Content-Length: 1')}{"Upgrade`),
    expected: notHttp,
  },
  {
    name: 'neither a length nor chunks',
    fault: sendBytes((document) => formatHead('X: x', 'HTTP/1.0 200 OK') + document),
    expected: harmless,
  },
  { name: 'two answers in one', fault: sendBytes(twoAnswers), expected: harmless },

  // Sizes and forms.
  { name: 'gzip', fault: sendBody(gzipSync, { 'Content-Encoding': 'gzip' }), expected: harmless },
  { name: 'deflate', fault: sendBody(deflateSync, { 'Content-Encoding': 'deflate' }), expected: harmless },
  {
    name: 'deflate without its frame',
    fault: sendBody(deflateRawSync, { 'Content-Encoding': 'deflate' }),
    expected: harmless,
  },
  { name: 'br', fault: sendBody(brotliCompressSync, { 'Content-Encoding': 'br' }), expected: harmless },
  {
    name: 'gzip that is none',
    fault: sendBody('{"Upgrade', { 'Content-Encoding': 'gzip' }),
    expected: final(6, 'cannot be unpacked'),
  },
  {
    name: 'gzip that is not whole',
    fault: sendBody((document) => gzipSync(document).subarray(0, -20), { 'Content-Encoding': 'gzip' }),
    expected: notOurs,
  },
  {
    name: 'a packing that nobody knows',
    fault: sendBody('{}', { 'Content-Encoding': 'x-none' }),
    expected: notOurs,
  },

  // Statuses below 400.
  { name: '100 twice, and then the answer', fault: sendInterim('100 Continue', 2), expected: harmless },
  { name: '102, and then the answer', fault: sendInterim('102 Processing'), expected: harmless },
  { name: '103, and then the answer', fault: sendInterim('103 Early Hints'), expected: harmless },
  { name: '101', fault: sendBytes(upgrade), expected: final(6, empty) },
  {
    name: '101 to nothing',
    fault: sendBytes(formatHead('X: x', 'HTTP/1.1 101 Switching Protocols')),
    expected: final(6, empty),
  },
  // Of the status endpoint it means that there is no such deployment.
  { name: '204', fault: sendStatus(204), expected: final(6, empty, { status: 5 }) },
  { name: '205', fault: sendStatus(205), expected: final(6, empty) },
  { name: '301', fault: sendStatus(301, location), expected: sentElsewhere },
  { name: '302', fault: sendStatus(302, location), expected: sentElsewhere },
  { name: '307', fault: sendStatus(307, location), expected: sentElsewhere },
  { name: '308', fault: sendStatus(308, location), expected: sentElsewhere },
  { name: '301 to nowhere', fault: sendStatus(301), expected: final(6, empty) },
  { name: '302 to nowhere', fault: sendStatus(302), expected: final(6, empty) },
  { name: '307 to nowhere', fault: sendStatus(307), expected: final(6, empty) },
  { name: '308 to nowhere', fault: sendStatus(308), expected: final(6, empty) },
  { name: '304', fault: sendStatus(304), expected: final(6, empty) },

  // What the gateway itself answers.
  {
    name: '400',
    fault: sendFabricError(400, 'E_INVALIDARG'),
    expected: final(6, 'did not accept the request'),
  },
  {
    name: '401',
    fault: sendFabricError(401, 'FABRIC_E_SERVER_AUTHENTICATION_FAILED'),
    expected: final(7, 'SERVER_AUTHENTICATION_FAILED'),
  },
  { name: '403', fault: sendFabricError(403, 'E_ACCESSDENIED'), expected: final(7, 'does not allow this') },
  {
    name: '404 of the deployment',
    fault: sendFabricError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'),
    expected: final(5, 'deployment "web"'),
  },
  // A watch asks how the deployment stands.
  {
    name: '404 of the record',
    fault: sendFabricError(404, 'NotFound'),
    expected: final(6, 'no record of an application', { watch: 0 }),
  },
  {
    name: '404 of something else',
    fault: sendFabricError(404, 'FABRIC_E_APPLICATION_NOT_FOUND'),
    expected: final(6, 'APPLICATION_NOT_FOUND'),
  },
  {
    name: '409',
    fault: sendFabricError(409, 'FABRIC_E_APPLICATION_UPGRADE_IN_PROGRESS'),
    expected: final(6, 'UPGRADE_IN_PROGRESS'),
  },
  {
    name: '413 of the name',
    fault: sendFabricError(413, 'FABRIC_E_VALUE_TOO_LARGE'),
    expected: final(6, 'name is too long'),
  },
  {
    name: '413 of the reply',
    fault: sendFabricError(413, 'FABRIC_E_MESSAGE_TOO_LARGE'),
    expected: final(6, 'reply was too large'),
  },
  { name: '500', fault: sendFabricError(500, 'E_FAIL'), expected: passing('without saying why', 2) },
  { name: '501', fault: sendFabricError(501, 'E_NOTIMPL'), expected: final(6, 'E_NOTIMPL') },
  {
    name: '502',
    fault: sendFabricError(502, 'FABRIC_E_GATEWAY_NOT_REACHABLE'),
    expected: passing('cannot reach its own node'),
  },
  { name: '503', fault: sendFabricError(503, 'E_ABORT'), expected: passing('cannot answer just now') },
  {
    name: '503 of the quorum',
    fault: sendFabricError(503, 'FABRIC_E_NO_WRITE_QUORUM'),
    expected: passing('cannot answer just now'),
  },
  {
    name: '504',
    fault: sendFabricError(504, 'FABRIC_E_TIMEOUT'),
    expected: passing('did not finish the request'),
  },
  {
    name: '504 of the way',
    fault: sendFabricError(504, 'FABRIC_E_COMMUNICATION_ERROR'),
    expected: passing('lost its connection'),
  },
  {
    name: 'a code that is a word of JavaScript',
    fault: sendFabricError(404, '__proto__'),
    expected: final(6, '__proto__'),
  },

  // What others answer.
  {
    name: '400 of Windows',
    fault: sendStatus(400, webPageHeaders, '<h2>Bad Request</h2>'),
    expected: final(6, page),
  },
  {
    name: '401 of Windows',
    fault: sendStatus(401, { 'WWW-Authenticate': 'Negotiate' }),
    expected: final(7, 'Windows authentication'),
  },
  {
    name: '401 of a proxy',
    fault: sendStatus(401, { 'WWW-Authenticate': 'Basic' }),
    expected: final(7, 'wants us to log in'),
  },
  {
    name: '403 without a word',
    fault: sendStatus(403),
    expected: final(7, 'No client certificate was presented'),
  },
  {
    name: '403 as a web page',
    fault: sendStatus(403, webPageHeaders, '<html>'),
    expected: final(7, 'The cluster refused us'),
  },
  { name: '404 as a web page', fault: sendStatus(404, webPageHeaders, '<html>'), expected: final(6, page) },
  { name: '407', fault: sendStatus(407, { 'Proxy-Authenticate': 'Basic' }), expected: final(6, empty) },
  { name: '408', fault: sendStatus(408), expected: passing(empty) },
  { name: '418', fault: sendStatus(418), expected: final(6, empty) },
  { name: '429', fault: sendStatus(429, { 'Retry-After': '1' }), expected: passing(empty) },
  { name: '500 as a web page', fault: sendStatus(500, webPageHeaders, '<html>'), expected: passing(page, 2) },
  { name: '502 as a web page', fault: sendStatus(502, webPageHeaders, '<html>'), expected: passing(page) },
  {
    name: '503 until a date',
    fault: sendStatus(503, { 'Retry-After': 'Tue, 24 Nov 2026 08:00:01 GMT' }),
    expected: passing(empty),
  },
  { name: '504 without a word', fault: sendStatus(504), expected: passing(empty) },
  { name: '599', fault: sendStatus(599), expected: final(6, empty) },
  { name: '999', fault: sendStatus(999), expected: final(6, empty) },

  // Bodies of a success that are no document.
  { name: 'a web page', fault: sendBody('<!DOCTYPE html><html>', webPageHeaders), expected: final(6, page) },
  { name: 'nothing', fault: sendBody(''), expected: final(6, empty) },
  { name: 'null', fault: sendBody('null'), expected: notOurs },
  { name: 'a list', fault: sendBody('[]'), expected: notOurs },
  { name: 'a number', fault: sendBody('1'), expected: notOurs },
  { name: 'a string', fault: sendBody('"RollingForwardCompleted"'), expected: notOurs },
  { name: 'an object without members', fault: sendBody('{}'), expected: notOurs },
  {
    name: 'an error',
    fault: sendBody('{"Error":{"Code":"E_FAIL","Message":"Null"}}'),
    expected: final(6, 'without saying why'),
  },
  {
    name: 'half a document',
    fault: sendBody((document) => document.slice(0, document.length / 2)),
    expected: notOurs,
  },
  {
    name: 'a document and a half',
    fault: sendBody((document) => document + document.slice(0, 20)),
    expected: notOurs,
  },
  { name: 'a list of 10,000 levels', fault: sendBody(nest('[', ']')), expected: notOurs },
  {
    name: 'an object of 10,000 levels',
    fault: sendBody(nest('{"Error":', '}').replace(':}', ':{}}')),
    expected: notOurs,
  },
  {
    name: 'a document that is inherited',
    fault: sendBody((document) => `{"__proto__":${document}}`),
    expected: notOurs,
  },
  { name: 'a raw NUL in a text', fault: sendMember('"Other":"\0"'), expected: notOurs },
  { name: 'a NUL after the document', fault: sendBody((document) => `${document}\0`), expected: notOurs },
  {
    name: 'UTF-16',
    fault: sendBody((document) => Buffer.from(`\ufeff${document}`, 'utf16le')),
    expected: notOurs,
  },

  // Documents that are odd.
  {
    name: 'another content type',
    fault: sendBody(undefined, { 'Content-Type': 'text/plain' }),
    expected: harmless,
  },
  {
    name: 'a web page by its content type alone',
    fault: sendBody(undefined, webPageHeaders),
    expected: harmless,
  },
  { name: 'a byte order mark', fault: sendBody((document) => `\ufeff${document}`), expected: harmless },
  { name: 'members twice', fault: sendMember('"Other":1,"Other":2'), expected: harmless },
  { name: '10,000 levels in a member', fault: sendMember(`"Other":${nest('[', ']')}`), expected: harmless },
  { name: 'members that others inherit', fault: sendMember(inherited), expected: harmless },
  { name: 'half a character, escaped', fault: sendMember('"Other":"\\ud800"'), expected: harmless },
  {
    name: 'half a character, in bytes',
    fault: sendMember('"Other":"\xed\xa0\x80"', 'latin1'),
    expected: harmless,
  },
  { name: 'a NUL, escaped', fault: sendMember('"Other\\u0000":"\\u0000"'), expected: harmless },
  { name: 'bytes that are no UTF-8', fault: sendMember('"Other":"\xff\xc3"', 'latin1'), expected: harmless },
];

/** It takes too long to meet these everywhere. */
const large: typeof faults = [
  { name: '20 MB', fault: sendMember(`"Other":"${'x'.repeat(20_000_000)}"`), expected: harmless },
  { name: '200 MB', fault: flood(200, { 'Content-Length': `${200 * 2 ** 20}` }), expected: tooLarge },
  { name: 'chunks for as long as they are taken', fault: flood(1000), expected: tooLarge },
  { name: '5 GB, packed into 5 MB', fault: sendBomb, expected: tooLarge },
  {
    name: '200,000 pieces',
    fault: sendBytes(`${chunked}${'1\r\n \r\n'.repeat(200_001)}`),
    expected: final(6, 'more than the 200,000 pieces'),
  },
  {
    name: '3 million values',
    fault: sendBody(`[${'0,'.repeat(3_000_000)}0]`),
    expected: final(6, 'more than the 3 million values'),
  },
];

/** What one request may take of the clock, in milliseconds: `--timeout 1` and the grace. */
const timeoutMs = 6000;
/** The same for what only completes the reading. */
const longestAside = 2000;

const midway = toWire(
  createUpgrade({
    CurrentUpgradeDomainProgress: {
      DomainName: 'UD1',
      NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
    },
  }),
);
const application = toWire(createApplication());
const upgrading = '{"DeploymentName":"web","ComposeDeploymentStatus":"Upgrading"}';

/** Each closes its connection, so that the next request needs a new one. */
const sends = (document: string): Script => answer(document, 200, 'OK', { Connection: 'close' });
const good = sends(midway);
const never = sends(toWire(createNeverUpgraded()));
const completed = sends(toWire(completedUpgrade));

/** All is well from here on, whatever is asked. */
const afterwards = repeat((response, request) =>
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
  const { argv, document, gateway, tries = 1, longest = timeoutMs } = meeting;
  const { strikes = (connection) => connection === 1 } = meeting;
  const time = createTestTime();
  let met = 0;
  const count = (isMet: boolean) => {
    if (isMet) met++;
    return isMet;
  };
  const script = fault({ time, timeoutMs: longest, document, strikes: (number) => count(strikes(number)) });
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
  return startGateway(...scripts.filter((script) => script !== undefined));
}

describe('a single read that meets it each time', () => {
  it.each([...faults, ...large])('$name', async ({ fault, expected: { read, tries, says } }) => {
    const { exitCode, stdout, stderr } = await meet(fault, {
      argv: ['-o', 'json'],
      document: midway,
      gateway: (struck) => inTurn(...(struck ? repeat(struck) : [])),
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
  it.each(faults)('$name', async ({ fault, expected: { watch, lost, says } }) => {
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
  it.each(faults)('$name', async ({ fault, expected: { read } }) => {
    const { exitCode, stdout, stderr } = await meet(fault, {
      argv: ['-o', 'plain'],
      document: application,
      gateway: (struck) => startGatewayWith(struck ? { application: struck } : {}, good),
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
  it.each(faults)('$name', async ({ fault, expected: { read } }) => {
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
  it.each(faults)('$name', async ({ fault, expected: { read, tries, status, says } }) => {
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
  const gateway = await startGateway(answer(midway), hangUp, ...afterwards);
  const argv = ['--watch', '--no-domains', '-o', 'plain', '--retries', '0'];
  const { exitCode, stderr } = await run(['upgrade-progress', 'web', '-e', gateway.url, ...argv]);
  expect(stderr).toBe('');
  expect(exitCode).toBe(0);
  expect(gateway.requests).toHaveLength(3);
});

interface OddDocument {
  readonly name: string;
  readonly sent: string;
  readonly printed?: string;
}

describe('what is odd in a document', () => {
  const deep = nest('{"Deeper":[', ']}');
  const deepHealth = nest('{"HealthEvaluation":{"UnhealthyEvaluations":[', ']}}');
  it.each<OddDocument>([
    { name: 'members twice', sent: '"Other":1,"Other":2' },
    { name: 'members that others inherit', sent: inherited },
    { name: '20,000 levels in a member', sent: `"Other":${deep}` },
    { name: '30,000 levels of health', sent: `"ApplicationUnhealthyEvaluations":[${deepHealth}]` },
    { name: 'an escaped NUL', sent: '"\\u0000":"\\u0000"' },
    { name: 'half a character, escaped', sent: '"Other":"\\ud800"' },
    {
      name: 'half a character, in bytes',
      sent: '"Other":"\xed\xa0\x80"',
      printed: '"Other":"\ufffd\ufffd\ufffd"',
    },
    {
      name: 'a whole character, each half in bytes',
      sent: '"Other":"\xed\xa0\xbd\xed\xb8\x80"',
      printed: '"Other":"😀"',
    },
    { name: 'bytes that are no UTF-8', sent: '"Other":"\xff"', printed: '"Other":"\ufffd"' },
  ])('is given back whole by json, and harms no table: $name', async ({ sent, printed = sent }) => {
    const gateway = await startGateway(...repeat(answer(Buffer.from(insertMember(midway, sent), 'latin1'))));
    const argv = ['upgrade-progress', 'web', '-e', gateway.url];
    const json = await run([...argv, '-o', 'json']);
    const compact = json.stdout.replace(/\n *|(?<=":) /g, '');
    // Not toBe of the texts: nobody could read how they differ.
    expect(compact === insertMember(midway, printed).replaceAll('\\/', '/')).toBe(true);
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
    expect(unfoldTable(stderr)).toContain(`Nothing listens on http://127.0.0.1:${port}. (3 tries)`);
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
    expect(unfoldTable(stderr)).toContain('The host of http://nobody.invalid:19080 is not known.');
    expect(lookup.mock.calls.map(([name]) => name)).toEqual(Array(tries).fill('nobody.invalid'));
    expect(exitCode).toBe(6);
  });
});
