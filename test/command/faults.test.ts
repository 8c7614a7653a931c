/** Every fault in every request: how a read and a watch react. */
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

/** The reaction of commands to a fault. */
interface Expected {
  /** The exit code of a single read when every request has the fault. */
  readonly read: number;
  /** Requests of a single read. */
  readonly tries: number;
  /** Text on stderr. */
  readonly message: string;
  /** The exit code of a watch when one request has the fault: 0 if it continues. */
  readonly watch: number;
  /** Whether the watch reports lost and regained contact. */
  readonly losesContact: boolean;
  /** The exit code of a watch when a request for the status has the fault. */
  readonly status: number;
}

/** The command ignores the fault. */
const harmless: Expected = { read: 0, tries: 1, message: '', watch: 0, losesContact: false, status: 0 };

/** The fault may be transient: a read retries, and a watch continues. */
const createTransient = (message: string, tries = 3): Expected => ({
  read: 6,
  tries,
  message,
  watch: 0,
  losesContact: true,
  status: 0,
});

/** The fault ends every command at once. */
const createFatal = (code: number, message: string, elsewhere: Partial<Expected> = {}): Expected => ({
  read: code,
  tries: 1,
  message,
  watch: code,
  losesContact: false,
  status: code,
  ...elsewhere,
});

const tooLate = createTransient('No complete response within 6s');
const brokenOff = createTransient('Connection closed before the response was complete');
const notHttp = createFatal(6, 'Not a valid HTTP response');
const tooLarge = createFatal(6, 'limit of 64 MiB');
const notOurs = createFatal(6, 'not a Service Fabric response');
const sentElsewhere = createFatal(6, 'redirects to http://elsewhere.example/');
const page = 'sent a web page';
const empty = 'sent an empty response';

const location = { Location: 'http://elsewhere.example/' };
const chunked = formatHead('Transfer-Encoding: chunked');
const upgrade = formatHead('Connection: Upgrade\r\nUpgrade: x', 'HTTP/1.1 101 Switching Protocols');
const inherited = '"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}';

function formatHalfGzip(document: string): Buffer {
  const packed = gzipSync(document);
  const start = formatHead(`Content-Encoding: gzip\r\nContent-Length: ${packed.length}`);
  return Buffer.concat([Buffer.from(start), packed.subarray(0, packed.length / 2)]);
}

/** Formats two responses in one. The second would end a watch if it were taken for the next response. */
function formatTwoResponses(document: string): string {
  return formatResponse(document, 'keep-alive') + formatResponse('{"UpgradeState":"Failed"}');
}

interface FaultCase {
  readonly name: string;
  readonly fault: Fault;
  readonly expected: Expected;
}

