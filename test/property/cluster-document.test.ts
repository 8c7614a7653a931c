/** The document of stored clusters: any sequence of changes, any other members. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  addCluster,
  type ClusterDocument,
  emptyDocument,
  formatClusterDocument,
  parseClusterDocument,
  removeCluster,
  useCluster,
} from '../../src/config/cluster-document.ts';

const name = fc.oneof(
  fc.constantFrom('prod', 'test', 'eu-1', '__proto__', 'constructor', 'toString', 'version', '1', '0'),
  fc.stringMatching(/^[A-Za-z\d_][\w.-]{0,20}$/),
);

const text = fc.string({ minLength: 1 });

const cluster = fc.record(
  {
    endpoint: text,
    certFile: text,
    tokenCommand: text,
    timeout: text,
    insecure: fc.boolean(),
  },
  { requiredKeys: ['endpoint'] },
);

/** Members of a later version. */
const others = fc.dictionary(
  fc.oneof(text, fc.constantFrom('__proto__', 'constructor')).map((member) => `x-${member}`),
  fc.jsonValue({ maxDepth: 2 }),
);

type Change = (document: ClusterDocument) => ClusterDocument;

const change = fc.oneof(
  fc.record({ kind: fc.constant('add' as const), name, cluster }),
  fc.record({ kind: fc.constantFrom('use' as const, 'remove' as const), name }),
  fc.record({ kind: fc.constant('use' as const), name: fc.constant(undefined) }),
);

/** Changes a document, and writes and reads it. */
function apply(document: ClusterDocument, edit: Change): ClusterDocument {
  return parseClusterDocument(formatClusterDocument(edit(document)));
}

const readJson = (document: ClusterDocument) => JSON.parse(formatClusterDocument(document));

it('survives any sequence of changes', () => {
  fc.assert(
    fc.property(
      fc.array(change),
      others,
      fc.dictionary(name, others, { maxKeys: 3 }),
      (changes, top, unknown) => {
        // The clusters exist from the beginning, with members that this version does not know.
        const clusters = Object.fromEntries(
          Object.entries(unknown).map(([key, members]) => [key, { ...members, endpoint: 'http://first:1' }]),
        );
        let document = parseClusterDocument(JSON.stringify({ ...top, version: 1, clusters }));
        const expected = new Map<string, object>(
          Object.entries(clusters).map(([key]) => [key, { endpoint: 'http://first:1' }]),
        );
        const kept = new Map(Object.entries(unknown));
        let inUse: string | undefined;
        for (const step of changes) {
          if (step.kind === 'add') {
            if (expected.size === 0) inUse = step.name;
            expected.set(step.name, step.cluster);
            document = apply(document, (one) => addCluster(one, step.name, step.cluster));
          } else if (step.kind === 'use') {
            inUse = step.name;
            document = apply(document, (one) => useCluster(one, step.name));
          } else {
            if (inUse === step.name) inUse = undefined;
            expected.delete(step.name);
            kept.delete(step.name);
            document = apply(document, (one) => removeCluster(one, step.name));
          }
          expect(document.inUse).toBe(inUse);
          expect(new Map(document.clusters)).toEqual(expected);
        }
        const { version, cluster: _, clusters: stored, ...rest } = readJson(document);
        expect(version).toBe(1);
        expect(rest).toEqual(JSON.parse(JSON.stringify(top)));
        for (const [key, members] of kept)
          expect(Object.getOwnPropertyDescriptor(stored, key)?.value).toMatchObject(
            JSON.parse(JSON.stringify(members)),
          );
      },
    ),
  );
});

it('refuses or reads any document, and never fails otherwise', () => {
  fc.assert(
    fc.property(fc.oneof(fc.json(), fc.string()), (json) => {
      for (const document of [
        json,
        `{"version":1,"clusters":${json}}`,
        `{"version":1,"clusters":{"a":${json}}}`,
      ]) {
        try {
          parseClusterDocument(document);
        } catch (error) {
          expect((error as Error).message).toMatch(/^(?:is|has) .*\.$/s);
          expect((error as Error).constructor.name).toBe('ClusterDocumentError');
        }
      }
    }),
  );
});

it('writes what it reads', () => {
  expect(readJson(emptyDocument)).toEqual({ version: 1 });
});
