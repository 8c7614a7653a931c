/** Defines the endpoint of the cluster's HTTP gateway. */

/** The address of the cluster's HTTP gateway. */
export interface Endpoint {
  /** `http://host:19080`, always with a port. */
  readonly origin: string;
  readonly isTls: boolean;
  /** A name or an address; IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
  /** Path before `/ComposeDeployments`: empty, or with a leading slash and without a trailing one. */
  readonly basePath: string;
}

/** Formats an endpoint with its base path: `http://host:19080`. */
export function formatEndpoint({ origin, basePath }: Endpoint): string {
  return origin + basePath;
}

/** Whether a host is the loopback name or a loopback address. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|::1)$/i.test(host);
}
