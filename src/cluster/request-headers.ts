/** Builds the headers of all requests. Pure but for the random id. */
import type { Token } from '../config/token.ts';
import { version } from '../platform/version.ts';

/** Creates a GUID that identifies the request in traces. Not by node:crypto, which takes 3 ms to load. */
export function createRequestId(): string {
  const digit = () => Math.floor(Math.random() * 16).toString(16);
  return 'xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx'.replace(/x/g, digit);
}

/** Builds the headers that identify the request and the client. */
export function buildHeaders(requestId: string, token: Token | undefined): Readonly<Record<string, string>> {
  return {
    Accept: 'application/json',
    'User-Agent': `sfcompose/${version}`,
    'X-ServiceFabricRequestId': requestId,
    'X-ServiceFabricClientType': 'sfcompose',
    ...(token && { Authorization: `Bearer ${token.text.reveal()}` }),
  };
}
