/** The list of deployments, and the status of one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDeployments, readStatus } from '../../../../src/cluster/wire/deployments.ts';
import { parseBody } from '../../../../src/cluster/wire/json-body.ts';
import { anyTree } from '../../../support/arbitraries.ts';

interface OddPage {
  readonly name: string;
  readonly text: string;
  readonly names: readonly string[];
  readonly token: string;
}

describe('the list of all deployments', () => {
  const read = (text: string) => {
    const json = parseBody(Buffer.from(text));
    return json && readDeployments(json);
  };
  const web = { name: 'web', application: '', status: '', details: '' };

  it('is read in the spelling of the runtime and in the one that is published', () => {
    const runtimes =
      '{"DeploymentName":"web","ApplicationName":"fabric:\\/web","ComposeDeploymentStatus":"Upgrading"}';
    const published = '{ "Name" : "api", "Status" : 6, "StatusDetails" : "no image", "New" : 1.0 }';
    expect(read(`{"ContinuationToken":"web","Items":[${runtimes} , ${published}]}`)).toEqual({
      token: 'web',
      deployments: [
        { ...web, application: 'fabric:/web', status: 'Upgrading', document: runtimes },
        { ...web, name: 'api', status: 'Failed', details: 'no image', document: published },
      ],
    });
  });

  it.each<OddPage>([
    { name: 'no token', text: '{"Items":[{"Name":"web"}]}', names: ['web'], token: '' },
    { name: 'a token that is null', text: '{"Items":[],"ContinuationToken":null}', names: [], token: '' },
    {
      name: 'items that are none',
      text: '{"Items":[null,1,[],{},{"Name":7},{"Name":"web"}]}',
      names: ['web'],
      token: '',
    },
    {
      name: 'two lists',
      text: '{"Items":[{"Name":"api"}],"\\u0049tems":[{"Name":"web"}]}',
      names: ['web'],
      token: '',
    },
  ])('is read in spite of $name', ({ text, names, token }) => {
    const page = read(text);
    expect(page?.deployments.map(({ name }) => name)).toEqual(names);
    for (const { document } of page?.deployments ?? []) expect(document).toBe('{"Name":"web"}');
    expect(page?.token).toBe(token);
  });

  it.each([
    '[]',
    '{}',
    'null',
    '{"Items":{}}',
    '{"Items":null}',
    '{"Items":[],"ContinuationToken":1}',
    `{"Items":[],"ContinuationToken":"${'x'.repeat(5001)}"}`,
  ])('%.40s is none', (text) => {
    expect(read(text)).toBeUndefined();
  });
});

describe('a status', () => {
  it('never throws, whatever the JSON', () => {
    fc.assert(
      fc.property(anyTree, (value) => {
        readStatus(value);
      }),
    );
  });
});
