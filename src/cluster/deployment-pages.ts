/** Reads the list of deployments page by page, with limits that protect against a server that never ends the list. */
import type { Deployment } from '../upgrade/model.ts';
import { GatewayError } from './faults/fault.ts';
import { parseResponse } from './gateway-response.ts';
import type { HttpResponse } from './http-client.ts';
import { type DeploymentPage, parseDeployments } from './wire/deployments.ts';

/** Limit for deployments and pages together, far above what a cluster can hold. */
const maxDeployments = 100_000;
const tooManyDeployments = { kind: 'too-large', cause: `${maxDeployments / 1000},000 deployments` } as const;

/** Limit for the text of all pages, in characters. */
const maxTextLength = 2 ** 26;
const tooLongText = { kind: 'too-large', cause: `${maxTextLength / 2 ** 20} MiB` } as const;

/** Runs a read, and repeats it after transient faults. */
export type Retry = <T>(read: () => Promise<T>) => Promise<T>;

/**
 * Yields the deployments of each page, without duplicates.
 * @param fetchPage sends a request with the continuation token of the page before
 * @param via the proxy that may have sent the response instead of the gateway
 */
export async function* readDeploymentPages(
  fetchPage: (continuationToken: string | undefined) => Promise<HttpResponse>,
  via: string | undefined,
  retry: Retry,
): AsyncGenerator<readonly Deployment[], void> {
  const tokens = new Set<string | undefined>();
  const names = new Set<string>();
  let length = 0;
  let token: string | undefined;

  /** Rejects a page that points back to an earlier page, because the list would never end. */
  const parsePage = (value: unknown, text: string): DeploymentPage | undefined => {
    const page = parseDeployments({ value, text });
    return page && !tokens.has(page.token) ? page : undefined;
  };

  async function readPage(): Promise<DeploymentPage> {
    const response = await fetchPage(token);
    const { value: page, text } = parseResponse(response, parsePage, via);
    length += text.length;
    if (length > maxTextLength) throw new GatewayError(tooLongText, response.request);
    if (names.size + tokens.size + page.deployments.length > maxDeployments)
      throw new GatewayError(tooManyDeployments, response.request);
    return page;
  }

  do {
    const page = await retry(readPage);
    yield page.deployments.filter(({ name }) => !names.has(name) && names.add(name));
    token = page.token;
    tokens.add(token);
  } while (token);
}
