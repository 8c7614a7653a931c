import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readComposeUpgrade } from '../../../src/cluster/wire/compose-upgrade.ts';
import { readDeployments, readStatus } from '../../../src/cluster/wire/deployments.ts';
import { readFabricError } from '../../../src/cluster/wire/fabric-error.ts';
import { parseBody } from '../../../src/cluster/wire/json-body.ts';
import { readDuration } from '../../../src/cluster/wire/schema.ts';
import { sliceElements } from '../../../src/platform/json-tokens.ts';
import { findCauses } from '../../../src/upgrade/health-tree.ts';
import { fullForm, midway, rollingBack, shortForm, unhealthyEvent } from '../../support/documents.ts';

describe('durations', () => {
  it.each([
    ['PT0H0M0S', 0],
    ['PT0H2M0S', 120_000],
    ['PT0H4M0.6412S', 240_641.2],
    ['P1DT1H0M0S', 90_000_000],
    ['PT0H0M60S', 60_000],
    ['PT0H0M9.5e-05S', 0.095],
    ['PT00H02M05.5S', 125_500],
    ['P1Y2M3D', (365 + 60 + 3) * 86_400_000],
    ['-PT0H0M1S', -1000],
    ['1500', 1500],
    [1500, 1500],
    ['P10675199DT2H48M5.4775807S', Number.POSITIVE_INFINITY],
    ['P10675199DT02H48M05.4775807S', Number.POSITIVE_INFINITY],
    ['-P10675199DT2H48M5.4775808S', Number.NEGATIVE_INFINITY],
    ['', undefined],
    ['P', undefined],
    ['PT', undefined],
    ['soon', undefined],
  ])('%s is %s ms', (text, expected) => {
    const read = readDuration(text);
    if (expected !== undefined && Number.isFinite(expected)) expect(read).toBeCloseTo(expected, 6);
    else expect(read).toBe(expected);
  });
});

describe('bodies', () => {
  it.each([
    ['a byte order mark', Buffer.from('\ufeff{"a":1}'), { a: 1 }],
    ['\\v', Buffer.from('{"a":"x\\vy\\\\v"}'), { a: 'x\u000by\\v' }],
    [
      'surrogates encoded one by one',
      Buffer.from('7b2261223a22eda0bdedb8802221'.replace('2221', '227d'), 'hex'),
      { a: '😀' },
    ],
    ['bytes that are no UTF-8', Buffer.from([0x22, 0xff, 0x22]), '\ufffd'],
  ])('are read in spite of %s', (_, bytes, value) => {
    expect(parseBody(bytes)?.value).toEqual(value);
  });

  it.each(['', '<html>', '{"a":', 'nul'])('%j is none', (text) => {
    expect(parseBody(Buffer.from(text))).toBeUndefined();
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        parseBody(bytes);
      }),
    );
  });
});

