/** Parses small documents: runtime version, Microsoft Entra ID settings, service name, nodes. */
import * as v from 'valibot';
import type { Entra } from '../../config/credential-facts.ts';
import type { ClusterNode } from '../../upgrade/model.ts';
import { createList, isObject, name, optionalName, requiredName } from './schema.ts';

const metadataSchema = v.object({
  type: requiredName,
  metadata: v.object({ tenant: name, cluster: name }),
});

/** Parses the settings; `'off'` for a cluster without Microsoft Entra ID, `undefined` for any other document. */
export function parseAadMetadata(value: unknown): Entra | 'off' | undefined {
  const result = v.safeParse(metadataSchema, value);
  if (!result.success) return undefined;
  const { type, metadata } = result.output;
  return type === 'aad' ? metadata : 'off';
}

const versionSchema = v.object({ Version: requiredName });

/** Parses the runtime version; `undefined` for any other document. */
export function parseClusterVersion(value: unknown): string | undefined {
  const result = v.safeParse(versionSchema, value);
  return result.success ? result.output.Version : undefined;
}

const serviceNameSchema = v.object({ Name: requiredName });

/** Parses the name of a service; `undefined` if the document has none. */
export function parseServiceName(value: unknown): string | undefined {
  const result = v.safeParse(serviceNameSchema, value);
  return result.success && result.output.Name !== '' ? result.output.Name : undefined;
}

/** One page of the list of nodes. */
export interface NodePage {
  readonly nodes: readonly ClusterNode[];
  /** Token that requests the next page; `undefined` on the last page. */
  readonly token: string | undefined;
}

const nodePageSchema = v.object({
  Items: createList(v.object({ Name: requiredName, UpgradeDomain: requiredName })),
  ContinuationToken: optionalName,
});

/** Reads a page of the list of nodes; `undefined` for anything else. Nodes without a name or a domain are left out. */
export function parseNodes(value: unknown): NodePage | undefined {
  if (!isObject(value) || !Array.isArray(value['Items'])) return undefined;
  const { Items, ContinuationToken } = v.parse(nodePageSchema, value);
  return {
    nodes: Items.map((node) => ({ name: node.Name, domain: node.UpgradeDomain })),
    token: ContinuationToken,
  };
}
