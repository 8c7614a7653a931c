/** A registry of npm packages on this machine that has only sfcompose. */
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** A running registry. */
export interface PackageRegistry {
  readonly url: string;
  close(): void;
}

/** Starts a registry with a tarball as a version, and a newer version that cannot be installed. */
export async function startPackageRegistry(tarball: string, version: string): Promise<PackageRegistry> {
  const server = http.createServer(({ url }, response) => {
    if (url === '/sfcompose.tgz') return response.end(readFileSync(tarball));
    if (url !== '/sfcompose') return response.writeHead(404).end();
    const describe = (version: string, file: string) => ({
      name: 'sfcompose',
      version,
      dist: { tarball: `http://${getHost(server)}/${file}` },
    });
    const versions = {
      [version]: describe(version, 'sfcompose.tgz'),
      '99.0.0': describe('99.0.0', 'missing.tgz'),
    };
    return response.end(JSON.stringify({ name: 'sfcompose', 'dist-tags': { latest: '99.0.0' }, versions }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://${getHost(server)}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function getHost(server: http.Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}