const faults: readonly FaultCase[] = [
  // Connecting.
  {
    name: 'the host is unknown',
    fault: failConnecting('ENOTFOUND'),
    expected: createTransient('Host not found'),
  },
  {
    name: 'the resolver is busy',
    fault: failConnecting('EAI_AGAIN'),
    expected: createTransient('Host not found'),
  },
  {
    name: 'the connection is refused',
    fault: failConnecting('ECONNREFUSED'),
    expected: createTransient('Connection refused'),
  },
  {
    name: 'the host is unreachable',
    fault: failConnecting('EHOSTUNREACH'),
    expected: createTransient('No network route to'),
  },
  {
    name: 'the network is unreachable',
    fault: failConnecting('ENETUNREACH'),
    expected: createTransient('No network route to'),
  },
  { name: 'connecting times out', fault: failConnecting('ETIMEDOUT'), expected: tooLate },
  { name: 'connecting never ends', fault: hangConnecting, expected: tooLate },

  // Receiving.
  { name: 'the server is silent', fault: staySilent, expected: tooLate },
  { name: 'the head arrives at one byte a second', fault: drip('HTTP/1.1 200 OK\r\nX: '), expected: tooLate },
  {
    name: 'the body arrives at one byte a second',
    fault: drip(formatHead('Content-Length: 99')),
    expected: tooLate,
  },
  { name: 'the body never ends', fault: drip(chunked, '1\r\n \r\n'), expected: tooLate },
  { name: 'the connection is reset before the head', fault: resetConnection(), expected: brokenOff },
  {
    name: 'the connection is reset in the head',
    fault: resetConnection('HTTP/1.1 200 OK\r\nContent-'),
    expected: brokenOff,
  },
  {
    name: 'the connection is reset in the body',
    fault: resetConnection(`${formatHead('Content-Length: 99')}{"Upg`),
    expected: brokenOff,
  },
  { name: 'the connection is closed before the head', fault: sendBytes(''), expected: brokenOff },
  {
    name: 'the connection is closed in the head',
    fault: sendBytes('HTTP/1.1 200 OK\r\nContent-'),
    expected: brokenOff,
  },
  {
    name: 'the connection is closed in the body',
    fault: sendBytes(`${formatHead('Content-Length: 99')}{"Upg`),
    expected: brokenOff,
  },
  {
    name: 'the connection is closed in a chunk',
    fault: sendBytes(`${chunked}63\r\n{"Upg`),
    expected: brokenOff,
  },
  {
    name: 'the connection is closed in a compressed body',
    fault: sendBytes(formatHalfGzip),
    expected: brokenOff,
  },

  // Malformed HTTP.
  { name: 'the server does not speak HTTP', fault: sendBytes('SSH-2.0-OpenSSH_9.6\r\n'), expected: notHttp },
  {
    name: 'the server speaks TLS',
    fault: sendBytes(Buffer.from('15030100020246', 'hex')),
    expected: createFatal(6, 'The port requires https://'),
  },
  {
    name: 'the head has 100 kB',
    fault: sendBytes(formatHead(`X: ${'x'.repeat(100_000)}`)),
    expected: notHttp,
  },
  {
    name: 'there are two lengths',
    fault: sendBytes(formatHead('Content-Length: 1\r\nContent-Length: 2')),
    expected: notHttp,
  },
  { name: 'a chunk has no size', fault: sendBytes(`${chunked}x\r\n`), expected: notHttp },
  {
    name: 'the body is longer than its length',
    fault: sendBytes(`${formatHead('Content-Length: 1')}{"Upgrade`),
    expected: notHttp,
  },
  {
    name: 'there are neither a length nor chunks',
    fault: sendBytes((document) => formatHead('X: x', 'HTTP/1.0 200 OK') + document),
    expected: harmless,
  },
  { name: 'there are two responses in one', fault: sendBytes(formatTwoResponses), expected: harmless },

  // Content encodings.
  { name: 'gzip', fault: sendBody(gzipSync, { 'Content-Encoding': 'gzip' }), expected: harmless },
  { name: 'deflate', fault: sendBody(deflateSync, { 'Content-Encoding': 'deflate' }), expected: harmless },
  {
    name: 'raw deflate',
    fault: sendBody(deflateRawSync, { 'Content-Encoding': 'deflate' }),
    expected: harmless,
  },
  { name: 'br', fault: sendBody(brotliCompressSync, { 'Content-Encoding': 'br' }), expected: harmless },
  {
    name: 'malformed gzip',
    fault: sendBody('{"Upgrade', { 'Content-Encoding': 'gzip' }),
    expected: createFatal(6, 'cannot be decompressed'),
  },
  {
    name: 'truncated gzip',
    fault: sendBody((document) => gzipSync(document).subarray(0, -20), { 'Content-Encoding': 'gzip' }),
    expected: notOurs,
  },
  {
    name: 'an unknown encoding',
    fault: sendBody('{}', { 'Content-Encoding': 'x-none' }),
    expected: notOurs,
  },

  // Statuses below 400.
  { name: '100 twice before the response', fault: sendInterim('100 Continue', 2), expected: harmless },
  { name: '102 before the response', fault: sendInterim('102 Processing'), expected: harmless },
  { name: '103 before the response', fault: sendInterim('103 Early Hints'), expected: harmless },
  { name: '101', fault: sendBytes(upgrade), expected: createFatal(6, empty) },
  {
    name: '101 without a protocol',
    fault: sendBytes(formatHead('X: x', 'HTTP/1.1 101 Switching Protocols')),
    expected: createFatal(6, empty),
  },
  // From the status endpoint, 204 means that the deployment does not exist.
  { name: '204', fault: sendStatus(204), expected: createFatal(6, empty, { status: 5 }) },
  { name: '205', fault: sendStatus(205), expected: createFatal(6, empty) },
  { name: '301', fault: sendStatus(301, location), expected: sentElsewhere },
  { name: '302', fault: sendStatus(302, location), expected: sentElsewhere },
  { name: '307', fault: sendStatus(307, location), expected: sentElsewhere },
  { name: '308', fault: sendStatus(308, location), expected: sentElsewhere },
  { name: '301 without a location', fault: sendStatus(301), expected: createFatal(6, empty) },
  { name: '302 without a location', fault: sendStatus(302), expected: createFatal(6, empty) },
  { name: '307 without a location', fault: sendStatus(307), expected: createFatal(6, empty) },
  { name: '308 without a location', fault: sendStatus(308), expected: createFatal(6, empty) },
  { name: '304', fault: sendStatus(304), expected: createFatal(6, empty) },

  // Errors of the gateway.
  {
    name: '400',
    fault: sendFabricError(400, 'E_INVALIDARG'),
    expected: createFatal(6, 'rejected the request as invalid'),
  },
  {
    name: '401',
    fault: sendFabricError(401, 'FABRIC_E_SERVER_AUTHENTICATION_FAILED'),
    expected: createFatal(7, 'SERVER_AUTHENTICATION_FAILED'),
  },
  {
    name: '403',
    fault: sendFabricError(403, 'E_ACCESSDENIED'),
    expected: createFatal(7, 'no permission to read upgrades'),
  },
  {
    name: '404 for the deployment',
    fault: sendFabricError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'),
    expected: createFatal(5, 'deployment "web"'),
  },
  // A watch then reads the status of the deployment.
  {
    name: '404 for the record',
    fault: sendFabricError(404, 'NotFound'),
    expected: createFatal(6, 'no application upgrade record', { watch: 0 }),
  },
  {
    name: '404 for something else',
    fault: sendFabricError(404, 'FABRIC_E_APPLICATION_NOT_FOUND'),
    expected: createFatal(6, 'APPLICATION_NOT_FOUND'),
  },
  {
    name: '409',
    fault: sendFabricError(409, 'FABRIC_E_APPLICATION_UPGRADE_IN_PROGRESS'),
    expected: createFatal(6, 'UPGRADE_IN_PROGRESS'),
  },
  {
    name: '413 for the name',
    fault: sendFabricError(413, 'FABRIC_E_VALUE_TOO_LARGE'),
    expected: createFatal(6, 'name is too long'),
  },
  {
    name: '413 for the reply',
    fault: sendFabricError(413, 'FABRIC_E_MESSAGE_TOO_LARGE'),
    expected: createFatal(6, "exceeds the cluster's internal size limit"),
  },
  { name: '500', fault: sendFabricError(500, 'E_FAIL'), expected: createTransient('without a reason', 2) },
  { name: '501', fault: sendFabricError(501, 'E_NOTIMPL'), expected: createFatal(6, 'E_NOTIMPL') },
  {
    name: '502',
    fault: sendFabricError(502, 'FABRIC_E_GATEWAY_NOT_REACHABLE'),
    expected: createTransient('cannot reach the Fabric gateway on its own node'),
  },
  {
    name: '503',
    fault: sendFabricError(503, 'E_ABORT'),
    expected: createTransient('temporarily unavailable'),
  },
  {
    name: '503 without a quorum',
    fault: sendFabricError(503, 'FABRIC_E_NO_WRITE_QUORUM'),
    expected: createTransient('temporarily unavailable'),
  },
  {
    name: '504',
    fault: sendFabricError(504, 'FABRIC_E_TIMEOUT'),
    expected: createTransient('did not complete the request'),
  },
  {
    name: '504 for a lost connection',
    fault: sendFabricError(504, 'FABRIC_E_COMMUNICATION_ERROR'),
    expected: createTransient('lost its connection'),
  },
  {
    name: 'a code with a meaning in JavaScript',
    fault: sendFabricError(404, '__proto__'),
    expected: createFatal(6, '__proto__'),
  },

  // Errors of proxies and other servers.
  {
    name: '400 from Windows',
    fault: sendStatus(400, webPageHeaders, '<h2>Bad Request</h2>'),
    expected: createFatal(6, page),
  },
  {
    name: '401 from Windows',
    fault: sendStatus(401, { 'WWW-Authenticate': 'Negotiate' }),
    expected: createFatal(7, 'requires Windows authentication'),
  },
  {
    name: '401 from a proxy',
    fault: sendStatus(401, { 'WWW-Authenticate': 'Basic' }),
    expected: createFatal(7, 'requires a login'),
  },
  {
    name: '403 without a body',
    fault: sendStatus(403),
    expected: createFatal(7, 'No client certificate was sent'),
  },
  {
    name: '403 as a web page',
    fault: sendStatus(403, webPageHeaders, '<html>'),
    expected: createFatal(7, 'Access denied.'),
  },
  {
    name: '404 as a web page',
    fault: sendStatus(404, webPageHeaders, '<html>'),
    expected: createFatal(6, page),
  },
  { name: '407', fault: sendStatus(407, { 'Proxy-Authenticate': 'Basic' }), expected: createFatal(6, empty) },
  { name: '408', fault: sendStatus(408), expected: createTransient(empty) },
  { name: '418', fault: sendStatus(418), expected: createFatal(6, empty) },
  { name: '429', fault: sendStatus(429, { 'Retry-After': '1' }), expected: createTransient(empty) },
  {
    name: '500 as a web page',
    fault: sendStatus(500, webPageHeaders, '<html>'),
    expected: createTransient(page, 2),
  },
  {
    name: '502 as a web page',
    fault: sendStatus(502, webPageHeaders, '<html>'),
    expected: createTransient(page),
  },
  {
    name: '503 until a date',
    fault: sendStatus(503, { 'Retry-After': 'Tue, 24 Nov 2026 08:00:01 GMT' }),
    expected: createTransient(empty),
  },
  { name: '504 without a body', fault: sendStatus(504), expected: createTransient(empty) },
  { name: '599', fault: sendStatus(599), expected: createFatal(6, empty) },
  { name: '999', fault: sendStatus(999), expected: createFatal(6, empty) },

  // Successful responses without a document.
  {
    name: 'a web page',
    fault: sendBody('<!DOCTYPE html><html>', webPageHeaders),
    expected: createFatal(6, page),
  },
  { name: 'an empty body', fault: sendBody(''), expected: createFatal(6, empty) },
  { name: 'null', fault: sendBody('null'), expected: notOurs },
  { name: 'a list', fault: sendBody('[]'), expected: notOurs },
  { name: 'a number', fault: sendBody('1'), expected: notOurs },
  { name: 'a string', fault: sendBody('"RollingForwardCompleted"'), expected: notOurs },
  { name: 'an empty object', fault: sendBody('{}'), expected: notOurs },
  {
    name: 'an error',
    fault: sendBody('{"Error":{"Code":"E_FAIL","Message":"Null"}}'),
    expected: createFatal(6, 'without a reason'),
  },
  {
    name: 'half a document',
    fault: sendBody((document) => document.slice(0, document.length / 2)),
    expected: notOurs,
  },
  {
    name: 'one and a half documents',
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
    name: 'a document as the value of __proto__',
    fault: sendBody((document) => `{"__proto__":${document}}`),
    expected: notOurs,
  },
  { name: 'an unescaped NUL in a string', fault: sendMember('"Other":"\0"'), expected: notOurs },
  { name: 'a NUL after the document', fault: sendBody((document) => `${document}\0`), expected: notOurs },
  {
    name: 'UTF-16',
    fault: sendBody((document) => Buffer.from(`\ufeff${document}`, 'utf16le')),
    expected: notOurs,
  },

  // Odd documents.
  {
    name: 'another content type',
    fault: sendBody(undefined, { 'Content-Type': 'text/plain' }),
    expected: harmless,
  },
  {
    name: 'the content type of a web page',
    fault: sendBody(undefined, webPageHeaders),
    expected: harmless,
  },
  { name: 'a byte order mark', fault: sendBody((document) => `\ufeff${document}`), expected: harmless },
  { name: 'duplicate members', fault: sendMember('"Other":1,"Other":2'), expected: harmless },
  { name: 'a member with 10,000 levels', fault: sendMember(`"Other":${nest('[', ']')}`), expected: harmless },
  { name: 'members that would pollute prototypes', fault: sendMember(inherited), expected: harmless },
  { name: 'an escaped lone surrogate', fault: sendMember('"Other":"\\ud800"'), expected: harmless },
  {
    name: 'an encoded lone surrogate',
    fault: sendMember('"Other":"\xed\xa0\x80"', 'latin1'),
    expected: harmless,
  },
  { name: 'an escaped NUL', fault: sendMember('"Other\\u0000":"\\u0000"'), expected: harmless },
  { name: 'bytes that are not UTF-8', fault: sendMember('"Other":"\xff\xc3"', 'latin1'), expected: harmless },
];

