/** Routes of the simulated cluster. */
import { describe, expect, it } from 'vitest';
import { apiVersion, startSimulatedCluster } from '../../support/simulated-cluster.ts';

interface BadRequest {
  readonly verb: string;
  readonly path: string;
  readonly status: number;
  readonly code: string;
}

describe('a request to the simulated cluster', () => {
  const query = apiVersion.slice(1);
  const tail = '/$/GetUpgradeProgress';

  it.each<BadRequest>([
    {
      verb: 'GET',
      path: `/ComposeDeployments/wbe${tail}?${query}`,
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/Web${tail}?${query}`,
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/a/b${tail}?${query}`,
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/%77eb${tail}?${query}`,
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/%C3%BC${tail}?${query}`,
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/${'x'.repeat(4096)}${tail}?${query}`,
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/${'x'.repeat(4097)}${tail}?${query}`,
      status: 413,
      code: 'FABRIC_E_VALUE_TOO_LARGE',
    },
    { verb: 'GET', path: `/composedeployments/web${tail}?${query}`, status: 400, code: 'E_INVALIDARG' },
    {
      verb: 'GET',
      path: `/ComposeDeployments/web/$/getupgradeprogress?${query}`,
      status: 400,
      code: 'E_INVALIDARG',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/web/%24/GetUpgradeProgress?${query}`,
      status: 400,
      code: 'E_INVALIDARG',
    },
    { verb: 'GET', path: `/ComposeDeployments/web${tail}/more?${query}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: `/ComposeDeployments/${tail}?${query}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: `/ComposeDeployments/..${tail}?${query}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: `/ComposeDeployments/.${tail}?${query}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: `/ComposeDeployments/a%zz${tail}?${query}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: `/ComposeDeployments/a"b${tail}?${query}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: `/ComposeDeployments/a|b${tail}?${query}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'POST', path: '/', status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: '/EXPLORER', status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: '/Nodes', status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: `/Faults?${query}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'POST', path: `/ComposeDeployments/web${tail}?${query}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'PUT', path: `/ComposeDeployments/web${tail}?${query}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: `/ComposeDeployments/web${tail}`, status: 400, code: 'E_INVALIDARG' },
    { verb: 'GET', path: `/ComposeDeployments/web${tail}?api-version=`, status: 400, code: 'E_INVALIDARG' },
    {
      verb: 'GET',
      path: `/ComposeDeployments/web${tail}?api-version=six`,
      status: 400,
      code: 'E_INVALIDARG',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/web${tail}?api-version=0.9`,
      status: 400,
      code: 'E_INVALIDARG',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/web${tail}?api-version=6.5`,
      status: 400,
      code: 'E_INVALIDARG',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/web${tail}?api-version=6.0%2Dpreview`,
      status: 400,
      code: 'E_INVALIDARG',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/web${tail}?Api-Version=6.0`,
      status: 400,
      code: 'E_INVALIDARG',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/web${tail}?api-version=9&${query}`,
      status: 400,
      code: 'E_INVALIDARG',
    },
    {
      verb: 'GET',
      path: `/ComposeDeployments/web${tail}?${query}&timeout=0`,
      status: 504,
      code: 'FABRIC_E_TIMEOUT',
    },
    { verb: 'GET', path: `/ComposeDeployments?${query}&MaxResults=-1`, status: 400, code: 'E_INVALIDARG' },
    {
      verb: 'POST',
      path: `/ComposeDeployments/wbe/$/RollbackUpgrade?${query}`,
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      verb: 'POST',
      path: `/ComposeDeployments/wbe/$/Delete?${query}`,
      status: 404,
      code: 'FABRIC_E_COMPOSE_DEPLOYMENT_NOT_FOUND',
    },
    {
      verb: 'GET',
      path: `/Applications/wbe${tail}?${query}`,
      status: 404,
      code: 'FABRIC_E_APPLICATION_NOT_FOUND',
    },
    { verb: 'POST', path: `/Applications/web/$/Upgrade?${query}`, status: 500, code: 'E_FAIL' },
  ])('is refused as by the runtime: $verb $path with $status $code', async ({ verb, path, status, code }) => {
    const cluster = await startSimulatedCluster('happy');
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
  ])('is accepted: GET %s', async (path) => {
    const cluster = await startSimulatedCluster('happy');
    expect((await cluster.send('GET', path)).status).toBe(200);
  });
});
