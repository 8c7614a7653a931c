/** The explanations of refused writes. */
import { describe, expect, it } from 'vitest';
import { createTransportFault, type ResponseFault } from '../../../../src/cluster/faults/fault.ts';
import { explainRefusal, type WriteContext } from '../../../../src/cluster/faults/write.ts';

const context: WriteContext = {
  deployment: 'web',
  endpoint: 'http://prod.example:19080',
  commandTarget: {
    options: ['-e', 'http://prod.example:19080'],
    sfctlSelect: undefined,
    shells: ['posix'] as const,
  },
  timeoutSeconds: 60,
  tries: 1,
  wasRead: true,
  now: 0,
  write: 'upgrade',
  composeFile: {
    path: 'compose.yml',
    findLine: (path) => ({ 'services.web': 12, 'services.web.image': 14 })[path],
  },
};

function respond(status: number, code?: string, message?: string): ResponseFault {
  return {
    kind: 'response',
    status,
    reason: '',
    contentType: undefined,
    location: undefined,
    authenticate: undefined,
    retryAfter: undefined,
    length: 1,
    error: code === undefined ? undefined : { code, message },
    document: code === undefined ? undefined : '{}',
  };
}

function explain(fault: ResponseFault, changes: Partial<WriteContext> = {}) {
  return explainRefusal(fault, 'POST http://prod.example:19080/', { ...context, ...changes });
}

const imageBuilder = 'FABRIC_E_IMAGEBUILDER_';

describe('a refused write', () => {
  it.each<[WriteContext['write'], ResponseFault, outcome: string, what: RegExp]>([
    ['upgrade', respond(400, `${imageBuilder}VALIDATION_ERROR`), 'invalid', /rejected the compose file/],
    ['upgrade', respond(500, `${imageBuilder}UNEXPECTED_ERROR`), 'invalid', /could not process the compose/],
    ['upgrade', respond(500, `${imageBuilder}TIMEOUT`), 'invalid', /in time/],
    ['upgrade', respond(400, `${imageBuilder}RESERVED_DIRECTORY_ERROR`), 'invalid', /RESERVED_DIRECTORY/],
    ['upgrade', respond(400, 'E_INVALIDARG', 'The argument is invalid.'), 'invalid', /as invalid/],
    ['upgrade', respond(400, 'E_INVALIDARG', 'Unknown api-version.'), 'unreachable', /API version/],
    ['upgrade', respond(500, 'SerializationError'), 'invalid', /could not parse/],
    ['upgrade', respond(413), 'invalid', /too large/],
    ['upgrade', respond(413, 'FABRIC_E_MESSAGE_TOO_LARGE'), 'invalid', /compose file is too large/],
    ['upgrade', respond(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'), 'not-found', /no compose deployment/],
    ['upgrade', respond(403, 'E_ACCESSDENIED'), 'unauthorized', /no permission to start upgrades/],
    ['rollback', respond(403, 'E_ACCESSDENIED'), 'unauthorized', /no permission to roll back upgrades/],
    ['rollback', respond(403), 'unauthorized', /Access denied/],
    ['rollback', respond(400, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_UPGRADING'), 'conflict', /to roll back/],
    ['rollback', respond(409, 'FABRIC_E_APPLICATION_ALREADY_IN_TARGET_VERSION'), 'conflict', /no longer/],
    ['rollback', respond(409, 'FABRIC_E_WRITE_CONFLICT'), 'conflict', /state of "web"/],
    ['rollback', respond(400, 'E_INVALIDARG'), 'unreachable', /as invalid/],
    ['rollback', respond(501, 'E_NOTIMPL'), 'unreachable', /does not support/],
    ['resume', respond(400, 'FABRIC_E_APPLICATION_NOT_UPGRADING'), 'conflict', /no pending upgrade domain/],
    ['resume', respond(400, 'FABRIC_E_UPGRADE_DOMAIN_ALREADY_COMPLETED'), 'conflict', /already/],
    ['resume', respond(400, 'E_INVALIDARG'), 'conflict', /cannot continue/],
    ['resume', respond(404, 'FABRIC_E_APPLICATION_NOT_FOUND'), 'not-found', /no application/],
    ['resume', respond(400, 'FABRIC_E_NEW'), 'unreachable', /FABRIC_E_NEW/],
  ])('%s: %o', (write, fault, outcome, expected) => {
    const { what, next = [], ...explanation } = explain(fault, { write });
    expect(explanation.outcome).toBe(outcome);
    expect(what).toMatch(expected);
    expect(what).toMatch(/\. Nothing was started\.$/);
    expect(next.length).toBeGreaterThan(0);
    for (const step of next) {
      if (!step.what.includes('http:')) expect(step.what.endsWith('.')).toBe(step.command === undefined);
      if (step.command?.startsWith('sfcompose')) expect(step.command).toMatch(/ -e http:\S+$/);
    }
  });

  it('that was never sent is explained as a failed read is', () => {
    const { what } = explainRefusal(createTransportFault('ECONNREFUSED'), 'POST x', context);
    expect(what).toBe('Connection refused: http://prod.example:19080. Nothing was started.');
  });
});

describe('faults of a compose file', () => {
  const message =
    "services.web - 'image' is missing.\r\n\r\nservices.db.ports - Not supported.\nSee the log.";
  const fault = respond(400, `${imageBuilder}VALIDATION_ERROR`, message);

  it('are shown with their places in the file', () => {
    const { evidence, location, message } = explain(fault);
    expect(evidence).toEqual([
      "compose.yml:12: services.web: 'image' is missing.",
      'compose.yml: services.db.ports: Not supported.',
      'compose.yml: See the log.',
    ]);
    expect(location).toEqual({ file: 'compose.yml', line: 12 });
    expect(message).toBeUndefined();
  });

  it('have no location in stdin', () => {
    const composeFile = { path: '-', findLine: () => 3 };
    const { evidence, location } = explain(fault, { composeFile });
    expect(evidence?.[0]).toBe("stdin:3: services.web: 'image' is missing.");
    expect(location).toBeUndefined();
  });

  it('are limited in number', () => {
    const many = respond(400, `${imageBuilder}VALIDATION_ERROR`, 'a.b - Bad.\n'.repeat(1000));
    const { evidence = [] } = explain(many);
    expect([evidence.length, evidence.at(-1)]).toEqual([21, '980 more faults.']);
  });

  it('without a path leave the message as it is', () => {
    const { evidence, message } = explain(respond(400, `${imageBuilder}VALIDATION_ERROR`, 'Bad file.'));
    expect([evidence, message]).toEqual([undefined, 'Bad file.']);
  });
});