/** Faults that take too long for every test. */
const largeFaults: typeof faults = [
  { name: '20 MB', fault: sendMember(`"Other":"${'x'.repeat(20_000_000)}"`), expected: harmless },
  { name: '200 MB', fault: flood(200, { 'Content-Length': `${200 * 2 ** 20}` }), expected: tooLarge },
  { name: 'endless chunks', fault: flood(1000), expected: tooLarge },
  { name: '5 GB, compressed to 5 MB', fault: sendBomb, expected: tooLarge },
  {
    name: 'more than 200,000 chunks',
    fault: sendBytes(`${chunked}${'1\r\n \r\n'.repeat(200_001)}`),
    expected: createFatal(6, 'limit of 200,000 pieces'),
  },
  {
    name: 'more than 3 million values',
    fault: sendBody(`[${'0,'.repeat(3_000_000)}0]`),
    expected: createFatal(6, 'limit of 3 million values'),
  },
];

/** Milliseconds after which a request times out: `--timeout 1` and the grace period. */
const requestTimeoutMs = 6000;
/** Milliseconds after which a related read times out. */
const relatedTimeoutMs = 2000;

const runningJson = toWire(
  createUpgrade({
    CurrentUpgradeDomainProgress: {
      DomainName: 'UD1',
      NodeUpgradeProgressList: [{ NodeName: '_node_1', UpgradePhase: 'Upgrading' }],
    },
  }),
);
const recordJson = toWire(createApplication());
const statusJson = '{"DeploymentName":"web","ComposeDeploymentStatus":"Upgrading"}';

