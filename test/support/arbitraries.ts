/** Arbitraries of responses: valid, odd and hostile documents, and random bytes. */
import fc, { type Arbitrary } from 'fast-check';
import { upgradeStates } from '../../src/upgrade/enums.ts';
import {
  createApplication,
  createShortUpgrade,
  createUpgrade,
  rollingBackUpgrade,
  runningUpgrade,
  unhealthyEvent,
} from './documents.ts';

const hostileParts = [
  '\x1b[2J\x1b[31m',
  '\x1b]8;;http://elsewhere.example\x07',
  '\x9b2K',
  '\x85',
  '\0',
  '\x7f',
  '\t',
  '\v',
  '\r\nsfcompose: web: upgraded',
  '\n##vso[task.complete result=Succeeded]',
  '\n::error::made up',
  '::error title=made up::',
  '  ::set-output name=outcome::completed',
  '##vso[task.setvariable variable=x]y',
  '##[error]made up',
  '##',
  '#\u200b#[',
  '[',
  'vso[',
  '%0A::error::',
  '\u202egnp.exe',
  '\u2066\u2069\u200e\u061c',
  '\u200b\u200d\u2060\ufeff\u00ad',
  '\u2028',
  '\u2029',
  '\ud83d',
  '\udc4d',
  '\u{e0041}',
  '👍👍🏽👩‍👩‍👧',
  '世界'.repeat(30),
  'e\u0301'.repeat(20),
  '\u0301J',
  '\u03015;40H',
  `e${'\u0301\u0323'.repeat(2000)}`,
  'हिन्दी ภาษาไทย שָׁלוֹם עֲלֵיכֶם',
  'ﷺ',
  '__proto__',
  'constructor',
  'toString',
  '$&$1',
  '`$(reboot)`',
  '\'"\\',
  'fabric:/web',
  '../..',
  ' ',
  'a'.repeat(300),
  // Longer than every limit, and made of surrogate pairs that an odd offset would split.
  `x${'😀'.repeat(2100)}`,
];

/** Any UTF-16 code unit, lone surrogates included. fast-check's own units take seconds to initialize. */
export const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code));

export const hostileText: Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...hostileParts) },
  {
    weight: 2,
    arbitrary: fc.array(fc.constantFrom(...hostileParts), { maxLength: 4 }).map((p) => p.join('')),
  },
  { weight: 2, arbitrary: fc.string({ unit: anyUnit, maxLength: 12 }) },
  {
    weight: 1,
    arbitrary: fc
      .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 })
      .map((units) => String.fromCharCode(...units)),
  },
);

/** Marks a number whose digits JavaScript would change; {@link toJson} writes them unchanged. */
const markExact = (digits: string) => `EXACTLY ${digits}`;

/** Writes a document as JSON, with the digits that {@link markExact} has marked. */
export function toJson(document: unknown): string {
  return JSON.stringify(document).replace(/"EXACTLY ([^"]*)"/g, '$1');
}

const oddNumber = fc.constantFrom(
  ...['-0', '0.0', '1.0', '1e400', '-1E+2', '1e-400', '18446744073709551615', '0.1000000000000000055'].map(
    markExact,
  ),
  markExact(`9${'0'.repeat(400)}`),
  -1,
  65535,
  4294967295,
  4294967296,
  2 ** 53,
);

const nest = (depth: number, open: unknown = []): unknown =>
  depth === 0 ? open : nest(depth - 1, depth % 2 ? [open] : { a: open });

const wrongType: Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, true, false, 0, '', [], {}, [[]], [null], { Name: 1 }, nest(300)),
  oddNumber,
  fc.jsonValue({ maxDepth: 2 }),
);

/** Creates a member that is usually right, and otherwise absent, null, of a wrong type, or hostile. */
function createMember(right: Arbitrary<unknown>): Arbitrary<unknown> {
  return fc.oneof(
    { weight: 8, arbitrary: right },
    { weight: 1, arbitrary: fc.constantFrom(undefined, null) },
    { weight: 1, arbitrary: wrongType },
    { weight: 2, arbitrary: hostileText },
  );
}

