/** Parses small documents: runtime version, Microsoft Entra ID settings, service name. */
import * as v from 'valibot';
import type { Entra } from '../../config/credential-facts.ts';
import { name, requiredName } from './schema.ts';

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
