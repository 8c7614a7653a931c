/** The explanations of faults: what happened, the likely cause, and steps whose commands can be copied. */
import { describe, expect, it } from 'vitest';
import { explainFault } from '../../../../src/cluster/faults/explain.ts';
import {
  createTransportFault,
  describeFault,
  type Fault,
  type TransportFault,
} from '../../../../src/cluster/faults/fault.ts';

const context = {
  deployment: 'web',
  endpoint: 'http://prod.example:19080',
  commandTarget: { options: [], sfctlSelect: undefined, shells: ['posix'] as const },
  timeoutSeconds: 60,
  tries: 1,
  wasRead: false,
  now: 0,
};

function explain(fault: Fault, changes: Partial<typeof context> = {}) {
  return explainFault(fault, 'GET http://prod.example:19080/', { ...context, ...changes });
}

const refused = createTransportFault('ECONNREFUSED');

const transportFaults: Readonly<Record<TransportFault['kind'], TransportFault>> = {
  'unknown-host': createTransportFault('ENOTFOUND'),
  refused,
  'no-route': createTransportFault('EHOSTUNREACH'),
  reset: createTransportFault('ECONNRESET'),
  timeout: createTransportFault('ETIMEDOUT'),
  'too-large': { kind: 'too-large', cause: '64 MiB' },
  'not-http': createTransportFault('HPE_INVALID_CONSTANT'),
  'bad-encoding': createTransportFault('Z_DATA_ERROR'),
  'not-tls': createTransportFault('ERR_SSL_WRONG_VERSION_NUMBER'),
  'server-certificate': { kind: 'server-certificate', cause: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
  'client-certificate': createTransportFault('ERR_SSL_ALERT_BAD_CERTIFICATE'),
  'tls-handshake': createTransportFault('ERR_SSL_NO_PROTOCOLS_AVAILABLE'),
  'proxy-rejection': { kind: 'proxy-rejection', cause: '403 Forbidden', proxy: 'http://proxy.example:3128' },
  token: { kind: 'token', cause: '--token-command (az) failed' },
  'wrong-deployment': { kind: 'wrong-deployment', cause: 'api' },
  other: createTransportFault('EUNKNOWN'),
};

describe('the explanation of a fault of the connection', () => {
  it.each(Object.values(transportFaults))(
    'consists of short sentences and copyable commands: $kind',
    (fault) => {
      const { what, meaning = '', next = [] } = explain(fault);
      expect(what).toMatch(/^[A-Z].*\.$/);
      expect(meaning).toMatch(/^(?:[A-Z].*\.)?$/);
      expect(next.length).toBeGreaterThan(0);
      for (const step of next) {
        // A sentence has no command, and a label with a command has no full stop.
        expect(step.what.endsWith('.')).toBe(step.command === undefined);
        expect(step.command ?? '').not.toMatch(/[.:]$/);
      }
      expect(what + meaning + JSON.stringify(next)).toMatch(/^[ -~]*$/);
    },
  );

  it('names the number of tries before the full stop', () => {
    expect(explain(refused, { tries: 3 }).what).toBe(
      'Connection refused: http://prod.example:19080 (3 attempts).',
    );
  });

  it.each(Object.values(transportFaults))(
    'suggests the port of the HTTP gateway for that of native clients: $kind',
    (fault) => {
      const { next = [] } = explain(fault, { endpoint: 'http://prod.example:19000/base' });
      expect(next[0]).toEqual({
        what: 'Port 19000 is for PowerShell and FabricClient. Use the HTTP gateway, at port 19080 of the same host',
        command: '-e http://prod.example:19080/base',
      });
      expect(next.some(({ command = '' }) => command.includes(':19000'))).toBe(false);
    },
  );

  it.each([
    ['https://sf.example:443/east', '-e https://sf.example:19080/east'],
    ['http://sf.example:80', '-e http://sf.example:19080'],
    ['https://[2001:db8::443]:443', '-e https://[2001:db8::443]:19080'],
  ])('ends with the usual port of the HTTP gateway for %s', (endpoint, command) => {
    expect(explain(refused, { endpoint }).next?.at(-1)?.command).toBe(command);
  });
});

describe('the description of a fault', () => {
  it.each([
    ['connection refused', refused],
    ['proxy: connection refused', { ...refused, proxy: 'http://proxy.example:3128' }],
    ['proxy: HTTP 403 Forbidden', transportFaults['proxy-rejection']],
    ['response for "api"', transportFaults['wrong-deployment']],
    ['EUNKNOWN', transportFaults.other],
    ['TLS handshake failed', transportFaults['tls-handshake']],
  ])('is %s', (description, fault) => {
    expect(describeFault(fault)).toBe(description);
  });
});
