/** The proxy that the environment names for an endpoint, by curl's rules. */
import { describe, expect, it } from 'vitest';
import { findProxy } from '../../../src/config/proxy.ts';
import { endpointSetting } from '../../../src/config/settings.ts';

function findProxyFor(endpoint: string, env: Readonly<Record<string, string>>) {
  const parsed = endpointSetting.parse(endpoint);
  if (parsed === undefined) throw new Error(endpoint);
  return findProxy(parsed, env);
}

interface ProxyCase {
  readonly endpoint: string;
  readonly env: Readonly<Record<string, string>>;
  readonly proxy?: string;
}

interface NoProxyCase {
  readonly host: string;
  readonly list: string;
  readonly isExempt: boolean;
}

describe('the proxy', () => {
  it.each<ProxyCase>([
    { endpoint: 'https://c.example', env: {} },
    { endpoint: 'https://c.example', env: { HTTPS_PROXY: 'http://p:3128' }, proxy: 'http://p:3128' },
    { endpoint: 'https://c.example', env: { HTTP_PROXY: 'http://p:3128' } },
    { endpoint: 'http://c.example', env: { HTTP_PROXY: 'http://p:3128' }, proxy: 'http://p:3128' },
    { endpoint: 'http://c.example', env: { HTTPS_PROXY: 'http://p:3128' } },
    {
      endpoint: 'https://c.example',
      env: { HTTPS_PROXY: 'http://p', https_proxy: 'http://q' },
      proxy: 'http://q:1080',
    },
    { endpoint: 'https://c.example', env: { ALL_PROXY: 'p:8080' }, proxy: 'http://p:8080' },
    {
      endpoint: 'https://c.example',
      env: { ALL_PROXY: 'p:8080', HTTPS_PROXY: 'https://s' },
      proxy: 'https://s:443',
    },
    { endpoint: 'https://c.example', env: { HTTPS_PROXY: 'http://[::1]:3128/' }, proxy: 'http://[::1]:3128' },
    { endpoint: 'https://c.example', env: { HTTPS_PROXY: '' } },
    { endpoint: 'http://localhost', env: { ALL_PROXY: 'p:1' } },
    { endpoint: 'http://127.0.0.1', env: { ALL_PROXY: 'p:1' } },
    { endpoint: 'http://[::1]', env: { ALL_PROXY: 'p:1' } },
  ])('for $endpoint with $env is $proxy', ({ endpoint, env, proxy }) => {
    expect(findProxyFor(endpoint, env)?.origin).toBe(proxy);
  });

  it.each<NoProxyCase>([
    { host: 'c.example', list: 'c.example', isExempt: true },
    { host: 'c.example', list: 'C.Example.', isExempt: true },
    { host: 'a.c.example', list: 'c.example', isExempt: true },
    { host: 'a.c.example', list: '.c.example', isExempt: true },
    { host: 'c.example', list: '.c.example', isExempt: true },
    { host: 'xc.example', list: 'c.example', isExempt: false },
    { host: 'c.example', list: 'other, c.example', isExempt: true },
    { host: 'c.example', list: 'other c.example', isExempt: true },
    { host: 'c.example', list: '*', isExempt: true },
    { host: 'c.example', list: '', isExempt: false },
    { host: '10.1.2.3', list: '10.1.2.3', isExempt: true },
    { host: '10.1.2.3', list: '10.0.0.0/8', isExempt: true },
    { host: '11.1.2.3', list: '10.0.0.0/8', isExempt: false },
    { host: '10.1.2.3', list: '10.0.0.0/99', isExempt: false },
    { host: '10.1.2.3', list: '2.3', isExempt: false },
    { host: '[fd00::1]', list: 'fd00::/8', isExempt: true },
    { host: '[fd00::1]', list: '10.0.0.0/8', isExempt: false },
  ])('is bypassed for $host with NO_PROXY $list: $isExempt', ({ host, list, isExempt }) => {
    const env = { ALL_PROXY: 'http://p:1', NO_PROXY: list };
    expect(findProxyFor(`https://${host}`, env) === undefined).toBe(isExempt);
  });

  it('does not print its user and password', () => {
    const proxy = findProxyFor('https://c.example', { HTTPS_PROXY: 'http://me:s%40fe@p:3128' });
    expect(proxy?.origin).toBe('http://p:3128');
    expect(JSON.stringify(proxy)).not.toMatch(/s@fe|s%40fe|bWU6c0BmZQ/);
    expect(proxy?.authorization?.reveal()).toBe(`Basic ${btoa('me:s@fe')}`);
  });

  it.each(['socks5://p:1080', 'http://', 'http://p:port', 'http://p:99999', 'http://p q:1'])(
    'is refused in the form %s',
    (text) => {
      expect(() => findProxyFor('https://c.example', { HTTPS_PROXY: text })).toThrow('HTTPS_PROXY is');
    },
  );

  it.each([
    'socks5://me:hunter2@p:1080',
    'my-proxy://me:hunter2@p',
    'http://me:hun/ter2@p',
    'me:hun/t@er2@p',
  ])('is refused without its password in the message: %s', (text) => {
    const env = { HTTPS_PROXY: text };
    expect(() => findProxyFor('https://c.example', env)).toThrow(/"(?:[\w-]+:\/\/)?\*\*\*@p(?::1080)?"/);
  });

  it('is bypassed by NO_PROXY when no_proxy is empty', () => {
    const env = { HTTPS_PROXY: 'p:1', no_proxy: '', NO_PROXY: 'c.example' };
    expect(findProxyFor('https://c.example', env)).toBeUndefined();
  });
});
