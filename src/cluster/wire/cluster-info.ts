/** Small documents about the cluster: its version, its Microsoft Entra ID settings, and the names of its services. */
import * as v from 'valibot';
import type { Entra } from '../../config/credential-facts.ts';
import { name, requiredName } from './schema.ts';

const metadataSchema = v.object({
  type: requiredName,
  metadata: v.object({ tenant: name, cluster: name }),
});

/** @returns `'off'` for a cluster without Microsoft Entra ID, `undefined` for what is no such document */
export function readAadMetadata(value: unknown): Entra | 'off' | undefined {
  const result = v.safeParse(metadataSchema, value);
  if (!result.success) return undefined;
  const { type, metadata } = result.output;
  return type === 'aad' ? metadata : 'off';
}

const versionSchema = v.object({ Version: requiredName });

export function readClusterVersion(value: unknown): string | undefined {
  const result = v.safeParse(versionSchema, value);
  return result.success ? result.output.Version : undefined;
}

const serviceNameSchema = v.object({ Name: requiredName });

/** @returns `undefined` for what names no service */
export function readServiceName(value: unknown): string | undefined {
  const result = v.safeParse(serviceNameSchema, value);
  return result.success && result.output.Name !== '' ? result.output.Name : undefined;
}
