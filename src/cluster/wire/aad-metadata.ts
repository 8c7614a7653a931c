/** What `GET /$/GetAadMetadata` answers to anybody: `{"type": "aad", "metadata": {...}}`, or an empty type. */
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
