/** A simulated cluster that asks for a client certificate, and clients for it. */
import https, { type RequestOptions } from 'node:https';
import { connect, type TLSSocket } from 'node:tls';
import { createAuthority } from './authority.ts';
import { getProgressPath, startSimulatedCluster } from './simulated-cluster.ts';

const authority = createAuthority('Test authority');
const issueClient = () => authority.issue({ address: '127.0.0.1' });
export const acceptedClient = issueClient();
export const otherClient = issueClient();
export const progressPath = getProgressPath('web');

interface Answer {
  readonly status: number;
  readonly reason: string;
  readonly body: string;
}

/** Sends a request, on a connection of its own unless an agent is given. */
export function sendRequest(
  url: string,
  path: string,
  options: RequestOptions = {},
  body?: Buffer,
): Promise<Answer> {
  const client: RequestOptions = { rejectUnauthorized: false, agent: false, path, ...options };
  return new Promise((resolve, reject) => {
    const request = https.request(url, client, async (response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of response) chunks.push(chunk);
      const { statusCode = 0, statusMessage = '' } = response;
      resolve({ status: statusCode, reason: statusMessage, body: Buffer.concat(chunks).toString() });
    });
    request.on('error', reject).end(body);
  });
}

/** Opens a connection that sends a request and never reads the response. */
export async function openMuteConnection(url: string): Promise<TLSSocket> {
  const { port } = new URL(url);
  const socket = connect({
    port: Number(port),
    host: '127.0.0.1',
    rejectUnauthorized: false,
    ...acceptedClient,
  });
  socket.on('error', () => {});
  await new Promise((resolve) => socket.once('secureConnect', resolve));
  socket.pause();
  await new Promise((resolve) =>
    socket.write(`GET ${progressPath} HTTP/1.1\r\nHost: localhost\r\n\r\n`, resolve),
  );
  // A response to this request shows that the server has received the other request as well.
  await sendRequest(url, '/$/GetAadMetadata?api-version=1.0');
  return socket;
}

export const startSecuredCluster = () =>
  startSimulatedCluster('happy', { tls: true, clientCertificate: acceptedClient.cert });
export const refusedAnswer: Answer = { status: 403, reason: 'Client certificate required', body: '' };
