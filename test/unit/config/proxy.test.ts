/** Which proxy the environment names for an endpoint, as curl reads it. */
import { describe, expect, it } from 'vitest';
import { findProxy } from '../../../src/config/proxy.ts';
import { endpointSetting } from '../../../src/config/settings.ts';

function proxyOf(endpoint: string, env: Readonly<Record<string, string>>) {
  const parsed = endpointSetting.parse(endpoint);
  if (parsed === undefined) throw new Error(endpoint);
  return findProxy(parsed, env);
}

describe('the proxy', () => {
  it.each<[string, Readonly<Record<string, string>>, string | undefined]>([
    ['https://c.example', {}, undefined],
    ['https://c.example', { HTTPS_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['https://c.example', { HTTP_PROXY: 'http://p:3128' }, undefined],
    ['http://c.example', { HTTP_PROXY: 'http://p:3128' }, 'http://p:3128'],
    ['http://c.example', { HTTPS_PROXY: 'http://p:3128' }, undefined],
    ['https://c.example', { HTTPS_PROXY: 'http://p', https_proxy: 'http://q' }, 'http://q:1080'],
    ['https://c.example', { ALL_PROXY: 'p:8080' }, 'http://p:8080'],
    ['https://c.example', { ALL_PROXY: 'p:8080', HTTPS_PROXY: 'https://s' }, 'https://s:443'],
    ['https://c.example', { HTTPS_PROXY: 'http://[::1]:3128/' }, 'http://[::1]:3128'],
    ['https://c.example', { HTTPS_PROXY: '' }, undefined],
    ['http://localhost', { ALL_PROXY: 'p:1' }, undefined],
    ['http://127.0.0.1', { ALL_PROXY: 'p:1' }, undefined],
    ['http://[::1]', { ALL_PROXY: 'p:1' }, undefined],
  ])('of %s with %j is %s', (endpoint, env, proxy) => {
    expect(proxyOf(endpoint, env)?.origin).toBe(proxy);
  });

  it.each<[string, string, boolean]>([
    ['c.example', 'c.example', true],
    ['c.example', 'C.Example.', true],
    ['a.c.example', 'c.example', true],
    ['a.c.example', '.c.example', true],
    ['c.example', '.c.example', true],
    ['xc.example', 'c.example', false],
    ['c.example', 'other, c.example', true],
    ['c.example', 'other c.example', true],
    ['c.example', '*', true],
    ['c.example', '', false],
    ['10.1.2.3', '10.1.2.3', true],
    ['10.1.2.3', '10.0.0.0/8', true],
    ['11.1.2.3', '10.0.0.0/8', false],
    ['10.1.2.3', '10.0.0.0/99', false],
    ['10.1.2.3', '2.3', false],
    ['[fd00::1]', 'fd00::/8', true],
    ['[fd00::1]', '10.0.0.0/8', false],
  ])('is passed by for %s with NO_PROXY "%s": %s', (host, list, exempt) => {
    const env = { ALL_PROXY: 'http://p:1', NO_PROXY: list };
    expect(proxyOf(`https://${host}`, env) === undefined).toBe(exempt);
  });

  it('keeps its user and password to itself', () => {
    const proxy = proxyOf('https://c.example', { HTTPS_PROXY: 'http://me:s%40fe@p:3128' });
    expect(proxy?.origin).toBe('http://p:3128');
    expect(JSON.stringify(proxy)).not.toMatch(/s@fe|s%40fe|bWU6c0BmZQ/);
    expect(proxy?.authorization?.reveal()).toBe(`Basic ${btoa('me:s@fe')}`);
  });

  it.each(['socks5://p:1080', 'http://', 'http://p:port', 'http://p:99999', 'http://p q:1'])(
    'of another kind is refused: %s',
    (text) => {
      expect(() => proxyOf('https://c.example', { HTTPS_PROXY: text })).toThrow('HTTPS_PROXY is');
    },
  );

  it.each([
    'socks5://me:hunter2@p:1080',
    'my-proxy://me:hunter2@p',
    'http://me:hun/ter2@p',
    'me:hun/t@er2@p',
  ])('that is refused does not tell its password: %s', (text) => {
    const env = { HTTPS_PROXY: text };
    expect(() => proxyOf('https://c.example', env)).toThrow(/"(?:[\w-]+:\/\/)?\*\*\*@p(?::1080)?"/);
  });

  it('is not passed by for an empty no_proxy before a NO_PROXY', () => {
    const env = { HTTPS_PROXY: 'p:1', no_proxy: '', NO_PROXY: 'c.example' };
    expect(proxyOf('https://c.example', env)).toBeUndefined();
  });
});
