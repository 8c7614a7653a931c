/** Endpoints as people copy them from browsers, portals and tools, and what is suggested for those that are none. */
import { describe, expect, it } from 'vitest';
import { formatEndpoint, parseEndpoint, suggestEndpoints } from '../../../src/config/endpoint.ts';

function parse(text: string): string | undefined {
  const endpoint = parseEndpoint(text);
  return endpoint && formatEndpoint(endpoint);
}

describe('an endpoint', () => {
  it.each([
    ['https://sf.example', 'https://sf.example:19080'],
    ['HTTPS://SF.Example:19080/', 'https://sf.example:19080'],
    ['http://10.1.2.3:80', 'http://10.1.2.3:80'],
    ['https://sf.example:443/east/', 'https://sf.example:443/east'],
    ['http://[2001:db8::7]:19080', 'http://[2001:db8::7]:19080'],
    [' "https://sf.example:19080"\r\n', 'https://sf.example:19080'],
    ['<https://sf.example:19080>', 'https://sf.example:19080'],
  ])('is %s', (text, endpoint) => {
    expect(parse(text)).toBe(endpoint);
  });

  it.each([
    ['https://sf.example:19080/Explorer', 'https://sf.example:19080'],
    ['https://sf.example:19080/explorer/', 'https://sf.example:19080'],
    ['https://sf.example:19080/Explorer/index.html#/', 'https://sf.example:19080'],
    [
      'https://sf.example:19080/Explorer/index.html#/apptype/ComposeType/app/fabric%253A%252Fshop',
      'https://sf.example:19080',
    ],
    ['https://sf.example:19080/Explorer/old.html?theme=dark#/tab/map', 'https://sf.example:19080'],
    ['https://proxy.example:8443/east/Explorer/index.html#/node/_n0', 'https://proxy.example:8443/east'],
    ['http://[::1]:19080/Explorer#', 'http://[::1]:19080'],
  ])('is what precedes Explorer: %s', (text, endpoint) => {
    expect(parse(text)).toBe(endpoint);
  });

  it('has the port that a browser does not show', () => {
    expect(parse('https://proxy.example/east/Explorer/index.html')).toBe('https://proxy.example:443/east');
    expect(parse('http://sf.example/Explorer')).toBe('http://sf.example:80');
  });

  it.each([
    ['http://sf.example:19080/ComposeDeployments', 'http://sf.example:19080'],
    [
      'http://sf.example:19080/east/ComposeDeployments/web/$/GetUpgradeProgress?api-version=6.0-preview',
      'http://sf.example:19080/east',
    ],
    ['http://sf.example:19080/$/GetClusterVersion?api-version=6.4', 'http://sf.example:19080'],
  ])('is what precedes the path of a request: %s', (text, endpoint) => {
    expect(parse(text)).toBe(endpoint);
  });

  it('keeps a base path that only looks like Explorer', () => {
    expect(parse('https://proxy.example:8443/explorer/east')).toBe(
      'https://proxy.example:8443/explorer/east',
    );
  });

  it.each([
    'sf.example:19080',
    'ftp://sf.example',
    'https://me:secret@sf.example:19080/Explorer',
    'https://sf.example:19080/?key=secret',
    'https://sf.example:0',
    'https://sf.example:99999/Explorer',
    '',
  ])('is not "%s"', (text) => {
    expect(parse(text)).toBeUndefined();
  });
});

describe('the suggestion for what is no endpoint', () => {
  const both = ['http://sf.example:19080', 'https://sf.example:19080'];

  it.each<[string, readonly string[]]>([
    ['sf.example', both],
    ['sf.example:19080', both],
    [' sf.example:19080/ ', both],
    ['sf.example:19000', both],
    ['tcp://sf.example:19000', both],
    ['net.tcp://sf.example:19000/', both],
    ['//sf.example:19080', both],
    ['htps://sf.example:19080', both],
    ['sf.example:19080/Explorer/index.html#/tab/a%20b', both],
    ['https:/sf.example:19080', both.slice(1)],
    ['https:sf.example', both.slice(1)],
    ['HTTP//sf.example:19080', both.slice(0, 1)],
    ['https:\\\\sf.example\\east', ['https://sf.example:19080/east']],
    ['https://2001:db8::7:19080', ['https://[2001:db8::7]:19080']],
    ['::1', ['http://[::1]:19080', 'https://[::1]:19080']],
  ])('for %s is an endpoint with its scheme, port and brackets', (text, endpoints) => {
    expect(suggestEndpoints(text)).toEqual(endpoints);
    for (const endpoint of endpoints) expect(parse(endpoint)).toBe(endpoint);
  });

  it.each([
    'me:secret@sf.example',
    'https://me:secret@sf.example:19080',
    'sf.example?key=secret',
    'a b',
    'https://',
  ])('does not exist for "%s"', (text) => {
    expect(suggestEndpoints(text)).toEqual([]);
  });
});
