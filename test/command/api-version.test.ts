/** Gateways that refuse the preview of the API version, and errors about any version. */
import { describe, expect, it } from 'vitest';
import { completedUpgrade, createUpgrade, runningUpgrade } from '../support/documents.ts';
import { unfoldTable } from '../support/printed-output.ts';
import { run } from '../support/run.ts';
import {
  answer,
  answerError,
  answerWith,
  repeat,
  type Script,
  startGateway,
} from '../support/scripted-gateway.ts';

const notice = 'sfcompose: The cluster refused api-version 6.0-preview. sfcompose used 6.0 instead.\n';
const answerVersionRefused = answerError(400, 'E_INVALIDARG', 'This API version is not supported');

/** Answers only requests without the preview. */
function withoutPreview(script: Script, refuse: Script = answerVersionRefused): Script {
  return (response, request) => (request.url?.includes('-preview') ? refuse : script)(response, request);
}

function listVersions({ requests }: Awaited<ReturnType<typeof startGateway>>): readonly unknown[] {
  return requests.map(({ url = '' }) => /api-version=([^&]*)/.exec(url)?.[1]);
}

const missing = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');

describe('a gateway that refuses the preview', () => {
  it.each(['table', 'plain', 'json', 'ndjson'])('is read without it: %s', async (format) => {
    const gateway = await startGateway(...repeat(withoutPreview(answerWith(runningUpgrade))));
    const { exitCode, stdout, stderr } = await run(['status', 'web', '-e', gateway.url, '-o', format]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: notice });
    expect(stdout).toMatch(/rolling forward|RollingForwardInProgress/);
    expect(stdout).not.toContain('api-version');
    expect(listVersions(gateway)).toEqual(['6.0-preview', '6.0']);
  });

  it('is asked for the preview once in a watch, and named once', async () => {
    const scripts = [runningUpgrade, runningUpgrade, completedUpgrade].map((one) =>
      withoutPreview(answerWith(one)),
    );
    const gateway = await startGateway(answerVersionRefused, ...scripts);
    const { exitCode, stderr } = await run(['watch', 'web', '-e', gateway.url]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: notice });
    expect(listVersions(gateway)).toEqual(['6.0-preview', '6.0', '6.0', '6.0']);
  });

  it('has its list, its names and the status of its deployments', async () => {
    const page = withoutPreview(answerWith({ Items: [{ DeploymentName: 'web' }] }));
    const list = await startGateway(page, page, withoutPreview(answerWith(runningUpgrade)));
    expect((await run(['list', '-e', list.url, '-o', 'plain'])).stderr).toBe(notice);
    expect(listVersions(list).slice(0, 2)).toEqual(['6.0-preview', '6.0']);
    const names = await startGateway(withoutPreview(missing), withoutPreview(missing), page);
    const { exitCode, stderr } = await run(['status', 'wbe', '-e', names.url]);
    expect(unfoldTable(stderr)).toContain('Did you mean web?');
    expect([exitCode, listVersions(names)]).toEqual([5, ['6.0-preview', '6.0', '6.0']]);
  });

  it('gives one notice for many deployments, and none with --quiet', async () => {
    const named = (name: string) => withoutPreview(answerWith(createUpgrade({ DeploymentName: name })));
    for (const [flags, stderr] of [
      [[], notice],
      [['--quiet'], ''],
    ] as const) {
      const script: Script = (response, request) =>
        named(request.url?.split('/')[2] ?? '')(response, request);
      const gateway = await startGateway(...repeat(script));
      const argv = ['status', 'web', 'api', 'shop', '-e', gateway.url, '-o', 'plain', ...flags];
      expect(await run(argv)).toMatchObject({ exitCode: 0, stderr });
    }
  });

  it('is traced with --verbose', async () => {
    const gateway = await startGateway(...repeat(withoutPreview(answerWith(runningUpgrade))));
    const { stderr } = await run(['status', 'web', '-e', gateway.url, '-v', '-o', 'plain']);
    expect(stderr).toContain('  api-version 6.0-preview may be refused; trying 6.0\n');
  });

  it('may deny access', async () => {
    const gateway = await startGateway(...repeat(withoutPreview(answerError(403, 'E_ACCESSDENIED'))));
    expect((await run(['status', 'web', '-e', gateway.url])).exitCode).toBe(7);
  });
});

describe('a gateway that refuses every version', () => {
  it.each([
    ['status', 'web'],
    ['status', 'web', '-o', 'plain'],
    ['watch', 'my app', '-o', 'ndjson'],
    ['list'],
  ])('is asked twice, and explained by the version: %s %s', async (...argv) => {
    const gateway = await startGateway(...repeat(answerVersionRefused));
    const { exitCode, stderr } = await run([...argv, '-e', gateway.url]);
    const text = unfoldTable(stderr);
    expect(text).toContain('rejected the API version (6.0-preview and 6.0 were tried)');
    expect(text).toContain(`sfcompose connection -e ${gateway.url}`);
    expect(text).not.toMatch(/deployment name|Names of letters|base path|instead/);
    expect([exitCode, listVersions(gateway)]).toEqual([6, ['6.0-preview', '6.0']]);
  });

  it('may have any reason if its message tells none', async () => {
    const refuse = answerError(400, 'E_INVALIDARG', 'The parameter is incorrect');
    const explain = async (name: string) => {
      const { url } = await startGateway(...repeat(refuse));
      return unfoldTable((await run(['status', name, '-e', url])).stderr);
    };
    const plain = await explain('web-2');
    expect(plain).toContain(
      'Possible causes: the endpoint has a wrong base path or the runtime does not support the API version (6.0-preview and 6.0 were tried).',
    );
    expect(plain).not.toContain('deployment name');
    expect(await explain('my app')).toContain('the deployment name has characters');
  });

  it('is explained by what it says of the second request', async () => {
    const gateway = await startGateway(answerVersionRefused, answerError(400, 'E_INVALIDARG', 'Bad name'));
    const { stderr } = await run(['status', 'my app', '-e', gateway.url]);
    expect(unfoldTable(stderr)).toContain('Bad name');
    expect(unfoldTable(stderr)).toContain('the deployment name has characters');
  });

  it('is not asked again once it has accepted the preview', async () => {
    const gateway = await startGateway(answerWith(runningUpgrade), ...repeat(answerVersionRefused));
    expect((await run(['watch', 'web', '-e', gateway.url])).exitCode).toBe(6);
    expect(listVersions(gateway)).toEqual(['6.0-preview', '6.0-preview']);
  });

  it('is no gateway if the refusal is not of the runtime', async () => {
    const gateway = await startGateway(...repeat(answer('<html>', 400, 'Bad Request')));
    expect((await run(['status', 'web', '-e', gateway.url])).exitCode).toBe(6);
    expect(gateway.requests).toHaveLength(1);
  });
});
