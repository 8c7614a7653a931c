/** Parsing the list of deployments, and the status of one. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDeployments, parseStatus } from '../../../../src/cluster/wire/deployments.ts';
import { parseBody } from '../../../../src/cluster/wire/json-body.ts';
import { anyTree } from '../../../support/arbitraries.ts';

interface OddPage {
  readonly name: string;
  readonly text: string;
  readonly names: readonly string[];
  readonly token: string | undefined;
}

describe('a page of deployments', () => {
  const read = (text: string) => {
    const json = parseBody(Buffer.from(text));
    return json && parseDeployments(json);
  };
  const web = { name: 'web', application: undefined, status: undefined, details: undefined };

  it("is parsed with the runtime's members and with the documented ones", () => {
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
    {
      name: 'without a continuation token',
      text: '{"Items":[{"Name":"web"}]}',
      names: ['web'],
      token: undefined,
    },
    {
      name: 'with a null continuation token',
      text: '{"Items":[],"ContinuationToken":null}',
      names: [],
      token: undefined,
    },
    {
      name: 'with items that are no deployments',
      text: '{"Items":[null,1,[],{},{"Name":7},{"Name":"web"}]}',
      names: ['web'],
      token: undefined,
    },
    {
      name: 'with two lists',
      text: '{"Items":[{"Name":"api"}],"\\u0049tems":[{"Name":"web"}]}',
      names: ['web'],
      token: undefined,
    },
  ])('is parsed $name', ({ text, names, token }) => {
    const page = read(text);
    expect(page?.deployments.map(({ name }) => name)).toEqual(names);
    for (const { document } of page?.deployments ?? []) expect(document).toBe('{"Name":"web"}');
    expect(page?.token).toBe(token);
  });

  it.each(['[]', '{}', 'null', '{"Items":{}}', '{"Items":null}', '{"Items":[],"ContinuationToken":1}'])(
    'is not recognized in %s',
    (text) => {
      expect(read(text)).toBeUndefined();
    },
  );

  it('is not recognized with a continuation token of more than 5,000 characters', () => {
    expect(read(`{"Items":[],"ContinuationToken":"${'x'.repeat(5001)}"}`)).toBeUndefined();
  });
});

describe('the status of a deployment', () => {
  it('never makes the parser throw', () => {
    fc.assert(
      fc.property(anyTree, (value) => {
        parseStatus(value);
      }),
    );
  });
});
