/** Poison in the responses to `sfcompose connection`, and in tokens. */
import { describe, expect, it } from 'vitest';
import { findCommands, findHarm, findHarmInAnyFormat, formats } from '../../support/harm.ts';
import { allPoisons, listPlaces } from '../../support/poison.ts';
import { run } from '../../support/run.ts';
import { answer, type Script, startGatewayWith } from '../../support/scripted-gateway.ts';

describe('sfcompose connection', () => {
  const metadata = { type: 'aad', metadata: { tenant: 'contoso.example', cluster: '5c1e', login: 'x' } };
  const version = { Version: '6.4.617.9590' };
  const documents = { metadata, version };

  const createToken = (claims: object) =>
    `e30.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`;

  async function startCluster(answers: Readonly<Record<string, unknown>>, isRefusing = false) {
    const script: Script = (response, request) => {
      const isMetadata = request.url?.includes('GetAadMetadata');
      if (!isMetadata && isRefusing) return answer('', 403)(response, request);
      answer(JSON.stringify(isMetadata ? answers['metadata'] : answers['version']))(response, request);
    };
    return startGatewayWith({}, ...Array<Script>(20).fill(script));
  }

  it.each(['metadata', 'version'] as const)('does no harm with poison anywhere in the %s', async (of) => {
    for (const place of listPlaces(documents[of])) {
      const { url } = await startCluster({ ...documents, [of]: place.with(allPoisons) });
      const harm = await findHarmInAnyFormat(['connection', '-e', url]);
      expect({ place: place.name, harm }).toEqual({ place: place.name, harm: [] });
    }
  });

  it('does no harm with poison in a token as well, and prints the exact text in JSON', async () => {
    const tenant = { tenant: allPoisons, cluster: allPoisons };
    const poisonous = { metadata: { type: 'aad', metadata: tenant }, version: { Version: allPoisons } };
    // A refusal prints the audience of the token, a success its roles.
    const refusing = await startCluster(poisonous, true);
    const forAnother = { env: { SFCOMPOSE_TOKEN: createToken({ aud: allPoisons }) } };
    const refusedRun = await run(['connection', '-e', refusing.url], forAnother);
    expect(findHarm(refusedRun, formats.table)).toEqual([]);
    expect(refusedRun.stderr).toContain('pwned');
    const { url } = await startCluster(poisonous);
    const env = { SFCOMPOSE_TOKEN: createToken({ roles: [allPoisons] }) };
    expect(await findHarmInAnyFormat(['connection', '-e', url], { env })).toEqual([]);
    const { stdout } = await run(['connection', '-e', url, '-o', 'json'], { env });
    expect(JSON.parse(stdout)).toMatchObject({
      entra: tenant,
      version: allPoisons,
      token: { roles: [allPoisons] },
    });
  });

  it.each([2000, 15_000])('sends a token of %i characters, and does not print it', async (length) => {
    const env = { SFCOMPOSE_TOKEN: createToken({ aud: 'web', groups: 'x'.repeat((length * 3) / 4 - 40) }) };
    const echo: Script = (response, request) =>
      answer(JSON.stringify({ Error: { Code: 'E_ECHO', Message: request.headers.authorization } }), 400)(
        response,
        request,
      );
    const { url } = await startGatewayWith({}, echo);
    const { exitCode, stdout, stderr } = await run(['upgrade-progress', 'web', '-e', url], { env });
    expect(exitCode).toBe(6);
    expect(stdout + stderr).toContain('***');
    // The letters `x` in base64.
    expect(stdout + stderr).not.toContain('eHh4');
  });

  it('prints placeholders for names that a shell could misread in the command for a token', async () => {
    const hostileMetadata = { ...metadata, metadata: { tenant: '@/etc/passwd', cluster: 'x"; reboot' } };
    const { url } = await startCluster({ ...documents, metadata: hostileMetadata }, true);
    const { stderr } = await run(['connection', '-e', url, '-o', 'plain']);
    expect(findCommands(stderr)).toEqual([
      'az account get-access-token --tenant <name> --resource <name> --query accessToken -o tsv',
    ]);
  });
});