describe('the document', () => {
  it('is read in full', () => {
    expect(readComposeUpgrade(midway)).toMatchObject({
      deployment: 'web',
      application: 'fabric:/web',
      state: 'RollingForwardInProgress',
      kind: 'Rolling',
      mode: 'Monitored',
      replicaSetCheckTimeout: 900_000,
      monitoringPolicy: {
        failureAction: 'Rollback',
        upgradeTimeout: 7_200_000,
        upgradeDomainTimeout: Number.POSITIVE_INFINITY,
      },
      targetVersion: 'v2',
      startedAt: undefined,
      failedAt: undefined,
      domainAtFailure: undefined,
      currentDomain: {
        name: 'UD1',
        nodes: [
          { name: '_node_1', phase: 'Upgrading', safetyChecks: [] },
          { name: '_node_4', safetyChecks: [{ kind: 'EnsureAvailability' }] },
        ],
      },
      others: [],
    });
  });

  it('is read with numbers for words, as old api-versions have them', () => {
    const numbers = fullForm({
      UpgradeState: 8,
      UpgradeKind: 1,
      RollingUpgradeMode: 3,
      MonitoringPolicy: { FailureAction: 1 },
      UpgradeDuration: '1500',
      CurrentUpgradeDomainProgress: {
        DomainName: 'UD0',
        NodeUpgradeProgressList: [
          { NodeName: 'n', UpgradePhase: 1, PendingSafetyChecks: [{ SafetyCheck: { Kind: 8 } }] },
        ],
      },
      ApplicationUnhealthyEvaluations: [{ HealthEvaluation: { Kind: 21, AggregatedHealthState: 65535 } }],
    });
    expect(readComposeUpgrade(numbers)).toMatchObject({
      state: 'RollingBackCompleted',
      kind: 'Rolling',
      mode: 'Monitored',
      monitoringPolicy: { failureAction: 'Rollback' },
      duration: 1500,
      currentDomain: {
        nodes: [{ phase: 'PreUpgradeSafetyCheck', safetyChecks: [{ kind: 'WaitForResourceAvailability' }] }],
      },
      unhealthyEvaluations: [{ kind: 'ApplicationTypeApplications', healthState: 'Unknown' }],
    });
  });

  it('is read in the published shape', () => {
    const published = fullForm({
      FailureReason: 'UpgradeDomainTimeout',
      StartTimestampUtc: '2026-11-24T07:00:00.000Z',
      UpgradeReplicaSetCheckTimeoutInSeconds: 4294967295,
    });
    expect(readComposeUpgrade(published)).toMatchObject({
      failureReason: 'UpgradeDomainTimeout',
      startedAt: new Date('2026-11-24T07:00:00Z'),
      replicaSetCheckTimeout: Number.POSITIVE_INFINITY,
    });
  });

  it.each(Object.keys(fullForm()).filter((name) => name !== 'UpgradeState'))(
    'is read without %s, or with nonsense in it',
    (name) => {
      const { [name]: _, ...without } = fullForm();
      for (const document of [without, fullForm({ [name]: null }), fullForm({ [name]: [{ x: {} }] })]) {
        expect(readComposeUpgrade(document)?.state).toBe('RollingForwardInProgress');
      }
    },
  );

  it('keeps what it does not know', () => {
    const read = readComposeUpgrade(shortForm({ UpgradeState: 'Dreaming', NewThing: 7, NewList: [1, 2] }));
    expect(read?.state).toBe('Dreaming');
    expect(read?.others).toEqual([
      { name: 'NewThing', value: '7' },
      { name: 'NewList', value: 'a list of 2' },
    ]);
  });

  it.each([[[]], ['x'], [null], [{}], [{ DeploymentName: 'web', ComposeDeploymentStatus: 'Ready' }]])(
    '%j is none',
    (value) => {
      expect(readComposeUpgrade(value)).toBeUndefined();
    },
  );

  it('leads from the tree of evaluations to the deepest cause', () => {
    const [cause] = findCauses(readComposeUpgrade(rollingBack)?.unhealthyEvaluations ?? []);
    expect(cause?.evaluation.event).toMatchObject({
      source: 'System.Hosting',
      sequenceNumber: '133512345678901234',
    });
    expect([...(cause?.where ?? [])]).toEqual([
      ['upgrade domain', 'UD1'],
      ['application', 'fabric:/web'],
      ['node', '_node_1'],
    ]);
  });

  it('does not exhaust the stack on a tree without an end', () => {
    let tree: unknown = unhealthyEvent;
    for (let depth = 0; depth < 10_000; depth++)
      tree = { HealthEvaluation: { Kind: 'Later', UnhealthyEvaluations: [tree] } };
    expect(
      readComposeUpgrade(fullForm({ ApplicationUnhealthyEvaluations: [tree] }))?.unhealthyEvaluations,
    ).toHaveLength(1);
  });

  it('never throws, whatever the JSON', () => {
    const member = fc.constantFrom(
      ...Object.keys(fullForm()),
      'HealthEvaluation',
      'SafetyCheck',
      '__proto__',
    );
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue(),
        fc.dictionary(member, tie('tree')),
        fc.array(tie('tree')),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        readComposeUpgrade(value);
        readStatus(value);
        readFabricError(value);
      }),
    );
  });
});

describe('the list of all deployments', () => {
  const read = (text: string) => {
    const json = parseBody(Buffer.from(text));
    return json && readDeployments(json);
  };
  const web = { name: 'web', application: undefined, status: undefined, details: undefined };

  it('is read in the spelling of the runtime and in the one that is published', () => {
    const runtimes =
      '{"DeploymentName":"web","ApplicationName":"fabric:\\/web","ComposeDeploymentStatus":"Upgrading"}';
    const published = '{ "Name" : "api", "Status" : 6, "StatusDetails" : "no image", "New" : 1.0 }';
    expect(read(`{"ContinuationToken":"web","Items":[${runtimes} , ${published}]}`)).toEqual({
      token: 'web',
      deployments: [
        { ...web, application: 'fabric:/web', status: 'Upgrading', document: runtimes },
        { ...web, name: 'api', status: 'Failed', details: 'no image', document: published },
      ],
    });
  });

  it.each<[string, string, readonly string[], string | undefined]>([
    ['no token', '{"Items":[{"Name":"web"}]}', ['web'], undefined],
    ['a token that is null', '{"Items":[],"ContinuationToken":null}', [], undefined],
    ['items that are none', '{"Items":[null,1,[],{},{"Name":7},{"Name":"web"}]}', ['web'], undefined],
    ['two lists', '{"Items":[{"Name":"api"}],"\\u0049tems":[{"Name":"web"}]}', ['web'], undefined],
  ])('is read in spite of %s', (_, text, names, token) => {
    const page = read(text);
    expect(page?.deployments.map(({ name }) => name)).toEqual(names);
    for (const { document } of page?.deployments ?? []) expect(document).toBe('{"Name":"web"}');
    expect(page?.token).toBe(token);
  });

  it.each([
    '[]',
    '{}',
    'null',
    '{"Items":{}}',
    '{"Items":null}',
    '{"Items":[],"ContinuationToken":1}',
    `{"Items":[],"ContinuationToken":"${'x'.repeat(5001)}"}`,
  ])('%.40s is none', (text) => {
    expect(read(text)).toBeUndefined();
  });

  it('gives each element as it came, whatever is in it', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.constantFrom(undefined, 1, '\t'), (values, space) => {
        const text = JSON.stringify({ before: values, Items: values, after: ']' }, undefined, space);
        expect(sliceElements(text, 'Items').map((element) => JSON.parse(element))).toEqual(
          JSON.parse(JSON.stringify(values)),
        );
      }),
    );
  });
});
