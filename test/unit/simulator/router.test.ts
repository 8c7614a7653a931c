/** Which requests the simulated cluster answers. */
import { describe, expect, it } from 'vitest';
import { api, simulatedCluster } from '../../support/simulated-cluster.ts';

describe('a wrong request is refused as the runtime refuses it', () => {
  const query = api.slice(1);
  const tail = '/$/GetUpgradeProgress';

  it.each<[string, string, number, string]>([
    ['GET', `/ComposeDeployments/wbe${tail}?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['GET', `/ComposeDeployments/Web${tail}?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['GET', `/ComposeDeployments/a/b${tail}?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['GET', `/ComposeDeployments/%77eb${tail}?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['GET', `/ComposeDeployments/%C3%BC${tail}?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    [
      'GET',
      `/ComposeDeployments/${'x'.repeat(4096)}${tail}?${query}`,
      404,
      'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    ],
    ['GET', `/ComposeDeployments/${'x'.repeat(4097)}${tail}?${query}`, 413, 'FABRIC_E_VALUE_TOO_LARGE'],
    ['GET', `/composedeployments/web${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web/$/getupgradeprogress?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web/%24/GetUpgradeProgress?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}/more?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/..${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/.${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/a%zz${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/a"b${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/a|b${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', '/', 400, 'E_INVALIDARG'],
    ['GET', `/Nodes?${query}`, 400, 'E_INVALIDARG'],
    ['POST', `/ComposeDeployments/web${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['PUT', `/ComposeDeployments/web${tail}?${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=six`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=0.9`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=6.5`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=6.0%2Dpreview`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?Api-Version=6.0`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?api-version=9&${query}`, 400, 'E_INVALIDARG'],
    ['GET', `/ComposeDeployments/web${tail}?${query}&timeout=0`, 504, 'FABRIC_E_TIMEOUT'],
    ['GET', `/ComposeDeployments?${query}&MaxResults=-1`, 400, 'E_INVALIDARG'],
    [
      'POST',
      `/ComposeDeployments/wbe/$/RollbackUpgrade?${query}`,
      404,
      'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    ],
    ['POST', `/ComposeDeployments/wbe/$/Delete?${query}`, 404, 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND'],
    ['GET', `/Applications/wbe${tail}?${query}`, 404, 'FABRIC_E_APPLICATION_NOT_FOUND'],
    ['POST', `/Applications/web/$/Upgrade?${query}`, 500, 'E_FAIL'],
  ])('%s %s: %i %s', async (verb, path, status, code) => {
    const cluster = await simulatedCluster('happy');
    const answer = await cluster.send(verb, path);
    expect([answer.status, JSON.parse(answer.text).Error.Code]).toEqual([status, code]);
    expect(answer.reason).toBe(code === 'E_INVALIDARG' ? 'Bad Request' : code);
    expect(answer.headers).toContain('application/json; charset=utf-8');
  });

  it.each([
    `/ComposeDeployments/web${tail}?api-version=6.0`,
    `/ComposeDeployments/web${tail}?api-version=3.0`,
    `/ComposeDeployments/web${tail}?api-version=6.4-preview`,
    `/ComposeDeployments/web${tail}?more=1&single&${query}&api-version=9`,
    `//ComposeDeployments//web${tail}/?${query}`,
    `/ComposeDeployments/web${tail}?${query}&timeout=soon`,
    `/ComposeDeployments/web${tail}?${query}&timeout=-1`,
    `/ComposeDeployments/web${tail}?${query}&timeout=4294967296`,
    `http://somewhere.example/ComposeDeployments/web${tail}?${query}`,
  ])('but not %s', async (path) => {
    const cluster = await simulatedCluster('happy');
    expect((await cluster.send('GET', path)).status).toBe(200);
  });
});