/** Creates objects with these members, and sometimes with another one. */
function createRecord(members: Readonly<Record<string, Arbitrary<unknown>>>): Arbitrary<unknown> {
  const own = fc.record(
    Object.fromEntries(Object.entries(members).map(([name, right]) => [name, createMember(right)])),
  );
  const others = fc.array(fc.tuple(hostileText, wrongType), { maxLength: 1 });
  // Spreading would set the prototype where a member is called __proto__.
  return fc
    .tuple(own, others)
    .map(([object, more]) => Object.fromEntries([...Object.entries(object), ...more]));
}

const createList = (element: Arbitrary<unknown>, maxLength = 3) =>
  fc.array(createMember(element), { maxLength });
const chooseFrom = (...words: readonly unknown[]) => fc.constantFrom(...words);

const flag = fc.boolean();
const state = fc.oneof(
  chooseFrom(...Object.keys(upgradeStates)),
  chooseFrom('RollingSideways', '__proto__', 'toString', '5', 10),
);
const version = chooseFrom('v1', 'v2', 'v2', 'v3', '');
const duration = chooseFrom(
  'PT0H0M0S',
  'PT0H4M0.6412S',
  'PT2H0M0S',
  'P10675199DT2H48M5.4775807S',
  '-P10675199DT2H48M5.4775808S',
  '-PT5M',
  'PT0H0M9.5e-05S',
  'PT1e999S',
  'P99999999999999999999D',
  'P1Y2M3W4D',
  'PT',
  'P',
  'PT5',
  '60000',
  -60000,
  9e15,
);
const time = chooseFrom(
  '2026-11-24T07:00:00.000Z',
  '2026-11-24T07:10:01.007Z',
  '2026-11-24T23:59:59.999Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '1601-01-01T00:00:00.000Z',
  '+275760-09-13T00:00:00.000Z',
  '-000001-01-01T00:00:00Z',
  '2026-02-30T25:61:61Z',
  'yesterday',
);
const partition = chooseFrom('5c1e0b7a-93d4-4f0e-8a26-1d7f6be2c940', '', '..', 'a/b?c#d');
const domainName = chooseFrom('UD0', 'UD1', 'UD2', '');

const domainProgress = createRecord({
  DomainName: domainName,
  NodeUpgradeProgressList: createList(
    createRecord({
      NodeName: chooseFrom('_node_0', '_node_1', '_node_4'),
      UpgradePhase: chooseFrom(
        'PreUpgradeSafetyCheck',
        'Upgrading',
        'PostUpgradeSafetyCheck',
        'Invalid',
        2,
        'Odd',
      ),
      PendingSafetyChecks: createList(
        createRecord({
          SafetyCheck: createRecord({
            Kind: chooseFrom('EnsureAvailability', 'EnsurePartitionQuorum', 'EnsureSeedNodeQuorum', 7, 'Odd'),
            PartitionId: partition,
          }),
        }),
        2,
      ),
    }),
  ),
});

const healthState = chooseFrom('Ok', 'Warning', 'Error', 'Unknown', 3, 65535);
const healthEvent = createRecord({
  SourceId: chooseFrom('System.Hosting', 'System.FM'),
  Property: chooseFrom('CodePackageActivation:web:EntryPoint', 'State'),
  HealthState: healthState,
  TimeToLiveInMilliSeconds: duration,
  Description: chooseFrom('The container exited with code 137.', ''),
  SequenceNumber: chooseFrom('133512345678901234', 5),
  RemoveWhenExpired: flag,
  SourceUtcTimestamp: time,
  LastModifiedUtcTimestamp: time,
  IsExpired: flag,
  LastOkTransitionAt: time,
  LastWarningTransitionAt: time,
  LastErrorTransitionAt: time,
});

function createEvaluation(depth: number): Arbitrary<unknown> {
  return createRecord({
    HealthEvaluation: createRecord({
      Kind: chooseFrom(
        'UpgradeDomainDeployedApplications',
        'DeployedApplication',
        'Event',
        'Replicas',
        12,
        'Odd',
      ),
      Description: chooseFrom('50% (1/2) are unhealthy.', ''),
      AggregatedHealthState: healthState,
      Name: chooseFrom('fabric:/web', ''),
      NodeName: chooseFrom('_node_1', '_node_4'),
      UpgradeDomainName: domainName,
      PartitionId: partition,
      ReplicaOrInstanceId: chooseFrom('133512345678901234', 5),
      MaxPercentUnhealthyDeployedApplications: chooseFrom(20, 0, '20', -1, 101),
      TotalCount: chooseFrom(2, 0, '2', -1, 1e21),
      BaselineErrorCount: chooseFrom(undefined, 0, 1),
      BaselineTotalCount: chooseFrom(undefined, 0, 1),
      ConsiderWarningAsError: flag,
      UnhealthyEvent: depth === 0 ? healthEvent : fc.option(healthEvent, { nil: undefined }),
      UnhealthyEvaluations: depth === 0 ? fc.constant([]) : createList(createEvaluation(depth - 1), 2),
    }),
  });
}

