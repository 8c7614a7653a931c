/**
 * A gateway whose cluster starts upgrades, with faults around the requests that a script lists. It keeps no clock of its
 * own: an upgrade that was accepted is under way from then on.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { createNeverUpgraded, createShortUpgrade } from './documents.ts';

/** The fate of a POST: whether the cluster accepts it, and what the client gets. */
export interface PostFault {
  readonly isAccepted: boolean;
  readonly answer: 'ok' | 'reset' | 'half' | number;
  /** Reads until the upgrade shows, as when the cluster accepts a request after its answer; 0 for at once. */
  readonly readsUntilVisible: number;
}

/** A fault of a read: its status, or a reset. */
export type ReadFault = 'none' | 'reset' | number;

export interface WriteGateway {
  readonly url: string;
  /** Bodies of all POST requests that arrived. */
  readonly posts: readonly string[];
  /** The number of upgrades that were started. */
  readonly startedCount: number;
}

/** @param reads faults of the reads, in turn; then all succeed */
export async function startWriteGateway(post: PostFault, reads: readonly ReadFault[]): Promise<WriteGateway> {
  const posts: string[] = [];
  let started = 0;
  let hidden = 0;
  let readCount = 0;

  function answerRead(request: IncomingMessage, response: ServerResponse): void {
    const fault = posts.length === 0 ? 'none' : (reads[readCount++] ?? 'none');
    if (fault === 'reset') request.socket.resetAndDestroy();
    else if (fault !== 'none') send(response, fault, createError('E_ABORT'));
    else answerWell(request, response);
  }

  function answerWell(request: IncomingMessage, response: ServerResponse): void {
    const isVisible = started > 0 && hidden-- <= 0;
    const path = request.url ?? '';
    if (/^\/ComposeDeployments.*GetUpgradeProgress/.test(path))
      send(
        response,
        200,
        isVisible
          ? createShortUpgrade({
              UpgradeState: 'ProvisioningTarget',
              TargetApplicationTypeVersion: `v${started + 1}`,
            })
          : createNeverUpgraded(),
      );
    else if (/^\/ComposeDeployments\/web\?/.test(path))
      send(response, 200, {
        DeploymentName: 'web',
        ApplicationName: 'fabric:/web',
        ComposeDeploymentStatus: isVisible ? 'Upgrading' : 'Ready',
      });
    else send(response, 404, createError('FABRIC_E_APPLICATION_NOT_FOUND'));
  }

  const server = createServer((request, response) => {
    if (request.method === 'GET') return answerRead(request, response);
    let body = '';
    request.on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      posts.push(body);
      if (post.isAccepted) {
        started++;
        hidden = post.readsUntilVisible;
      }
      if (post.answer === 'reset') request.socket.resetAndDestroy();
      else if (post.answer === 'half') request.socket.end('HTTP/1.1 202 Acc');
      else if (post.answer === 'ok') response.writeHead(202, { 'Content-Length': 0 }).end();
      else send(response, post.answer, createError('FABRIC_E_TIMEOUT'));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    get startedCount() {
      return started;
    },
  };
}

function createError(code: string) {
  return { Error: { Code: code, Message: 'Null' } };
}

function send(response: ServerResponse, status: number, document: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(document));
}