/** Answers and closes the connection, so that the next request needs a new one. */
const answerAndClose = (document: string): Script => answer(document, 200, 'OK', { Connection: 'close' });
const answerRunning = answerAndClose(runningJson);
const answerNeverUpgraded = answerAndClose(toWire(createNeverUpgraded()));
const answerCompleted = answerAndClose(toWire(completedUpgrade));

/** Successful responses to every further request. */
const successes = repeat((response, request) =>
  (request.url?.includes('/$/') ? answerCompleted : answerAndClose(statusJson))(response, request),
);

interface FaultyRun {
  readonly argv: readonly string[];
  /** The body of the request that goes wrong. */
  readonly document: string;
  /** Starts the gateway. The script plays the fault, unless no request reaches the gateway. */
  readonly start: (script: Script | undefined) => Promise<ScriptedGateway>;
  /** Selects the connections that go wrong; by default the second one. */
  readonly isHit?: (connection: number) => boolean;
  readonly tries?: number;
  readonly timeoutMs?: number;
}

/** Runs a command with the fault, and checks the rules for all faults: no crash, no endless wait. */
async function runWithFault(fault: Fault, options: FaultyRun) {
  const { argv, document, start, tries = 1, timeoutMs = requestTimeoutMs } = options;
  const { isHit = (connection) => connection === 1 } = options;
  const time = createTestTime();
  let occurrences = 0;
  const count = (occurs: boolean) => {
    if (occurs) occurrences++;
    return occurs;
  };
  const script = fault({ time, timeoutMs, document, isHit: (number) => count(isHit(number)) });
  const counted: Script = (response, request) => {
    count(true);
    script?.(response, request);
  };
  const { url } = await start(script && counted);
  const result = await run(['upgrade-progress', 'web', '-e', url, '-t', '1', ...argv], { time });
  expect(occurrences).toBeGreaterThanOrEqual(tries);
  expect(result.stderr).not.toMatch(/bug in sfcompose|^ +at /m);
  const paused = result.sleeps.reduce((sum, sleep) => sum + sleep, 0);
  expect(time.clock.monotonic() - paused).toBeLessThanOrEqual(tries * timeoutMs);
  expect('polluted' in {}).toBe(false);
  return result;
}

