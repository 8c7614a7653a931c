/** The gateway's pages, which need no api-version. `sfctl cluster select` asks for the root page. */
import type { Reply } from './errors.ts';

const explorerPath = '/Explorer/index.html';

const page = `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>Service Fabric</title></head>
<body>
<h1>Simulated Service Fabric cluster</h1>
<p>This cluster serves its REST API, and no Service Fabric Explorer.</p>
</body>
</html>
`;

/** Builds the page that stands in for the gateway's root page and for Service Fabric Explorer. */
export function buildPage(): Reply {
  return { status: 200, reason: 'OK', body: Buffer.from(page), contentType: 'text/html; charset=utf-8' };
}

/** Builds the redirect to Service Fabric Explorer. */
export function redirectToExplorer(): Reply {
  return { status: 301, reason: 'Moved Permanently', body: undefined, location: explorerPath };
}
