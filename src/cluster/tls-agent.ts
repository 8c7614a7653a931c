/** Creates the HTTP agent for the cluster. */
import http from 'node:http';
import https from 'node:https';
import type { Endpoint } from '../config/endpoint.ts';
import type { Connector } from './connector.ts';

/** A request option that cancels the request, also while its connection is being established. */
export interface CancelOption {
  readonly cancelSignal: AbortSignal;
}

/** Creates an agent that keeps connections alive. Connections fail with a ConnectionError. */
export function createAgent({ isTls }: Endpoint, connector: Connector): http.Agent {
  const agent = new (isTls ? https : http).Agent({ keepAlive: true });
  const createConnection: http.Agent['createConnection'] = (options, callback) => {
    const { cancelSignal } = options as unknown as CancelOption;
    connector.open(cancelSignal).then(
      (socket) => callback?.(null, socket),
      (error) => callback?.(error, undefined as never),
    );
    return undefined;
  };
  return Object.assign(agent, { createConnection });
}