/** Starts a gateway with the scripts that are defined. */
function startWith(...scripts: readonly (Script | undefined)[]): Promise<ScriptedGateway> {
  return startGateway(...scripts.filter((script) => script !== undefined));
}

describe('a single read with the fault in every request', () => {
  it.each([...faults, ...largeFaults])('$name', async ({ fault, expected: { read, tries, message } }) => {
    const { exitCode, stdout, stderr } = await runWithFault(fault, {
      argv: ['-o', 'json'],
      document: runningJson,
      start: (script) => startWith(...(script ? repeat(script) : [])),
      isHit: () => true,
      tries,
    });
    const document = JSON.parse(stdout);
    if (read === 0) expect(document.UpgradeState).toBe('RollingForwardInProgress');
    else expect(document).toEqual({ Error: { Code: expect.any(String), Message: expect.any(String) } });
    expect(stderr).toMatch(read === 0 ? /^$/ : message);
    expect(/\((\d+) attempts\)/.exec(stderr)?.[1] ?? '1').toBe(`${tries}`);
    expect(exitCode).toBe(read);
  });
});

describe('a watch with the fault in one request', () => {
  it.each(faults)('$name', async ({ fault, expected: { watch, losesContact, message } }) => {
    const { exitCode, stdout, stderr } = await runWithFault(fault, {
      argv: ['--watch', '--no-domains', '-o', 'plain'],
      document: runningJson,
      start: (script) => startWith(answerRunning, script, ...successes),
    });
    if (watch === 0) expect(stdout).toContain('RollingForwardCompleted');
    else expect(stderr).toMatch(message);
    expect(stderr.includes('Contact regained')).toBe(losesContact);
    expect(exitCode).toBe(watch);
  });
});

