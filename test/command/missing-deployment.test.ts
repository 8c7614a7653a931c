/** Advice for a deployment that does not exist: similar names, or all of them. */
import { describe, expect, it } from 'vitest';
import { runningUpgrade } from '../support/documents.ts';
import { createTestTime, type RunOptions, run } from '../support/run.ts';
import { answer, answerError, answerWith, type Script, startGateway } from '../support/scripted-gateway.ts';

const answerBusy = answerError(503, 'E_ABORT');

/** Answers with a page of deployments, and the token of the next page. */
const answerPage = (names: readonly string[], token = ''): Script =>
  answerWith({ ContinuationToken: token, Items: names.map((name) => ({ DeploymentName: name })) });

interface MissingName {
  readonly name: string;
  /** The cluster's response to the list of deployments. */
  readonly cluster: string;
  readonly script: Script;
  readonly advice: string;
}

describe('a missing deployment', () => {
  const answerMissing = answerError(404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND');

  async function ask(
    name: string,
    others: readonly Script[],
    argv: readonly string[] = [],
    options: RunOptions = {},
  ) {
    const gateway = await startGateway(answerMissing, ...others);
    const result = await run(['upgrade-progress', name, '-e', gateway.url, ...argv], {
      env: { SFCOMPOSE_OUTPUT: 'plain' },
      ...options,
    });
    return { ...result, urls: gateway.requests.map(({ url }) => url) };
  }

  it.each<MissingName>([
    {
      name: 'ShopFront',
      cluster: 'names in another case',
      script: answerPage(['api', 'shopfront', 'shopfronts']),
      advice: 'Did you mean shopfront or shopfronts?',
    },
    {
      name: 'wbe',
      cluster: 'a similar name',
      script: answerPage(['api', 'web']),
      advice: 'Did you mean web?',
    },
    {
      name: 'web',
      cluster: 'four similar names',
      script: answerPage(['Web', 'WEB', 'wEb', 'weB']),
      advice: 'Did you mean Web, WEB or wEb?',
    },
    {
      name: 'shop',
      cluster: 'two other names',
      script: answerPage(['api', 'web']),
      advice: 'The compose deployments on this cluster: api and web.',
    },
    {
      name: 'shop',
      cluster: 'one other name',
      script: answerPage(['web']),
      advice: 'The only compose deployment on this cluster: web.',
    },
    {
      name: 'shop',
      cluster: 'six other names',
      script: answerPage(['a', 'b', 'c', 'd', 'e', 'f']),
      advice: 'List the deployments\n    sfcompose list -e {endpoint}',
    },
    {
      name: 'shop',
      cluster: 'no deployments',
      script: answerPage([]),
      advice: 'The cluster has no compose deployments.',
    },
    {
      name: 'shop',
      cluster: 'an error',
      script: answerBusy,
      advice: 'List the deployments\n    sfcompose list -e {endpoint}',
    },
    {
      name: 'shop',
      cluster: 'a web page',
      script: answer('<html>'),
      advice: 'List the deployments\n    sfcompose list -e {endpoint}',
    },
    {
      name: 'shop',
      cluster: 'a broken connection',
      script: (response) => response.destroy(),
      advice: 'List the deployments\n    sfcompose list -e {endpoint}',
    },
  ])('$name is reported with $advice on a cluster with $cluster', async ({ name, script, advice }) => {
    const { exitCode, stderr, urls } = await ask(name, [script]);
    const text = stderr.replaceAll(/http:\/\/127\.0\.0\.1:\d+/g, '{endpoint}');
    expect(text.endsWith(`\n  ${advice}\n  Check that the endpoint is the right cluster.\n`)).toBe(true);
    expect(exitCode).toBe(5);
    expect(urls[1]).toBe('/ComposeDeployments?api-version=6.0-preview&timeout=2');
  });

  it('is compared with names on later pages', async () => {
    const { stderr } = await ask('wbe', [answerPage(['api'], 'api'), answerPage(['web'])]);
    expect(stderr).toContain('Did you mean web?');
  });

  it("is reported by a watch and to build agents, but not inside the gateway's own document", async () => {
    const watched = await ask('wbe', [answerPage(['web'])], ['--watch', '--ci', 'github']);
    expect(watched.stderr).toMatch(/^::error title=.*%0ADid you mean web\?%0A/m);
    const json = await ask('wbe', [answerPage(['web'])], ['--json']);
    expect(json.stderr).toContain('Did you mean web?');
    expect(JSON.parse(json.stdout).Error.Message).toBe('said the server');
    expect(json.exitCode).toBe(5);
  });

  it('is not looked up for more than two seconds, nor after it was read before', async () => {
    const time = createTestTime();
    const silent: Script = () => time.pass(2000);
    const { exitCode, stderr } = await ask('wbe', [silent], [], { time });
    expect(stderr).toContain('List the deployments\n    sfcompose list');
    expect(exitCode).toBe(5);
    expect(time.clock.monotonic()).toBe(2000);
    const gateway = await startGateway(answerWith(runningUpgrade), answerMissing);
    const watch = await run(['upgrade-progress', 'web', '-e', gateway.url, '--watch', '-o', 'plain']);
    expect(watch.stderr).toContain('was removed while it was being watched');
    expect(gateway.requests).toHaveLength(2);
  });

  it('is reported even if Ctrl-C ends the lookup', async () => {
    const interrupt = new AbortController();
    const ended = await ask('wbe', [() => interrupt.abort('SIGINT')], [], { interrupt: interrupt.signal });
    expect(ended.stderr).toContain('There is no compose deployment "wbe"');
    expect(ended.exitCode).toBe(5);
  });
});