const evaluations = fc.oneof(
  { weight: 6, arbitrary: createList(createEvaluation(3), 2) },
  { weight: 1, arbitrary: fc.constant(rollingBackUpgrade['ApplicationUnhealthyEvaluations']) },
  { weight: 1, arbitrary: fc.constant(Array(150).fill(unhealthyEvent)) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 300 }).map((depth) => {
      const down = (left: number): unknown =>
        left === 0
          ? unhealthyEvent
          : { HealthEvaluation: { Kind: 'Odd', UnhealthyEvaluations: [down(left - 1)] } };
      return [down(depth)];
    }),
  },
);

const percent = chooseFrom(0, 20, 100, '20', -1);
const serviceTypePolicy = createRecord({
  MaxPercentUnhealthyServices: percent,
  MaxPercentUnhealthyPartitionsPerService: percent,
  MaxPercentUnhealthyReplicasPerPartition: percent,
});

/** A ComposeDeploymentUpgradeProgressInfo with odd members here and there. */
export const looseUpgrade: Arbitrary<unknown> = createRecord({
  DeploymentName: chooseFrom('web', ''),
  ApplicationName: chooseFrom('fabric:/web', 'fabric:/web', 'fabric:/a/b', '', 'web'),
  UpgradeState: state,
  UpgradeStatusDetails: chooseFrom('Upgrading from v1 to v2.', ''),
  UpgradeKind: chooseFrom('Rolling', 'Rolling', 'Invalid', 'Rolling_ForceRestart', 1, 'Odd'),
  RollingUpgradeMode: chooseFrom(
    'Monitored',
    'UnmonitoredManual',
    'UnmonitoredAuto',
    'Invalid',
    2,
    undefined,
  ),
  ForceRestart: flag,
  UpgradeReplicaSetCheckTimeoutInSeconds: chooseFrom(900, 4294967295, '900', 0, -1),
  MonitoringPolicy: createRecord({
    FailureAction: chooseFrom('Rollback', 'Manual', 'Odd'),
    HealthCheckWaitDurationInMilliseconds: duration,
    HealthCheckStableDurationInMilliseconds: duration,
    HealthCheckRetryTimeoutInMilliseconds: duration,
    UpgradeTimeoutInMilliseconds: duration,
    UpgradeDomainTimeoutInMilliseconds: duration,
  }),
  ApplicationHealthPolicy: createRecord({
    ConsiderWarningAsError: flag,
    MaxPercentUnhealthyDeployedApplications: percent,
    DefaultServiceTypeHealthPolicy: serviceTypePolicy,
    ServiceTypeHealthPolicyMap: createList(
      createRecord({ Key: chooseFrom('web', '__proto__'), Value: serviceTypePolicy }),
      2,
    ),
  }),
  TargetApplicationTypeVersion: version,
  UpgradeDuration: duration,
  CurrentUpgradeDomainDuration: duration,
  ApplicationUnhealthyEvaluations: evaluations,
  CurrentUpgradeDomainProgress: domainProgress,
  StartTimestampUtc: time,
  FailureTimestampUtc: time,
  FailureReason: chooseFrom('None', 'HealthCheck', 'UpgradeDomainTimeout', 'OverallUpgradeTimeout', 1, 'Odd'),
  UpgradeDomainProgressAtFailure: domainProgress,
  ApplicationUpgradeStatusDetails: chooseFrom('', 'It says more.'),
});

