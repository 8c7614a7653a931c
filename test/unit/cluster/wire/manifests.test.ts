/** Manifests, also hostile ones. */
import { describe, expect, it } from 'vitest';
import { parseApplicationHealth, parseApplicationType } from '../../../../src/cluster/wire/application.ts';
import { parseApplicationManifest, parseServiceManifest } from '../../../../src/cluster/wire/manifests.ts';

const open = '<ApplicationManifest xmlns="http://schemas.microsoft.com/2011/01/fabric">';
const services = `<DefaultServices>
  <Service Name="web"><StatelessService ServiceTypeName="webType" InstanceCount="2"/></Service>
  <Service Name="a&amp;b"><StatelessService ServiceTypeName="a&amp;bType"/></Service>
</DefaultServices>`;
const credentials =
  '<Policies><ContainerHostPolicies><RepositoryCredentials AccountName="x"/></ContainerHostPolicies></Policies>';

const application = (content: string) => ({
  Manifest: `\ufeff<?xml version="1.0"?>${open}${content}</ApplicationManifest>`,
});

describe('the manifest of an application', () => {
  it('has services, and may have credentials', () => {
    const expected = [
      { name: 'web', manifest: 'webPkg' },
      { name: 'a&b', manifest: 'a&bPkg' },
    ];
    expect(parseApplicationManifest(application(services))).toEqual({
      services: expected,
      hasCredentials: false,
    });
    expect(parseApplicationManifest(application(credentials + services))).toEqual({
      services: expected,
      hasCredentials: true,
    });
  });

  it.each<[string, unknown]>([
    ['another document', {}],
    ['no text', { Manifest: 1 }],
    ['another manifest', { Manifest: '<ServiceManifest/>' }],
    ['no XML', { Manifest: 'oops' }],
    ['half a manifest', { Manifest: `${open}${services}` }],
    ['entities', { Manifest: `<!DOCTYPE x [<!ENTITY a "aaaa">]>${open}&a;</ApplicationManifest>` }],
    ['an undeclared entity', application('&bomb;')],
    ['a service without a name', application('<DefaultServices><Service/></DefaultServices>')],
    ['too much', application(' '.repeat(2 ** 22))],
  ])('is not %s', (_, value) => {
    expect(parseApplicationManifest(value)).toBeUndefined();
  });

  it('may be nested deeper than any real one', () => {
    const depth = 100_000;
    const value = application('<a>'.repeat(depth) + '</a>'.repeat(depth));
    expect([undefined, { services: [], hasCredentials: false }]).toContainEqual(
      parseApplicationManifest(value),
    );
  });
});

describe('the manifest of a service', () => {
  it.each<[string | undefined, string]>([
    [
      'nginx:1',
      '<ServiceManifest><CodePackage><ImageName> nginx:1\n</ImageName></CodePackage></ServiceManifest>',
    ],
    [undefined, '<ServiceManifest/>'],
  ])('has the image %s', (image, Manifest) => {
    expect(parseServiceManifest({ Manifest })).toEqual({ image });
  });
});

describe('an application', () => {
  it('has a type and a version', () => {
    expect(parseApplicationType({ TypeName: 'Compose_3', TypeVersion: 'v7' })).toEqual({
      name: 'Compose_3',
      version: 'v7',
    });
    for (const value of [null, [], {}, { TypeName: 'Compose_3', TypeVersion: '' }])
      expect(parseApplicationType(value)).toBeUndefined();
  });

  it('has a health state', () => {
    expect(parseApplicationHealth({ AggregatedHealthState: 'Error' })).toEqual({ state: 'Error' });
    expect(parseApplicationHealth({})).toEqual({ state: undefined });
    expect(parseApplicationHealth([])).toBeUndefined();
  });
});
