/** Poison in certificates, and in the response of a proxy. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createAuthority, createKey } from '../../support/authority.ts';
import { createFolder } from '../../support/folder.ts';
import { startForwardProxy } from '../../support/forward-proxy.ts';
import { agentFiles, findHarm, findHarmInAnyFormat, lineStarts } from '../../support/harm.ts';
import { allPoisons, toOneLine } from '../../support/poison.ts';
import { run } from '../../support/run.ts';
import { answer, type Script, startTlsGateway } from '../../support/scripted-gateway.ts';

describe('poison in a certificate', () => {
  // The names of these certificates are encoded in latin1.
  const name = Buffer.from(allPoisons).toString('latin1');

  it("does no harm in the server's and the client's, refused or accepted", async () => {
    const authority = createAuthority(name);
    const tls = authority.issue({ address: name });
    const { url } = await startTlsGateway(tls, ...Array<Script>(50).fill(answer('', 403)));
    const key = createKey('ec');
    const file = join(
      createFolder({ 'client.pem': authority.issueClient({ name, key }) + key }),
      'client.pem',
    );
    expect(await findHarmInAnyFormat(['connection', '-e', url])).toEqual([]);
    expect(await findHarmInAnyFormat(['connection', '-e', url, '--insecure', '--cert-file', file])).toEqual(
      [],
    );
    for (const agent of ['github', 'azure'] as const) {
      const words = ['upgrade-progress', 'web', '-e', url, '-o', 'plain', '--ci', agent];
      const ended = await run(words, { env: agentFiles });
      expect(findHarm(ended, { lines: lineStarts.plain, agent })).toEqual([]);
      expect(ended.stderr).toContain('pwned');
    }
  });
});

it('poison in the response of a proxy does no harm', async () => {
  const { port } = await startForwardProxy({
    to: 'http://127.0.0.1:1',
    refusal: `403 ${toOneLine(allPoisons)}`,
  });
  const env = { HTTPS_PROXY: `http://127.0.0.1:${port}` };
  const argv = ['upgrade-progress', 'web', '-e', 'https://c.example'];
  expect(await findHarmInAnyFormat(argv, { env })).toEqual([]);
});