/** An ApplicationUpgradeProgressInfo with odd members here and there. */
export const looseApplication: Arbitrary<unknown> = createRecord({
  Name: chooseFrom('fabric:/web'),
  TargetApplicationTypeVersion: version,
  UpgradeDomains: createList(
    createRecord({ Name: domainName, State: chooseFrom('InProgress', 'Pending', 'Completed', 1, 'Odd') }),
    6,
  ),
  UpgradeState: state,
  NextUpgradeDomain: domainName,
  UpgradeDescription: createRecord({ TargetApplicationTypeVersion: version }),
  StartTimestampUtc: time,
  FailureTimestampUtc: time,
  FailureReason: chooseFrom(
    'None',
    'HealthCheck',
    'UpgradeDomainTimeout',
    'Interrupted',
    'ProcessingFailure',
    'Odd',
  ),
  UpgradeDomainProgressAtFailure: domainProgress,
  UpgradeStatusDetails: chooseFrom('', 'The application says more.'),
});

export const looseStatus: Arbitrary<unknown> = createRecord({
  DeploymentName: chooseFrom('web'),
  ComposeDeploymentStatus: chooseFrom('Ready', 'Upgrading', 'Failed', 'Deleting', 'Creating', 7, 'Odd'),
  Status: chooseFrom(undefined, 'Ready'),
  StatusDetails: chooseFrom('', 'There is no such image.'),
});

export const looseService: Arbitrary<unknown> = createRecord({
  Id: chooseFrom('web~web'),
  Name: chooseFrom('fabric:/web/web', ''),
});

const eventKind = chooseFrom(
  'ApplicationUpgradeStarted',
  'ApplicationUpgradeDomainCompleted',
  'ApplicationUpgradeDomainCompleted',
  'ApplicationUpgradeCompleted',
  'ApplicationUpgradeRollbackStarted',
  'ApplicationUpgradeRollbackCompleted',
  'ApplicationContainerInstanceExited',
  'DeployedServicePackageNewHealthReport',
);

/** The members of all events together. */
const eventMembers = {
  Kind: eventKind,
  EventInstanceId: chooseFrom('5c1e0b7a-93d4-4f0e-8a26-1d7f6be2c940', ''),
  TimeStamp: time,
  CurrentApplicationTypeVersion: version,
  ApplicationTypeVersion: version,
  RollingUpgradeMode: chooseFrom('Monitored', 'UnmonitoredManual', 'Odd'),
  FailureAction: chooseFrom('Rollback', 'Manual'),
  UpgradeState: chooseFrom('RollingForward', 'RollingBack', ''),
  UpgradeDomains: chooseFrom('UD0', 'UD1', 'UD2', '(UD0 UD1)', ''),
  UpgradeDomainElapsedTimeInMs: chooseFrom(0, 60_000, -1, 1e300),
  OverallUpgradeElapsedTimeInMs: chooseFrom(0, 600_000, -1, 1e300),
  FailureReason: chooseFrom('HealthCheck', 'Interrupted', 'None', 'Odd'),
  ServiceName: chooseFrom('fabric:/web/web', 'fabric:/web/api', ''),
  ServicePackageName: chooseFrom('webPkg', ''),
  CodePackageName: chooseFrom('web.Code', ''),
  ExitCode: chooseFrom(0, 1, 137, -1073741819, 4294967295, 1e300),
  UnexpectedTermination: flag,
};

/** Events of an application with odd members here and there. */
export const looseEvents: Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: createList(createRecord(eventMembers), 12) },
  { weight: 1, arbitrary: wrongType },
);

/** Events as a cluster sends them, of any upgrade, in any order and number. */
export const goodEvents: Arbitrary<unknown> = fc.array(
  fc.record({ ...eventMembers, TimeStamp: chooseFrom('2026-11-24T07:00:00Z', '2026-11-24T07:04:00.5Z') }),
  { maxLength: 12 },
);

/** Documents as a runtime sends them, in every state, in the short and the full form, and for several versions. */
export const goodUpgrade: Arbitrary<Record<string, unknown>> = fc
  .tuple(
    chooseFrom(...Object.keys(upgradeStates)),
    fc.constantFrom(createShortUpgrade(), createUpgrade(), runningUpgrade, rollingBackUpgrade),
    fc.constantFrom('v1', 'v2', 'v2', 'v3'),
    fc.constantFrom('Upgrading.', ''),
    duration,
  )
  .map(([UpgradeState, form, TargetApplicationTypeVersion, UpgradeStatusDetails, UpgradeDuration]) => ({
    ...form,
    UpgradeState,
    TargetApplicationTypeVersion,
    UpgradeStatusDetails,
    UpgradeDuration,
  }));

export const goodApplication = fc
  .constantFrom('v1', 'v2', 'v3')
  .map((TargetApplicationTypeVersion) => createApplication({ TargetApplicationTypeVersion }));