describe("a single read with the fault in the request for the application's record", () => {
  it.each(faults)('$name', async ({ fault, expected: { read } }) => {
    const { exitCode, stdout, stderr } = await runWithFault(fault, {
      argv: ['-o', 'plain'],
      document: recordJson,
      start: (script) => startGatewayWith(script ? { application: script } : {}, answerRunning),
      timeoutMs: relatedTimeoutMs,
    });
    const domain = read === 0 ? 'UD1 (2 of 3)' : 'UD1';
    expect(stdout.slice('2026-11-24T08:00:00Z '.length)).toBe(
      `web to v2: rolling forward, ${domain} [RollingForwardInProgress]; 1 node upgrading\n`,
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });
});

describe('a single read with the fault in the request for the status', () => {
  it.each(faults)('$name', async ({ fault, expected: { read } }) => {
    const { exitCode, stdout, stderr } = await runWithFault(fault, {
      argv: ['-o', 'plain'],
      document: statusJson,
      start: (script) => startWith(answerNeverUpgraded, script),
    });
    expect(stdout.slice('2026-11-24T08:00:00Z '.length)).toBe(
      read === 0
        ? 'web: starting an upgrade [RollingForwardCompleted]\n'
        : 'web: never upgraded, or creation failed [RollingForwardCompleted]\n',
    );
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
  });
});

describe('a watch with the fault in one request for the status', () => {
  it.each(faults)('$name', async ({ fault, expected: { read, tries, status, message } }) => {
    const { exitCode, stdout, stderr } = await runWithFault(fault, {
      argv: ['--watch', '--no-domains', '-o', 'plain'],
      document: statusJson,
      start: (script) => startWith(answerNeverUpgraded, script, ...successes),
    });
    if (status === 0) expect(stdout).toContain('RollingForwardCompleted');
    else if (status === read) expect(stderr).toMatch(message);
    // Nothing was read before, so that no contact was lost.
    expect(/ responded after \d+m?s\./.test(stderr)).toBe(tries > 1);
    expect(exitCode).toBe(status);
  });
});

it('a watch reconnects silently after an idle connection was closed', async () => {
  const hangUp: Script = (response) => response.destroy();
  // The third request uses a new connection.
  const gateway = await startGateway(answer(runningJson), hangUp, ...successes);
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

describe('an odd document', () => {
  const deep = nest('{"Deeper":[', ']}');
  const deepHealth = nest('{"HealthEvaluation":{"UnhealthyEvaluations":[', ']}}');
  it.each<OddDocument>([
    { name: 'duplicate members', sent: '"Other":1,"Other":2' },
    { name: 'members that would pollute prototypes', sent: inherited },
    { name: 'a member with 20,000 levels', sent: `"Other":${deep}` },
    {
      name: '30,000 levels of health evaluations',
      sent: `"ApplicationUnhealthyEvaluations":[${deepHealth}]`,
    },
    { name: 'an escaped NUL', sent: '"\\u0000":"\\u0000"' },
    { name: 'an escaped lone surrogate', sent: '"Other":"\\ud800"' },
    {
      name: 'an encoded lone surrogate',
      sent: '"Other":"\xed\xa0\x80"',
      printed: '"Other":"\ufffd\ufffd\ufffd"',
    },
    {
      name: 'surrogates that are encoded one by one',
      sent: '"Other":"\xed\xa0\xbd\xed\xb8\x80"',
      printed: '"Other":"😀"',
    },
    { name: 'bytes that are not UTF-8', sent: '"Other":"\xff"', printed: '"Other":"\ufffd"' },
  ])('is printed unchanged in JSON, and printed as a table: $name', async ({ sent, printed = sent }) => {
    const gateway = await startGateway(
      ...repeat(answer(Buffer.from(insertMember(runningJson, sent), 'latin1'))),
    );
    const argv = ['upgrade-progress', 'web', '-e', gateway.url];
    const json = await run([...argv, '-o', 'json']);
    const compact = json.stdout.replace(/\n *|(?<=":) /g, '');
    // The texts themselves would be too long for an assertion message.
    expect(compact === insertMember(runningJson, printed).replaceAll('\\/', '/')).toBe(true);
    const table = await run(argv);
    expect(table.stdout).toContain('● rolling forward');
    expect([json.stderr, table.stderr]).toEqual(['', '']);
    expect('polluted' in {}).toBe(false);
  });
});

describe('an error without a server', () => {
  it('names an endpoint that refuses connections', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const { exitCode, stderr } = await run(['upgrade-progress', 'web', '-e', `http://127.0.0.1:${port}`]);
    expect(unfoldTable(stderr)).toContain(`Connection refused: http://127.0.0.1:${port} (3 attempts).`);
    expect(exitCode).toBe(6);
  });

  it('ends a watch after three tries, and names the endpoint in the notice', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const argv = ['upgrade-progress', 'web', '--watch', '--retries', '50', '-e', `http://127.0.0.1:${port}`];
    const { exitCode, stderr, sleeps } = await run(argv);
    const notice = `sfcompose: No usable response from http://127.0.0.1:${port}: connection refused. Retrying.\n`;
    expect(stderr.startsWith(notice)).toBe(true);
    expect(stderr).toContain('(3 attempts)');
    expect(stderr).not.toMatch(/Contact lost|goes on|continues/);
    expect(sleeps).toHaveLength(2);
    expect(exitCode).toBe(6);
  });

  it.each(['ENOTFOUND', 'EAI_AGAIN'])('names a host that DNS fails to resolve with %s', async (code) => {
    const lookup = failLookups(code);
    const { exitCode, stderr } = await run(['upgrade-progress', 'web', '-e', 'http://nobody.invalid']);
    expect(unfoldTable(stderr)).toContain('Host not found: http://nobody.invalid:19080');
    expect(lookup.mock.calls.map(([name]) => name)).toEqual(Array(3).fill('nobody.invalid'));
    expect(exitCode).toBe(6);
  });

  it.each(['--watch', '--exit-status', '--no-domains'])(
    'names the port of the HTTP gateway instead of that of native clients, with %s',
    async (flag) => {
      failLookups('ENOTFOUND');
      const endpoint = 'http://nobody.invalid:19000/east';
      const { stderr } = await run(['status', 'web', 'api', '-o', 'plain', flag, '-e', endpoint]);
      const notice = 'Host not found: http://nobody.invalid:19000/east (3 attempts).\n';
      expect(stderr).toContain(notice);
      expect(stderr).toContain(
        'Port 19000 is for PowerShell and FabricClient. Use the HTTP gateway, at port 19080 of the same host\n    -e http://nobody.invalid:19080/east\n',
      );
      expect(
        stderr.includes(
          '. Port 19000 is for PowerShell and FabricClient; the HTTP gateway is at 19080. Retrying.\n',
        ),
      ).toBe(flag === '--watch');
    },
  );
});

/** Makes each DNS lookup fail with this code. A real resolver would report any, depending on the network. */
function failLookups(code: string) {
  const lookup = vi.spyOn(dns, 'lookup').mockImplementation(((
    name: string,
    _: dns.LookupOptions,
    done: (error: Error) => void,
  ) => {
    done(Object.assign(new Error(`getaddrinfo ${code} ${name}`), { code }));
  }) as typeof dns.lookup);
  onTestFinished(() => lookup.mockRestore());
  return lookup;
}