export const goodStatus = fc
  .constantFrom('Ready', 'Upgrading', 'Failed', 'Deleting')
  .map((ComposeDeploymentStatus) => ({
    DeploymentName: 'web',
    ComposeDeploymentStatus,
    StatusDetails: 'So.',
  }));

/** Any JSON, with members of an upgrade's document anywhere in it. */
export const anyTree: Arbitrary<unknown> = fc.letrec((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5 },
    fc.jsonValue(),
    fc.dictionary(
      fc.constantFrom(...Object.keys(createUpgrade()), 'HealthEvaluation', 'SafetyCheck', '__proto__'),
      tie('tree'),
    ),
    fc.array(tie('tree')),
  ),
})).tree;

/** The server's reaction to a request. */
export type Reply =
  /** A response. `body` is in latin1, one byte a character; the connection breaks off after `whole` bytes of it. */
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly reason: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      readonly whole?: number;
    }
  /** Silence until the client gives up, after this part of a body. */
  | { readonly kind: 'silence'; readonly body?: string }
  | { readonly kind: 'reset' }
  /** Bytes instead of HTTP. */
  | { readonly kind: 'raw'; readonly bytes: string };

const json = { 'Content-Type': 'application/json; charset=utf-8' };
const toLatin1 = (text: string) => Buffer.from(text).toString('latin1');

/** Creates the reply with this JSON text. */
export function replyWith(text: string): Reply {
  return { kind: 'answer', status: 200, reason: 'OK', headers: json, body: toLatin1(text) };
}

/** Text for a header line: C1 characters included, other control characters not. */
const headerText = fc.oneof(
  fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((c) => c !== 0x7f)
      .map((c) => String.fromCharCode(c)),
    maxLength: 12,
  }),
  fc.constantFrom('##vso[task.complete]', '::error::x', '\x9b2J', 'FABRIC_E_TIMEOUT', ''),
);

const codes = [
  'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
  'NotFound',
  'FABRIC_E_TIMEOUT',
  'E_ABORT',
  'E_INVALIDARG',
  'E_FAIL',
  'E_ACCESSDENIED',
  'FABRIC_E_VALUE_TOO_LARGE',
  'FABRIC_E_MESSAGE_TOO_LARGE',
  'FABRIC_E_NOT_READY',
  '0x80071bff',
  '__proto__',
  '',
];
const anyStatus = fc.oneof(
  fc.constantFrom(400, 401, 403, 404, 404, 408, 429, 500, 502, 503, 503, 504),
  fc.integer({ min: 200, max: 599 }),
);

const fabricErrorReply: Arbitrary<Reply> = fc
  .record({
    status: anyStatus,
    reason: headerText,
    code: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...codes) },
      { weight: 1, arbitrary: hostileText },
    ),
    message: fc.oneof(fc.constantFrom('Null', 'said the server', ''), hostileText),
    retryAfter: fc.constantFrom(
      undefined,
      undefined,
      '0',
      '7',
      '9999999999',
      'Fri, 31 Dec 2999 23:59:59 GMT',
      '-1',
    ),
  })
  .map(({ status, reason, code, message, retryAfter }) => ({
    kind: 'answer',
    status,
    reason,
    headers: { ...json, ...(retryAfter && { 'Retry-After': retryAfter }) },
    body: toLatin1(JSON.stringify({ Error: { Code: code, Message: message } })),
  }));

/** Replies that no runtime sends, but that a proxy or another server may. */
const strangeReply: Arbitrary<Reply> = fc.oneof(
  fc
    .record({
      status: anyStatus,
      reason: headerText,
      headers: fc.constantFrom<Record<string, string>>(
        {},
        { Location: 'http://elsewhere.example/' },
        { Location: '\x9b##vso[task.complete]' },
        { 'WWW-Authenticate': 'Negotiate' },
        { 'WWW-Authenticate': 'Bearer realm="\x9b2J::error::"' },
        { 'Content-Type': 'text/html' },
        { 'Content-Type': '\x85##[error]' },
        { 'Content-Encoding': 'gzip' },
        { 'Content-Encoding': 'br' },
        { 'Content-Encoding': 'deflate' },
        { 'Content-Encoding': 'odd' },
      ),
      body: fc.constantFrom(
        '',
        '',
        '<html>\x1b[31m</html>',
        'null',
        '[]',
        '"\\u001b"',
        '{"Error":{}}',
        '{}',
        '\xef\xbb\xbf',
      ),
    })
    .map((answer): Reply => ({ kind: 'answer', ...answer })),
  fc
    .constantFrom(
      'HTTP/1.1 200',
      'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
      `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`,
      'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n',
      'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 99 \x1b\r\n\r\n',
      'HTTP/1.1 999 \r\n\r\n',
      'HTTP/1.0 200 OK\r\n\r\n{}',
      '\x15\x03\x03\x00\x02\x02\x28',
      '',
    )
    .map((bytes): Reply => ({ kind: 'raw', bytes })),
  fc
    .string({ unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)), maxLength: 40 })
    .map((bytes): Reply => ({ kind: 'raw', bytes })),
);

/** Any fault instead of a document. */
export const faultReply: Arbitrary<Reply> = fc.oneof(
  { weight: 5, arbitrary: fabricErrorReply },
  { weight: 3, arbitrary: strangeReply },
  { weight: 2, arbitrary: fc.constant<Reply>({ kind: 'reset' }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Reply>({ kind: 'silence' }, { kind: 'silence', body: '{"UpgradeState":' }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(goodUpgrade, fc.nat({ max: 300 })).map(
      ([document, whole]): Reply => ({
        ...(replyWith(toJson(document)) as Reply & { kind: 'answer' }),
        whole,
      }),
    ),
  },
);

type Change =
  | { readonly what: 'flip'; readonly at: number; readonly bit: number }
  | { readonly what: 'cut' | 'double'; readonly at: number; readonly length: number }
  | { readonly what: 'insert'; readonly at: number; readonly bytes: string };

const byteText = fc.oneof(
  fc.string({ unit: fc.integer({ min: 0, max: 255 }).map((c) => String.fromCharCode(c)), maxLength: 6 }),
  hostileText.map(toLatin1),
  // A byte order mark, CESU-8 with and without its second half, a vertical tab as the runtime writes it.
  fc.constantFrom(
    '\xef\xbb\xbf',
    '\xed\xa0\xbd\xed\xb1\x8d',
    '\xed\xa0\xbd',
    '\\v',
    '\\u001b',
    '\\ud83d',
    '\xff',
    '['.repeat(5000),
  ),
);

const change: Arbitrary<Change> = fc.oneof(
  fc.record({ what: fc.constant('flip' as const), at: fc.nat(), bit: fc.nat({ max: 7 }) }),
  fc.record({
    what: fc.constantFrom('cut' as const, 'double' as const),
    at: fc.nat(),
    length: fc.nat({ max: 40 }),
  }),
  fc.record({ what: fc.constant('insert' as const), at: fc.nat(), bytes: byteText }),
);

function applyChange(body: string, one: Change): string {
  const at = one.at % (body.length + 1);
  const [before, after] = [body.slice(0, at), body.slice(at)];
  switch (one.what) {
    case 'flip':
      return after === ''
        ? before
        : before + String.fromCharCode(after.charCodeAt(0) ^ (1 << one.bit)) + after.slice(1);
    case 'cut':
      return before + after.slice(one.length);
    case 'double':
      return before + after.slice(0, one.length) + after;
    case 'insert':
      return before + one.bytes + after;
  }
}

/** Bytes that are unrelated to a document, or a document with a few bytes changed. */
const anyBody: Arbitrary<string> = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  },
  { weight: 1, arbitrary: byteText },
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        goodUpgrade.map((document) => toLatin1(toJson(document))),
        fc.array(change, { maxLength: 3 }),
      )
      .map(([body, changes]) => changes.reduce(applyChange, body)),
  },
);

export const anyAnswer: Arbitrary<Reply> = fc
  .record({
    status: fc.oneof({ weight: 3, arbitrary: fc.constant(200) }, { weight: 1, arbitrary: anyStatus }),
    reason: headerText,
    contentType: fc.oneof(
      fc.constantFrom(
        undefined,
        'application/json; charset=utf-8',
        'text/html',
        'application/json; charset=utf-16',
      ),
      headerText,
    ),
    body: anyBody,
  })
  .map(({ status, reason, contentType, body }) => ({
    kind: 'answer',
    status,
    reason,
    headers: contentType ? { 'Content-Type': contentType } : {},
    body,
  }));
